"""Sheets and how they move: a state, a version, and one function that takes a legal step and writes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.db import models

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision, Refused
from jixiao.domain.workflow import Machine, Move

from . import bulk
from .acting import Act, Stale, acting
from .models import AuditEntry, Transition

Effect = Callable[[Any, str, Act], None]
"""What a step brings about beside the new state: called with the sheet after the step, the move's code and the act."""


class Sheet(models.Model):
    """Something that lives by a Machine. Every change raises `version`: nobody overwrites what he has not seen."""

    machine: ClassVar[Machine]
    state: Any

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    version = models.IntegerField("版本", default=1)

    class Meta:
        abstract = True

    def facts(self) -> Any:
        """What the machine's guards judge; the one conversion from rows to pure values."""
        return None

    @property
    def sheet_type(self) -> str:
        return self._meta.label_lower

    @property
    def reference(self) -> str:
        """How the audit trail names this sheet."""
        return f"{self.sheet_type}:{self.pk}"

    def submitted_by(self) -> int | None:
        """Who sent the sheet on last; he may not review it."""
        last = timeline(self).filter(move__startswith="submit").order_by("-id").first()
        return last.user_id if last else None


def changed(row: Any, fields: Iterable[str], act: Act, before: Any, after: Any) -> Any:
    """Store a change within a state: these fields under a new version, with the trail; the version is the answer."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    act.trace(row.reference, before, after)
    act.answer = {"version": row.version}
    return row


def timeline(sheet: Sheet) -> models.QuerySet[Transition]:
    """The steps of one sheet, oldest first."""
    return Transition.objects.filter(region=sheet.region, sheet_type=sheet.sheet_type, sheet_id=sheet.pk).order_by("id")


def decide(sheet: Sheet, code: str, actor: Actor, note: str = "") -> Decision:
    """May the actor take this move? The one predicate behind the button, the API and the act."""
    return _judged(sheet, code, actor, note, sheet.facts(), sheet.submitted_by())


def _judged(sheet: Sheet, code: str, actor: Actor, note: str, facts: Any, submitted_by: int | None) -> Decision:
    state = sheet.state
    return sheet.machine.check(code, state, actor, facts, note=note, submitted_by=submitted_by)


def offers(sheet: Sheet, actor: Actor) -> list[tuple[Move, Decision]]:
    """The moves of the actor's role with what stands against each, for the buttons."""
    state = sheet.state
    if not sheet.machine.offered(state, actor):
        return []
    facts, by = sheet.facts(), sheet.submitted_by()
    moves = sheet.machine.offered(state, actor, facts)
    return [(m, _judged(sheet, m.code, actor, "·" if m.note_required else "", facts, by)) for m in moves]


def locked(sheet: Sheet, version: int, act: Act) -> Any:
    """The sheet as it stands, locked inside an act. Raises Stale if it has moved on since `version`."""
    current = type(sheet)._default_manager.select_for_update().get(pk=sheet.pk)
    if current.version != version:
        raise _stale(current, act)
    return current


def move(
    sheet: Sheet,
    code: str,
    actor: Actor,
    *,
    version: int,
    token: str = "",
    note: str = "",
    effect: Effect | None = None,
) -> Sheet:
    """Take one step: lock, compare versions, ask the guards, write state, transition and audit in one transaction.

    `effect` writes what follows from the step in the same transaction.
    Raises Stale if the sheet has moved on since `version`, Refused with every reason if a guard objects.
    """
    content = [sheet.reference, code, version, note]
    with acting(actor, f"{sheet.machine.name}.{code}", token=token, content=content) as act:
        current = locked(sheet, version, act)
        decide(current, code, actor, note).demand()
        step(current, code, act, note)
        if effect is not None:
            effect(current, code, act)
        act.answer = {"state": str(current.state)}
    moved: Sheet = current
    return moved


def move_many(
    chosen: Mapping[int, tuple[Sheet, int]],
    code: str,
    actor: Actor,
    named: Callable[[Any], str],
    *,
    token: str = "",
    note: str = "",
    before: Effect | None = None,
    effect: Effect | None = None,
) -> int:
    """The same step with several sheets (by key, each with the version that was seen), all of them or none; how many.

    `before` prepares a locked sheet that is about to be asked. Raises Stale, or Refused with every reason of every
    sheet, which `named` calls by its name.
    """
    if not chosen:
        raise Refused("请先勾选要办理的")
    seen = [chosen[key] for key in sorted(chosen)]
    content = [code, note, [[sheet.reference, version] for sheet, version in seen]]
    with acting(actor, f"{seen[0][0].machine.name}.{code}", token=token, content=content) as act:
        asked = Decision()
        for sheet, version in seen:
            current = locked(sheet, version, act)
            if before is not None:
                before(current, code, act)
            mine = decide(current, code, actor, note)
            asked &= Decision(tuple(f"{named(current)}：{reason}" for reason in mine.reasons))
            if asked:
                step(current, code, act, note)
                if effect is not None:
                    effect(current, code, act)
        asked.demand()
        act.answer = {"count": len(chosen)}
    return len(chosen)


def step(sheet: Any, code: str, act: Act, note: str = "") -> None:
    """Write one decided step of a locked sheet inside an act: the state, the version and the transition."""
    legal = sheet.machine.move(code, sheet.state)
    if legal is None:
        raise Refused(f"当前状态“{sheet.state.label}”不能办理这一步")
    before = sheet.state
    sheet.state = legal.target
    sheet.version += 1
    sheet.save(update_fields=["state", "version"])
    Transition.objects.create(**_transition(sheet, legal, before.value, act, note))
    act.trace(sheet.reference, {"state": before.value}, {"state": legal.target.value, "note": note})


def recorded(sheets: Iterable[Any], act: Act) -> None:
    """补录: the `record` transitions of many freshly imported sheets, already stored in their final state."""
    rows = []
    for sheet in sheets:
        legal = sheet.machine.move("record", sheet.machine.initial)
        rows.append(Transition(**_transition(sheet, legal, sheet.machine.initial.value, act, "")))
    bulk.insert(Transition, rows)


def _transition(sheet: Any, legal: Move, before: str, act: Act, note: str) -> dict[str, Any]:
    return {
        "region": sheet.region,
        "sheet_type": sheet.sheet_type,
        "sheet_id": sheet.pk,
        "move": legal.code,
        "source": before,
        "target": legal.target.value,
        "user_id": act.actor.user_id,
        "actor": act.actor.name,
        "role": act.actor.role.value,
        "note": note,
        "at": act.at,
    }


def _stale(sheet: Any, act: Act) -> Stale:
    saved = AuditEntry.objects.filter(region=sheet.region, object=sheet.reference).order_by("seq").last()
    last = saved or timeline(sheet).last()
    stands = f"{sheet.state.label}（第 {sheet.version} 次保存）"
    return Stale(last.actor, last.at, stands) if last else Stale("他人", act.at, stands)
