"""指标库: indicators by class, with what they were targeted and reached."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, Page, page_of

from .models import Entry, Observation
from .ranges import span

ORDERS = (Order("name", "指标", "name"), Order("level2", "二级指标", "level2"))
COLUMNS = (
    Shown("name", "三级指标", order="name"),
    Shown("level1", "一级指标"),
    Shown("level2", "二级指标", order="level2"),
    Shown("unit", "计量单位"),
    Shown("observed", "观测数", "integer"),
    Shown("years", "年度"),
    Shown("targets", "指标值范围"),
    Shown("actuals", "完成值范围"),
)
FILTERS = ("q", "level1", "level2")


def entries(request: SignedIn) -> HttpResponse:
    """The region's library; uses and ranges are counted over the subjects that the actor may see."""
    rows = Entry.objects.visible_to(request.actor)
    rows = asking.narrowed(rows, request.GET, ("level1", "level2"), ("name", "level2"))
    listed = page_of(rows, request.GET, ORDERS)
    _observe(listed, request)
    context = {
        "list": listed,
        "columns": COLUMNS,
        "classes": IndicatorLevel1.choices(),
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
    }
    return render(request, "indicators/list.html", context)


def _observe(listed: Page, request: SignedIn) -> None:
    """Adds to the shown entries what was observed, with one query."""
    seen: dict[int, list[tuple[int, str, str]]] = {}
    found = Observation.objects.visible_to(request.actor).filter(entry__in=[entry.pk for entry in listed.rows])
    for entry, year, target, actual in found.values_list("entry", "year", "target", "actual").order_by("year", "id"):
        seen.setdefault(entry, []).append((year, target, actual))
    for entry in listed.rows:
        observed = seen.get(entry.pk, [])
        years = sorted({year for year, _, _ in observed})
        entry.observed = len(observed)
        entry.years = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(*years)
        entry.targets = span(target for _, target, _ in observed)
        entry.actuals = span(actual for _, _, actual in observed)
