"""Experts of the register in an assessment: asked through an account or named on paper, never where related."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.stages.ex_ante import online

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Stale
from jixiao.overview.todo import todos
from jixiao.registers.institutions.models import Engagement, Expert, Recusal
from jixiao.registers.organizations.models import User
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.ex_ante import actions
from jixiao.stages.ex_ante.models import Assessment

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TERM = {"since": TODAY, "until": TODAY + dt.timedelta(days=7)}


@pytest.fixture(autouse=True)
def registers():
    cache.clear()
    online.imported()


@pytest.fixture
def person():
    said = {"name": "钱教授", "organisation": "省财经大学", "title": "教授", "field": "财政"}
    return Expert.objects.create(region=online.REGION, **said)


@pytest.fixture
def browser():
    return signed_in(Role.EXPERT, code=online.REGION)


@pytest.fixture
def account(browser):
    return User.objects.get(login=f"expert-{online.REGION}-")


def at_department():
    sheet = online.with_materials(online.described(online.opened()))
    return online.stepped(sheet, "submit", online.unit())


def invited(sheet, person, account, **term):
    version = online.fresh(sheet).version
    return actions.invite(sheet, online.department(), person, account, TERM | term, version=version)


def expert_of(account):
    return Actor(user_id=account.pk, name=account.name, role=Role.EXPERT, region=online.REGION)


def points(sheet, share="1"):
    return {item.pk: (item.full * Decimal(share)).quantize(Decimal("0.01")) for item in sheet.items.all()}


def filled(sheet, version=1, **more):
    given = {f"points-{item.pk}": str(item.full) for item in sheet.items.all()}
    return {"version": version, "token": "e" * 32, **given, **more}


def test_an_expert_marks_through_his_own_account_and_needs_no_signed_paper(person, account, browser):
    sheet = at_department()
    mine = invited(sheet, person, account)
    assert [one.stage for one in todos(expert_of(account))] == ["事前评估"]
    assert "我的打分" in text(browser, reverse("ex-ante-sheet", args=[sheet.pk]))
    answer = browser.post(reverse("ex-ante-expert", args=[mine.pk]), filled(sheet))
    assert answer.status_code == 303
    current = online.fresh(sheet)
    assert current.total == 100
    facts = current.facts()
    assert (facts.experts, facts.unsigned, facts.awaited) == (1, (), ())
    assert todos(expert_of(account)) == []


def test_who_was_asked_and_has_not_marked_is_waited_for(person, account):
    sheet = at_department()
    invited(sheet, person, account)
    online.judged(online.with_experts(sheet))
    with pytest.raises(Refused, match="已邀请的专家还没有打分：钱教授"):
        online.stepped(sheet, "assess", online.department())


def test_his_account_opens_the_assessment_he_was_asked_for_and_nothing_else(person, account, browser):
    sheet = at_department()
    other = online.opened("P1", online.department())
    assert browser.get(reverse("ex-ante-sheet", args=[sheet.pk])).status_code == 404
    invited(sheet, person, account)
    assert browser.get(reverse("ex-ante-sheet", args=[sheet.pk])).status_code == 200
    assert browser.get(reverse("ex-ante-sheet", args=[other.pk])).status_code == 404
    assert browser.get(reverse("subject", args=[sheet.subject_year_id])).status_code == 404
    for name in ("ex-ante-report", "ex-ante-judge", "ex-ante-expert-add", "ex-ante-expert-invite"):
        assert browser.get(reverse(name, args=[sheet.pk])).status_code == 404, name
    assert not SubjectYear.objects.visible_to(expert_of(account)).exists()


@pytest.mark.parametrize(("since", "until"), [(1, 7), (-7, -1)])
def test_before_and_after_the_days_of_his_engagement_it_opens_nothing(person, account, browser, since, until):
    sheet = at_department()
    days = {"since": TODAY + dt.timedelta(days=since), "until": TODAY + dt.timedelta(days=until)}
    mine = invited(sheet, person, account, **days)
    assert browser.get(reverse("ex-ante-sheet", args=[sheet.pk])).status_code == 404
    assert browser.post(reverse("ex-ante-expert", args=[mine.pk]), filled(sheet)).status_code == 404


def test_until_the_conclusion_he_sees_nobody_elses_points_nor_what_they_came_to(person, account, browser):
    sheet = at_department()
    invited(sheet, person, account)
    online.with_experts(sheet)
    for name, place in (("ex-ante-sheet", [sheet.pk]), ("ex-ante", [])):
        page = text(browser, reverse(name, args=place)).partition("<main")[2]
        assert "90.00" not in page, name
        assert "90 分" not in page, name
        assert "省财经大学" not in page
    assert "材料清单" in text(browser, reverse("ex-ante-sheet", args=[sheet.pk]))


def test_an_expert_cannot_open_the_marks_of_another(person, account, browser):
    sheet = at_department()
    invited(sheet, person, account)
    online.with_experts(sheet)
    other = sheet.experts.get(name="甲")
    assert browser.get(reverse("ex-ante-expert", args=[other.pk])).status_code == 404
    assert browser.post(reverse("ex-ante-expert-drop", args=[other.pk])).status_code == 404


def test_two_experts_mark_side_by_side_and_one_twice_meets_his_own_version(person, account):
    sheet = at_department()
    mine = invited(sheet, person, account)
    online.with_experts(sheet)
    actions.give(mine, expert_of(account), points(sheet, "0.5"), version=1)
    with pytest.raises(Stale):
        actions.give(mine, expert_of(account), points(sheet, "0.4"), version=1)
    assert online.fresh(sheet).facts().experts == 4
    assert sum(mark.points for mark in mine.marks.all()) == 50


def test_his_points_are_within_the_full_ones_and_not_taken_after_the_department_sent_it_on(person, account):
    sheet = at_department()
    mine = invited(sheet, person, account)
    with pytest.raises(Refused, match="应在 0 至"):
        actions.give(mine, expert_of(account), points(sheet, "1.01"), version=1)
    actions.give(mine, expert_of(account), points(sheet), version=1)
    online.judged(online.with_experts(sheet))
    online.stepped(sheet, "assess", online.department())
    with pytest.raises(Refused, match="现在不在打分"):
        actions.give(mine, expert_of(account), points(sheet), version=2)


def test_nobody_else_marks_for_an_expert_with_an_account(person, account):
    sheet = at_department()
    mine = invited(sheet, person, account)
    current = online.fresh(sheet)
    who = {"name": person.name, "organisation": person.organisation, "title": person.title}
    with pytest.raises(Refused, match="由本人的账号打分"):
        actions.mark(current, online.department(), version=current.version, who=who, points=points(sheet), expert=mine)
    with pytest.raises(Refused, match="只能填写自己的打分"):
        actions.give(mine, online.department(), points(sheet), version=1)


def related(person, sheet):
    Recusal.objects.create(expert=person, unit=sheet.subject_year.unit, relation="配偶任职", declared_on=TODAY)


def test_a_related_expert_is_refused_invited_chosen_or_typed(person, account):
    sheet = at_department()
    related(person, sheet)
    with pytest.raises(Refused, match="钱教授应回避：配偶任职"):
        invited(sheet, person, account)
    client = signed_in(Role.DEPARTMENT, online.subject("P1").unit, code=online.REGION)
    version = online.fresh(sheet).version
    who = {"name": "钱教授", "organisation": "省财经大学", "title": "讲师"}
    for typed in ({"known": person.pk}, who):
        page = client.post(reverse("ex-ante-expert-add", args=[sheet.pk]), filled(sheet, version, **typed))
        assert page.status_code == 422
        assert "应回避" in page.content.decode()
    assert not sheet.experts.exists()
    assert not Engagement.objects.exists()


def test_one_chosen_from_the_register_brings_his_name_and_title(person):
    sheet = at_department()
    client = signed_in(Role.DEPARTMENT, online.subject("P1").unit, code=online.REGION)
    version = online.fresh(sheet).version
    page = client.post(reverse("ex-ante-expert-add", args=[sheet.pk]), filled(sheet, version))
    assert "请填写姓名，或从专家库选" in page.content.decode()
    client.post(reverse("ex-ante-expert-add", args=[sheet.pk]), filled(sheet, version, known=person.pk, token="f" * 32))
    made = sheet.experts.get()
    assert (made.name, made.title, made.expert) == ("钱教授", "教授", person)
    assert online.fresh(sheet).facts().unsigned == ("钱教授",)


def test_who_left_the_register_or_has_no_grant_or_is_asked_twice_is_refused(person, account):
    sheet = at_department()
    stranger = User.objects.create_account("other", "外人", "Long-enough-1", must_change=False)
    with pytest.raises(Refused, match="外人没有“专家”的授权"):
        invited(sheet, person, stranger)
    invited(sheet, person, account)
    with pytest.raises(Refused, match="钱教授已经参加打分"):
        invited(sheet, person, account)
    Expert.objects.update(active=False)
    person.refresh_from_db()
    with pytest.raises(Refused, match="已不在专家库"):
        invited(online.opened("P1", online.department()), person, account)


def test_the_department_invites_on_its_page_and_one_moved_out_loses_his_key(person, account, browser):
    sheet = at_department()
    client = signed_in(Role.DEPARTMENT, online.subject("P1").unit, code=online.REGION)
    said = {"expert": person.pk, "account": account.pk, "since": str(TODAY), "until": str(TODAY), "token": "i" * 32}
    address = reverse("ex-ante-expert-invite", args=[sheet.pk])
    client.post(address, said | {"version": online.fresh(sheet).version})
    assert "已邀请，还没有打分" in text(client, reverse("ex-ante-sheet", args=[sheet.pk]))
    late = client.post(address, said | {"version": 1, "token": "j" * 32})
    assert late.status_code == 409
    mine = sheet.experts.get()
    gone = {"version": online.fresh(sheet).version, "token": "d" * 32}
    client.post(reverse("ex-ante-expert-drop", args=[mine.pk]), gone)
    assert browser.get(reverse("ex-ante-sheet", args=[sheet.pk])).status_code == 404
    assert not Assessment.objects.get(pk=sheet.pk).experts.exists()


def test_a_unit_below_its_department_does_not_ask_experts(person, account):
    client = signed_in(Role.UNIT, online.subject().unit, code=online.REGION)
    sheet = online.opened()
    answer = client.get(reverse("ex-ante-expert-invite", args=[sheet.pk]), follow=True)
    assert "打分由主管部门组织" in answer.content.decode()
    foreign = signed_in(Role.DEPARTMENT, online.subject("Z1").unit, code=online.REGION)
    assert foreign.get(reverse("ex-ante-expert-invite", args=[sheet.pk])).status_code == 404
