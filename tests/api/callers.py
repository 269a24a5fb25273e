"""Another program with a token, for tests of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests import factories

from jixiao.domain.actors import Role
from jixiao.registers.organizations.accounts import actor_of
from jixiao.registers.organizations.models import AccessToken, Division, Grant, TokenScope, Unit, User
from jixiao.registers.organizations.tokens import issue, scopes_for

HOME = "/api/v1/"
JSON = "application/json"


@dataclass(slots=True)
class Caller:
    """A program that shows `text` at every request."""

    text: str
    kept: AccessToken
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, content: Any = None, **headers: str) -> Any:
        """The answer of an address under /api/v1/ (or of a whole path)."""
        whole = path if path.startswith("/") else HOME + path
        sent = {"data": content, "content_type": JSON} if content is not None else {}
        given = {"Authorization": f"Bearer {self.text}", **headers}
        return getattr(self.client, method)(whole, headers=given, **sent)

    def get(self, path: str, status: int = 200) -> Any:
        """What is read at an address."""
        return told(self.send("get", path), status)

    def file(self, path: str, file: Any) -> Any:
        """The answer to a file sent as a form does."""
        return self.client.post(HOME + path, {"file": file}, headers={"Authorization": f"Bearer {self.text}"})


def told(response: Any, status: int = 200) -> Any:
    """The JSON of an answer that must have this status."""
    assert response.status_code == status, response.content.decode()
    return response.json()


def account(role: Role, unit: Unit | None = None, code: str = factories.REGION, division: str = "") -> Grant:
    """Somebody with one grant."""
    place = factories.region(code)
    held = Division.objects.get_or_create(region=code, name=division)[0] if division else None
    login = f"api-{role.value}-{code}-{unit.pk if unit else ''}-{division}-{User.objects.count()}"
    user = User.objects.create_account(login, role.label, "Long-enough-1", must_change=False)
    return Grant.objects.create(user=user, role=role, region=place, unit=unit, division=held)


def caller(
    role: Role = Role.PERFORMANCE_OFFICE,
    unit: Unit | None = None,
    code: str = factories.REGION,
    division: str = "",
    scopes: tuple[TokenScope, ...] | None = None,
) -> Caller:
    """A program with a token of somebody in this role, for everything that the role may give."""
    grant = account(role, unit, code, division)
    actor = actor_of(grant.user, grant)
    until = timezone.localdate() + timedelta(days=30)
    wanted = scopes_for(role) if scopes is None else scopes
    kept, text = issue(actor, grant, name="测试系统", scopes=wanted, expires_on=until)
    return Caller(text, kept)
