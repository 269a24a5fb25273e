"""Criteria of choosing at their borders, and who may draw."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.actors import Actor, Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.policies import for_region
from jixiao.stages.evaluation.choosing.rules import (
    CRITERIA,
    CandidateFacts,
    ChoosingRules,
    Concern,
    DrawFacts,
    Risk,
    SamplingRules,
    due_for,
    judge,
    may_choose,
    may_draw,
    most_certain,
)

POLICY = for_region("999999", 2022)
RULES, SAMPLING = POLICY.section(ChoosingRules), POLICY.section(SamplingRules)
OFFICE = Actor(1, "绩效股", Role.PERFORMANCE_OFFICE, "999999")
FACTS = CandidateFacts(
    budget=100_000_000,
    rank=1,
    among=4,
    concern=None,
    concern_basis="",
    reach=None,
    risk=Risk(),
    last_evaluated=None,
    work_year=2022,
    object_year=2021,
    first_year=None,
    last_year=None,
    cycle_years=5,
    midterm_from_years=5,
)


def points(facts, criterion, rules=RULES):
    return next(part.points for part in judge(facts, rules).parts if part.criterion == criterion)


def test_every_criterion_of_the_shipped_policy_is_known_and_they_make_a_hundred():
    assert set(RULES.weights) == set(CRITERIA)
    assert sum(RULES.weights.values()) == 100


def test_a_criterion_that_nobody_knows_counts_nothing_and_says_so():
    rules = replace(RULES, weights={**RULES.weights, "天气": Decimal(7)})
    part = judge(FACTS, rules).parts[-1]
    assert (part.points, "系统不认识" in part.sentence) == (0, True)


@pytest.mark.parametrize(
    ("concern", "expected"), [(None, 0), (Concern.LOW, 0), (Concern.MEDIUM, 10), (Concern.HIGH, 20)]
)
def test_concern_counts_by_its_degree(concern, expected):
    assert points(replace(FACTS, concern=concern), "社会关注度") == expected


@pytest.mark.parametrize(("reach", "expected"), [(None, 0), (0, 0), (5_000, 5), (10_000, 10), (10_001, 10)])
def test_reach_counts_up_to_its_border(reach, expected):
    assert points(replace(FACTS, reach=reach), "覆盖面") == expected


@pytest.mark.parametrize(("rank", "expected"), [(1, 25), (2, Decimal("18.75")), (4, Decimal("6.25"))])
def test_money_counts_by_its_rank(rank, expected):
    assert points(replace(FACTS, rank=rank), "金额") == expected
    assert points(replace(FACTS, rank=rank, budget=0), "金额") == 0


@pytest.mark.parametrize(("last", "expected"), [(2022, 0), (2021, 2), (2018, 8), (2017, 10), (2010, 10), (None, 10)])
def test_years_since_the_last_evaluation_count_up_to_the_cycle(last, expected):
    assert points(replace(FACTS, last_evaluated=last), "多年未评") == expected


def test_risk_is_capped_at_a_hundred():
    assert Risk((("停", 70), ("红灯", 60))).points == 100
    assert points(replace(FACTS, risk=Risk((("停", 70), ("红灯", 60)))), "风险") == 25


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        (None, None, ""),
        (2018, None, ""),
        (2017, None, "中期评价"),
        (2017, 2025, "中期评价"),
        (2017, 2021, "实施期后评价"),
        (2018, 2021, ""),
        (2010, 2015, "实施期后评价"),
    ],
)
def test_a_long_period_asks_for_an_evaluation_halfway_and_one_after_it(first, last, due):
    assert due_for(replace(FACTS, first_year=first, last_year=last)) == due


@given(st.sampled_from(list(Concern)), st.integers(0, 10**6), st.integers(1, 4), st.integers(2000, 2022))
def test_a_mark_is_the_sum_of_its_parts_and_none_exceeds_its_weight(concern, reach, rank, last):
    marked = judge(replace(FACTS, concern=concern, reach=reach, rank=rank, last_evaluated=last), RULES)
    assert marked.mark == sum(part.points for part in marked.parts)
    assert all(0 <= part.points <= part.weight for part in marked.parts)


def test_nobody_chooses_for_self_evaluation():
    assert "不用选评" in may_choose(OFFICE, EvaluationMethod.SELF).reasons[0]


def test_a_method_that_the_program_has_not_is_refused_by_name():
    asked = DrawFacts(size=1, left=3, parties="1", before=0, reason="")
    assert may_draw(OFFICE, asked, SAMPLING)
    refused = may_draw(OFFICE, asked, replace(SAMPLING, method="coin/1"))
    assert "coin/1" in refused.reasons[0]


@pytest.mark.parametrize(("size", "expected"), [(1, 0), (3, 0), (4, 1), (10, 3), (30, 9)])
def test_certain_picks_never_take_more_than_their_share(size, expected):
    assert most_certain(size, SAMPLING) == expected
