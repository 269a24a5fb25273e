"""批量办理: the self-evaluations that wait for me, and one step for those I tick."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.domain.workflow import Move
from jixiao.kit.web import batches, htmx
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.pages import render

from .. import actions
from ..models import SelfEvaluation
from ..reports.sheets import sheet_rows
from ..workflow import MACHINE, State

SHOWN = 300


def batch(request: SignedIn) -> HttpResponse:
    """Tick the sheets that wait for me and take one step with all of them; one that cannot go stops them all."""
    mine = SelfEvaluation.objects.visible_to(request.actor).filter(year=request.shell.year)
    moves = batches.moves_of(MACHINE, request.actor)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        refused = batches.take(request, mine, lambda sheet: sheet.subject_year.name, effect=actions.after_step)
        if not refused:
            return htmx.redirect(request, reverse("self-evaluations-batch"))
    waiting = list(_waiting(request, mine, moves)[:SHOWN])
    context: dict[str, Any] = {
        "moves": batches.usual_first(moves, waiting),
        "waiting": list(zip(waiting, sheet_rows(waiting, request.actor), strict=True)),
        "shown": SHOWN,
        "refused": refused,
        "token": token(),
        **batches.asked(request),
    }
    return render(request, "self_evaluation/batch.html", context, status=422 if refused else 200)


def _waiting(request: SignedIn, mine: Any, moves: list[Move]) -> Any:
    """The sheets at my desk; what a unit below has yet to fill is not at its department's."""
    actor, sources = request.actor, {state for move in moves for state in move.sources}
    rows = mine.filter(state__in=sources).select_related("subject_year")
    if actor.role is Role.DEPARTMENT:
        rows = rows.exclude(~Q(subject_year__unit_path=actor.unit_path), state=State.DRAFT)
    return rows.order_by("subject_year__unit_path", "subject_year__code", "pk")
