"""A round from its opening to its close: who enters, what is frozen, and what a concluded sheet leaves behind."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, YEAR, actor, day, run_import, stored

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.kit.acting import Stale
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import BudgetLine, BudgetPhase, Hold, HoldKind, Note, Payment, SubjectYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.handling import after_sheet_step, handle
from jixiao.stages.monitoring.importer import IMPORTERS as MONITORING
from jixiao.stages.monitoring.models import Handling, ReadingSheet, Round
from jixiao.stages.monitoring.saying import Filled, Read
from jixiao.stages.monitoring.workflow import RoundState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,效益指标,社会效益,校舍安全,定性,,消除隐患,,40
2022,P3,产出指标,数量指标,添置桌椅,定量,≥,50,套,90
"""
MORE = "2022,P3,桌椅项目,101001,项目,一般性项目,新增,10,0,0,添置桌椅\n"
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-05-01,600000\n2022,P1,V2,2022-08-01,400000\n"


@pytest.fixture(autouse=True)
def year_2022():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS + MORE, "payments": PAYMENTS, "indicators": INDICATORS}
    stored(tables, (*REGISTERS, *TARGETS))


def step(sheet, code, who=None, note=""):
    effect = actions.after_round_step if isinstance(sheet, Round) else after_sheet_step
    stands = type(sheet).objects.get(pk=sheet.pk)
    return moving.move(stands, code, who or actor(), version=stands.version, note=note, effect=effect)


def opened():
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    return step(held, "open")


def sheet_of(code):
    return ReadingSheet.objects.with_spent().get(subject_year__code=code)


def filled(code="P1", causes=""):
    """Every indicator said something, as the unit would say it."""
    sheet = sheet_of(code)
    said = {reading.pk: Read("70", "100", Likelihood.CERTAIN) for reading in sheet.readings.all()}
    unit = actor(Role.UNIT, unit_path="101/")
    return actions.fill(sheet, unit, version=sheet.version, filled=Filled(said, "正常", causes))


def concluded(code, handling, advice="加快进度"):
    """From the unit's draft to the end of its way, straight through finance."""
    filled(code, causes="经费保障")
    ReadingSheet.objects.filter(subject_year__code=code).update(state=State.FISCAL_REVIEW)
    sheet = handle(sheet_of(code), actor(), version=sheet_of(code).version, handling=handling, advice=advice)
    return step(sheet, "conclude")


def pay(fen, paid_on):
    project = SubjectYear.objects.get(code="P1")
    return Payment.objects.create(
        region=REGION,
        year=YEAR,
        subject_year=project,
        code="P1",
        voucher=f"late-{fen}",
        paid_on=day(paid_on),
        recorded_at=timezone.now(),
        fen=fen,
    )


def test_an_opened_round_has_one_reading_per_approved_indicator():
    held = opened()
    assert held.state == RoundState.OPEN
    lines = ReadingSheet.objects.order_by("subject_year__code", "readings__line__position").values_list(
        "subject_year__code", "readings__line__name", "readings__actual"
    )
    assert list(lines) == [("P1", "维修面积", ""), ("P1", "校舍安全", ""), ("P3", "添置桌椅", "")]


def test_the_budget_of_a_sheet_is_what_was_in_effect_at_the_cutoff():
    project = SubjectYear.objects.get(code="P1")
    place = {"subject_year": project, "region": REGION, "year": YEAR, "phase": BudgetPhase.ADDED}
    for fen, since in ((500, "2022-07-31"), (7000, "2022-08-01")):
        BudgetLine.objects.create(fen=fen, effective_on=day(since), recorded_at=timezone.now(), **place)
    opened()
    assert sheet_of("P1").budget == project.initial + 500


def test_who_is_left_out_is_listed_with_the_reason():
    project = SubjectYear.objects.get(code="P3")
    Hold.objects.create(
        subject_year=project, region=REGION, kind=HoldKind.STOPPED, reason="停", since=day("2022-03-01")
    )
    held = opened()
    assert list(ReadingSheet.objects.values_list("subject_year__code", flat=True)) == ["P1"]
    page = text(signed_in(), reverse("monitoring-round", args=[held.pk]))
    assert "未纳入的项目和部门 2 个" in page
    assert "没有批复的绩效目标" in page
    assert "已暂停、停止或收回资金" in page


def test_a_project_that_is_ready_later_can_be_taken_in():
    stop = Hold.objects.create(
        subject_year=SubjectYear.objects.get(code="P3"),
        region=REGION,
        kind=HoldKind.STOPPED,
        reason="停",
        since=day("2022-03-01"),
    )
    held = opened()
    with pytest.raises(Refused, match="没有可以补入的项目"):
        actions.take_in_late(held, actor())
    stop.released_on = day("2022-08-05")
    stop.save()
    assert actions.take_in_late(held, actor()) == 1
    assert sheet_of("P3").readings.count() == 1
    assert sheet_of("P1").readings.count() == 2


def test_without_an_approved_target_a_round_does_not_open_and_says_why():
    held = actions.open_round(actor(), 2023, 1, day("2023-07-31"), "集中监控")
    with pytest.raises(Refused, match="要有批复的绩效目标"):
        step(held, "open")


def test_only_the_performance_office_opens_a_round_and_within_its_year():
    with pytest.raises(Refused, match="由财政绩效股开启；截止日期应在 2022 年之内"):
        actions.open_round(actor(Role.FISCAL_DIVISION), YEAR, 1, day("2023-01-31"), "")
    assert not Round.objects.exists()


def test_the_same_number_is_not_opened_twice():
    opened()
    with pytest.raises(Refused, match="第 1 轮已经有了"):
        actions.open_round(actor(), YEAR, 1, day("2022-08-31"), "")


def test_a_payment_after_the_cutoff_changes_nothing():
    opened()
    assert sheet_of("P1").spent == 60_000_000, "the payment of August is not July's"
    pay(5, "2022-08-01")
    assert sheet_of("P1").spent == 60_000_000
    pay(7, "2022-07-31")
    assert sheet_of("P1").spent == 60_000_007, "an open round still learns what was paid by its cut-off"


def test_a_payment_recorded_after_closing_changes_nothing():
    held = opened()
    for code in ("P1", "P3"):
        concluded(code, Handling.CONTINUE)
    closed = step(held, "close")
    assert Round.objects.get().known_until is not None
    pay(9, "2022-06-30")
    assert sheet_of("P1").spent == 60_000_000
    assert ReadingSheet.objects.get(subject_year__code="P1").facts().slow is False
    assert closed.state == RoundState.CLOSED


def test_a_round_does_not_close_while_a_sheet_is_open():
    held = opened()
    concluded("P1", Handling.CONTINUE)
    with pytest.raises(Refused, match="还有 1 份监控表没有审定"):
        step(held, "close")


def test_a_suspension_stops_the_money_when_it_is_concluded_and_not_before():
    opened()
    filled("P1")
    ReadingSheet.objects.update(state=State.FISCAL_REVIEW)
    sheet = sheet_of("P1")
    handle(sheet, actor(), version=sheet.version, handling=Handling.SUSPEND, advice="停止拨款")
    assert not Hold.objects.exists()
    step(sheet, "conclude")
    hold = Hold.objects.get()
    assert (hold.kind, hold.released_on) == (HoldKind.SUSPENDED, None)
    assert hold.reason == "2022年第1轮监控处置：暂停或停止。停止拨款"
    assert SubjectYear.objects.get(code="P1").held
    page = text(signed_in(), reverse("subject", args=[sheet.subject_year_id]))
    assert "停止拨款" in page


def test_urging_and_recovering_leave_a_note_on_the_file_and_going_on_leaves_nothing():
    opened()
    concluded("P1", Handling.URGE)
    note = Note.objects.get(source="2022年第1轮监控处置")
    assert note.text == "2022年第1轮监控处置：督促整改。加快进度"
    concluded("P3", Handling.CONTINUE)
    assert Note.objects.filter(source="2022年第1轮监控处置").count() == 1
    assert not Hold.objects.exists()


def test_a_closed_round_tells_the_file_who_was_slow():
    held = opened()
    for code in ("P1", "P3"):
        concluded(code, Handling.CONTINUE)
    step(held, "close")
    note = Note.objects.get()
    assert (note.subject_year.code, note.source) == ("P3", "2022年第1轮监控")
    assert "列为进度慢" in note.text


def test_finance_does_not_dispose_of_what_is_still_with_the_unit():
    opened()
    sheet = sheet_of("P1")
    with pytest.raises(Refused, match="在财政审核时才填写"):
        handle(sheet, actor(), version=sheet.version, handling=Handling.URGE, advice="加快")


def test_whoever_saves_second_does_not_overwrite():
    opened()
    before = sheet_of("P1")
    filled("P1")
    with pytest.raises(Stale):
        actions.fill(before, actor(Role.UNIT, unit_path="101/"), version=before.version, filled=Filled({}, "", ""))
    assert sheet_of("P1").progress == "正常"


def test_a_department_fills_its_own_sheets_and_not_those_of_the_units_below():
    opened()
    department = actor(Role.DEPARTMENT, unit_path="101/")
    sheet = sheet_of("P3")
    with pytest.raises(Refused, match="由项目单位填报"):
        actions.fill(sheet, department, version=sheet.version, filled=Filled({}, "", ""))
    own = sheet_of("P1")
    actions.fill(own, department, version=own.version, filled=Filled({}, "正常", ""))


def test_the_office_opens_starts_and_ends_a_round_in_the_browser():
    client = signed_in()
    assert "新开一轮" in text(client, reverse("monitoring"))
    page = text(client, reverse("round-open"))
    assert 'value="2022-07-31"' in page
    assert "集中监控" in page
    assert "财预〔2019〕136号" in page
    form = {"no": "1", "cutoff": "２０２２年7月31日", "purpose": "集中监控", "token": "a" * 32}
    answer = client.post(reverse("round-open"), form)
    held = Round.objects.get()
    address = reverse("monitoring-round", args=[held.pk])
    assert answer.headers["Location"] == address
    assert client.post(reverse("round-open"), form).headers["Location"] == address, "two clicks are one round"
    assert title(client, address) == "筹备中，启动后纳入 2 个对象"
    assert title(client, reverse("monitoring")) == "2022 年度监控 1 轮，还没有启动"
    client.post(reverse("round-move", args=[held.pk]), {"move": "open", "version": "1", "token": "b" * 32})
    assert title(client, address) == "2 个项目，1 个明显慢了"
    assert "还有 2 份监控表没有审定" in text(client, address), "the grey button says why"


def test_a_round_outside_the_year_comes_back_with_the_error_at_its_field():
    client = signed_in()
    answer = client.post(reverse("round-open"), {"no": "1", "cutoff": "2023-07-31", "purpose": "看看"})
    assert answer.status_code == 422
    assert "截止日期应在 2022 年之内" in answer.content.decode()
    assert not Round.objects.exists()


def test_an_import_does_not_write_into_a_round_that_is_held_here():
    opened()
    table = "年度,监控轮次,项目编码,三级指标,截至完成值,全年预计完成值,完成目标可能性\n2022,1,P1,维修面积,7,80,确定能\n"
    outcome = run_import({"monitoring_readings": table}, (*REGISTERS, *MONITORING))
    assert "第 1 轮监控已在系统内办理" in str(outcome.problems[0][1])
    assert not sheet_of("P1").readings.exclude(actual="").exists()


def test_late_projects_are_taken_in_with_a_button():
    held = opened()
    ReadingSheet.objects.filter(subject_year__code="P3").delete()
    client = signed_in()
    assert "本轮启动后才新增或批复目标" in text(client, reverse("monitoring-round", args=[held.pk]))
    client.post(reverse("round-take-in", args=[held.pk]), {"token": "c" * 32})
    assert sheet_of("P3").readings.count() == 1


def test_a_unit_finds_no_door_to_opening_a_round():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    assert client.get(reverse("round-open")).status_code == 404
    assert reverse("round-open") not in text(client, reverse("monitoring"))


def test_the_same_form_twice_is_one_act():
    opened()
    sheet = sheet_of("P1")
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101").unit)
    form = {"version": str(sheet.version), "token": "d" * 32, "progress": "正常"}
    for _ in range(2):
        assert client.post(reverse("reading-fill", args=[sheet.pk]), form).status_code == 303
    assert sheet_of("P1").version == sheet.version + 1
