"""信息公开: what was published, where and when."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of

from .models import Disclosure, Material
from .reports import COLUMNS, ORDERS, rows_of
from .workflow import State


def disclosures(request: SignedIn) -> HttpResponse:
    """The materials published in the work year."""
    mine = Disclosure.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = narrowed(mine, request.GET, exact=("material", "state"), within=("evaluation_number", "channel"))
    about = ("subject_year", "evaluation__subject_year")
    listed = page_of(rows.select_related(*about), request.GET, ORDERS)
    counted = mine.filter(state=State.PUBLISHED).order_by().values("material").annotate(n=Count("pk"))
    context = {
        "counts": sorted(((Material(found["material"]), found["n"]) for found in counted), key=lambda pair: -pair[1]),
        "listed": listed,
        "rows": rows_of(listed.rows, request.actor),
        "columns": COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "material", "state")},
        "materials": Material.choices(),
        "states": State.choices(),
        "year": request.shell.year,
    }
    return render(request, "disclosure/list.html", context)
