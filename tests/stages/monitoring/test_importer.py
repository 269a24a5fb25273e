"""运行监控 comes in recorded: rounds, sheets, readings on approved lines, recoveries that stop the money."""

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.kit.invariants import INVARIANTS as SHEETS
from jixiao.kit.models import AuditEntry, Transition
from jixiao.registers.subjects.models import Hold, HoldKind, Note
from jixiao.stages.monitoring.importer import IMPORTERS, handling_of
from jixiao.stages.monitoring.invariants import INVARIANTS
from jixiao.stages.monitoring.models import Handling, Reading, ReadingSheet, Recovery, Round
from jixiao.stages.monitoring.workflow import RoundState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
ALL = (*REGISTERS, *TARGETS, *IMPORTERS)
INDICATORS = (
    "年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重\n"
    "2022,P1,产出指标,数量指标,维修校舍面积,定量,≥,3590,平方米,90\n"
)
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-03-01,300000\n2022,P1,V2,2022-08-01,500000\n"
BASE = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "indicators": INDICATORS}
HEAD = (
    "年度,监控轮次,截止日期,监控性质,项目编码,全年预算(万元),累计执行(万元),"
    "绩效目标完成情况,完成目标可能性,偏差原因,处置意见\n"
)
SLOW = "2022,1,2022-07-31,重点监控,P1,100,30,进度缓慢,有可能,招标推迟,督促自查整改\n"
NOT_BEGUN = "2022,1,2022-07-31,日常监控,P2,250,0,未开展,完全不可能,不再实施,收回资金\n"
MONITORING = HEAD + SLOW + NOT_BEGUN
READINGS = (
    "年度,监控轮次,项目编码,三级指标,截至完成值,全年预计完成值,完成目标可能性\n"
    "2022,1,P1,维修校舍面积,1200,3590,有可能\n"
)
RECOVERIES = "年度,项目编码,收回金额(万元),原因,日期\n2022,P2,9,不再实施,2022-08-31\n"
TABLES = {**BASE, "monitoring": MONITORING, "monitoring_readings": READINGS}


def violations():
    return [sentence for invariant in (*SHEETS, *INVARIANTS) for sentence in invariant.check()]


def test_a_round_and_its_sheets_are_recorded_as_finished():
    stored(TABLES, ALL)
    held, sheet = Round.objects.get(), ReadingSheet.objects.get(subject_year__code="P1")
    assert (held.state, str(held.cutoff), held.known_until) == (RoundState.CLOSED, "2022-07-31", None)
    assert held.purpose == "集中监控"
    assert (sheet.state, sheet.budget, sheet.printed_spent) == (State.CONCLUDED, 100_000_000, 30_000_000)
    assert (sheet.handling, sheet.advice) == (Handling.URGE, "督促自查整改")
    assert Transition.objects.filter(sheet_type__startswith="monitoring.", move="record").count() == 3
    assert violations() == []


@pytest.mark.parametrize(
    ("advice", "handling"),
    [
        ("收回资金", Handling.RECOVER),
        ("暂停拨款并整改", Handling.SUSPEND),
        ("督促自查整改", Handling.URGE),
        ("调剂用于其他项目", Handling.ADJUST),
        ("继续执行", Handling.CONTINUE),
        ("", Handling.CONTINUE),
    ],
)
def test_the_gravest_word_of_an_advice_decides(advice, handling):
    assert handling_of(advice) is handling


def test_a_payment_after_the_cutoff_is_not_spent_by_then():
    outcome = stored(TABLES, ALL)
    assert ReadingSheet.objects.with_spent().get(subject_year__code="P1").spent == 30_000_000
    assert not [gap for gap in outcome.gaps if gap.table == "monitoring"]


def test_a_printed_sum_that_payments_contradict_is_listed():
    outcome = stored({**TABLES, "monitoring": MONITORING.replace("100,30,", "100,31,")}, ALL)
    assert [gap.rows for gap in outcome.gaps if gap.table == "monitoring"] == [(2,)]


def test_slow_spending_is_noted_for_later_stages_and_stopped_subjects_are_not():
    stored(TABLES, ALL)
    note = Note.objects.get()
    assert (note.subject_year.code, note.stage, note.source) == ("P1", "monitoring", "2022年第1轮监控")
    assert "列为进度慢" in note.text


def test_a_corrected_budget_takes_the_note_back():
    stored(TABLES, ALL)
    stored({"monitoring": MONITORING.replace("P1,100,", "P1,60,")}, ALL)
    sheet = ReadingSheet.objects.get(subject_year__code="P1")
    assert (sheet.budget, sheet.version, Note.objects.count()) == (60_000_000, 2, 0)
    assert AuditEntry.objects.get(object=sheet.reference).before == {"budget": 100_000_000}


def test_readings_refer_to_the_approved_line():
    stored(TABLES, ALL)
    reading = Reading.objects.get()
    assert (reading.line.name, reading.actual, reading.expected) == ("维修校舍面积", "1200", "3590")


def test_readings_without_a_sheet_or_a_line_are_listed_not_stored():
    readings = READINGS + "2022,1,P1,没有的指标,1,1,确定能\n2022,2,P1,维修校舍面积,1,1,确定能\n"
    outcome = stored({**TABLES, "monitoring_readings": readings}, ALL)
    assert sorted(gap.rows for gap in outcome.gaps if gap.table == "monitoring_readings") == [(3,), (4,)]
    assert Reading.objects.count() == 1


def test_the_same_tables_again_write_nothing():
    stored(TABLES, ALL)
    entries = AuditEntry.objects.count()
    assert (stored(TABLES, ALL).changes, AuditEntry.objects.count()) == (0, entries)


def test_readings_may_come_later_than_their_sheets():
    stored({**BASE, "monitoring": MONITORING}, ALL)
    stored({"monitoring_readings": READINGS}, ALL)
    stored({"monitoring_readings": READINGS.replace("1200", "1300")}, ALL)
    assert Reading.objects.get().actual == "1300"
    assert ReadingSheet.objects.get(subject_year__code="P1").version == 3


def test_a_corrected_cutoff_moves_the_recorded_round():
    stored(TABLES, ALL)
    stored({"monitoring": MONITORING.replace("2022-07-31", "2022-08-31")}, ALL)
    held = Round.objects.get()
    assert (str(held.cutoff), held.version) == ("2022-08-31", 2)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        (SLOW.replace("P1", "P8"), 2, "项目编码", "没有 2022 年编码为 P8 的项目"),
        (SLOW + SLOW, 3, "项目编码", "重复"),
        (SLOW + NOT_BEGUN.replace("07-31", "08-31"), 3, "截止日期", "请改为一致"),
        (SLOW.replace("重点监控", "随便"), 2, "监控性质", "不在可选范围内"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_cell(rows, row, column, words):
    outcome = run_import({**BASE, "monitoring": HEAD + rows}, ALL)
    [(_, problem)] = outcome.problems
    assert (problem.row, problem.column) == (row, column)
    assert words in problem.message
    assert not Round.objects.exists()


def test_a_round_that_runs_in_the_system_is_not_recorded_again():
    stored(TABLES, ALL)
    Round.objects.update(state=RoundState.OPEN)
    outcome = run_import({"monitoring": MONITORING}, ALL)
    assert "已在系统内办理" in outcome.problems[0][1].message


def test_money_taken_back_puts_a_stop_on_the_project():
    stored({**TABLES, "recoveries": RECOVERIES}, ALL)
    assert Recovery.objects.get().fen == 9_000_000
    hold = Hold.objects.get()
    assert (hold.kind, str(hold.since), hold.reason) == (HoldKind.RECOVERED, "2022-08-31", "不再实施")
    assert stored({"recoveries": RECOVERIES}, ALL).changes == 0
    assert violations() == []


def test_a_recovery_without_its_stop_is_found():
    stored({**TABLES, "recoveries": RECOVERIES}, ALL)
    Hold.objects.all().delete()
    assert "没有相应的暂停记录" in violations()[0]
