"""处置: what finance says should follow from a reading, and what follows when it is concluded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import locked
from jixiao.registers.subjects.models import BudgetLine, BudgetPhase, Hold, HoldKind, Note, SubjectYear

from .models import Handling, ReadingSheet, Recovery
from .rules import may_handle, may_release
from .workflow import State

STAGE = "monitoring"


def handle(
    sheet: ReadingSheet,
    actor: Actor,
    *,
    version: int,
    handling: Handling,
    advice: str,
    fen: int | None = None,
    doc_no: str = "",
    token: str = "",
) -> ReadingSheet:
    """Save what finance says should follow; it takes effect when the sheet is concluded. Raises Stale, Refused."""
    content = [sheet.reference, version, handling, advice, fen, doc_no]
    with acting(actor, "monitoring.handle", token=token, content=content) as act:
        current: ReadingSheet = locked(sheet, version, act)
        reviewed = current.state == State.FISCAL_REVIEW
        may_handle(actor, reviewed, current.submitted_by(), current.facts()).demand()
        before = _decided(current)
        current.handling, current.advice = handling, advice
        current.handling_fen, current.handling_doc_no = fen, doc_no
        current.version += 1
        current.save(update_fields=["handling", "advice", "handling_fen", "handling_doc_no", "version"])
        act.trace(current.reference, before, _decided(current))
        act.answer = {"version": current.version}
    return current


def _decided(sheet: ReadingSheet) -> dict[str, Any]:
    return {
        "handling": sheet.handling,
        "advice": sheet.advice,
        "fen": sheet.handling_fen,
        "doc_no": sheet.handling_doc_no,
    }


def after_sheet_step(sheet: ReadingSheet, code: str, act: Act) -> None:
    """What a concluded sheet decided happens: money is stopped, taken back or reduced, and the file says so."""
    if code != "conclude" or sheet.handling == Handling.CONTINUE:
        return
    subject = SubjectYear.objects.select_for_update().get(pk=sheet.subject_year_id)
    today = timezone.localdate(act.at)
    source = f"{sheet.year}年第{sheet.round.no}轮监控处置"
    words = f"{source}：{sheet.handling.label}{_amount(sheet)}。{sheet.advice}"
    if sheet.handling == Handling.SUSPEND:
        _stop(subject, HoldKind.SUSPENDED, words, sheet.handling_doc_no, today)
    elif sheet.handling == Handling.RECOVER:
        _take_back(subject, sheet, today)
        _stop(subject, HoldKind.RECOVERED, words, sheet.handling_doc_no, today)
    elif sheet.handling == Handling.REDUCE:
        _reduce(subject, sheet, act)
        words += "绩效目标须同步调整。"
    if sheet.handling != Handling.SUSPEND:
        place: dict[str, Any] = {"subject_year": subject, "stage": STAGE, "source": source}
        Note.objects.update_or_create(**place, defaults={"region": subject.region, "text": words, "on": today})
    act.trace(f"subject_year:{subject.pk}", None, {"handling": sheet.handling, "words": words})


def _amount(sheet: ReadingSheet) -> str:
    return f" {format_amount(sheet.handling_fen)} 万元（{sheet.handling_doc_no}）" if sheet.handling_fen else ""


def _stop(subject: SubjectYear, kind: HoldKind, reason: str, doc_no: str, today: dt.date) -> None:
    """A stop that is already in force stays as it is."""
    if not Hold.objects.filter(subject_year=subject, kind=kind, released_on=None).exists():
        place: dict[str, Any] = {"subject_year": subject, "kind": kind, "since": today}
        Hold.objects.update_or_create(
            **place, defaults={"region": subject.region, "reason": reason, "doc_no": doc_no, "released_on": None}
        )


def _take_back(subject: SubjectYear, sheet: ReadingSheet, today: dt.date) -> None:
    Recovery.objects.create(
        region=subject.region,
        year=subject.year,
        subject_year=subject,
        fen=sheet.handling_fen or 0,
        reason=sheet.advice,
        doc_no=sheet.handling_doc_no,
        on=today,
    )


def _reduce(subject: SubjectYear, sheet: ReadingSheet, act: Act) -> None:
    """The year's budget becomes smaller by a line of its own; the lines before it stay as they were."""
    fen = sheet.handling_fen or 0
    today = timezone.localdate(act.at)
    BudgetLine.objects.create(
        subject_year=subject,
        region=subject.region,
        year=subject.year,
        phase=BudgetPhase.ADDED,
        book=subject.book,
        fund_level=subject.fund_level,
        fen=-fen,
        effective_on=min(today, dt.date(subject.year, 12, 31)),
        recorded_at=act.at,
        doc_no=sheet.handling_doc_no,
    )
    before = subject.added
    subject.added -= fen
    subject.version += 1
    subject.save(update_fields=["added", "version"])
    act.trace(f"subject_year:{subject.pk}", {"added": before}, {"added": subject.added})


def release(hold: Hold, actor: Actor, *, reason: str, doc_no: str, token: str = "") -> Hold:
    """The stop ends: the money may flow again. Raises Refused."""
    with acting(actor, "subject.release", token=token, content=[hold.pk, reason, doc_no]) as act:
        current = Hold.objects.select_for_update().get(pk=hold.pk)
        may_release(actor, current.released_on is None, reason, doc_no).demand()
        today = timezone.localdate(act.at)
        current.released_on = today
        current.save(update_fields=["released_on"])
        words = f"解除{current.kind.label}（{doc_no}）：{reason}"
        source = f"解除{current.kind.label} {current.pk}"
        place: dict[str, Any] = {"subject_year": current.subject_year, "region": current.region, "stage": STAGE}
        Note.objects.create(**place, source=source, text=words, on=today)
        act.trace(f"subject_year:{current.subject_year_id}", {"hold": current.kind}, {"released": words})
        act.answer = {"pk": current.pk}
    return current
