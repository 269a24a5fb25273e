"""A sheet's steps as its page tells them: who did what, when, and what he said; and its state as a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jixiao.domain.actors import Actor, Role
from jixiao.kit.models import Transition
from jixiao.kit.moving import Sheet, timeline

from .listing import Mark


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the timeline; `act` is the move's label."""

    at: datetime
    actor: str
    act: str
    note: str
    tone: str


def steps_of(sheet: Sheet) -> list[Step]:
    """The steps of one sheet, newest first."""
    return [step_of(sheet, row) for row in timeline(sheet).order_by("-id")]


def step_of(sheet: Sheet, row: Transition) -> Step:
    """One step of this sheet; a return stands out, and a note that only repeats the move is not told twice."""
    label = next((move.label for move in sheet.machine.moves if move.code == row.move), None)
    return Step(
        at=row.at,
        actor=row.actor,
        act=label or row.move,
        note="" if row.note == label else row.note,
        tone="warn" if row.move == "return" else "mute",
    )


def state_mark(sheet: Sheet, actor: Actor) -> Mark:
    """The sheet's state: it stands out where the actor's role has a move, and is calm at the end of its life."""
    state = sheet.state  # type: ignore[attr-defined]
    if state in sheet.machine.awaiting(actor.role):
        return Mark(state.label, "warn")
    by_people = [move for move in sheet.machine.moves if Role.SYSTEM not in move.roles]
    return Mark(state.label, "mute" if any(state in move.sources for move in by_people) else "ok")
