"""批量办理: the target sheets that wait for me, and one step for those I tick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.domain.workflow import Move
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.asking import keys, number, paragraph, text
from jixiao.kit.web.pages import render

from .. import actions
from ..models import OpinionKind, TargetVersion
from ..quality import verdicts
from ..workflow import MACHINE

SHOWN = 60


def batch(request: SignedIn) -> HttpResponse:
    """Tick the sheets that wait for me and take one step with all of them; one that cannot go stops them all."""
    mine = TargetVersion.objects.visible_to(request.actor)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            messages.success(request, f"办理了 {_take(request, mine)} 份")
            return htmx.redirect(request, reverse("target-batch"))
        except Repeated as repeated:
            messages.info(request, f"已经办理过 {repeated.answer['count']} 份，没有重复办理")
            return htmx.redirect(request, reverse("target-batch"))
        except Stale as stale:
            refused = (f"{stale.who}已先一步办理其中一份（现为{stale.stands}），一份也没有办理，请重新勾选",)
        except Refused as no:
            refused = no.reasons
        except TokenReused as reused:
            refused = (str(reused),)
    open_opinions = Count("opinions", filter=Q(opinions__answered_at=None) & ~Q(opinions__kind=OpinionKind.AGREE))
    rows = mine.filter(state__in=MACHINE.awaiting(request.actor.role)).select_related("sheet__subject_year", "snapshot")
    rows = rows.annotate(marks=open_opinions).order_by("state", "sheet__subject_year__unit_path", "pk")
    waiting = list(rows.prefetch_related("lines")[:SHOWN])
    context: dict[str, Any] = {
        # The step onward comes first: it is the usual one.
        "moves": sorted(_moves(request.actor, waiting), key=lambda move: move.note_required),
        "waiting": [(one, verdicts(one, sorted(one.lines.all(), key=lambda line: line.position))) for one in waiting],
        "shown": SHOWN,
        "refused": refused,
        "chosen": set(keys(request.POST, "sheet")),
        "asked": {name: text(request.POST, name) for name in ("move", "note")},
        "token": token(),
    }
    return render(request, "targets/batch.html", context, status=422 if refused else 200)


def _moves(actor: Actor, waiting: Iterable[Any]) -> list[Move]:
    """What could be done with these; sheets in one state under the same rules go the same way."""
    alike = {(one.state, one.snapshot_id): one for one in waiting}
    offered = [move for one in alike.values() for move in MACHINE.offered(one.state, actor, one.facts())]
    return list({move.code: move for move in offered}.values())


def _take(request: SignedIn, mine: Any) -> int:
    asked = keys(request.POST, "sheet")
    chosen = {one.pk: (one, number(request.POST, f"version-{one.pk}", 0)) for one in mine.filter(pk__in=asked)}
    return moving.move_many(
        chosen,
        text(request.POST, "move"),
        request.actor,
        lambda one: one.sheet.subject_year.name,
        token=request.POST.get("token", ""),
        note=paragraph(request.POST, "note"),
        effect=actions.after_step,
    )
