"""处置: what finance says should follow from a reading, and what follows when it is concluded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.domain.quantities import format_amount
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import Effect, changed, locked
from jixiao.registers.subjects import measures
from jixiao.registers.subjects.models import Hold, HoldKind, Note, SubjectYear
from jixiao.stages.ex_ante.reports.gaps import may_be_budgeted

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
    to: SubjectYear | None = None,
    token: str = "",
) -> ReadingSheet:
    """Save what finance says should follow; it takes effect when the sheet is concluded. Raises Stale, Refused."""
    content = [sheet.reference, version, handling, advice, fen, doc_no, to.pk if to else 0]
    with acting(actor, "monitoring.handle", token=token, content=content) as act:
        current: ReadingSheet = locked(sheet, version, act)
        reviewed = current.state == State.FISCAL_REVIEW
        may_handle(actor, reviewed, current.submitted_by(), current.facts()).demand()
        before = _decided(current)
        current.handling, current.advice = handling, advice
        current.handling_fen, current.handling_doc_no, current.handling_to = fen, doc_no, to
        changed(
            current,
            ("handling", "advice", "handling_fen", "handling_doc_no", "handling_to"),
            act,
            before,
            _decided(current),
        )
    return current


def advising(advice: str) -> Effect:
    """Before many sheets are concluded at once: those without advice get this one and go on as before."""

    def advise(sheet: ReadingSheet, code: str, act: Act) -> None:
        if code == "conclude" and advice and not sheet.advice:
            before = _decided(sheet)
            sheet.advice = advice
            sheet.save(update_fields=["advice"])
            act.trace(sheet.reference, before, _decided(sheet))

    return advise


def _decided(sheet: ReadingSheet) -> dict[str, Any]:
    return {
        "handling": sheet.handling,
        "advice": sheet.advice,
        "fen": sheet.handling_fen,
        "doc_no": sheet.handling_doc_no,
        "to": sheet.handling_to_id,
    }


def after_sheet_step(sheet: ReadingSheet, code: str, act: Act) -> None:
    """What a concluded sheet decided happens: money is stopped, taken back or reduced, and the file says so."""
    if code != "conclude" or sheet.handling == Handling.CONTINUE:
        return
    # Both ends of a transfer in one order, or two opposite ones would wait for each other.
    ends = SubjectYear.objects.filter(pk__in=filter(None, (sheet.subject_year_id, sheet.handling_to_id)))
    locked_ends = {row.pk: row for row in ends.select_for_update().order_by("pk")}
    subject = locked_ends[sheet.subject_year_id]
    today = timezone.localdate(act.at)
    source = f"{sheet.year}年第{sheet.round.no}轮监控处置"
    words = f"{source}：{sheet.handling.label}{_amount(sheet)}。{sheet.advice}"
    if sheet.handling == Handling.SUSPEND:
        measures.stop(subject, HoldKind.SUSPENDED, words, sheet.handling_doc_no, today)
    elif sheet.handling == Handling.RECOVER:
        fen = sheet.handling_fen or 0
        take_back(subject, fen, reason=sheet.advice, words=words, doc_no=sheet.handling_doc_no, today=today)
    elif sheet.handling == Handling.REDUCE:
        measures.change(subject, -(sheet.handling_fen or 0), sheet.handling_doc_no, act)
        words += "绩效目标须同步调整。"
    elif sheet.handling == Handling.TRANSFER:
        words += _transfer(subject, locked_ends[sheet.handling_to_id or 0], sheet, act)
    if sheet.handling != Handling.SUSPEND:
        measures.note(subject, STAGE, source, words, today)
    act.trace(f"subject_year:{subject.pk}", None, {"handling": sheet.handling, "words": words})


def _transfer(subject: SubjectYear, other: SubjectYear, sheet: ReadingSheet, act: Act) -> str:
    """Money goes from one project's budget to another's, by a line in each; both files say so."""
    fen, doc_no = sheet.handling_fen or 0, sheet.handling_doc_no
    # Asked once more with both ends locked: of two transfers to one project the second meets what the first left.
    may_be_budgeted(other, other.budget + fen).demand()
    measures.change(subject, -fen, doc_no, act)
    measures.change(other, fen, doc_no, act)
    words = f"自“{subject.name}”调入 {format_amount(fen)} 万元（{doc_no}）。绩效目标须同步调整。"
    source = f"{sheet.year}年第{sheet.round.no}轮监控调剂 {subject.code}"
    measures.note(other, STAGE, source[:80], words, timezone.localdate(act.at))
    return f"调入“{other.name}”。两个项目的绩效目标须同步调整。"


def _amount(sheet: ReadingSheet) -> str:
    return f" {format_amount(sheet.handling_fen)} 万元（{sheet.handling_doc_no}）" if sheet.handling_fen else ""


def take_back(subject: SubjectYear, fen: int, *, reason: str, words: str, doc_no: str, today: dt.date) -> None:
    """Unspent money of a locked subject goes back: the row that totals count, and the stop that says so in `words`.

    Raises Refused where some went back on the same day already.
    """
    if Recovery.objects.filter(subject_year=subject, on=today).exists():
        raise Refused(f"“{subject.name}”今天已经登记过一笔收回，一天登记一笔，请明天再办")
    place: dict[str, Any] = {"region": subject.region, "year": subject.year, "subject_year": subject}
    Recovery.objects.create(**place, fen=fen, reason=reason, doc_no=doc_no, on=today)
    measures.stop(subject, HoldKind.RECOVERED, words, doc_no, today)


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
