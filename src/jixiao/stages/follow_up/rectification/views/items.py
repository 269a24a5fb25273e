"""整改 pages: the items of the year, how many are done and how many late."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of

from ..models import Rectification
from ..reports import COLUMNS, ORDERS, rows_of
from ..workflow import State

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
