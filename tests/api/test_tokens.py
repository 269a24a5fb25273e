"""A token opens what its owner may see now, and not a moment longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.api.callers import HOME, caller, told
from tests.browsing import signed_in, text

from jixiao.domain.actors import Role
from jixiao.kit.models import AuditEntry, SecurityEvent
from jixiao.registers.organizations.models import AccessToken, Grant, TokenScope, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rows():
    cache.clear()
    factories.subject_year("P1", factories.unit("101"))


def new_token(client, **others):
    until = timezone.localdate() + timedelta(days=30)
    form = {"name": "国库支付系统", "scopes": ["read"], "expires_on": str(until), "token": "a" * 32, **others}
    return client.post(reverse("tokens"), form)


def shown(response):
    page = response.content.decode()
    return page[page.index("<code>jx_") + 6 : page.index("</code>", page.index("<code>jx_"))]


def asked(written, path="subjects"):
    return Client().get(HOME + path, headers={"Authorization": f"Bearer {written}"})


def test_a_token_is_shown_once_and_only_its_digest_is_kept():
    office = signed_in()
    response = new_token(office)
    secret = shown(response)
    assert asked(secret).status_code == 200
    assert response.headers["Cache-Control"].startswith("max-age=0")
    kept = AccessToken.objects.get()
    assert secret.rsplit("_", 1)[1] not in str(AccessToken.objects.values().get())
    assert secret not in text(office, reverse("tokens"))
    assert kept.key in text(office, reverse("tokens"))
    trail = AuditEntry.objects.get(act="token.issue")
    assert trail.object == f"token:{kept.key}"
    assert secret.rsplit("_", 1)[1] not in str(trail.after)


def test_the_same_form_twice_makes_one_token():
    office = signed_in()
    new_token(office)
    assert new_token(office).status_code == 303
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"scopes": []}, "这个字段是必填项"),
        ({"scopes": ["fill", "nothing"]}, "nothing"),
        ({"name": ""}, "这个字段是必填项"),
        ({"expires_on": "2020-01-01"}, "有效期已经过去"),
        ({"expires_on": "2199-01-01"}, "有效期最长"),
        ({"expires_on": "某日"}, "某日"),
    ],
)
def test_a_token_that_may_not_be_is_refused_at_its_field(others, words):
    response = new_token(signed_in(), **others)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not AccessToken.objects.exists()


def test_a_leader_gives_no_token_for_imports():
    response = new_token(signed_in(Role.LEADER), scopes=["read", "import"])
    assert response.status_code == 422
    assert not AccessToken.objects.exists()


def test_a_revoked_token_ends_at_once_and_the_trail_says_so():
    office = signed_in()
    secret = shown(new_token(office))
    kept = AccessToken.objects.get()
    address = reverse("token-revoke", args=[kept.pk])
    assert office.post(address, {"token": "b" * 32}).status_code == 303
    assert asked(secret).status_code == 401
    assert AuditEntry.objects.filter(act="token.revoke", object=f"token:{kept.key}").count() == 1
    office.post(address, {"token": "c" * 32})
    assert AuditEntry.objects.filter(act="token.revoke").count() == 1
    assert "已撤销" in text(office, reverse("tokens"))


def test_nobody_revokes_the_token_of_another():
    other = caller()
    assert signed_in().post(reverse("token-revoke", args=[other.kept.pk])).status_code == 404
    assert other.get("subjects")["count"] == 1


def test_unknown_wrong_expired_and_revoked_tokens_are_told_the_same():
    expired, revoked, wrong = caller(), caller(), caller()
    AccessToken.objects.filter(pk=expired.kept.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    AccessToken.objects.filter(pk=revoked.kept.pk).update(revoked_at=timezone.now())
    unknown = f"jx_{'0' * 12}_{'A' * 43}"
    other_secret = wrong.text[:-43] + "A" * 43
    texts = (expired.text, revoked.text, other_secret, unknown, "jx_", "", "机密")
    answers = [asked(written.encode().decode("latin-1")) for written in texts] + [Client().get(HOME + "subjects")]
    assert {response.status_code for response in answers} == {401}
    assert len({response.content for response in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert SecurityEvent.objects.filter(kind="token").count() >= 4
    assert set(answers[0].json()) == {"message", "reasons", "problems"}


def test_five_wrong_secrets_lock_the_token_and_the_right_one_does_not_open_it():
    found = caller()
    for _ in range(5):
        assert asked(found.text[:-43] + "A" * 43).status_code == 401
    assert asked(found.text).status_code == 401
    AccessToken.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert asked(found.text).status_code == 200
    assert AccessToken.objects.get().locked_until is None


@pytest.mark.parametrize(
    "ending",
    [
        lambda user: User.objects.filter(pk=user).update(is_active=False),
        lambda user: User.objects.filter(pk=user).update(must_change_password=True),
        lambda user: Grant.objects.filter(user=user).update(until=timezone.localdate() - timedelta(days=1)),
    ],
)
def test_what_ends_the_owner_ends_his_token(ending):
    found = caller()
    assert asked(found.text).status_code == 200
    ending(found.kept.user_id)
    assert asked(found.text).status_code == 401


def test_a_withdrawn_grant_takes_its_tokens_along():
    found = caller()
    Grant.objects.filter(pk=found.kept.grant_id).delete()
    assert asked(found.text).status_code == 401


def test_a_token_acts_under_its_own_grant_and_not_under_another_of_its_owner():
    mine, other = factories.unit("102"), factories.unit("103")
    factories.subject_year("P2", mine)
    factories.subject_year("P3", other)
    found = caller(Role.UNIT, mine.unit)
    Grant.objects.create(user=found.kept.user, role=Role.PERFORMANCE_OFFICE, region=factories.region())
    assert [row["code"] for row in found.get("subjects")["rows"]] == ["P2"]


def test_a_token_does_only_what_it_was_given_for():
    reader = caller(scopes=(TokenScope.READ,))
    refusal = told(reader.send("post", "imports/payments", {"rows": [{}]}), 403)
    assert "导入" in refusal["message"]
    importer = caller(scopes=(TokenScope.IMPORT,))
    assert "读取" in told(importer.send("get", "subjects"), 403)["message"]


def test_the_day_of_last_use_is_kept():
    found = caller()
    assert found.kept.last_used_on is None
    found.get("subjects")
    assert AccessToken.objects.get().last_used_on == timezone.localdate()


def test_a_session_opens_no_address_of_the_api():
    office = signed_in()
    assert office.get(HOME + "subjects").status_code == 401
    assert office.post(HOME + "imports/payments", "{}", content_type="application/json").status_code == 401


def test_a_token_opens_no_page():
    found = caller()
    assert found.send("get", reverse("subjects")).status_code == 302


def test_no_form_token_is_asked_because_no_cookie_is_read():
    found = caller()
    found.client = Client(enforce_csrf_checks=True)
    assert told(found.send("post", "imports/payments", {"rows": [{"年度": 2022}]}), 422)["problems"]
