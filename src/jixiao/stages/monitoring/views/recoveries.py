"""运行监控 pages: money taken back."""

from __future__ import annotations

from django.db.models import Sum
from django.http import HttpResponse

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of

from ..models import Recovery
from ..reports.rounds import RECOVERY_COLUMNS, recovery_rows


def recoveries(request: SignedIn) -> HttpResponse:
    """Money taken back in the year."""
    rows = Recovery.objects.visible_to(request.actor).filter(year=request.shell.year)
    listed = page_of(rows.select_related("subject_year"), request.GET, (Order("on", "日期", "on"),))
    context = {
        "listed": listed,
        "rows": recovery_rows(listed.rows),
        "columns": RECOVERY_COLUMNS,
        "sum": rows.aggregate(sum=Sum("fen"))["sum"] or 0,
        "year": request.shell.year,
    }
    return render(request, "monitoring/recoveries.html", context)
