"""Acts of 运行监控: a round is opened and closed, a unit fills its sheet, finance says what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import astuple, fields
from typing import Any

from django.db.models import F
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused, require
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import changed, locked, step
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import Note

from .models import (
    READY,
    Attention,
    Leave,
    LeaveKind,
    Reading,
    ReadingSheet,
    Round,
    SiteVisit,
    VisitKind,
    approved_lines,
    in_scope,
)
from .reports.judging import Pace, judged
from .reports.live import budgets_on, overall_budgets
from .rules import (
    cutoff_in_year,
    due_after,
    key_chosen,
    leave_allowed,
    may_fill,
    office_opens,
    visit_recorded,
)
from .saying import Filled, Read, least_likely
from .workbook.returned import Brought
from .workflow import RoundState, State

STAGE = "monitoring"


def open_round(
    actor: Actor,
    year: int,
    no: int,
    cutoff: dt.date,
    purpose: str,
    *,
    due_on: dt.date | None = None,
    token: str = "",
) -> Round:
    """A round in preparation, under the region's rules as they are now; `due_on` is the last day to file.

    Raises Refused with every reason.
    """
    content = [year, no, cutoff, purpose, due_on]
    with acting(actor, "monitoring_round.prepare", token=token, content=content) as act:
        (office_opens(actor) & cutoff_in_year(cutoff, year) & due_after(cutoff, due_on)).demand()
        if Round.objects.filter(region=actor.region, year=year, no=no).exists():
            raise Refused(f"{year} 年第 {no} 轮已经有了，请刷新后再开新的一轮")
        snapshot = snapshot_of(for_region(actor.region, year))
        held = Round.objects.create(
            region=actor.region, year=year, no=no, cutoff=cutoff, due_on=due_on, purpose=purpose, snapshot=snapshot
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
    subjects = list(in_scope(held.region, held.year, held.cutoff).filter(**READY).exclude(reading_sheets__round=held))
    budgets = budgets_on(held.region, held.year, held.cutoff)
    budgets |= overall_budgets(held.region, held.year, budgets)
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


def allow(
    held: Round,
    actor: Actor,
    units: Sequence[UnitYear],
    *,
    kind: LeaveKind,
    due_on: dt.date,
    reason: str,
    token: str = "",
) -> int:
    """More time for these units, or their concluded sheets open again; how many sheets were opened. Raises Refused.

    Reopening a closed round lets the units correct what they filed; the money stays as the round froze it.
    """
    content = [held.reference, kind, [unit.code for unit in units], str(due_on), reason]
    with acting(actor, f"monitoring_round.{kind}", token=token, content=content) as act:
        current = Round.objects.select_for_update().get(pk=held.pk)
        begun = require(current.state != RoundState.DRAFT, "本轮还没有启动，请先启动")
        extends = kind is LeaveKind.REOPENING or current.state == RoundState.OPEN
        still = require(extends, "本轮已经结束，请用“重新开放”")
        allowed = leave_allowed(actor, reason, due_on, timezone.localdate(act.at))
        (allowed & begun & still & require(units, "请选择单位")).demand()
        said = {"round": current, "kind": kind, "due_on": due_on, "reason": reason, "actor": actor.name, "at": act.at}
        Leave.objects.bulk_create([Leave(unit_name=unit.name, unit_path=unit.path, **said) for unit in units])
        opened = _reopened(current, units, act, reason) if kind is LeaveKind.REOPENING else 0
        after = {"units": [unit.code for unit in units], "due_on": str(due_on), "reason": reason, "reopened": opened}
        act.trace(current.reference, None, after)
        act.answer = {"count": opened}
    return opened


def _reopened(held: Round, units: Sequence[UnitYear], act: Act, reason: str) -> int:
    """Concluded sheets of these units and of those below them go back to be filled."""
    concluded = ReadingSheet.objects.filter(round=held, state=State.CONCLUDED).select_for_update()
    found = [
        sheet
        for sheet in concluded.select_related("subject_year").order_by("pk")
        if any(sheet.subject_year.unit_path.startswith(unit.path) for unit in units)
    ]
    for sheet in found:
        step(sheet, "reopen", act, reason)
    return len(found)


def choose_key(held: Round, actor: Actor, chosen: Collection[int], *, reason: str, token: str = "") -> int:
    """These sheets of the round are under 重点监控 from now on; how many became so. Raises Refused."""
    content = [held.reference, sorted(chosen), reason]
    with acting(actor, "monitoring_round.choose_key", token=token, content=content) as act:
        key_chosen(actor, reason).demand()
        rows = ReadingSheet.objects.filter(round=held, pk__in=chosen).exclude(attention=Attention.KEY)
        fresh = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
        require(fresh, "没有选中日常监控的项目").demand()
        ReadingSheet.objects.filter(pk__in=fresh).update(
            attention=Attention.KEY, attention_reason=reason, version=F("version") + 1
        )
        act.trace(held.reference, None, {"key": fresh, "reason": reason})
        act.answer = {"count": len(fresh)}
    return len(fresh)


def record_visit(
    sheet: ReadingSheet, actor: Actor, *, kind: VisitKind, on: dt.date, people: str, findings: str, token: str = ""
) -> SiteVisit:
    """What was found on the spot or agreed in an interview. Raises Refused."""
    content = [sheet.reference, kind, str(on), people, findings]
    with acting(actor, "monitoring.visit", token=token, content=content) as act:
        visit_recorded(actor, people, findings, on, timezone.localdate(act.at)).demand()
        visit = SiteVisit.objects.create(
            sheet=sheet,
            region=sheet.region,
            kind=kind,
            on=on,
            people=people,
            findings=findings,
            actor=actor.name,
            at=act.at,
        )
        if kind is VisitKind.INTERVIEW:
            place = {"subject_year": sheet.subject_year, "region": sheet.region, "stage": STAGE}
            Note.objects.create(**place, source=f"约谈 {visit.pk}", text=f"约谈{people}：{findings}", on=on)
        act.trace(sheet.reference, None, {"kind": kind, "on": str(on), "people": people, "findings": findings})
        act.answer = {"pk": visit.pk}
    return visit


WHOLE = ("progress", "causes", "expected_spent")


def fill(
    sheet: ReadingSheet,
    actor: Actor,
    *,
    version: int,
    filled: Filled,
    token: str = "",
) -> ReadingSheet:
    """Save what the unit filled in. Raises Stale, Refused."""
    with acting(actor, "monitoring.fill", token=token, content=[sheet.reference, version, repr(filled)]) as act:
        return _fill(locked(sheet, version, act), act, filled)


def fill_many(actor: Actor, brought: Sequence[Brought], *, token: str = "") -> int:
    """Save what a workbook says of several sheets: all of them or none; how many. Raises Stale, Refused."""
    content = [[one.sheet.reference, one.version, repr(one.filled)] for one in brought]
    with acting(actor, "monitoring.fill", token=token, content=content) as act:
        require(brought, "监控表与系统中的内容相同，不需要保存").demand()
        for one in sorted(brought, key=lambda one: one.sheet.pk):
            _fill(locked(one.sheet, one.version, act), act, one.filled)
        act.answer = {"count": len(brought)}
    return len(brought)


def _fill(current: ReadingSheet, act: Act, filled: Filled) -> ReadingSheet:
    """Write what was said into a locked sheet. Raises Refused."""
    may_fill(act.actor, current.state == State.DRAFT, current.facts()).demand()
    stored = list(current.readings.select_related("line").order_by("line__position"))
    before = _said(current, stored)
    for reading in stored:
        if read := filled.readings.get(reading.pk):
            reading.said = read
    for name in WHOLE:
        setattr(current, name, getattr(filled, name))
    current.likelihood = least_likely([reading.likelihood for reading in stored]) or ""
    Reading.objects.bulk_update(stored, [field.name for field in fields(Read)], batch_size=200)
    changed(current, [*WHOLE, "likelihood"], act, before, _said(current, stored))
    return current


def _said(sheet: ReadingSheet, readings: list[Reading]) -> dict[str, Any]:
    """A sheet's content as the audit trail keeps it."""
    lines = {reading.line.name: [str(value) for value in astuple(reading.said)] for reading in readings}
    return {**{name: getattr(sheet, name) for name in WHOLE}, "readings": lines}
