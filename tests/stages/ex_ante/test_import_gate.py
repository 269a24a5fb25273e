"""Imported budgets of years still to come stand before the gate; those of the past are recorded and listed."""

from __future__ import annotations

import pytest
from tests.factories import UNITS, run_import, stored
from tests.stages.ex_ante import online

from jixiao.domain.vocabulary import Verdict
from jixiao.registers.subjects.models import Appropriation, Clearance, SubjectYear

pytestmark = pytest.mark.django_db
NEXT = 2097
HEAD = "年度,项目编码,项目名称,单位编码,项目性质,年初预算,追加调整,上年预算\n"
LINES = "年度,项目编码,指标编号,指标金额(元),下达日期\n"


def at(tables, year=NEXT, **how):
    return run_import({"units": UNITS, **tables}, online.ALL, code=online.REGION, year=year, **how)


def row(amount, added=0, last_year=0, year=NEXT):
    nature = "延续" if last_year else "新增"
    return f"{HEAD}{year},N1,新建学校,101,{nature},{amount},{added},{last_year}\n"


def messages(outcome):
    return [(problem.row, problem.column, problem.message) for _, problem in outcome.problems]


def cleared(covered, verdict=Verdict.SUPPORTED):
    subject = SubjectYear.objects.get(code="N1")
    facts = {"region": subject.region, "verdict": verdict, "source": "SQ1"}
    Clearance.objects.create(subject_year=subject, covered=covered * online.WAN, **facts)


def test_a_new_project_of_500_is_refused_at_its_row_and_nothing_is_stored():
    [(number, column, message)] = messages(at({"projects": row(500)}))
    assert (number, column) == (2, "年初预算")
    assert message.startswith("N1：没有事前绩效评估结论，请先完成评估或登记例外；拟申报的项目请先以年初预算 0 导入")
    assert not SubjectYear.objects.exists()


@pytest.mark.parametrize("amount", [0, 499.99])
def test_what_is_proposed_without_money_and_what_is_below_the_border_enters(amount):
    assert at({"projects": row(amount)}).stored


def test_a_continuing_project_is_asked_from_30_percent():
    assert at({"projects": row(129.99, last_year=100)}).stored
    assert "比上年" not in str(messages(at({"projects": row(130, last_year=100)})))
    assert len(messages(at({"projects": row(130, last_year=100)}))) == 1


def test_a_conclusion_lets_in_what_it_covers_for_initial_and_added_alike():
    at({"projects": row(0)})
    cleared(600)
    assert at({"projects": row(600)}).stored
    [(_, _, message)] = messages(at({"projects": row(600, added=1)}))
    assert "超出评估结论支持的金额 1 万元" in message
    assert SubjectYear.objects.get(code="N1").budget == 600 * online.WAN


def test_what_was_not_supported_enters_with_no_amount():
    at({"projects": row(0)})
    cleared(0, Verdict.REFUSED)
    assert "不予支持" in messages(at({"projects": row(100)}))[0][2]


def test_lines_of_the_budget_system_stand_before_the_second_door_together():
    at({"projects": row(0)})
    cleared(600)
    first = f"{LINES}{NEXT},N1,Z1,4000000,{NEXT}-01-10\n"
    assert at({"appropriations": first}).stored
    second = f"{LINES}{NEXT},N1,Z2,2000001,{NEXT}-02-10\n"
    [(_, column, message)] = messages(at({"appropriations": second}))
    assert column == "指标金额(元)"
    assert "超出评估结论支持的金额 0.0001 万元" in message
    assert Appropriation.objects.count() == 1
    assert at({"appropriations": second.replace("2000001", "2000000")}).stored


def test_the_past_is_recorded_and_listed_as_a_gap():
    outcome = at({"projects": row(500, year=2022)}, year=2022)
    assert outcome.stored
    assert [gap.message for gap in outcome.gaps if gap.message.startswith("补录缺口：1 个对象")]


def test_a_file_that_holds_past_and_coming_years_is_refused_whole():
    both = row(500, year=2022) + row(500).removeprefix(HEAD)
    outcome = at({"projects": both})
    assert [number for number, _, _ in messages(outcome)] == [3]
    assert not SubjectYear.objects.exists()


def test_the_same_amount_again_changes_nothing():
    at({"projects": row(0)})
    cleared(600)
    stored({"projects": row(600)}, online.ALL, code=online.REGION, year=NEXT)
    assert at({"projects": row(600)}).changes == 0
