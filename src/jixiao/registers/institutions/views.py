"""第三方机构: who may evaluate for the region in the year."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.registers.organizations.marks import ORIGIN, origin_mark

from .models import Agency, Selection

ORDERS = (Order("name", "机构名称", "name"),)
COLUMNS = (
    Shown("name", "机构名称", order="name"),
    Shown("credit_code", "统一社会信用代码"),
    Shown("lead_appraiser", "主评人"),
    Shown("selection", "选取方式"),
    ORIGIN,
)


def agencies(request: SignedIn) -> HttpResponse:
    """The institutions registered for the year."""
    rows = Agency.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = asking.narrowed(rows, request.GET, ("selection",), ("name", "credit_code", "lead_appraiser"))
    listed = page_of(rows, request.GET, ORDERS)
    for agency in listed.rows:
        agency.origin_mark = origin_mark(agency.origin)
    context = {
        "list": listed,
        "columns": COLUMNS,
        "selections": Selection.choices(),
        "asked": {name: asking.text(request.GET, name) for name in ("q", "selection")},
    }
    return render(request, "institutions/list.html", context)
