"""事前评估 comes in recorded: points are added, the conclusion is judged anew, clearances follow."""

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.domain.vocabulary import Verdict
from jixiao.kit.invariants import INVARIANTS as SHEETS
from jixiao.kit.models import AuditEntry, Transition
from jixiao.registers.subjects.models import Clearance, SubjectYear
from jixiao.stages.ex_ante.importer import IMPORTERS
from jixiao.stages.ex_ante.invariants import INVARIANTS
from jixiao.stages.ex_ante.models import Assessment, Exemption

pytestmark = pytest.mark.django_db
ALL = (*REGISTERS, *IMPORTERS)
QINGSHANHU = "360111"
BASE = {"units": UNITS, "projects": PROJECTS}
HEAD = (
    "工作年度,编号,对象编码,评估对象,对象类型,单位编码,触发原因,"
    "立项必要性,投入经济性,绩效目标合理性,实施方案可行性,筹资合规性,结论,评估主体\n"
)
GOOD = "2022,SQ1,P2,助学金,项目,101001,新增,16,16,16,16,16,予以支持,部门\n"
EXEMPT = "工作年度,对象编码,例外类别,理由,批准人岗位,日期\n2022,P2,{},防汛抢险,分管领导,2022-06-20\n"


def violations():
    return [sentence for invariant in (*SHEETS, *INVARIANTS) for sentence in invariant.check()]


def test_an_assessment_is_recorded_with_its_points_and_clears_the_budget():
    stored({**BASE, "exante": HEAD + GOOD}, ALL)
    sheet = Assessment.objects.get()
    clearance = Clearance.objects.get(source="SQ1")
    assert (sheet.total, sheet.conclusion, sheet.scores.count()) == (80, Verdict.SUPPORTED, 5)
    assert (clearance.covered, clearance.verdict) == (sheet.subject_year.budget, Verdict.SUPPORTED)
    assert Transition.objects.get(sheet_type="ex_ante.assessment").move == "record"
    assert violations() == []


def test_the_conclusion_follows_the_points_and_the_printed_one_is_kept():
    outcome = stored({**BASE, "exante": HEAD + GOOD.replace("16,16,16,16,16", "10,10,10,10,10")}, ALL)
    sheet = Assessment.objects.get()
    assert (sheet.conclusion, sheet.printed_conclusion) == (Verdict.REFUSED, Verdict.SUPPORTED)
    assert Clearance.objects.get(source="SQ1").covered == 0
    assert "50 分" in sheet.because
    assert [gap.rows for gap in outcome.gaps if gap.table == "exante"] == [(2,)]


def test_the_subject_is_next_years_when_it_is_there():
    projects = PROJECTS + "2023,P9,新项目,101,项目,一般性项目,新增,600,0,0,目标\n"
    stored({"units": UNITS, "projects": projects, "exante": HEAD + GOOD.replace("P2", "P9")}, ALL)
    assert Assessment.objects.get().subject_year.year == 2023


def test_the_same_table_again_writes_nothing():
    tables = {**BASE, "exante": HEAD + GOOD}
    stored(tables, ALL)
    entries = AuditEntry.objects.count()
    again = stored(tables, ALL)
    assert (again.changes, AuditEntry.objects.count()) == (0, entries)


def test_changed_points_correct_the_sheet_and_leave_a_trace():
    stored({**BASE, "exante": HEAD + GOOD}, ALL)
    stored({"exante": HEAD + GOOD.replace("16,16,16,16,16", "14,16,16,16,16")}, ALL)
    sheet = Assessment.objects.get()
    assert (sheet.total, sheet.conclusion, sheet.version) == (78, Verdict.ADJUSTED, 2)
    entry = AuditEntry.objects.get(object=sheet.reference)
    assert (entry.before["total"], entry.after["total"]) == ("80", "78")
    assert violations() == []


def test_points_that_move_between_dimensions_are_a_change_too():
    stored({**BASE, "exante": HEAD + GOOD}, ALL)
    outcome = stored({"exante": HEAD + GOOD.replace("16,16,16,16,16", "15,17,16,16,16")}, ALL)
    assert outcome.counts["ex_ante"]["changed"] == 1
    assert violations() == []


@pytest.mark.parametrize(
    ("before", "after", "column", "words"),
    [
        ("P2", "P8", "对象编码", "没有编码为 P8 的绩效管理对象"),
        ("101001", "909", "单位编码", "没有编码为 909 的单位"),
        ("项目,101001", "政策,101001", "对象类型", "项目库中 P2 是“项目”"),
        ("16,16,16,16,16", "26,16,16,16,16", "", "“立项必要性”应在 0 至 20 分之间"),
        ("16,16,16,16,16", "15.125,16,16,16,16", "立项必要性", "两位小数"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_cell(before, after, column, words):
    outcome = run_import({**BASE, "exante": HEAD + GOOD.replace(before, after)}, ALL)
    [(_, problem)] = outcome.problems
    assert (problem.row, problem.column) == (2, column)
    assert words in problem.message
    assert not Assessment.objects.exists()


def test_what_is_below_every_threshold_is_cleared_without_an_assessment():
    stored(BASE, ALL, code=QINGSHANHU)
    clearance = Clearance.objects.get(subject_year__code="P1")
    assert (clearance.verdict, clearance.covered) == (Verdict.NOT_REQUIRED, 100_000_000)


def test_what_is_above_a_threshold_without_a_conclusion_is_listed():
    projects = PROJECTS.replace("延续,100,0,95", "延续,600,0,100")
    outcome = stored({"units": UNITS, "projects": projects}, ALL, code=QINGSHANHU)
    [gap] = outcome.gaps
    assert gap.message.startswith("补录缺口：1 个对象（共 600 万元）")
    assert not Clearance.objects.filter(subject_year__code="P1").exists()


def test_a_raise_over_the_threshold_asks_again():
    stored(BASE, ALL, code=QINGSHANHU)
    raised = PROJECTS.replace("延续,100,0,95", "延续,600,0,95")
    outcome = stored({"projects": raised}, ALL, code=QINGSHANHU)
    assert "P1" in outcome.gaps[0].message
    subject = SubjectYear.objects.get(code="P1")
    assert Clearance.objects.get(subject_year=subject).covered < subject.budget


def test_an_exemption_of_a_listed_category_clears():
    stored({**BASE, "exante_exemptions": EXEMPT.format("应急")}, ALL, code=QINGSHANHU)
    clearance = Clearance.objects.get(subject_year__code="P2")
    assert (clearance.verdict, clearance.covered) == (Verdict.EXEMPT, clearance.subject_year.budget)


def test_an_exemption_of_another_category_is_registered_but_clears_nothing():
    outcome = stored({**BASE, "exante_exemptions": EXEMPT.format("方便")}, ALL, code=QINGSHANHU)
    assert Exemption.objects.count() == 1
    assert not Clearance.objects.filter(verdict=Verdict.EXEMPT).exists()
    assert [gap.table for gap in outcome.gaps] == ["exante_exemptions"]


def test_a_total_that_is_not_its_points_is_found():
    stored({**BASE, "exante": HEAD + GOOD}, ALL)
    Assessment.objects.get().scores.filter(dimension="economy").delete()
    assert "各维度合计 64" in violations()[0]


def test_a_state_without_a_step_is_found():
    stored({**BASE, "exante": HEAD + GOOD}, ALL)
    Assessment.objects.update(state="draft")
    assert any("最后一次流转" in sentence for sentence in violations())
