"""A sheet's steps as its page tells them: who did what, when, and what he said; and its state as a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jixiao.domain.actors import Actor, Role
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
    """The steps of one sheet, newest first; a return stands out."""
    labels = {move.code: move.label for move in sheet.machine.moves}
    return [
        Step(
            at=row.at,
            actor=row.actor,
            act=labels.get(row.move, row.move),
            note="" if row.note == labels.get(row.move) else row.note,
            tone="warn" if row.move == "return" else "mute",
        )
        for row in timeline(sheet).order_by("-id")
    ]


def state_mark(sheet: Sheet, actor: Actor) -> Mark:
    """The sheet's state: it stands out where the actor's role has a move, and is calm at the end of its life."""
    state = sheet.state  # type: ignore[attr-defined]
    if state in sheet.machine.awaiting(actor.role):
        return Mark(state.label, "warn")
    by_people = [move for move in sheet.machine.moves if Role.SYSTEM not in move.roles]
    return Mark(state.label, "mute" if any(state in move.sources for move in by_people) else "ok")
