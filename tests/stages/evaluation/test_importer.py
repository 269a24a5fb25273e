"""绩效评价 come in: totals from marks, grades from rules, and what hangs at no evaluation is listed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.models import AuditEntry, Transition
from jixiao.registers.subjects.models import Outcome, SubjectYear
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.models import Evaluation, Mark, Problem, Suggestion
from jixiao.stages.evaluation.workflow import State

pytestmark = pytest.mark.django_db

ALL = (*REGISTERS, *EVALUATION)
HEADER = "评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,安排资金(万元),使用资金(万元),得分,等级,实施机构\n"
PROJECT = "ZD1,2023,2022,财政重点评价,项目,P1,100,90,{total},{grade},甲事务所\n"
OVERALL = "ZD2,2023,2022,财政重点评价,部门整体,101,800,700,85,良,甲事务所\n"
MARKS = "评价编号,一级指标,二级指标,三级指标,权重,得分\n"
MARKED = MARKS + "ZD1,决策,立项,依据充分性,40,{}\nZD1,产出,数量,完成率,60,55.5\n"
AGENCIES = "年度,机构名称\n2023,甲事务所\n"


def evaluations(total="", grade=""):
    return HEADER + PROJECT.format(total=total, grade=grade)


def base(**more):
    return {"units": UNITS, "projects": PROJECTS, "evaluations": evaluations()} | more


def messages(outcome):
    return [gap.message for gap in outcome.gaps]


def violations():
    return [text for invariant in INVARIANTS for text in invariant.check()]


@pytest.mark.parametrize(("first", "grade"), [("34.5", Grade.EXCELLENT), ("34.49", Grade.GOOD), ("4.49", Grade.POOR)])
def test_the_total_is_the_sum_of_the_marks_and_gives_the_grade(first, grade):
    stored(base(evaluation_scores=MARKED.format(first)), ALL)
    evaluation = Evaluation.objects.get()
    assert (evaluation.total, evaluation.grade) == (Decimal(first) + Decimal("55.5"), grade)
    assert violations() == []


def test_without_marks_the_printed_total_is_graded():
    outcome = stored(base(evaluations=evaluations("80", "中")), ALL)
    evaluation = Evaluation.objects.get()
    assert (evaluation.total, evaluation.grade, evaluation.printed_grade) == (80, Grade.GOOD, Grade.FAIR)
    assert messages(outcome) == ["原表得分与按规则复算不一致 1 处（总分或等级）"]


def test_an_evaluation_with_an_open_mark_has_no_total():
    stored(base(evaluations=evaluations("80", "良"), evaluation_scores=MARKED.format("")), ALL)
    evaluation = Evaluation.objects.get()
    assert (evaluation.total, evaluation.grade) == (None, "")
    assert evaluation.facts().without_points == ("依据充分性",)


def test_an_overall_evaluation_is_about_the_unit_itself():
    stored(base(evaluations=HEADER + OVERALL), ALL)
    subject = SubjectYear.objects.get(kind=SubjectKind.DEPARTMENT_OVERALL)
    assert (subject.code, subject.year, subject.name, subject.in_total) == ("101", 2022, "甲县教育局", False)
    assert Evaluation.objects.get().subject_year == subject
    assert stored(base(evaluations=HEADER + OVERALL), ALL).changes == 0


def test_an_institution_is_known_by_its_registered_name():
    stored(base(agencies=AGENCIES), ALL, year=2023)
    assert Evaluation.objects.get().agency.name == "甲事务所"
    other = evaluations().replace("甲事务所", "乙事务所")
    stored({"evaluations": other}, ALL)
    evaluation = Evaluation.objects.get()
    assert (evaluation.agency, evaluation.conducted_by) == (None, "乙事务所")


def test_key_evaluations_hand_their_outcome_down_and_others_do_not():
    department = PROJECT.format(total="70", grade="").replace("ZD1", "BM1").replace("财政重点评价", "部门评价")
    stored(base(evaluations=evaluations("85") + department.replace("P1", "P2")), ALL)
    outcome = Outcome.objects.get()
    assert (outcome.stage, outcome.subject_year.code, outcome.grade) == ("evaluation", "P1", "good")


def test_history_enters_by_the_record_move():
    stored(base(), ALL)
    step = Transition.objects.get(sheet_type="evaluation.evaluation")
    assert (step.move, step.target, step.note) == ("record", State.CONCLUDED.value, "")


def test_marks_problems_and_suggestions_without_their_evaluation_are_named_and_not_stored():
    outcome = stored(
        base(
            evaluation_scores=MARKED.format(40) + "ZD9,决策,立项,依据充分性,40,1\n",
            problems="评价编号,问题类别,问题描述\nZD1,目标不细,太粗\nZD9,目标不细,太粗\n",
            suggestions="评价编号,序号,意见建议\nZD9,1,改\nZD1,1,改\n",
        ),
        ALL,
    )
    assert [(gap.table, gap.rows) for gap in outcome.gaps] == [
        ("evaluation_scores", (4,)),
        ("problems", (3,)),
        ("suggestions", (2,)),
    ]
    assert (Mark.objects.count(), Problem.objects.count(), Suggestion.objects.count()) == (2, 1, 1)


@pytest.mark.parametrize(
    ("tables", "row", "column"),
    [
        ({"evaluations": evaluations() + PROJECT.format(total="", grade="")}, 3, "评价编号"),
        ({"evaluations": evaluations().replace("P1", "P9")}, 2, "对象编码"),
        ({"evaluations": HEADER + OVERALL.replace(",101,", ",999,")}, 2, "对象编码"),
        ({"evaluations": evaluations("90.005")}, 2, "得分"),
        ({"evaluation_scores": MARKED.format(40) + "ZD1,决策,立项,依据充分性,1,1\n"}, 4, "三级指标"),
        ({"evaluation_scores": MARKED.format(-1)}, 2, "得分"),
        ({"problems": "评价编号,问题类别\nZD1,目标不细\nZD1,目标不细\n"}, 3, "问题类别"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_stored(tables, row, column):
    outcome = run_import(base() | tables, ALL)
    assert [(problem.row, problem.column) for _, problem in outcome.problems] == [(row, column)]
    assert Evaluation.objects.count() == SubjectYear.objects.count() == 0


def test_the_same_files_again_change_nothing():
    tables = base(evaluation_scores=MARKED.format(40), problems="评价编号,问题类别\nZD1,目标不细\n")
    stored(tables, ALL)
    before = AuditEntry.objects.count()
    assert stored(tables, ALL).changes == 0
    assert AuditEntry.objects.count() == before
    assert Evaluation.objects.get().version == 1


def test_changed_marks_alone_give_a_new_total_and_version():
    stored(base(evaluation_scores=MARKED.format(40)), ALL)
    stored({"evaluation_scores": MARKS + "ZD1,决策,立项,依据充分性,100,61\n"}, ALL)
    evaluation = Evaluation.objects.get()
    assert (evaluation.version, evaluation.total, evaluation.grade) == (2, 61, Grade.FAIR)
    assert Mark.objects.count() == 1
    assert Outcome.objects.get().total == 61
    assert Decimal(AuditEntry.objects.get(object=evaluation.reference).after["total"]) == 61
    assert violations() == []


def test_a_changed_problem_gives_the_evaluation_a_new_version():
    stored(base(problems="评价编号,问题类别,问题描述\nZD1,目标不细,太粗\n"), ALL)
    stored({"problems": "评价编号,问题类别,问题描述\nZD1,目标不细,很粗\n"}, ALL)
    assert Problem.objects.get().text == "很粗"
    assert Evaluation.objects.get().version == 2


def test_an_evaluation_that_somebody_works_on_is_not_overwritten():
    stored(base(), ALL)
    Evaluation.objects.update(state=State.WORKING)
    for tables in ({"evaluations": evaluations("50")}, {"evaluation_scores": MARKED.format(1)}):
        outcome = run_import(tables, ALL)
        assert "正在系统内办理（评价中）" in str(outcome.problems[0][1])


def test_a_total_that_is_not_the_sum_is_found():
    stored(base(evaluation_scores=MARKED.format(40)), ALL)
    Evaluation.objects.update(total=Decimal("50"))
    assert len(violations()) == 2
