"""运行监控 pages: money taken back, and the stops that are in force."""

from __future__ import annotations

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.kit.web.acts import SignedIn, find, pressed, token
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.registers.subjects.models import Hold

from ..handling import release as release_hold
from ..models import Recovery
from ..reports.rounds import RECOVERY_COLUMNS, recovery_rows


def recoveries(request: SignedIn) -> HttpResponse:
    """Money taken back in the year, by field and in all years, and the stops in force with their way out."""
    year = request.shell.year
    mine = Recovery.objects.visible_to(request.actor)
    rows = mine.filter(year=year)
    listed = page_of(rows.select_related("subject_year"), request.GET, (Order("on", "日期", "on"),))
    holds = Hold.objects.visible_to(request.actor).filter(released_on=None, subject_year__year=year)
    context = {
        "listed": listed,
        "rows": recovery_rows(listed.rows),
        "columns": RECOVERY_COLUMNS,
        "sum": rows.aggregate(sum=Sum("fen"))["sum"] or 0,
        "years": mine.order_by("year").values_list("year").annotate(sum=Sum("fen")),
        "fields": rows.order_by("subject_year__field").values_list("subject_year__field").annotate(sum=Sum("fen")),
        "holds": holds.select_related("subject_year").order_by("since", "pk"),
        "releases": request.actor.role is Role.PERFORMANCE_OFFICE,
        "token": token(),
        "year": year,
    }
    return render(request, "monitoring/recoveries.html", context)


@require_POST
def release(request: SignedIn, pk: int) -> HttpResponse:
    """解除: a stop ends, with reason and document."""
    hold: Hold = find(Hold.objects, request, pk)

    def act(spent: str) -> str:
        said = {name: text(request.POST, name) for name in ("reason", "doc_no")}
        release_hold(hold, request.actor, **said, token=spent)
        return f"已解除{hold.kind.label}"

    return pressed(request, act, reverse("recoveries"))
