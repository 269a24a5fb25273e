"""Who is a candidate for clearing and why: borders of every criterion, and that spending more makes nobody one."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.actors import Actor, Role
from jixiao.domain.grades import Grade
from jixiao.domain.policy import Policy
from jixiao.policies import load
from jixiao.stages.follow_up.clearing.rules import (
    CandidateFacts,
    ClearingRules,
    Measure,
    RulingFacts,
    Stock,
    candidate_of,
    criteria,
    may_prepare,
    may_reply,
    months_after,
    rules_in,
    ruling_stated,
    run_is_open,
)

POLICY = load("national/2020")
RULES = POLICY.section(ClearingRules)
WAN = 1_000_000
JANUARY = dt.date(2022, 1, 1)


def cite(key: str) -> str:
    return f"依据{key}"


def facts(**said) -> CandidateFacts:
    """100 万元, 40 spent in July, at the end of July: nothing to clear."""
    usual = {
        "budget": 100 * WAN,
        "spent": 40 * WAN,
        "recovered": 0,
        "cutoff": dt.date(2022, 7, 31),
        "available_on": JANUARY,
        "last_paid": dt.date(2022, 7, 1),
    }
    return CandidateFacts(**(usual | said))


def found(**said):
    return candidate_of(facts(**said), RULES, cite)


def test_who_spends_in_time_is_no_candidate():
    assert found() is None


def test_six_months_without_a_payment_are_idle_and_a_day_less_is_not():
    untouched = {"spent": 0, "last_paid": None}
    strict = replace(RULES, low_execution=None)
    on_the_day = candidate_of(facts(**untouched, cutoff=dt.date(2022, 6, 30)), strict, cite)
    assert on_the_day.stock is Stock.IDLE
    said = "闲置：预算自2022年1月1日起可以使用，截至2022年6月30日满 6 个月没有支出（依据idle_months）"
    assert on_the_day.reasons == (said,)
    assert candidate_of(facts(**untouched, cutoff=dt.date(2022, 6, 29)), strict, cite) is None
    later = facts(**untouched, available_on=dt.date(2022, 4, 1), cutoff=dt.date(2022, 6, 30))
    assert candidate_of(later, strict, cite) is None
    # Whoever was never paid is idle once, not twice.
    assert len(candidate_of(facts(**untouched), strict, cite).reasons) == 1


def test_six_months_since_the_last_payment_are_idle_and_a_day_less_is_not():
    paid = {"spent": 90 * WAN, "last_paid": dt.date(2022, 3, 15)}
    assert found(**paid, cutoff=dt.date(2022, 9, 14)) is None
    on_the_day = found(**paid, cutoff=dt.date(2022, 9, 15))
    assert on_the_day.stock is Stock.IDLE
    assert "2022年3月15日以后没有新的支出" in on_the_day.reasons[0]


def test_low_is_less_than_the_border_and_more_behind_than_the_other():
    low = found(spent=29 * WAN)
    assert low.stock is Stock.LOW
    rate, behind = low.reasons[0].split("，落后时间进度 ")
    assert rate == "低效：执行率 29%，低于 30%"
    assert behind == "29.33 个百分点，超过 20 个百分点（依据low_execution；依据low_behind）"
    assert found(spent=30 * WAN) is None
    assert found(spent=30 * WAN - 1).stock is Stock.LOW
    # At the end of June half of the year is over: 30 points behind is not more than 30 points behind.
    strict, june = replace(RULES, low_execution=Decimal(50), low_behind=Decimal(30)), dt.date(2022, 6, 30)
    assert candidate_of(facts(spent=20 * WAN, cutoff=june), strict, cite) is None
    assert candidate_of(facts(spent=20 * WAN - 1, cutoff=june), strict, cite).stock is Stock.LOW


@pytest.mark.parametrize(
    ("grade", "stock"), [(Grade.EXCELLENT, None), (Grade.GOOD, None), (Grade.FAIR, Stock.LOW), (Grade.POOR, Stock.VOID)]
)
def test_a_grade_makes_low_or_void(grade, stock):
    judged = found(grade=grade, graded="2021年度单位自评")
    assert (judged.stock if judged else None) is stock
    if judged:
        assert f"2021年度单位自评等级为“{grade.label}”" in judged.reasons[0]


def test_every_indicator_impossible_is_void_and_one_possible_is_not():
    assert found(indicators=4, impossible=4).stock is Stock.VOID
    assert found(indicators=4, impossible=3) is None
    assert found(indicators=0, impossible=0) is None
    half = replace(RULES, void_impossible=Decimal(50))
    assert candidate_of(facts(indicators=4, impossible=2), half, cite).stock is Stock.VOID


def test_a_stop_with_money_left_is_void():
    stopped = found(stop="自2022-07-20起暂停拨款，西财〔2022〕3号")
    assert stopped.stock is Stock.VOID
    assert "自2022-07-20起暂停拨款，西财〔2022〕3号，仍有 60 万元没有支出" in stopped.reasons[0]
    assert candidate_of(facts(stop="停"), replace(RULES, void_stopped=False), cite) is None


def test_where_nothing_is_left_there_is_nothing_to_clear():
    worst = {"stop": "停", "indicators": 2, "impossible": 2, "grade": Grade.POOR, "graded": "自评"}
    assert found(**worst, spent=100 * WAN) is None
    assert found(**worst, spent=40 * WAN, recovered=60 * WAN) is None
    assert found(**worst, spent=40 * WAN, recovered=60 * WAN - 1).stock is Stock.VOID
    assert found(**worst, budget=0, spent=0) is None


def test_several_criteria_give_the_gravest_class_and_every_reason():
    judged = found(spent=0, last_paid=None, grade=Grade.POOR, graded="2021年度单位自评")
    assert judged.stock is Stock.VOID
    assert [reason[:2] for reason in judged.reasons] == ["无效", "闲置", "低效", "低效"]


def test_what_the_policy_does_not_ask_makes_nobody_a_candidate():
    nothing = ClearingRules(None, None, None, Decimal(0), (), False, None, ())
    worst = facts(spent=0, last_paid=None, stop="停", indicators=1, impossible=1, grade=Grade.POOR, graded="自评")
    assert candidate_of(worst, nothing, cite) is None
    assert list(criteria(nothing, cite)) == []
    assert len(list(criteria(RULES, cite))) == 7


DAYS = st.dates(JANUARY, dt.date(2022, 12, 31))
AMOUNTS = st.integers(0, 200 * WAN)


MONTHS = st.none() | st.integers(0, 12)


@given(
    budget=AMOUNTS,
    spent=AMOUNTS,
    more=AMOUNTS,
    recovered=st.integers(0, 50 * WAN),
    cutoff=DAYS,
    available=DAYS,
    paid=st.none() | DAYS,
    again=DAYS,
    months=st.tuples(MONTHS, MONTHS),
    lost=st.integers(0, 3),
    grade=st.sampled_from([None, *Grade]),
    stop=st.sampled_from(["", "暂停"]),
)
def test_more_spent_never_makes_a_candidate(
    budget, spent, more, recovered, cutoff, available, paid, again, months, lost, grade, stop
):
    rules = replace(RULES, idle_months=months[0], unmoved_months=months[1])
    before = CandidateFacts(budget, spent, recovered, cutoff, available, paid, stop, 3, lost, grade, "自评")
    after = replace(before, spent=spent + more, last_paid=max(paid, again) if paid else again)
    assert candidate_of(before, rules, cite) or not candidate_of(after, rules, cite)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2022-01-01", 6, "2022-07-01"),
        ("2022-08-31", 6, "2023-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2022-12-15", 1, "2023-01-15"),
        ("2022-12-15", 12, "2023-12-15"),
        ("2022-03-10", 0, "2022-03-10"),
    ],
)
def test_months_end_where_the_month_ends(day, months, then):
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


def test_rules_that_were_frozen_before_there_were_criteria_have_none():
    old = POLICY.document()
    del old["sections"]["clearing"]
    assert rules_in(Policy.from_document(old)) is None
    assert rules_in(POLICY) == RULES


def test_every_value_says_that_nobody_published_it():
    assert all(POLICY.provenance("clearing", key).guess for key in (field.name for field in fields(ClearingRules)))


RECOVER = RulingFacts(True, Measure.RECOVER, 5 * WAN, "西财〔2022〕9号", "不再需要", 5 * WAN)


def test_the_whole_limit_may_be_taken_and_not_one_fen_more():
    assert ruling_stated(RECOVER)
    over = ruling_stated(replace(RECOVER, fen=5 * WAN + 1))
    assert "超过可以清理的 5 万元" in over.reasons[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"measure": None}, "请选择清理措施"),
        ({"fen": None}, "请填写收回的金额"),
        ({"fen": 0}, "请填写收回的金额"),
        ({"doc_no": " "}, "请填写收回的文号"),
        ({"opinion": ""}, "请填写收回的理由"),
        ({"limit": -1}, "超过可以清理的 0 万元"),
        ({"recovered_today": True}, "今天已经登记过一笔收回"),
        ({"measure": Measure.KEEP}, "“保留”没有金额"),
        ({"measure": Measure.KEEP, "fen": None, "opinion": " "}, "请填写保留的理由"),
        ({"measure": Measure.REDUCE, "doc_no": ""}, "请填写调减的文号"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(changed, said):
    assert said in "；".join(ruling_stated(replace(RECOVER, **changed)).reasons)


def test_what_need_not_be_said_need_not():
    assert ruling_stated(replace(RECOVER, measure=Measure.KEEP, fen=None, doc_no=""))
    assert ruling_stated(replace(RECOVER, measure=Measure.REDUCE, recovered_today=True))
    assert not run_is_open(replace(RECOVER, run_open=False))


def test_only_the_office_begins_a_run_for_a_day_that_is_over():
    office = Actor(1, "绩效股", Role.PERFORMANCE_OFFICE, "999999")
    today = dt.date(2022, 8, 1)
    assert may_prepare(office, today, 2022, today, False)
    assert not may_prepare(office, today + dt.timedelta(days=1), 2022, today, False)
    assert not may_prepare(office, dt.date(2021, 12, 31), 2022, today, False)
    assert not may_prepare(office, today, 2022, today, True)
    assert not may_prepare(replace(office, role=Role.FISCAL_DIVISION), today, 2022, today, False)


def test_the_unit_speaks_while_nothing_is_decided():
    unit = Actor(2, "会计", Role.UNIT, "999999", "101/")
    assert may_reply(unit, True, False, "年底前支付")
    assert not may_reply(unit, True, True, "年底前支付")
    assert not may_reply(unit, False, False, "年底前支付")
    assert not may_reply(unit, True, False, " ")
    assert not may_reply(replace(unit, role=Role.FISCAL_DIVISION), True, False, "说明")
