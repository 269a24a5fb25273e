"""绩效目标 comes in recorded: one version per subject, its lines in order, followed through the years."""

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.kit.invariants import INVARIANTS as SHEETS
from jixiao.kit.models import AuditEntry, Transition
from jixiao.registers.indicators.models import Entry
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.invariants import INVARIANTS
from jixiao.stages.targets.models import IndicatorLine, Pilot, TargetVersion
from jixiao.stages.targets.workflow import State

pytestmark = pytest.mark.django_db
ALL = (*REGISTERS, *IMPORTERS)
BASE = {"units": UNITS, "projects": PROJECTS}
HEAD = "年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重\n"
AREA = "2022,P1,产出指标,数量指标,维修校舍面积,定量,≥,3590,平方米,50\n"
LOOKS = "2022,P1,效益指标,社会效益,办学条件改善,定性,,明显,,40\n"
LINES = HEAD + AREA + LOOKS


def violations():
    return [sentence for invariant in (*SHEETS, *INVARIANTS) for sentence in invariant.check()]


def test_rows_become_the_lines_of_an_approved_version():
    stored({**BASE, "indicators": LINES}, ALL)
    version = TargetVersion.objects.get()
    lines = list(version.lines.order_by("position"))
    assert (version.state, version.goal, version.work_year) == (State.APPROVED, "完成校舍维修", 2022)
    assert [(line.name, line.comparison.label, line.weight) for line in lines] == [
        ("维修校舍面积", "≥", 50),
        ("办学条件改善", "定性", 40),
    ]
    assert Transition.objects.get(sheet_type="targets.targetversion").move == "record"
    assert violations() == []


def test_each_indicator_enters_the_library_once():
    both = LINES + AREA.replace("P1", "P2") + LOOKS.replace("P1", "P2")
    stored({**BASE, "indicators": both}, ALL)
    assert Entry.objects.count() == 2
    assert IndicatorLine.objects.filter(entry=None).count() == 0


def test_an_indicator_keeps_its_lineage_over_the_years():
    later = {"projects": PROJECTS.replace("2022,", "2023,"), "indicators": LINES.replace("2022,", "2023,")}
    stored({**BASE, "indicators": LINES}, ALL)
    IndicatorLine.objects.filter(name="办学条件改善").update(lineage="renamed-before")
    stored(later, ALL, year=2023)
    of_looks = IndicatorLine.objects.filter(name="办学条件改善").values_list("lineage", flat=True)
    assert set(of_looks) == {"renamed-before"}
    assert IndicatorLine.objects.filter(name="维修校舍面积").values("lineage").distinct().count() == 1


def test_the_same_table_again_writes_nothing():
    tables = {**BASE, "indicators": LINES}
    stored(tables, ALL)
    entries = AuditEntry.objects.count()
    again = stored(tables, ALL)
    assert (again.counts["targets"], AuditEntry.objects.count()) == ({"new": 0, "changed": 0, "same": 2}, entries)


def test_a_changed_target_corrects_the_line_and_raises_the_version():
    stored({**BASE, "indicators": LINES}, ALL)
    line = IndicatorLine.objects.get(name="维修校舍面积")
    outcome = stored({"indicators": LINES.replace("3590", "4000")}, ALL)
    version = TargetVersion.objects.get()
    assert IndicatorLine.objects.get(pk=line.pk).target == "4000"
    assert (outcome.counts["targets"]["changed"], version.version) == (1, 2)
    assert AuditEntry.objects.filter(object=version.reference).exists()


def test_a_further_row_comes_behind_and_a_missing_one_stays_and_is_listed():
    stored({**BASE, "indicators": LINES}, ALL)
    more = "2022,P1,产出指标,时效指标,按期完工率,定量,=,100,%,40\n"
    outcome = stored({"indicators": HEAD + AREA + more}, ALL)
    names = IndicatorLine.objects.order_by("position").values_list("name", flat=True)
    assert list(names) == ["维修校舍面积", "办学条件改善", "按期完工率"]
    assert "办学条件改善" in outcome.gaps[0].message


def test_what_was_decided_in_the_system_is_not_overwritten():
    stored({**BASE, "indicators": LINES}, ALL)
    TargetVersion.objects.update(no=2)
    outcome = run_import({"indicators": LINES.replace("3590", "4000")}, ALL)
    assert "已在系统内办理" in outcome.problems[0][1].message
    assert IndicatorLine.objects.get(name="维修校舍面积").target == "3590"


def test_weights_that_do_not_add_up_are_listed_not_refused():
    outcome = stored({**BASE, "indicators": LINES.replace(",,40", ",,30")}, ALL)
    assert "P1（80 分）" in outcome.gaps[0].message
    assert IndicatorLine.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (AREA.replace("P1", "P8"), "项目编码", "没有 2022 年编码为 P8 的项目"),
        (AREA, "三级指标", "与第2行重复"),
        (LOOKS.replace("定性,,", "定量,,"), "符号", "没有填写符号"),
        (LOOKS.replace("定性,,", "定性,≥,"), "符号", "定性指标不填符号"),
        (LOOKS.replace(",,40", ",,40.125"), "权重", "两位小数"),
        (LOOKS.replace("效益指标", "其他指标"), "一级指标", "不在可选范围内"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_cell(row, column, words):
    outcome = run_import({**BASE, "indicators": HEAD + AREA + row}, ALL)
    [(_, problem)] = outcome.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert not TargetVersion.objects.exists()


def test_many_projects_are_stored_alike():
    numbers = range(1200)
    projects = PROJECTS + "".join(f"2022,Q{n},项目{n},101,项目,,延续,1,0,1,目标{n}\n" for n in numbers)
    rows = "".join(AREA.replace("P1", f"Q{n}").replace("3590", str(n)) for n in numbers)
    stored({"units": UNITS, "projects": projects, "indicators": HEAD + rows}, ALL)
    line = IndicatorLine.objects.get(version__sheet__subject_year__code="Q777")
    assert (line.target, line.weight, line.version.goal) == ("777", 50, "目标777")
    assert violations() == []


def test_an_overall_target_registers_the_departments_subject():
    overall = "工作年度,对象年度,单位编码,总体目标,指标数\n2022,2023,101,履行职能,6\n"
    stored({**BASE, "overall_targets": overall}, ALL)
    version = TargetVersion.objects.get()
    subject = version.sheet.subject_year
    assert (version.year, version.work_year, version.stated_lines) == (2023, 2022, 6)
    assert (subject.name, subject.in_total) == ("甲县教育局", False)
    assert stored({"overall_targets": overall}, ALL).changes == 0


def test_a_preview_leaves_no_subject_behind():
    overall = "工作年度,对象年度,单位编码,总体目标,指标数\n2022,2023,101,履行职能,6\n"
    stored(BASE, ALL)
    before = SubjectYear.objects.count()
    outcome = run_import({"overall_targets": overall}, ALL, commit=False)
    assert (outcome.counts["overall_targets"]["new"], SubjectYear.objects.count()) == (1, before)


def test_a_pilot_is_kept_with_its_dates():
    pilots = "单位编码,试点年度,指标体系构建日期,目标设置日期,自评日期\n101,2019,2019-06-30,,\n"
    stored({**BASE, "overall_pilots": pilots}, ALL)
    pilot = Pilot.objects.get()
    assert (pilot.unit_name, str(pilot.framework_on), pilot.targets_on) == ("甲县教育局", "2019-06-30", None)
