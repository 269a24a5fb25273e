"""Deadlines, more time, reopening for one unit, key monitoring with visits, and evidence: who, until when, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.kit.models import Attachment, AuditEntry
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.handling import after_sheet_step, handle
from jixiao.stages.monitoring.models import (
    Attention,
    Handling,
    Leave,
    LeaveKind,
    ReadingSheet,
    Round,
    SiteVisit,
    VisitKind,
)
from jixiao.stages.monitoring.reports.judging import judged
from jixiao.stages.monitoring.saying import Filled, Read
from jixiao.stages.monitoring.workflow import RoundState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,设备数量,定量,≥,10,台,90
"""
LONG_AGO, FAR = day("2022-08-10"), dt.date(2099, 12, 31)
PDF = b"%PDF-1.7\n" + b"x" * 50


@pytest.fixture(autouse=True)
def open_round():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}
    stored(tables, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控", due_on=LONG_AGO)
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


def the_round():
    return Round.objects.get()


def sheet_of(code="P1"):
    return ReadingSheet.objects.get(subject_year__code=code)


def filler(code="P1"):
    return actor(Role.UNIT, unit_path=SubjectYear.objects.get(code=code).unit_path)


def fill(code="P1"):
    sheet = sheet_of(code)
    said = {reading.pk: Read("70", "100", Likelihood.CERTAIN) for reading in sheet.readings.all()}
    who = filler(code)
    actions.fill(sheet, who, version=sheet.version, filled=Filled(said, "", "其他：招标推迟"))


def submit(code="P1"):
    """By whichever door this unit has."""
    sheet, who = sheet_of(code), filler(code)
    doors = [move.code for move, decision in moving.offers(sheet, who) if decision and move.code.startswith("submit")]
    return moving.move(sheet, doors[0], who, version=sheet.version) if doors else None


def unit_of(code="P1"):
    return UnitYear.objects.get(path=SubjectYear.objects.get(code=code).unit_path)


def give(kind=LeaveKind.EXTENSION, code="P1", due_on=FAR, reason="系统故障", by=None, **said):
    return actions.allow(the_round(), by or actor(), [unit_of(code)], kind=kind, due_on=due_on, reason=reason, **said)


def test_after_the_last_day_a_sheet_can_be_saved_but_not_filed_and_the_reason_names_the_remedy():
    fill()
    reasons = [reason for _, decision in moving.offers(sheet_of(), filler()) for reason in decision.reasons]
    assert any("报送期限 2022-08-10 已过，请联系财政绩效股申请延期" in reason for reason in reasons)
    assert submit() is None


def test_the_last_day_itself_is_in_time():
    Round.objects.update(due_on=timezone.localdate())
    fill()
    assert submit() is not None


def test_more_time_is_given_to_the_units_named_and_to_no_others():
    fill("P1")
    fill("P2")
    give(code="P1")
    assert submit("P1") is not None
    if unit_of("P2").path.startswith(unit_of("P1").path):
        assert submit("P2") is not None
    else:
        assert submit("P2") is None


def test_the_page_extends_all_that_have_not_filed_at_once():
    answer = signed_in().post(
        reverse("round-leaves", args=[the_round().pk]),
        {"kind": "extension", "codes": "", "due_on": "2099-12-31", "reason": "资料补正", "token": "t" * 32},
    )
    assert answer.status_code == 303
    paths = set(ReadingSheet.objects.values_list("subject_year__unit_path", flat=True))
    assert set(Leave.objects.values_list("unit_path", flat=True)) == paths
    assert "资料补正" in text(signed_in_again(), reverse("round-leaves", args=[the_round().pk]))


def signed_in_again():
    return signed_in(Role.PERFORMANCE_OFFICE, unit=unit("999").unit)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"codes": "没有的"}, "没有这些单位编码：没有的"),
        ({"kind": "reopening", "codes": ""}, "重新开放要指明单位"),
        ({"due_on": "2001-01-01"}, "已经过去"),
        ({"due_on": "后天"}, "需改"),
        ({"reason": ""}, "需改"),
    ],
)
def test_what_cannot_be_allowed_comes_back_with_its_reason(said, answer):
    asked = {"kind": "extension", "codes": "101", "due_on": "2099-12-31", "reason": "故障", "token": "t" * 32, **said}
    found = signed_in().post(reverse("round-leaves", args=[the_round().pk]), asked)
    assert found.status_code == 422
    assert answer in found.content.decode()
    assert not Leave.objects.exists()


def test_only_the_office_gives_more_time():
    for role in (Role.UNIT, Role.DEPARTMENT, Role.FISCAL_DIVISION, Role.LEADER):
        with pytest.raises(Refused, match="绩效股"):
            give(by=actor(role))


def concluded_and_closed():
    give(code="P1")
    give(code="P2")
    for code in ("P1", "P2"):
        fill(code)
        submit(code)
        sheet = sheet_of(code)
        if sheet.state == State.DEPARTMENT_REVIEW:
            department = actor(Role.DEPARTMENT, unit_path=sheet.subject_year.unit_path.split("/")[0] + "/")
            sheet = moving.move(sheet, "forward", department, version=sheet.version)
        office = actor()
        handle(sheet, office, version=sheet.version, handling=Handling.CONTINUE, advice="继续")
        sheet = sheet_of(code)
        moving.move(sheet, "conclude", office, version=sheet.version, effect=after_sheet_step)
    held = the_round()
    moving.move(held, "close", actor(), version=held.version, effect=actions.after_round_step)


def test_a_closed_round_opens_again_for_one_unit_and_its_money_stays_frozen():
    concluded_and_closed()
    before = judged(ReadingSheet.objects).get(pk=sheet_of("P1").pk).spent
    assert give(LeaveKind.REOPENING, "P1", reason="完成值填错") >= 1
    assert sheet_of("P1").state == State.DRAFT
    assert the_round().state == RoundState.CLOSED
    late = Payment.objects.create(
        region="999999",
        year=YEAR,
        subject_year=SubjectYear.objects.get(code="P1"),
        code="P1",
        voucher="LATE",
        paid_on=day("2022-07-01"),
        recorded_at=dt.datetime.now(dt.UTC),
        fen=99,
    )
    assert judged(ReadingSheet.objects).get(pk=sheet_of("P1").pk).spent == before
    assert late.pk
    fill("P1")
    assert submit("P1") is not None
    assert AuditEntry.objects.filter(act="monitoring_round.reopening").exists()


def test_a_closed_round_gives_no_more_time_without_opening_again():
    concluded_and_closed()
    with pytest.raises(Refused, match="重新开放"):
        give()


def test_the_same_form_twice_is_one_leave():
    form = {"kind": "extension", "codes": "101", "due_on": "2099-12-31", "reason": "故障", "token": "t" * 32}
    client = signed_in()
    for _ in range(2):
        assert client.post(reverse("round-leaves", args=[the_round().pk]), form).status_code == 303
    assert Leave.objects.count() == 1


def test_key_monitoring_is_chosen_with_a_reason_and_counted_against_the_quota():
    client, address = signed_in(), reverse("round-key", args=[the_round().pk])
    refused = client.post(address, {"sheet": [sheet_of().pk], "reason": "", "token": "a" * 32})
    assert refused.status_code == 422
    client.post(address, {"sheet": [sheet_of().pk], "reason": "群众关注", "token": "b" * 32})
    assert (sheet_of().attention, sheet_of().attention_reason) == (Attention.KEY, "群众关注")
    assert sheet_of("P2").attention == Attention.DAILY
    assert "已选重点监控 1 个" in text(client, address)


def test_a_visit_is_recorded_by_finance_or_the_department_and_shown_on_the_sheet():
    actions.choose_key(the_round(), actor(), [sheet_of().pk], reason="群众关注")
    client, address = signed_in(), reverse("reading-visit", args=[sheet_of().pk])
    form = {"kind": "site", "on": "2022-08-01", "people": "张三、李四", "findings": "施工过半", "token": "v" * 32}
    client.post(address, form)
    client.post(address, form)
    visit = SiteVisit.objects.get()
    assert (visit.people, visit.findings) == ("张三、李四", "施工过半")
    assert "施工过半" in text(client, reverse("reading-sheet", args=[sheet_of().pk]))
    with pytest.raises(Refused, match="由财政或主管部门登记"):
        meet(filler(), "2022-08-01")
    with pytest.raises(Refused, match="还没有到"):
        meet(actor(), str(FAR))


def meet(who, on, kind=VisitKind.SITE, findings="好"):
    actions.record_visit(sheet_of(), who, kind=kind, on=day(on), people="张三", findings=findings)


def test_an_interview_stands_on_the_subjects_file_and_on_its_sheet():
    meet(actor(), "2022-08-02", VisitKind.INTERVIEW, "承诺九月开工")
    client = signed_in()
    assert "约谈张三：承诺九月开工" in text(client, reverse("subject", args=[sheet_of().subject_year_id]))
    assert "承诺九月开工" in text(client, reverse("reading-sheet", args=[sheet_of().pk]))


def attach(client, content=PDF, name="证明.pdf"):
    file = SimpleUploadedFile(name, content)
    address = reverse("reading-attach", args=[sheet_of().pk])
    return client.post(address, {"file": file, "kind": "evidence", "title": "验收单", "token": name.ljust(20, "x")})


def test_evidence_hangs_at_the_sheet_is_downloaded_as_it_came_and_can_be_withdrawn():
    client = signed_in(Role.UNIT, unit_of().unit)
    attach(client)
    kept = Attachment.objects.get()
    page = text(client, reverse("reading-sheet", args=[sheet_of().pk]))
    assert "证明.pdf" in page
    assert "验收单" in page
    answer = client.get(reverse("reading-attachment", args=[kept.pk]))
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert "attachment" in answer["Content-Disposition"]
    client.post(reverse("reading-withdraw", args=[kept.pk]), {"token": "w" * 32})
    assert client.get(reverse("reading-attachment", args=[kept.pk])).status_code == 404
    assert Attachment.objects.get().withdrawn_at is not None


def test_a_file_of_another_kind_is_refused_on_the_page_and_not_kept():
    client = signed_in(Role.UNIT, unit_of().unit)
    attach(client, b"<script>", "页面.html")
    assert "附件只接受" in text(client, reverse("reading-sheet", args=[sheet_of().pk]))
    assert not Attachment.objects.exists()


def test_a_stranger_reaches_no_attachment_by_any_door():
    attach(signed_in(Role.UNIT, unit_of().unit))
    kept = Attachment.objects.get()
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert stranger.get(reverse("reading-attachment", args=[kept.pk])).status_code == 404
    assert stranger.post(reverse("reading-withdraw", args=[kept.pk])).status_code == 404
    assert attach(stranger).status_code == 404
    assert Attachment.objects.get().withdrawn_at is None


@pytest.mark.parametrize("version", ["1.5", "１", "", "9" * 30, "-1", "x"])
@pytest.mark.parametrize("note", ["好", "\x00", "第一行\n第二行\x07"])
def test_whatever_a_form_sends_is_answered_with_words(version, note):
    answer = signed_in().post(
        reverse("reading-move", args=[sheet_of().pk]), {"move": "return", "version": version, "note": note}
    )
    assert answer.status_code in (303, 409)


def test_keys_that_are_none_are_passed_over():
    form = {"sheet": ["9" * 40, "x", "-1", ""], "reason": "群众关注", "token": "k" * 32}
    answer = signed_in().post(reverse("round-key", args=[the_round().pk]), form)
    assert answer.status_code == 422
    assert "没有选中" in answer.content.decode()
