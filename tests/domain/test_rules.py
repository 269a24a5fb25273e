"""The judgements and guards of 事前绩效评估 and 绩效目标, at their borders."""

from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao import policies
from jixiao.domain.quantities import read_amount
from jixiao.domain.vocabulary import IndicatorLevel1, Nature, SubjectKind, Verdict
from jixiao.registers.subjects.rules import Cleared, covers
from jixiao.stages.ex_ante import rules as ex_ante
from jixiao.stages.targets import rules as targets

GATE = policies.load("qingshanhu/2022").section(ex_ante.ExAnteRules)
COUNTY_X, NATIONAL, LATER = (policies.load(name) for name in ("county-x/2020", "national/2020", "national/2021"))
SHEET = NATIONAL.section(targets.TargetRules)


def wan(amount: str) -> int:
    return read_amount(amount, "万元")


def budget(amount: str, last_year: str = "0", **changes: object) -> ex_ante.BudgetFacts:
    nature = Nature.CONTINUING if last_year != "0" else Nature.NEW
    return replace(ex_ante.BudgetFacts(SubjectKind.PROJECT, nature, wan(amount), wan(last_year)), **changes)


# 事前绩效评估


@pytest.mark.parametrize(("amount", "due"), [("499.99", False), ("499.999999", False), ("500", True), ("500.01", True)])
def test_a_new_project_is_assessed_from_500(amount: str, due: bool) -> None:
    assert ex_ante.assessment_due(budget(amount), GATE).required is due


@pytest.mark.parametrize(
    ("amount", "last_year", "reasons"),
    [
        ("129.99", "100", 0),
        ("129.999999", "100", 0),
        ("130", "100", 1),
        ("501", "385.384615", 1),
        ("2499.99", "2000", 0),
        ("2500", "2000", 1),
        ("2500.01", "2000", 1),
        ("1500", "1000", 2),
        ("900", "1000", 0),
        ("1000", "1000", 0),
    ],
)
def test_a_continuing_project_is_assessed_from_30_percent_or_500_up(amount: str, last_year: str, reasons: int) -> None:
    due = ex_ante.assessment_due(budget(amount, last_year), GATE)
    assert (due.required, len(due.reasons)) == (reasons > 0, reasons)


def test_the_reason_names_both_numbers() -> None:
    assert ex_ante.assessment_due(budget("130", "100"), GATE).reasons == ("比上年增长 30%，达到 30%",)
    assert ex_ante.assessment_due(budget("1200.5"), GATE).reasons == ("新增 1,200.5 万元，达到 500 万元",)


def test_a_continuing_project_without_a_budget_last_year_is_judged_like_a_new_one() -> None:
    assert not ex_ante.assessment_due(budget("499", nature=Nature.CONTINUING), GATE).required
    assert ex_ante.assessment_due(budget("500", nature=Nature.CONTINUING), GATE).required


def test_a_major_policy_is_always_assessed() -> None:
    facts = budget("1", kind=SubjectKind.PROGRAMME_POLICY, major=True)
    assert ex_ante.assessment_due(facts, GATE).reasons == ("新出台重大政策或项目",)


def test_a_registered_exemption_frees_only_in_a_listed_category() -> None:
    assert ex_ante.assessment_due(budget("800", exemption="应急"), GATE) == ex_ante.Due(
        False, ("属于“应急”例外，不作事前评估",)
    )
    assert ex_ante.assessment_due(budget("800", exemption="领导交办"), GATE).required
    assert ex_ante.assessment_due(budget("1", exemption="应急"), GATE) == ex_ante.Due(False)


def test_where_every_new_project_is_assessed_the_amount_does_not_matter() -> None:
    rules = COUNTY_X.section(ex_ante.ExAnteRules)
    assert ex_ante.assessment_due(budget("0.01"), rules).required
    assert not ex_ante.assessment_due(budget("9999", "1"), rules).required


def test_without_thresholds_only_major_subjects_are_assessed() -> None:
    rules = NATIONAL.section(ex_ante.ExAnteRules)
    assert not ex_ante.assessment_due(budget("99999"), rules).required
    assert ex_ante.assessment_due(budget("1", major=True), rules).required


@pytest.mark.parametrize("kind", [SubjectKind.DEPARTMENT_OVERALL, SubjectKind.TRANSFER])
def test_overall_budgets_and_transfers_are_not_assessed(kind: SubjectKind) -> None:
    assert ex_ante.assessment_due(budget("9999", kind=kind), GATE) == ex_ante.Due(False)


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ("100", Verdict.SUPPORTED),
        ("80", Verdict.SUPPORTED),
        ("79.99", Verdict.ADJUSTED),
        ("60", Verdict.ADJUSTED),
        ("59.99", Verdict.REFUSED),
        ("0", Verdict.REFUSED),
    ],
)
def test_borders_of_the_verdict_belong_to_the_better_side(total: str, verdict: Verdict) -> None:
    assert ex_ante.conclusion(Decimal(total), GATE) is verdict


def test_points_lie_within_the_five_dimensions() -> None:
    points = dict.fromkeys(GATE.dimensions, Decimal(20))
    assert ex_ante.points_within(points, GATE)
    assert not ex_ante.points_within({**points, "立项必要性": Decimal("20.5")}, GATE)
    assert not ex_ante.points_within({**points, "立项必要性": Decimal(-1)}, GATE)
    assert not ex_ante.points_within({**points, "其他": Decimal(1)}, GATE)
    assert len(ex_ante.points_within({}, GATE).reasons) == 5


def test_a_clearance_covers_up_to_its_amount_and_a_raise_asks_again() -> None:
    given = [Cleared(Verdict.SUPPORTED, wan("500"))]
    assert covers(given, wan("500"))
    assert "0.01 万元" in covers(given, wan("500.01")).reasons[0]
    assert not covers([], 0)


def test_another_verdict_than_the_points_propose_needs_its_reason() -> None:
    facts = ex_ante.AssessmentFacts(False, Decimal("79.99"), (), Verdict.ADJUSTED, GATE)
    assert ex_ante.verdict_follows_points(facts)
    for verdict in (Verdict.REFUSED, Verdict.SUPPORTED):
        changed = replace(facts, verdict=verdict)
        assert "改为其他结论须写明理由" in ex_ante.verdict_follows_points(changed).reasons[0]
        assert not ex_ante.verdict_follows_points(replace(changed, reason="  "))
        assert ex_ante.verdict_follows_points(replace(changed, reason="财力不足，缓办"))
    assert not ex_ante.verdict_follows_points(replace(facts, verdict=Verdict.NOT_REQUIRED))
    assert not ex_ante.verdict_follows_points(replace(facts, verdict=None))
    assert not ex_ante.verdict_follows_points(replace(facts, total=None))
    assert "筹资合规性" in ex_ante.all_dimensions_scored(replace(facts, unscored=("筹资合规性",))).reasons[0]


# 绩效目标


def line(level1: IndicatorLevel1, weight: str, target: str = "≥5") -> targets.TargetLine:
    return targets.TargetLine(level1, "", f"{level1.label}{weight}", target, Decimal(weight))


def sheet(*lines: targets.TargetLine, rules: targets.TargetRules = SHEET) -> targets.TargetFacts:
    return targets.TargetFacts(False, False, "完成年度任务", lines, rules)


OUTPUT, BENEFIT, SATISFACTION, COST = (
    IndicatorLevel1.OUTPUT,
    IndicatorLevel1.BENEFIT,
    IndicatorLevel1.SATISFACTION,
    IndicatorLevel1.COST,
)
FULL = (line(OUTPUT, "50"), line(BENEFIT, "30"), line(SATISFACTION, "10"))


def test_a_complete_sheet_passes_every_guard() -> None:
    assert all(guard(sheet(*FULL)) for guard in targets.COMPLETE)


@pytest.mark.parametrize("weight", ["49.99", "50.01", "60"])
def test_weights_add_up_to_a_hundred_less_execution_to_the_last_digit(weight: str) -> None:
    assert not targets.weights_add_up(sheet(line(OUTPUT, weight), *FULL[1:]))


def test_weights_in_fractions_add_up_exactly() -> None:
    assert targets.weights_add_up(sheet(*[line(OUTPUT, "7.5")] * 12))


def test_hubei_sheets_add_up_to_eighty() -> None:
    rules = policies.load("hubei/2020").section(targets.TargetRules)
    assert not targets.weights_add_up(sheet(*FULL, rules=rules))
    assert targets.weights_add_up(sheet(line(OUTPUT, "40"), *FULL[1:], rules=rules))


def test_an_indicator_without_weight_or_target_is_named() -> None:
    facts = sheet(*FULL, line(OUTPUT, "0", " "))
    assert targets.weights_add_up(facts).reasons == ("指标没有分值：产出指标0",)
    assert targets.every_target_filled(facts).reasons == ("指标没有指标值：产出指标0",)


def test_output_and_benefit_are_required_and_cost_only_offered_from_2021() -> None:
    assert "效益指标" in targets.required_classes_present(sheet(FULL[0])).reasons[0]
    with_cost = (*FULL, line(COST, "20"))
    assert "成本指标" in targets.required_classes_present(sheet(*with_cost)).reasons[0]
    assert targets.required_classes_present(sheet(*with_cost, rules=LATER.section(targets.TargetRules)))


def test_the_number_of_indicators_has_its_borders() -> None:
    assert not targets.enough_indicators(sheet())
    assert targets.enough_indicators(sheet(FULL[0]))
    rules = replace(SHEET, minimum_indicators=2, maximum_indicators=3)
    assert [bool(targets.enough_indicators(sheet(*FULL[:1] * n, rules=rules))) for n in range(1, 5)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_sheet_without_goal_is_not_complete() -> None:
    assert not targets.has_goal(replace(sheet(*FULL), goal=" "))


def test_weights_are_proposed_by_class() -> None:
    rules = LATER.section(targets.TargetRules)
    assert targets.proposed_weights(frozenset({OUTPUT, BENEFIT, SATISFACTION}), rules)[OUTPUT] == 50
    assert targets.proposed_weights(frozenset({COST, OUTPUT, BENEFIT, SATISFACTION}), rules)[OUTPUT] == 40
    without = targets.proposed_weights(frozenset({OUTPUT, BENEFIT}), rules)
    assert without == {OUTPUT: 50, BENEFIT: 40}
    assert rules.class_weights[BENEFIT] == 30
