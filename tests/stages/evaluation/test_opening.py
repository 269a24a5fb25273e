"""Opening an evaluation: its number, amounts and items, and who may not."""

from __future__ import annotations

import pytest
from tests.stages.evaluation.online import county, office, opened, person

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.frameworks import Framed, shipped
from jixiao.stages.evaluation.rules import RESULTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county():
    county()


@pytest.mark.parametrize("kind", list(Framed))
def test_each_shipped_framework_makes_a_hundred_and_weighs_results(kind):
    items = shipped(kind).items
    assert sum(item.weight for item in items) == 100
    assert sum(item.weight for item in items if item.level1.startswith(RESULTS)) >= 60
    assert all(item.criteria and item.explanation for item in items)
    assert len({item.name for item in items}) == len(items)


def test_the_framework_of_projects_has_the_seventeen_indicators():
    assert len(shipped(Framed.PROJECT).items) == 17


def test_an_evaluation_begins_with_its_number_three_amounts_and_the_items_of_its_framework():
    sheet = opened()
    assert (sheet.number, sheet.year, sheet.subject_year.year) == ("ZD2023001", 2023, 2022)
    assert (sheet.initial, sheet.arranged, sheet.used) == (100_0000_00, 100_0000_00, 0)
    assert sheet.marks.count() == 17
    assert opened(code="P2").number == "ZD2023002"


def test_one_at_a_time_by_the_office_and_never_a_self_evaluation():
    opened()
    with pytest.raises(Refused, match="已有一项在办"):
        opened()
    with pytest.raises(Refused, match="由绩效股开展"):
        opened(code="P2", who=person(Role.DEPARTMENT, unit_path="101/"))
    with pytest.raises(Refused, match="单位自评"):
        opened(EvaluationMethod.SELF, "P2")
    assert opened(EvaluationMethod.DEPARTMENT, "P2", person(Role.DEPARTMENT, unit_path="101/")).number == "BM2023001"


def test_a_recheck_needs_what_it_checks():
    with pytest.raises(Refused, match="没有已审定的单位自评"):
        opened(EvaluationMethod.RECHECK)
    assert SubjectYear.objects.get(code="P1").evaluations.count() == 0
    assert office().user_id is not None
