"""单位自评 come in: scored from payments and actuals, held beside what the table printed, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.domain.grades import Grade
from jixiao.kit.models import AuditEntry, Transition
from jixiao.registers.indicators.models import Observation
from jixiao.registers.subjects.models import Outcome
from jixiao.stages.evaluation.self_evaluation.importer import IMPORTERS as SELF_EVALUATION
from jixiao.stages.evaluation.self_evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.self_evaluation.models import Exemption, Score, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS
from jixiao.stages.targets.models import IndicatorLine, LineSource, TargetVersion

pytestmark = pytest.mark.django_db

ALL = (*REGISTERS, *TARGETS, *SELF_EVALUATION)
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,效益指标,社会效益指标,受益学生,定量,≥,4000,人,40
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-05-01,900000\n"
OTHER_PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P2,V1,2022-05-01,1\n"
SHEETS = "工作年度,对象年度,项目编码,全年预算(万元),全年执行(万元),评价得分,评价等级\n"
SHEET = SHEETS + "2023,2022,P1,100,{spent},{total},{grade}\n"
SCORES = "对象年度,项目编码,一级指标,二级指标,三级指标,符号,指标值,实际完成值,定性完成度,权重,得分,偏差原因\n"
AREA = "2022,P1,产出指标,数量指标,维修面积,≥,100,{},,50,,\n"
PUPILS = "2022,P1,效益指标,社会效益指标,受益学生,≥,4000,{},,40,,\n"
FULL = SCORES + AREA.format(100) + PUPILS.format(4000)


def sheet_text(spent="90", total="", grade=""):
    return SHEET.format(spent=spent, total=total, grade=grade)


def base(**more):
    return {"units": UNITS, "projects": PROJECTS, **more}


def evaluated(scores=FULL, sheet=None, **more):
    """Import one self-evaluation of P1 with whatever else is given, and what the import said."""
    tables = base(self_evaluations=sheet or sheet_text(), self_evaluation_scores=scores, **more)
    outcome = stored(tables, ALL)
    return SelfEvaluation.objects.get(), outcome


def messages(outcome):
    return [gap.message for gap in outcome.gaps]


def violations():
    return [text for invariant in INVARIANTS for text in invariant.check()]


def test_payments_say_what_was_spent_and_a_printed_sum_that_differs_is_listed():
    sheet, outcome = evaluated(sheet=sheet_text(spent="100"), indicators=INDICATORS, payments=PAYMENTS)
    assert (sheet.spent, sheet.printed_spent) == (90_000_000, 100_000_000)
    assert sheet.execution_points == Decimal("9.00")
    assert "原表全年执行与支付合计不一致 1 处，按支付计分" in messages(outcome)


def test_the_printed_sum_counts_where_a_year_has_no_payments_at_all():
    sheet, outcome = evaluated(sheet=sheet_text(spent="95"), indicators=INDICATORS)
    assert (sheet.spent, sheet.execution_points, sheet.total) == (95_000_000, Decimal("9.50"), Decimal("99.50"))
    assert messages(outcome) == []


def test_a_project_without_payments_in_a_year_that_has_some_spent_nothing():
    sheet, _ = evaluated(indicators=INDICATORS, payments=OTHER_PAYMENTS)
    assert (sheet.spent, sheet.execution_points) == (0, Decimal("0.00"))


@pytest.mark.parametrize(
    ("pupils", "total", "grade"),
    [(4000, "90.00", Grade.EXCELLENT), (3999, "89.99", Grade.GOOD), (0, "50.00", Grade.POOR)],
)
def test_ninety_is_excellent_and_a_hundredth_less_is_good(pupils, total, grade):
    scores = SCORES + AREA.format(100) + PUPILS.format(pupils)
    sheet, _ = evaluated(scores, indicators=INDICATORS, payments=OTHER_PAYMENTS)
    assert (sheet.total, sheet.grade) == (Decimal(total), grade)
    assert violations() == []


def test_blank_points_and_grades_give_the_same_result_as_printed_ones():
    evaluated(indicators=INDICATORS, sheet=sheet_text(total="12.34", grade="差"))
    printed = SelfEvaluation.objects.values_list("total", "grade", "because").get()
    outcome = stored({"self_evaluations": sheet_text()}, ALL)
    assert outcome.counts["self_evaluations"]["changed"] == 1
    assert SelfEvaluation.objects.values_list("total", "grade", "because").get() == printed


def test_printed_results_are_kept_and_differences_counted():
    scores = FULL.replace(",50,,\n", ",50,49.99,\n")
    sheet, outcome = evaluated(scores, sheet_text(spent="100", total="99.99", grade="优"), indicators=INDICATORS)
    assert (sheet.total, sheet.printed_total, sheet.printed_grade) == (100, Decimal("99.99"), Grade.EXCELLENT)
    assert messages(outcome) == [
        "原表得分与按规则复算不一致 1 处（指标得分）",
        "原表得分与按规则复算不一致 1 处（总分或等级）",
    ]
    assert outcome.gaps[0].rows == (2,)


def test_what_was_approved_counts_where_the_table_says_otherwise():
    scores = FULL.replace("≥,100,100,,50", "≥,50,50,,50")
    _, outcome = evaluated(scores, indicators=INDICATORS)
    assert Score.objects.get(position=1).points == Decimal("25.00")
    assert "1 条指标的指标值、权重或符号与批复目标不一致，按批复目标计分" in messages(outcome)


def test_lines_without_an_approved_target_are_recorded_as_such():
    sheet, outcome = evaluated()
    assert "自评表中 2 条指标没有批复目标，已按自评表补录" in messages(outcome)
    assert set(IndicatorLine.objects.values_list("source", flat=True)) == {LineSource.EVALUATION}
    version = TargetVersion.objects.get()
    assert sheet.target_version == version
    assert Transition.objects.get(sheet_type="targets.targetversion").target == version.state
    assert not sheet.facts().target_approved


def test_approved_lines_that_nobody_scored_are_listed_and_give_nothing():
    sheet, outcome = evaluated(SCORES + AREA.format(100), indicators=INDICATORS)
    assert "1 条批复指标没有自评得分" in messages(outcome)
    assert sheet.scores.count() == 1


def test_doubled_names_keep_to_their_own_lines():
    twice = SCORES + AREA.format(100) + AREA.replace("≥,100", "≥,300").format(150)
    evaluated(twice)
    assert list(Score.objects.order_by("position").values_list("points", flat=True)) == [50, 25]
    again = stored(base(self_evaluations=sheet_text(), self_evaluation_scores=twice), ALL)
    assert again.changes == 0
    swapped = "".join([SCORES, *reversed(twice.removeprefix(SCORES).splitlines(keepends=True))])
    stored({"self_evaluation_scores": swapped}, ALL)
    assert list(Score.objects.order_by("position").values_list("points", flat=True)) == [25, 50]
    assert IndicatorLine.objects.count() == 2


def test_score_rows_without_their_sheet_are_named_and_not_stored():
    scores = FULL + AREA.format(1).replace("P1", "P2") + AREA.format(1).replace("P1", "没有")
    _, outcome = evaluated(scores, indicators=INDICATORS)
    gap = next(gap for gap in outcome.gaps if "没有对应的自评" in gap.message)
    assert gap.rows == (4, 5)
    assert Score.objects.count() == 2


@pytest.mark.parametrize(
    ("tables", "row", "column"),
    [
        ({"self_evaluations": sheet_text() + sheet_text().removeprefix(SHEETS)}, 3, "项目编码"),
        ({"self_evaluations": sheet_text().replace("P1", "P9")}, 2, "项目编码"),
        ({"self_evaluation_scores": FULL + PUPILS.format(4000)}, 4, "三级指标"),
        ({"self_evaluation_scores": FULL.replace(",50,,", ",50.005,,")}, 2, "权重"),
        ({"self_evaluation_scores": FULL.replace(",,50,", ",100.5,50,")}, 2, "定性完成度"),
        ({"self_evaluation_scores": FULL.replace("产出指标", "其他指标")}, 2, "一级指标"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_stored(tables, row, column):
    whole = base(self_evaluations=sheet_text(), self_evaluation_scores=FULL) | tables
    outcome = run_import(whole, ALL)
    assert [(problem.row, problem.column) for _, problem in outcome.problems] == [(row, column)]
    assert SelfEvaluation.objects.count() == Score.objects.count() == 0


def test_the_same_files_again_change_nothing():
    sheet, _ = evaluated(indicators=INDICATORS, payments=PAYMENTS)
    before = AuditEntry.objects.count()
    _, outcome = evaluated(indicators=INDICATORS, payments=PAYMENTS)
    assert (outcome.stored, outcome.changes) == (False, 0)
    assert AuditEntry.objects.count() == before
    sheet.refresh_from_db()
    assert sheet.version == 1


def test_a_changed_actual_is_scored_again_with_a_new_version_and_a_trace():
    sheet, _ = evaluated(indicators=INDICATORS)
    stored({"self_evaluation_scores": SCORES + AREA.format(50) + PUPILS.format(4000)}, ALL)
    sheet.refresh_from_db()
    assert (sheet.version, sheet.total) == (2, Decimal("74.00"))
    trace = AuditEntry.objects.get(object=sheet.reference)
    assert (Decimal(trace.before["total"]), Decimal(trace.after["total"])) == (99, 74)
    assert Outcome.objects.get(stage="self_evaluation").total == Decimal("74.00")
    assert Observation.objects.get(position=1).actual == "50"
    assert violations() == []


def test_a_row_that_is_taken_out_of_the_table_takes_its_score_along():
    sheet, _ = evaluated(indicators=INDICATORS)
    stored({"self_evaluation_scores": SCORES + PUPILS.format(4000)}, ALL)
    sheet.refresh_from_db()
    assert (sheet.scores.count(), sheet.total) == (1, Decimal("49.00"))
    assert violations() == []


def test_a_line_that_cannot_be_decided_leaves_total_and_grade_open():
    sheet, outcome = evaluated(SCORES + AREA.format("") + PUPILS.format(4000), indicators=INDICATORS)
    assert (sheet.total, sheet.grade) == (None, "")
    assert Score.objects.get(position=1).points is None
    assert "1 份自评还有得分不能计算，总分和等级留空" in messages(outcome)
    assert violations() == []


def test_a_sheet_that_somebody_works_on_is_not_overwritten():
    evaluated(indicators=INDICATORS)
    SelfEvaluation.objects.update(state=State.DRAFT)
    for tables in ({"self_evaluations": sheet_text(spent="1")}, {"self_evaluation_scores": SCORES + AREA.format(1)}):
        outcome = run_import(tables, ALL)
        assert "正在系统内办理（填报中）" in str(outcome.problems[0][1])


def test_the_result_goes_down_to_the_registers():
    sheet, _ = evaluated(indicators=INDICATORS)
    outcome = Outcome.objects.get()
    assert (outcome.stage, outcome.total, outcome.grade) == ("self_evaluation", sheet.total, "excellent")
    seen = Observation.objects.order_by("position").values_list("entry__name", "target", "actual", "year")
    assert list(seen) == [("维修面积", "100", "100", 2022), ("受益学生", "4000", "4000", 2022)]


def test_only_the_newest_self_evaluation_of_a_subject_goes_down():
    two = sheet_text() + sheet_text(spent="50").removeprefix(SHEETS).replace("2023", "2024")
    stored(base(indicators=INDICATORS, self_evaluations=two, self_evaluation_scores=FULL), ALL)
    newest = SelfEvaluation.objects.get(year=2024)
    assert Outcome.objects.get().source == newest.reference
    assert newest.scores.count() == 2


def test_a_frozen_score_that_no_longer_follows_is_found():
    evaluated(indicators=INDICATORS)
    Score.objects.filter(position=1).update(points=Decimal("49.00"))
    SelfEvaluation.objects.update(grade=Grade.POOR)
    assert len(violations()) == 3


def test_exemptions_are_kept_with_their_reason():
    table = "工作年度,对象年度,项目编码,原因\n2023,2022,P1,由财政重点评价\n"
    stored(base(self_evaluation_exemptions=table), ALL)
    assert Exemption.objects.get().reason == "由财政重点评价"
    assert stored(base(self_evaluation_exemptions=table), ALL).changes == 0
    lost = run_import({"self_evaluation_exemptions": table.replace("P1", "P9")}, ALL)
    assert lost.problems[0][1].row == 2
