"""批量办理: the sheets of a round that wait for me, and one step for those I tick."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.decisions import Refused
from jixiao.domain.filing import FINANCE
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
        try:
            count = _take(request, mine)
            messages.success(request, f"办理了 {count} 份")
            return htmx.redirect(request, reverse("round-batch", args=[pk]))
        except Repeated as repeated:
            messages.info(request, f"已经办理过 {repeated.answer['count']} 份，没有重复办理")
            return htmx.redirect(request, reverse("round-batch", args=[pk]))
        except Stale as stale:
            refused = (f"{stale.who}已先一步办理其中一份（现为{stale.stands}），一份也没有办理，请重新勾选",)
        except Refused as no:
            refused = no.reasons
        except TokenReused as reused:
            refused = (str(reused),)
    sources = {state for move in moves for state in move.sources}
    rows = judged(mine.filter(state__in=sources)).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    waiting = list(rows.order_by("subject_year__unit_path", "subject_year__code", "pk")[:SHOWN])
    shown = sheet_rows(waiting, Pace.of(held), Alarms.of(held), request.actor)
    context: dict[str, Any] = {
        "round": held,
        # The step onward comes first: it is the usual one.
        "moves": sorted({move.code: move for move in moves}.values(), key=lambda move: move.note_required),
        "waiting": list(zip(waiting, shown, strict=True)),
        "shown": SHOWN,
        "finance": request.actor.role in FINANCE,
        "refused": refused,
        "chosen": set(keys(request.POST, "sheet")),
        "asked": {name: text(request.POST, name) for name in ("move", "note", "advice")},
        "token": token(),
    }
    return render(request, "monitoring/batch.html", context, status=422 if refused else 200)


def _take(request: SignedIn, mine: Any) -> int:
    asked = keys(request.POST, "sheet")
    chosen = {sheet.pk: (sheet, number(request.POST, f"version-{sheet.pk}", 0)) for sheet in mine.filter(pk__in=asked)}
    return moving.move_many(
        chosen,
        text(request.POST, "move"),
        request.actor,
        lambda sheet: sheet.subject_year.name,
        token=request.POST.get("token", ""),
        note=paragraph(request.POST, "note"),
        before=handling.advising(paragraph(request.POST, "advice", 1000)),
        effect=handling.after_sheet_step,
    )
