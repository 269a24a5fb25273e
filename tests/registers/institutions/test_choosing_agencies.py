"""Which agency may be chosen, drawn and engaged, and how its work is judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.stages.evaluation.online import county, fresh, office, opened, person, take
from tests.stages.evaluation.test_engagement import browser

from jixiao import policies
from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit import attachments
from jixiao.kit.acting import acting
from jixiao.registers.institutions import actions
from jixiao.registers.institutions.invariants import INVARIANTS
from jixiao.registers.institutions.models import Agency, AgencyScore, Engagement, Expert, Selection
from jixiao.registers.institutions.rules import (
    AgencyFacts,
    AgencyGrade,
    AgencyQualityRules,
    InstitutionRules,
    agency_grade,
    appraiser_qualified,
    credit_code_fits,
    drawn,
    may_choose,
    suspends,
)
from jixiao.registers.organizations.models import User
from jixiao.stages.evaluation.actions import entrusting
from jixiao.stages.evaluation.workflow import State

CODE = "91350100M000100Y43"
TODAY = dt.date(2023, 6, 30)
NATIONAL = policies.load("national/2020")
RULES, QUALITY = NATIONAL.section(InstitutionRules), NATIONAL.section(AgencyQualityRules)
SOUND = AgencyFacts("甲", CODE, "XY1", TODAY, True, 1, None, True, (), RULES)


@pytest.mark.parametrize(
    ("code", "fine"),
    [
        (CODE, True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("9135o100M000100Y43", False),
        ("", False),
    ],
)
def test_a_credit_code_fits_by_its_check_digit(code, fine):
    assert credit_code_fits(code) is fine


def test_an_agency_that_is_sound_may_be_chosen():
    assert may_choose(SOUND, TODAY)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"credit_code": CODE[:-1] + "4"}, "校验位不对"),
        ({"platform_number": " "}, "没有登记信用管理平台的登记号"),
        ({"checked_on": None}, "没有 365 天内"),
        ({"checked_on": TODAY - dt.timedelta(days=366)}, "没有 365 天内"),
        ({"checked_on": TODAY + dt.timedelta(days=1)}, "没有 365 天内"),
        ({"evidence": False}, "没有附上信用管理平台的核查凭证"),
        ({"qualified_appraisers": 0}, "没有符合条件的主评人"),
        ({"clean_record": False}, "重大违法记录"),
        ({"suspended_until": TODAY}, "已暂停选用"),
        ({"refused_by": ("代理记账",)}, "应回避：代理记账"),
    ],
)
def test_what_stands_against_an_agency_is_said(change, reason):
    decision = may_choose(replace(SOUND, **change), TODAY)
    assert len(decision.reasons) == 1
    assert reason in decision.reasons[0]


def test_a_check_stands_as_many_days_as_the_rules_say_and_a_suspension_to_its_last_day():
    assert may_choose(replace(SOUND, checked_on=TODAY - dt.timedelta(days=365)), TODAY)
    assert may_choose(replace(SOUND, suspended_until=TODAY - dt.timedelta(days=1)), TODAY)


@pytest.mark.parametrize(
    ("working", "evaluating", "title", "fine"),
    [(5, 3, "注册会计师", True), (4, 3, "注册会计师", False), (5, 2, "高级经济师", False), (9, 9, " ", False)],
)
def test_an_appraiser_has_years_and_a_title(working, evaluating, title, fine):
    assert bool(appraiser_qualified(working, evaluating, title, RULES)) is fine


def test_the_same_seed_draws_the_same_order_whatever_the_order_of_the_names():
    names = ["甲事务所", "乙事务所", "丙事务所"]
    assert drawn(names, "2023-001") == drawn(reversed(names), "2023-001")
    assert set(drawn(names, "2023-001")) == set(names)
    assert len({drawn(names, str(seed)) for seed in range(40)}) > 1


def test_grades_of_an_agency_hold_at_their_borders_and_c_in_a_row_suspends():
    points = [Decimal(p) for p in ("90", "89.99", "70", "69.99")]
    assert [agency_grade(p, QUALITY) for p in points] == [AgencyGrade.A, AgencyGrade.B, AgencyGrade.B, AgencyGrade.C]
    assert suspends([AgencyGrade.C, AgencyGrade.C], QUALITY)
    assert not suspends([AgencyGrade.C], QUALITY)
    assert not suspends([AgencyGrade.C, AgencyGrade.B], QUALITY)
    assert not suspends([AgencyGrade.C, AgencyGrade.B, AgencyGrade.C], QUALITY)


def registered(name="甲事务所", year=2023, **said) -> Agency:
    """An agency that may be chosen."""
    blank = dict.fromkeys(actions.AGENCY, "") | {"suspended_until": None}
    facts = blank | {"name": name, "credit_code": CODE, "platform_number": "XY1", "checked_on": timezone.localdate()}
    lead = [{"name": "张三", "qualification": "注册会计师", "working_years": 8, "evaluating_years": 5}]
    agency = actions.keep_agency(office(), year, facts | said, lead)
    with acting(office(), "attachment.attach") as act:
        attachments.attach(agency, act, "名单.pdf", b"%PDF-1.4 list")
    return agency


def term(days=30):
    today = timezone.localdate()
    return {
        "contract": "评价",
        "year": 2023,
        "since": today,
        "until": today + dt.timedelta(days=days),
        "fee": 5_0000_00,
        "selection": None,
    }


def account(role=Role.AGENCY, name="agency"):
    return User.objects.get(pk=person(role, name).user_id)


@pytest.fixture
def evaluation(db):
    cache.clear()
    county()
    return opened()


def test_an_agency_is_engaged_for_one_evaluation_with_its_account_and_its_days(evaluation):
    agency, one = registered(), office()
    entrusting.entrust(evaluation, one, agency, [account()], term(), version=1)
    kept = Engagement.objects.get()
    assert (kept.agency, kept.subjects.get().sheet_id, kept.fee) == (agency, evaluation.pk, 5_0000_00)
    assert fresh(evaluation).agency == agency
    with pytest.raises(Refused, match="已有第三方机构承担"):
        entrusting.entrust(evaluation, one, agency, [account()], term(), version=2)


def test_who_may_not_be_chosen_is_not_engaged_and_all_reasons_are_said(evaluation):
    agency, one = registered(platform_number="", checked_on=None), office()
    with pytest.raises(Refused, match=r"登记号.*核查记录"):
        entrusting.entrust(evaluation, one, agency, [account()], term(), version=1)
    with pytest.raises(Refused, match="没有“第三方机构”的授权"):
        entrusting.entrust(evaluation, one, agency, [account(Role.EXPERT, "wrong")], term(), version=1)
    with pytest.raises(Refused, match="截止日期不能早于开始日期"):
        entrusting.entrust(evaluation, one, agency, [account()], term(-1), version=1)
    with pytest.raises(Refused, match="由绩效股办理"):
        entrusting.entrust(evaluation, person(Role.AGENCY), agency, [account()], term(), version=1)
    assert not Engagement.objects.exists()
    assert fresh(evaluation).state == State.DRAFT


def test_a_declared_relation_with_the_unit_keeps_agency_and_expert_away(evaluation):
    agency, one = registered(), office()
    unit = evaluation.subject_year.unit
    actions.declare(one, agency, unit, "代理记账", timezone.localdate())
    with pytest.raises(Refused, match="应回避：代理记账"):
        entrusting.entrust(evaluation, one, agency, [account()], term(), version=1)
    facts = {"name": "李四", "organisation": "某大学", "title": "教授", "field": "财政", "contact": "", "active": True}
    expert = actions.keep_expert(one, facts)
    actions.declare(one, expert, unit, "亲属在该单位任职", timezone.localdate())
    take(evaluation, "notify", one)
    with pytest.raises(Refused, match="李四应回避"):
        entrusting.invite(evaluation, one, expert, account(Role.EXPERT, "e"), term(), version=2)


def test_a_selection_keeps_quotes_marks_and_why_another_than_the_best_was_chosen(evaluation):
    first, second, one = registered(), registered("乙事务所"), office()
    bids = [{"agency": first, "fen": 5, "points": None}, {"agency": second, "fen": 3, "points": None}]
    said = {"purpose": "重点评价", "way": Selection.INQUIRY, "seed": "", "reason": ""}
    with pytest.raises(Refused, match="不是最低报价"):
        actions.select(one, 2023, said, bids, first)
    record = actions.select(one, 2023, said, bids, second)
    assert (record.chosen, record.bids.count()) == (second, 2)
    with pytest.raises(Refused, match="评审得分"):
        actions.select(one, 2023, said | {"way": Selection.COMPETITION}, bids, second)
    with pytest.raises(Refused, match="选定一家"):
        actions.select(one, 2023, said, bids, None)


def test_a_draw_is_recorded_with_its_seed_and_order(evaluation):
    agencies, one = [registered(), registered("乙事务所")], office()
    bids = [{"agency": agency, "fen": None, "points": None} for agency in agencies]
    said = {"purpose": "抽取", "way": Selection.RANDOM, "seed": "", "reason": ""}
    with pytest.raises(Refused, match="随机种子"):
        actions.select(one, 2023, said, bids, None)
    record = actions.select(one, 2023, said | {"seed": "2023061"}, bids, None)
    order = [bid.agency.name for bid in record.bids.order_by("rank")]
    assert tuple(order) == drawn([agency.name for agency in agencies], "2023061")
    assert record.chosen.name == order[0]


def test_the_quality_of_the_work_is_judged_once_and_two_c_suspend(evaluation):
    agency, one = registered(), office()
    entrusting.entrust(evaluation, one, agency, [account()], term(), version=1)
    poor = dict(zip(QUALITY.items, map(Decimal, (10, 10, 20, 5, 5)), strict=True))
    kept = Engagement.objects.get()
    with pytest.raises(Refused, match="应在 0 至 20 分之间"):
        actions.judge(kept, one, poor | {"方案质量": Decimal("20.01")}, "", version=1)
    actions.judge(kept, one, poor, "方案粗糙", version=1)
    assert AgencyScore.objects.get().total == 50
    with pytest.raises(Refused, match="考核一次"):
        actions.judge(kept, one, poor, "", version=2)
    other = opened(code="P2")
    entrusting.entrust(other, one, agency, [account()], term(), version=1)
    actions.judge(Engagement.objects.latest("pk"), one, poor, "", version=1)
    agency.refresh_from_db()
    assert agency.suspended_until > timezone.localdate()
    assert "已暂停选用" in "".join(may_choose(actions.facts_of(agency), timezone.localdate()).reasons)
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


def test_the_pages_of_the_register_open_for_the_office_and_never_for_whom_it_engages(evaluation):
    agency, one = registered(), office()
    entrusting.entrust(evaluation, one, agency, [account()], term(), version=1)
    facts = {"name": "李四", "organisation": "某大学", "title": "教授", "field": "财政", "contact": "", "active": True}
    expert, kept = actions.keep_expert(one, facts), Engagement.objects.get()
    pages = {
        "agency": agency.pk,
        "agency-edit": agency.pk,
        "agency-recusal": agency.pk,
        "expert": expert.pk,
        "expert-edit": expert.pk,
        "engagement-term": kept.pk,
        "engagement-deliverables": kept.pk,
        "engagement-judge": kept.pk,
    }
    addresses = [reverse(name, args=[pk]) for name, pk in pages.items()]
    addresses += [reverse(name) for name in ("agencies", "agency-new", "experts", "expert-new", "selections")]
    addresses.append(reverse("selection-new"))
    office_browser, agency_browser = browser(one), browser(person(Role.AGENCY))
    assert {address: office_browser.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
    assert {agency_browser.get(address).status_code for address in addresses} == {404}
    mine = reverse("engagement", args=[kept.pk])
    assert agency_browser.get(mine).status_code == 200
    assert office_browser.get(mine).status_code == 200
    unit = browser(person(Role.UNIT))
    shown = unit.get(reverse("agency", args=[agency.pk])).content.decode()
    assert agency.name in shown
    assert mine not in shown, "an engagement that a unit may not open is not offered to it"
    assert unit.get(mine).status_code == 404
    actions.keep_deliverables(kept, one, [{"name": "方案", "due_on": TODAY, "delivered_on": None}], version=1)
    assert "逾期未交" in office_browser.get(mine).content.decode()
    Engagement.objects.update(since=TODAY, until=TODAY)
    assert agency_browser.get(mine).status_code == 404, "its term is over"


def test_an_agency_is_registered_on_the_page_and_a_wrong_code_is_refused(db):
    cache.clear()
    factories.unit()
    client = browser(office())
    said = {"name": "甲事务所", "credit_code": CODE[:-1] + "9", "version": 0, "name-0": "张三"}
    wrong = client.post(reverse("agency-new"), said)
    assert wrong.status_code == 422
    assert "第 1 行：职称或执业资格" in wrong.content.decode()
    lead = {"qualification-0": "注册会计师", "working_years-0": "8", "evaluating_years-0": "5"}
    wrong = client.post(reverse("agency-new"), said | lead)
    assert "校验位不对" in wrong.content.decode()
    assert client.post(reverse("agency-new"), said | lead | {"credit_code": CODE.lower()}).status_code == 303
    agency = Agency.objects.get()
    assert (agency.credit_code, agency.lead_appraiser, agency.appraisers.count()) == (CODE, "张三", 1)
    assert not Expert.objects.exists()
