"""What was imported with a total and no lines can be drawn, chosen and checked again like everything else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.factories import REGISTERS, YEAR, actor, day, stored
from tests.stages.choosing import year as scene
from tests.stages.choosing.year import RECHECK, subject

from jixiao.policies import for_region
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.actions import Asked
from jixiao.stages.evaluation.choosing.models import Choice
from jixiao.stages.evaluation.choosing.reports.finding import candidates
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.evaluation.models import Evaluation, Mark
from jixiao.stages.evaluation.self_evaluation.importer import IMPORTERS as SELF
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
TODAY = day("2022-11-01")
OVERALL = """评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,单位编码,\
安排资金,使用资金,得分,等级,实施机构,数据性质
ZP1,2022,2022,单位自评,部门整体,101,101,900,900,96,优,甲县教育局,
BM2,2022,2022,部门评价,政策,Z1,201,300,300,88,良,甲县城关镇,
"""


@pytest.fixture(autouse=True)
def year():
    """Sheets that came with their totals alone, and evaluations without marks."""
    tables = {"units": scene.UNITS, "projects": scene.PROJECTS, "indicators": scene.INDICATORS}
    tables |= {"payments": scene.PAYMENTS, "self_evaluations": scene.SHEETS, "evaluations": OVERALL}
    stored(tables, (*REGISTERS, *TARGETS, *SELF, *EVALUATION))


def found():
    policy = for_region(actor().region, YEAR)
    return {one.subject.code: one for one in candidates(actor(), YEAR, YEAR, RECHECK.method, policy)}


def rechecked(code):
    """The marks of the recheck that was opened for this subject: name, weight and what stood before."""
    choice = Choice.objects.get(subject_year=subject(code))
    actions.start(actor(), RECHECK, {choice.subject_year_id: choice.version}, TODAY)
    opened = Evaluation.objects.get(subject_year=subject(code), method=RECHECK.method)
    return list(Mark.objects.filter(evaluation=opened).order_by("position"))


def chosen(*codes):
    versions = {subject(code).pk: 0 for code in codes}
    return actions.choose(actor(), RECHECK, versions, chosen=True, reason="抽查")


def test_what_has_a_total_and_no_lines_stands_among_the_candidates():
    assert set(found()) == {"P1", "P2", "P3", "Z1", "101"}


def test_a_sheet_without_lines_is_drawn_and_checked_by_its_approved_indicators():
    made = actions.draw(actor(), RECHECK, Asked(overall=False, size=4, parties="监督股 17"), nonce="00ff")
    assert {pick.subject_year.code for pick in made.picks.all()} == {"P1", "P2", "P3", "Z1"}
    marks = rechecked("P1")
    assert [mark.name for mark in marks] == ["预算执行率", "维修面积", "受益学生"]
    assert sum(mark.weight for mark in marks) == 100
    assert all(mark.points is None for mark in marks)


def test_approved_indicators_that_do_not_make_the_whole_give_way_to_the_framework():
    sheet = SelfEvaluation.objects.get(subject_year=subject("P1"))
    sheet.target_version.lines.filter(name="受益学生").delete()
    chosen("P1")
    marks = rechecked("P1")
    assert sum(mark.weight for mark in marks) == Decimal(100)
    assert "预算执行率" not in {mark.name for mark in marks[:1]}


@pytest.mark.parametrize("code", ["Z1", "101"])
def test_an_evaluation_with_a_total_alone_is_checked_by_the_framework_of_its_kind(code):
    chosen(code)
    marks = rechecked(code)
    assert sum(mark.weight for mark in marks) == 100
    opened = Evaluation.objects.get(subject_year=subject(code), method=RECHECK.method)
    assert opened.previous.number in ("ZP1", "BM2")
    assert opened.framework_name
