"""Acts of 运行监控: a round is opened and closed, a unit fills its sheet, finance says what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused, require
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import locked
from jixiao.policies import for_region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import Hold, HoldKind, Note

from .models import READY, Attention, Handling, Reading, ReadingSheet, Round, approved_lines, in_scope
from .reports.judging import Pace, judged
from .reports.live import budgets_on
from .rules import cutoff_in_year, least_likely, may_fill, may_handle, office_opens
from .workflow import RoundState, State

STAGE = "monitoring"


def open_round(actor: Actor, year: int, no: int, cutoff: dt.date, purpose: str, *, token: str = "") -> Round:
    """A round in preparation, under the region's rules as they are now. Raises Refused with every reason."""
    content = [year, no, cutoff, purpose]
    with acting(actor, "monitoring_round.prepare", token=token, content=content) as act:
        (office_opens(actor) & cutoff_in_year(cutoff, year)).demand()
        if Round.objects.filter(region=actor.region, year=year, no=no).exists():
            raise Refused(f"{year} 年第 {no} 轮已经有了，请刷新后再开新的一轮")
        snapshot = snapshot_of(for_region(actor.region, year))
        held = Round.objects.create(
            region=actor.region, year=year, no=no, cutoff=cutoff, purpose=purpose, snapshot=snapshot
        )
        act.trace(held.reference, None, {"no": no, "cutoff": str(cutoff), "purpose": purpose})
        act.answer = {"pk": held.pk}
    return held


def after_round_step(held: Round, code: str, act: Act) -> None:
    """Opening makes the sheets; closing freezes what was known, so that later payments change nothing."""
    if code == "open":
        take_in(held, act)
    elif code == "close":
        held.known_until = act.at
        held.save(update_fields=["known_until"])
        act.trace(held.reference, None, {"known_until": act.at.isoformat()})
        _note_slow(held)


def _note_slow(held: Round) -> None:
    """What a round found stands on the subject's file."""
    pace, place = Pace.of(held), {"stage": STAGE, "source": f"{held.year}年第{held.no}轮监控", "on": held.cutoff}
    behind = judged(held.sheets).filter(pace.slow(held)).select_related("round", "subject_year")
    bulk.insert(
        Note,
        [
            Note(subject_year=sheet.subject_year, region=held.region, text=pace.judge(sheet).because, **place)
            for sheet in behind
        ],
    )


def take_in_late(held: Round, actor: Actor, *, token: str = "") -> int:
    """Sheets in an open round for projects that became ready after it began. Raises Refused."""
    with acting(actor, "monitoring_round.take_in", token=token, content=[held.reference]) as act:
        current = Round.objects.select_for_update().get(pk=held.pk)
        (office_opens(actor) & require(current.state == RoundState.OPEN, "只有填报中的轮次可以补入项目")).demand()
        count = take_in(current, act)
        require(count, "没有可以补入的项目").demand()
        act.answer = {"count": count}
    return count


def take_in(held: Round, act: Act) -> int:
    """One sheet per project with an approved target that has none yet, one blank reading per indicator."""
    subjects = list(in_scope(held.region, held.year).filter(**READY).exclude(reading_sheets__round=held))
    budgets = budgets_on(held.region, held.year, held.cutoff)
    sheets = [
        ReadingSheet(
            region=held.region,
            year=held.year,
            round=held,
            subject_year=subject,
            attention=Attention.DAILY,
            budget=budgets.get(subject.pk, 0),
        )
        for subject in subjects
    ]
    made = {sheet.subject_year_id: sheet for sheet in bulk.insert_with_keys(ReadingSheet, sheets)}
    lines = approved_lines(held.region, held.year).values_list("pk", "version__sheet__subject_year")
    bulk.insert(Reading, [Reading(sheet=made[of], line_id=line) for line, of in lines if of in made])
    act.trace(held.reference, None, {"sheets": len(made), "codes": [subject.code for subject in subjects]})
    return len(made)


@dataclass(frozen=True, slots=True)
class Read:
    """What a unit says of one indicator."""

    actual: str
    expected: str
    likelihood: Likelihood | str


def fill(
    sheet: ReadingSheet,
    actor: Actor,
    *,
    version: int,
    readings: Mapping[int, Read],
    progress: str,
    causes: str,
    token: str = "",
) -> ReadingSheet:
    """Save what the unit filled in; `readings` by the key of the reading. Raises Stale, Refused."""
    content = [sheet.reference, version, {str(pk): str(read) for pk, read in readings.items()}, progress, causes]
    with acting(actor, "monitoring.fill", token=token, content=content) as act:
        current: ReadingSheet = locked(sheet, version, act)
        may_fill(actor, current.state == State.DRAFT, current.facts()).demand()
        stored = list(current.readings.select_related("line").order_by("line__position"))
        before = _said(current, stored)
        for reading in stored:
            if read := readings.get(reading.pk):
                reading.actual, reading.expected, reading.likelihood = read.actual, read.expected, read.likelihood
        current.progress, current.causes = progress, causes
        current.likelihood = least_likely([reading.likelihood for reading in stored]) or ""
        Reading.objects.bulk_update(stored, ["actual", "expected", "likelihood"], batch_size=200)
        _saved(current, ["progress", "causes", "likelihood"], act, before, _said(current, stored))
    return current


def handle(
    sheet: ReadingSheet, actor: Actor, *, version: int, handling: Handling, advice: str, token: str = ""
) -> ReadingSheet:
    """Save what finance says should follow; it takes effect when the sheet is concluded. Raises Stale, Refused."""
    content = [sheet.reference, version, handling, advice]
    with acting(actor, "monitoring.handle", token=token, content=content) as act:
        current: ReadingSheet = locked(sheet, version, act)
        reviewed = current.state == State.FISCAL_REVIEW
        may_handle(actor, reviewed, current.submitted_by(), current.facts()).demand()
        before = {"handling": current.handling, "advice": current.advice}
        current.handling, current.advice = handling, advice
        _saved(current, ["handling", "advice"], act, before, {"handling": handling, "advice": advice})
    return current


def after_sheet_step(sheet: ReadingSheet, code: str, act: Act) -> None:
    """What a concluded sheet decided stands on the subject's file: a stop on the money, or a note."""
    if code != "conclude" or sheet.handling == Handling.CONTINUE:
        return
    source = f"{sheet.year}年第{sheet.round.no}轮监控处置"
    words = f"{source}：{sheet.handling.label}。{sheet.advice}"
    today = timezone.localdate(act.at)
    place: dict[str, Any] = {"subject_year": sheet.subject_year, "region": sheet.region}
    if sheet.handling == Handling.SUSPEND:
        stopped = Hold.objects.filter(subject_year=sheet.subject_year, kind=HoldKind.SUSPENDED, released_on=None)
        if not stopped.exists():
            Hold.objects.create(kind=HoldKind.SUSPENDED, reason=words, since=today, **place)
    else:
        Note.objects.update_or_create(
            subject_year=sheet.subject_year,
            stage=STAGE,
            source=source,
            defaults={"region": sheet.region, "text": words, "on": today},
        )
    act.trace(f"subject_year:{sheet.subject_year_id}", None, {"handling": sheet.handling, "words": words})


def _said(sheet: ReadingSheet, readings: list[Reading]) -> dict[str, Any]:
    """A sheet's content as the audit trail keeps it."""
    lines = {reading.line.name: [reading.actual, reading.expected, str(reading.likelihood)] for reading in readings}
    return {"progress": sheet.progress, "causes": sheet.causes, "readings": lines}


def _saved(sheet: ReadingSheet, fields: list[str], act: Act, before: Any, after: Any) -> None:
    sheet.version += 1
    sheet.save(update_fields=[*fields, "version"])
    act.trace(sheet.reference, before, after)
    act.answer = {"version": sheet.version}
