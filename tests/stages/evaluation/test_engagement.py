"""An engagement is the only key of an agency and an expert: before it nothing, during it its rows, after it nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from tests import factories
from tests.api.callers import caller
from tests.stages.evaluation.online import county, engage, office, opened, person, plan, seated, take

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.attachments import attached
from jixiao.overview.access import ACCESS, ANYONE
from jixiao.overview.todo import todos
from jixiao.registers.institutions import actions as institutions
from jixiao.registers.institutions.models import Engagement, EngagementSubject
from jixiao.registers.organizations.models import Grant, UnitYear, User
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

pytestmark = pytest.mark.django_db
BACKEND = "jixiao.registers.organizations.accounts.AccountBackend"
EXTERNALS = (Role.AGENCY, Role.EXPERT)
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,900000
2022,P2,V2,2022-06-01,2500000
"""


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()
    factories.stored({"payments": PAYMENTS}, factories.REGISTERS)


def browser(who) -> Client:
    User.objects.filter(pk=who.user_id).update(must_change_password=False)
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id), backend=BACKEND)
    session = client.session
    session["year"] = 2022
    session.save()
    return client


def addresses(sheet, other) -> dict[str, list[str]]:
    """Addresses of what the engagement opens, and of their neighbours that it does not."""
    mine = {"subject": sheet.subject_year_id, "subject-payments": sheet.subject_year_id}
    mine |= dict.fromkeys(("evaluation", "evaluation-report", "evaluation-report-docx"), sheet.pk)
    theirs = {name: other.subject_year_id if name.startswith("subject") else other.pk for name in mine}
    return {
        "opened": [reverse(name, args=[pk]) for name, pk in mine.items()],
        "closed": [reverse(name, args=[pk]) for name, pk in theirs.items()],
    }


@pytest.mark.parametrize("role", EXTERNALS)
@pytest.mark.parametrize(("since", "until", "status"), [(1, 5, 404), (0, 0, 200), (-5, 5, 200), (-5, -1, 404)])
def test_the_engagements_rows_open_from_its_first_day_to_its_last_and_nothing_else(role, since, until, status):
    sheet, other = opened(), opened(code="P2")
    who = person(role)
    engage(sheet, who, since, until)
    client, places = browser(who), addresses(sheet, other)
    assert {address: client.get(address).status_code for address in places["opened"]} == dict.fromkeys(
        places["opened"], status
    )
    assert {client.get(address).status_code for address in places["closed"]} == {404}


@pytest.mark.parametrize("role", EXTERNALS)
def test_every_list_page_shows_the_engaged_subject_alone_and_nothing_outside_the_term(role):
    sheet = opened()
    opened(code="P2")
    who = person(role)
    engagement = engage(sheet, who)
    client = browser(who)
    listed = pages_of(client)
    assert not any("助学金项目" in page for page in listed.values()), [
        n for n, p in listed.items() if "助学金项目" in p
    ]
    assert any("校舍维修项目" in page for page in listed.values())
    Engagement.objects.filter(pk=engagement.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    cache.clear()
    assert [name for name, page in pages_of(client).items() if "校舍维修项目" in page] == []


def pages_of(client: Client) -> dict[str, str]:
    """Every page without an object that the client may open, in the year evaluated and in the year of the work."""
    found = {}
    for name, roles in ACCESS.items():
        if roles is ANYONE or name.startswith("api-") or name == "logout":
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        response = client.get(address)
        if response.status_code == 200:
            content = b"".join(response.streaming_content) if response.streaming else response.content
            found[name] = content.decode(errors="replace")
    return found


@pytest.mark.parametrize("role", EXTERNALS)
def test_the_api_gives_the_engaged_rows_during_the_term_only(role):
    sheet = opened()
    program = caller(role)
    user = Grant.objects.get(role=role).user
    who = factories.actor(role)
    assert program.send("get", reverse("api-subjects") + "?year=2022").json()["rows"] == []
    engagement = engage(sheet, type(who)(user.pk, user.name, role, who.region))
    rows = program.send("get", reverse("api-subjects") + "?year=2022").json()["rows"]
    assert [row["code"] for row in rows] == ["P1"]
    paid = program.send("get", reverse("api-payments") + "?year=2022").json()["rows"]
    assert {row["voucher"] for row in paid} == {"V1"}
    Engagement.objects.filter(pk=engagement.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    for name in ("api-subjects", "api-payments"):
        assert program.send("get", reverse(name) + "?year=2022").json()["rows"] == []


def test_a_key_opens_one_evaluation_of_its_subject_and_no_other():
    sheet = opened()
    department = person(Role.DEPARTMENT, unit_path="101/")
    own = opened(EvaluationMethod.DEPARTMENT, who=department)
    agency = person(Role.AGENCY)
    engage(sheet, agency)
    assert list(Evaluation.objects.visible_to(agency)) == [sheet]
    assert own not in Evaluation.objects.visible_to(agency)
    assert list(SubjectYear.objects.visible_to(agency)) == [sheet.subject_year]
    assert {payment.voucher for payment in Payment.objects.visible_to(agency)} == {"V1"}
    assert not UnitYear.objects.visible_to(agency).exists()


def test_a_key_of_another_person_role_or_region_opens_nothing():
    sheet = opened()
    engage(sheet, person(Role.AGENCY))
    stranger = person(Role.AGENCY, "another")
    assert not SubjectYear.objects.visible_to(stranger).exists()
    nobody = factories.actor(Role.AGENCY)
    assert not Evaluation.objects.visible_to(nobody).exists()
    mine = person(Role.AGENCY)
    as_expert = type(mine)(mine.user_id, mine.name, Role.EXPERT, mine.region)
    assert not SubjectYear.objects.visible_to(as_expert).exists(), "an agency's key is no expert's"
    elsewhere = type(mine)(mine.user_id, mine.name, Role.AGENCY, "888888")
    assert not Evaluation.objects.visible_to(elsewhere).exists()


def test_the_clock_decides_and_not_a_flag(monkeypatch):
    sheet, agency = opened(), person(Role.AGENCY)
    engage(sheet, agency, -1, 1)
    now = timezone.now()
    for days, seen in ((-2, 0), (-1, 1), (1, 1), (2, 0)):
        monkeypatch.setattr(timezone, "now", lambda days=days: now + dt.timedelta(days=days))
        assert Evaluation.objects.visible_to(agency).count() == seen, days


def test_papers_of_the_evaluation_come_down_during_the_term_only():
    sheet, one, agency = opened(), office(), person(Role.AGENCY)
    engagement = engage(sheet, agency)
    plan(sheet, one)
    paper = reverse("evaluation-attachment", args=[attached(sheet).get().pk])
    client = browser(agency)
    assert client.get(paper).status_code == 200
    Engagement.objects.filter(pk=engagement.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    assert client.get(paper).status_code == 404


def test_work_papers_come_down_to_the_evaluated_unit_from_the_exchange_of_views_on():
    sheet, one, unit = opened(), office(), seated(Role.UNIT)
    plan(sheet, one)
    take(sheet, "notify", one)
    plan(sheet, one, "papers")
    addresses = {kept.kind: reverse("evaluation-attachment", args=[kept.pk]) for kept in attached(sheet).order_by("pk")}
    client, page = browser(unit), reverse("evaluation", args=[sheet.pk])
    assert {kind: client.get(there).status_code for kind, there in addresses.items()} == {"plan": 200, "papers": 404}
    shown = client.get(page).content.decode()
    assert addresses["plan"] in shown
    assert addresses["papers"] not in shown
    Evaluation.objects.update(state=State.CONSULTATION)
    assert client.get(addresses["papers"]).status_code == 200
    assert addresses["papers"] in client.get(page).content.decode()


def test_the_term_is_changed_by_the_office_and_follows_at_once():
    sheet, one, agency = opened(), office(), person(Role.AGENCY)
    engagement = engage(sheet, agency)
    take(sheet, "notify", one)
    assert [todo.stage for todo in todos(agency)] == ["绩效评价"]
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    institutions.change_term(engagement, one, yesterday, yesterday, version=engagement.version)
    assert todos(agency) == []
    assert EngagementSubject.objects.count() == 1, "the record of what was opened stays"
