"""The judgements and guards of 绩效评价 and 结果应用, at their borders."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao import policies
from jixiao.stages.evaluation import rules as evaluation
from jixiao.stages.evaluation.self_evaluation import rules as self_evaluation
from jixiao.stages.follow_up.disclosure import rules as disclosure
from jixiao.stages.follow_up.rectification import rules as rectification
from jixiao.stages.follow_up.submission import rules as submission

NATIONAL = policies.load("national/2020")
WORK = policies.load("qingshanhu/2022").section(evaluation.EvaluationRules)

# 绩效评价


OWN = self_evaluation.SelfEvaluationFacts(
    False, True, (), (), Decimal(95), Decimal(80), "", NATIONAL.section(self_evaluation.SelfEvaluationRules)
)


def test_a_complete_self_evaluation_passes() -> None:
    assert all(guard(OWN) for guard in self_evaluation.COMPLETE)


def test_a_self_evaluation_rests_on_approved_targets_and_scored_lines() -> None:
    assert not self_evaluation.scored_on_approved_target(replace(OWN, target_approved=False))
    assert not self_evaluation.every_line_scored(replace(OWN, total=None))
    unscored = self_evaluation.every_line_scored(replace(OWN, total=None, without_points=("甲",)))
    assert unscored.reasons == ("还有指标不能计分：甲",)
    assert not self_evaluation.deviations_explained(replace(OWN, unexplained=("甲",)))


@pytest.mark.parametrize(
    ("rate", "cause", "fine"),
    [("80", "", True), ("79.99", "", False), ("79.99", "合同未到期", True), ("102.59", "", True), (None, "", True)],
)
def test_low_execution_needs_a_cause(rate: str | None, cause: str, fine: bool) -> None:
    facts = replace(OWN, execution_rate=Decimal(rate) if rate else None, execution_cause=cause)
    assert bool(self_evaluation.low_execution_explained(facts)) is fine


def work(units: int, funds: int, checks: int) -> dict[str, bool]:
    done = evaluation.Workload(100, units, 10000, funds, checks, 10, 10)
    return {quota.key: quota.met for quota in evaluation.quotas(done, WORK)}


def test_quotas_hold_at_their_borders_with_two_denominators() -> None:
    assert work(60, 6000, 30) == {
        "units": True,
        "funds": True,
        "spot_checks": True,
        "key_departments": True,
        "key_projects": False,
    }
    assert [work(59, 5999, 29)[key] for key in ("units", "funds", "spot_checks")] == [False, False, False]


def test_a_quota_without_denominator_is_not_met() -> None:
    units, *_ = evaluation.quotas(evaluation.Workload(0, 0, 0, 0, 0, 0, 0), WORK)
    assert (units.reached, units.met) == (None, False)


def test_a_region_without_quotas_has_none() -> None:
    rules = NATIONAL.section(evaluation.EvaluationRules)
    assert evaluation.quotas(evaluation.Workload(1, 0, 1, 0, 0, 0, 0), rules) == ()


@pytest.mark.parametrize(
    ("total", "output_benefit", "fine"),
    [("100", "60", True), ("100", "59.99", False), ("99.99", "60", False), ("100.01", "61", False)],
)
def test_a_framework_adds_up_and_weighs_results(total: str, output_benefit: str, fine: bool) -> None:
    facts = evaluation.EvaluationFacts((), Decimal(85), Decimal(total), Decimal(output_benefit), WORK)
    assert bool(evaluation.framework_adds_up(facts)) is fine


def test_an_evaluation_without_framework_needs_a_total() -> None:
    facts = evaluation.EvaluationFacts((), Decimal(85), None, None, WORK)
    assert evaluation.framework_adds_up(facts)
    assert not evaluation.framework_adds_up(replace(facts, total=None))
    assert not evaluation.every_item_scored(replace(facts, total=None))
    assert "立项程序" in evaluation.every_item_scored(replace(facts, without_points=("立项程序",))).reasons[0]


def test_the_due_day_is_in_time() -> None:
    due = dt.date(2022, 11, 14)
    assert not rectification.is_overdue(due, None, due)
    assert rectification.is_overdue(due, None, due + dt.timedelta(days=1))
    assert not rectification.is_overdue(due, due, due + dt.timedelta(days=99))
    assert rectification.is_overdue(due, due + dt.timedelta(days=1), due)


def test_a_rectification_names_what_by_when_and_when_it_was_done() -> None:
    day = dt.date(2022, 10, 15)
    facts = rectification.RectificationFacts("限期整改", day, day, day)
    for guard, gaps in (
        (rectification.requirement_written, ({"requirement": " "},)),
        (rectification.deadline_set, ({"due_on": None}, {"due_on": day - dt.timedelta(days=1)})),
        (rectification.completion_stated, ({"done_on": None}, {"done_on": day - dt.timedelta(days=1)})),
    ):
        assert guard(facts)
        assert not any(guard(replace(facts, **gap)) for gap in gaps)


@pytest.mark.parametrize(
    ("gap", "reasons"),
    [({}, 0), ({"secret": True}, 1), ({"final": False}, 1), ({"channel": ""}, 1), ({"redaction_confirmed": False}, 1)],
)
def test_only_final_checked_and_open_material_is_published(gap: dict[str, object], reasons: int) -> None:
    facts = replace(disclosure.DisclosureFacts(False, True, "政府网站", True), **gap)
    guards = (
        disclosure.not_secret,
        disclosure.source_is_final,
        disclosure.channel_named,
        disclosure.redaction_was_confirmed,
    )
    assert sum(len(guard(facts).reasons) for guard in guards) == reasons


def test_only_final_material_goes_to_a_named_recipient() -> None:
    facts = submission.SubmissionFacts(True, "人大", "重点绩效评价报告")
    assert submission.source_is_final(facts) & submission.addressed(facts)
    assert not submission.source_is_final(replace(facts, final=False))
    assert len(submission.addressed(replace(facts, recipient="", material=" ")).reasons) == 2
