"""批量办理: one step for the sheets that somebody ticks, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.domain.workflow import Machine, Move
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale, TokenReused

from .acts import SignedIn
from .asking import keys, number, paragraph, text


def moves_of(machine: Machine, actor: Actor) -> list[Move]:
    """Every move that the actor's role has in some state."""
    return [move for state in machine.states for move in machine.offered(state, actor)]


def usual_first(moves: Iterable[Move], waiting: Iterable[Any]) -> list[Move]:
    """The moves that some waiting sheet is at: what fits most of them first, a return last."""
    listed, sheets = list(moves), list(waiting)
    usual = Counter(move.code for sheet in sheets for move in listed if sheet.state in move.sources)
    offered = [move for move in {move.code: move for move in listed}.values() if usual[move.code]]
    return sorted(offered, key=lambda move: (move.note_required, -usual[move.code]))


def asked(request: SignedIn, *more: str) -> dict[str, Any]:
    """What was ticked and typed, to be shown again."""
    return {
        "chosen": set(keys(request.POST, "sheet")),
        "asked": {name: text(request.POST, name) for name in ("move", "note", *more)},
    }


def take(
    request: SignedIn,
    rows: Any,
    named: Callable[[Any], str],
    *,
    before: moving.Effect | None = None,
    effect: moving.Effect | None = None,
) -> tuple[str, ...]:
    """Take the posted step with the ticked sheets among `rows`; why not, if it was refused."""
    ticked = rows.filter(pk__in=keys(request.POST, "sheet"))
    try:
        count = moving.move_many(
            {sheet.pk: (sheet, number(request.POST, f"version-{sheet.pk}", 0)) for sheet in ticked},
            text(request.POST, "move"),
            request.actor,
            named,
            token=request.POST.get("token", ""),
            note=paragraph(request.POST, "note"),
            before=before,
            effect=effect,
        )
        messages.success(request, f"办理了 {count} 份")
    except Repeated as repeated:
        messages.info(request, f"已经办理过 {repeated.answer['count']} 份，没有重复办理")
    except Stale as stale:
        return (f"{stale.who}已先一步办理其中一份（现为{stale.stands}），一份也没有办理，请重新勾选",)
    except Refused as no:
        return no.reasons
    except TokenReused as reused:
        return (str(reused),)
    return ()
