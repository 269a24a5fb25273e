"""批量办理: the sheets of a round that wait for me, and one step for those I tick."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.filing import FINANCE
from jixiao.domain.workflow import Move
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import keys, number, paragraph, text
from jixiao.kit.web.pages import render

from .. import handling
from ..models import ReadingSheet, Round
from ..reports.judging import Alarms, Pace, judged
from ..reports.live import WITH_LINES
from ..reports.rounds import sheet_rows
from ..workflow import MACHINE, State

SHOWN = 300


def batch(request: SignedIn, pk: int) -> HttpResponse:
    """Tick the sheets that wait for me and take one step with all of them; one that cannot go stops them all."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    mine = ReadingSheet.objects.visible_to(request.actor).filter(round=held)
    moves = [move for state in State for move in MACHINE.offered(state, request.actor)]
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        refused = _take(request, mine)
        if not refused:
            return htmx.redirect(request, reverse("round-batch", args=[pk]))
    waiting = list(_waiting(request, mine, moves)[:SHOWN])
    shown = sheet_rows(waiting, Pace.of(held), Alarms.of(held), request.actor)
    usual = Counter(move.code for sheet in waiting for move in moves if sheet.state in move.sources)
    offered = [move for move in {move.code: move for move in moves}.values() if usual[move.code]]
    context: dict[str, Any] = {
        "round": held,
        # The step that fits most of them comes first, a return last.
        "moves": sorted(offered, key=lambda move: (move.note_required, -usual[move.code])),
        "waiting": list(zip(waiting, shown, strict=True)),
        "shown": SHOWN,
        "finance": request.actor.role in FINANCE,
        "refused": refused,
        "chosen": set(keys(request.POST, "sheet")),
        "asked": {name: text(request.POST, name) for name in ("move", "note", "advice")},
        "token": token(),
    }
    return render(request, "monitoring/batch.html", context, status=422 if refused else 200)


def _waiting(request: SignedIn, mine: Any, moves: list[Move]) -> Any:
    """The sheets at my desk; what a unit below has yet to fill is not at its department's."""
    actor, sources = request.actor, {state for move in moves for state in move.sources}
    rows = judged(mine.filter(state__in=sources)).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    if actor.role is Role.DEPARTMENT:
        rows = rows.exclude(~Q(subject_year__unit_path=actor.unit_path), state=State.DRAFT)
    return rows.order_by("subject_year__unit_path", "subject_year__code", "pk")


def _take(request: SignedIn, mine: Any) -> tuple[str, ...]:
    """Take the step with what was ticked; why not, if it was refused."""
    asked = keys(request.POST, "sheet")
    chosen = {sheet.pk: (sheet, number(request.POST, f"version-{sheet.pk}", 0)) for sheet in mine.filter(pk__in=asked)}
    try:
        count = moving.move_many(
            chosen,
            text(request.POST, "move"),
            request.actor,
            lambda sheet: sheet.subject_year.name,
            token=request.POST.get("token", ""),
            note=paragraph(request.POST, "note"),
            before=handling.advising(paragraph(request.POST, "advice", 1000)),
            effect=handling.after_sheet_step,
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
