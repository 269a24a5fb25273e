"""Somebody signed in at a browser, for tests of pages."""

from __future__ import annotations

import re

from django.test import Client
from tests import factories

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import Grant, Unit, User

BACKEND = "jixiao.registers.organizations.accounts.AccountBackend"


def signed_in(role: Role = Role.PERFORMANCE_OFFICE, unit: Unit | None = None, code: str = factories.REGION) -> Client:
    """A browser of a person in this role of the region, at the unit if given."""
    login = f"{role.value}-{code}-{unit.pk if unit else ''}"
    user = User.objects.create_account(login, role.label, "Long-enough-1", must_change=False)
    Grant.objects.create(user=user, role=role, region=factories.region(code), unit=unit)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def title(client: Client, address: str) -> str:
    """The heading of the page at this address, which must open."""
    found = re.search(r"<h1>(.*?)</h1>", text(client, address))
    assert found, address
    return found[1]


def text(client: Client, address: str) -> str:
    """The page at this address, which must open."""
    response = client.get(address)
    assert response.status_code == 200, f"{address} {response.status_code}"
    return response.content.decode()
