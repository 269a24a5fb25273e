"""整改 pages: what was found, what is asked, and whether it was put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of

from .models import Rectification
from .reports import COLUMNS, ORDERS, lateness, rows_of
from .workflow import State

WITHIN = ("number", "category", "evaluation__number", "subject_year__name", "subject_year__unit_name")


def rectifications(request: SignedIn) -> HttpResponse:
    """The rectifications of the work year, with how many are done and how many late."""
    today = timezone.localdate()
    mine = Rectification.objects.visible_to(request.actor).filter(year=request.shell.year)
    late = Q(done_on=None, due_on__lt=today)
    counts = mine.aggregate(
        all=Count("pk"), closed=Count("pk", filter=Q(state=State.CLOSED)), late=Count("pk", filter=late)
    )
    rows = narrowed(mine, request.GET, exact=("state",), within=WITHIN)
    if text(request.GET, "late"):
        rows = rows.filter(late)
    listed = page_of(rows.select_related("subject_year"), request.GET, ORDERS)
    context = {
        "counts": counts,
        "listed": listed,
        "rows": rows_of(listed.rows, request.actor, today),
        "columns": COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "state", "late")},
        "states": State.choices(),
        "year": request.shell.year,
    }
    return render(request, "rectification/list.html", context)


def rectification(request: SignedIn, pk: int) -> HttpResponse:
    """One item of 整改."""
    found: Any = find(Rectification.objects.select_related("subject_year", "evaluation"), request, pk)
    context = {
        "late": lateness(found, timezone.localdate()),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "rectification/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a rectification."""
    return take_move(request, Rectification.objects, pk, reverse("rectification", args=[pk]))
