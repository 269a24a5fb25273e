"""批量办理: the sheets of a round that wait for me, and one step for those I tick."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE
from jixiao.domain.workflow import Move
from jixiao.kit.web import batches, htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import paragraph
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
    moves = batches.moves_of(MACHINE, request.actor)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        refused = batches.take(
            request,
            mine,
            lambda sheet: sheet.subject_year.name,
            before=handling.advising(paragraph(request.POST, "advice", 1000)),
            effect=handling.after_sheet_step,
        )
        if not refused:
            return htmx.redirect(request, reverse("round-batch", args=[pk]))
    waiting = list(_waiting(request, mine, moves)[:SHOWN])
    shown = sheet_rows(waiting, Pace.of(held), Alarms.of(held), request.actor)
    context: dict[str, Any] = {
        "round": held,
        "moves": batches.usual_first(moves, waiting),
        "waiting": list(zip(waiting, shown, strict=True)),
        "shown": SHOWN,
        "finance": request.actor.role in FINANCE,
        "refused": refused,
        "token": token(),
        **batches.asked(request, "advice"),
    }
    return render(request, "monitoring/batch.html", context, status=422 if refused else 200)


def _waiting(request: SignedIn, mine: Any, moves: list[Move]) -> Any:
    """The sheets at my desk; what a unit below has yet to fill is not at its department's."""
    actor, sources = request.actor, {state for move in moves for state in move.sources}
    rows = judged(mine.filter(state__in=sources)).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    if actor.role is Role.DEPARTMENT:
        rows = rows.exclude(~Q(subject_year__unit_path=actor.unit_path), state=State.DRAFT)
    return rows.order_by("subject_year__unit_path", "subject_year__code", "pk")
