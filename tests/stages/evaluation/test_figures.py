"""Figures of evaluations: small tables for what must not be mixed, beside the districts."""

from __future__ import annotations

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, figure_values, stored

from jixiao.stages.evaluation.figures import FIGURES
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.evaluation.invariants import INVARIANTS

ALL = (*REGISTERS, *EVALUATION)
HEADER = "评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,安排资金(万元),使用资金(万元),得分,等级\n"
TABLE = (
    HEADER
    + "A1,2023,2022,财政重点评价,项目,P1,100,90,95,\n"
    + "A2,2023,2022,财政重点评价,项目,P2,50,20,59.99,\n"
    + "A3,2023,2022,财政重点评价,部门整体,101,800,700,80,\n"
    + "A4,2023,2022,部门评价,项目,P1,100,90,10,\n"
    + "A5,2022,2022,财政重点评价,项目,P1,100,90,60,\n"
)
PROBLEMS = "评价编号,问题类别\nA1,目标不细\nA2,目标不细\nA2,支出慢\nA3,目标不细\nA5,目标不细\n"


@pytest.fixture(scope="module", autouse=True)
def county(demo):
    """The districts, and a county of our own."""
    stored({"units": UNITS, "projects": PROJECTS, "evaluations": TABLE, "problems": PROBLEMS}, ALL)


def test_marks_of_the_districts_add_up_to_what_they_printed(demo):
    assert [gap.message for outcome in demo.values() for gap in outcome.gaps if gap.table == "evaluations"] == []
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


def test_projects_departments_methods_and_years_are_never_mixed():
    values = figure_values(FIGURES, actor(), 2023)
    assert (values["key.projects"], values["key.departments"], values["key.projects.previous_year"]) == ("2", "1", "1")
    assert (values["key.amount"], values["key.departments.arranged"], values["key.departments.used"]) == (
        "150",
        "800",
        "700",
    )
    assert values["key.score"] == {"甲县教育局": "80"}
    assert values["key.projects.departments"] == "2"


def test_each_project_counts_in_its_grade():
    values = figure_values(FIGURES, actor(), 2023)
    assert [values[f"key.projects.{grade}"] for grade in ("excellent", "good", "fair", "poor")] == ["1", "0", "0", "1"]
    assert values["key.fair.previous_year"] == "1"


def test_common_problems_count_evaluated_projects_of_the_year():
    assert figure_values(FIGURES, actor(), 2023)["problems.common"] == {"目标不细": "2", "支出慢": "1"}


def test_quotas_are_values_of_the_regions_rules_and_left_out_where_it_has_none():
    rules = {"evaluation.department.units.min", "evaluation.department.funds.min", "spotcheck.min"}
    values = figure_values(FIGURES, actor(code="360111"), 2022)
    assert {key: values[key] for key in rules} == dict(zip(sorted(rules), ("60", "60", "30"), strict=True))
    assert not rules & figure_values(FIGURES, actor(), 2023).keys()
