"""Every address against every kind of stranger: nobody, the wrong role, another region, another unit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests import factories
from tests.api.callers import caller, told
from tests.browsing import signed_in

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.overview.access import ACCESS, ANYONE, BUSINESS
from jixiao.registers.organizations.models import AccessToken, Grant, TokenScope, User

BACKEND = "jixiao.registers.organizations.accounts.AccountBackend"
API = {name: roles for name, roles in ACCESS.items() if name.startswith("api-") and roles is not ANYONE}
PAGES = {name: roles for name, roles in ACCESS.items() if roles is not ANYONE and name not in API}
METHODS = ("get", "post", "put", "delete", "patch")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def address(name: str, number: int = 987654321) -> str:
    for arguments in ({}, {"pk": number}, {"key": "nothing"}, {"pk": number, "key": "nothing"}):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"cannot build {name}")


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_sent_to_the_login_page(name: str) -> None:
    response = Client().get(address(name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_a_role_that_the_table_does_not_name_finds_nothing(role: Role) -> None:
    client = signed_in(role)
    for name, roles in PAGES.items():
        if role not in roles:
            assert client.get(address(name)).status_code == 404, name
            assert client.post(address(name)).status_code == 404, name


@pytest.mark.parametrize("role", [Role.PERFORMANCE_OFFICE, Role.LEADER, Role.AUDITOR, Role.FISCAL_DIVISION])
def test_every_page_without_an_object_opens_for_its_roles(role: Role) -> None:
    factories.unit()
    client = signed_in(role)
    for name, roles in PAGES.items():
        if role in roles and "987654321" not in address(name) and "nothing" not in address(name):
            assert client.get(address(name)).status_code in (200, 405), name


def test_an_unknown_object_is_missing_for_those_who_may_open_the_page() -> None:
    client = signed_in(Role.PERFORMANCE_OFFICE)
    for name, roles in PAGES.items():
        if Role.PERFORMANCE_OFFICE in roles and address(name) != address(name, 1):
            assert client.get(address(name)).status_code in (404, 405), name
            assert client.post(address(name)).status_code in (404, 405), name


@pytest.mark.parametrize("name", API)
def test_without_a_token_no_address_of_the_api_opens(name: str) -> None:
    office = signed_in(Role.PERFORMANCE_OFFICE)
    for client in (Client(), office):
        for method in METHODS:
            response = getattr(client, method)(address(name))
            assert response.status_code == 401, method
            assert set(response.json()) == {"message", "reasons", "problems"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_a_token_of_a_role_opens_of_the_api_what_the_table_names_for_it(role: Role) -> None:
    factories.unit()
    program = caller(role, scopes=(TokenScope.READ,)) if role in BUSINESS else None
    if program is None:
        with pytest.raises(Refused):
            caller(role, scopes=(TokenScope.READ,))
        return
    AccessToken.objects.update(scopes=[scope.value for scope in TokenScope])
    for name, roles in API.items():
        made_up = any(word in address(name) for word in ("987654321", "nothing"))
        for method in METHODS:
            response = program.send(method, address(name))
            assert told(response, response.status_code) if response.content else True
            if role not in roles:
                assert response.status_code == 404, (name, method)
            elif method == "get":
                assert response.status_code in ((404, 405) if made_up else (200,)), name
            else:
                assert response.status_code in (404, 405, 415, 422), (name, method)


def test_a_token_of_another_region_finds_nothing_of_this_one() -> None:
    factories.subject_year("P1", factories.unit("101"))
    factories.unit("101", region="888888")
    program = caller(code="888888")
    for name in API:
        response = program.send("get", address(name))
        if response.status_code == 200:
            assert response.json().get("rows", []) == [], name


def test_a_subject_of_another_region_and_of_another_unit_is_missing() -> None:
    elsewhere = factories.region("888888", "乙县")
    mine, other = factories.unit("101"), factories.unit("102")
    foreign_unit = factories.unit("101", region="888888")
    own = factories.subject_year("P1", mine)
    neighbour = factories.subject_year("P2", other)
    foreign = factories.subject_year("P3", foreign_unit)
    accountant = signed_in(Role.UNIT, mine.unit)
    assert accountant.get(reverse("subject", args=[own.pk])).status_code == 200
    assert accountant.get(reverse("subject", args=[neighbour.pk])).status_code == 404
    assert accountant.get(reverse("subject", args=[foreign.pk])).status_code == 404
    office = signed_in(Role.PERFORMANCE_OFFICE, code=elsewhere.code)
    assert office.get(reverse("subject", args=[foreign.pk])).status_code == 200
    assert office.get(reverse("subject", args=[own.pk])).status_code == 404


def test_whoever_must_change_the_password_gets_no_further() -> None:
    client = signed_in(Role.LEADER)
    User.objects.update(must_change_password=True)
    response = client.get(reverse("subjects"))
    assert response.headers["Location"] == reverse("password")
    assert client.get(reverse("password")).status_code == 200


def test_five_wrong_passwords_lock_the_account_and_a_right_one_does_not_open_it() -> None:
    user = User.objects.create_account("somebody", "某人", "Long-enough-1", must_change=False)
    Grant.objects.create(user=user, role=Role.LEADER, region=factories.region())
    client = Client()
    for _ in range(5):
        answer = client.post(reverse("login"), {"username": "somebody", "password": "wrong"})
        assert answer.status_code == 422
    answer = client.post(reverse("login"), {"username": "somebody", "password": "Long-enough-1"})
    assert answer.status_code == 422
    assert "锁定" in answer.content.decode()


def test_a_right_password_opens_and_leads_only_to_our_own_pages() -> None:
    user = User.objects.create_account("somebody", "某人", "Long-enough-1", must_change=False)
    Grant.objects.create(user=user, role=Role.LEADER, region=factories.region())
    secret = {"username": "somebody", "password": "Long-enough-1"}
    away = Client().post(reverse("login"), {**secret, "next": "https://example.org/"})
    assert away.headers["Location"] == reverse("home")
    ours = Client().post(reverse("login"), {**secret, "next": reverse("subjects")})
    assert ours.headers["Location"] == reverse("subjects")
