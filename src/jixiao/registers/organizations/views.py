"""预算单位: the units of a year as a list and as the tree of their superiors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpResponse

from jixiao.domain.vocabulary import UnitKind
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of

from .marks import ORIGIN, origin_mark
from .models import UnitYear

ORDERS = (Order("path", "层级", "path"), Order("code", "编码", "code"), Order("name", "单位名称", "name"))
COLUMNS = (
    Shown("code", "单位编码", order="code"),
    Shown("name", "单位名称", order="name"),
    Shown("parent", "上级单位", order="path"),
    Shown("level", "级次", "integer"),
    Shown("kind", "单位类型"),
    Shown("division_name", "归口股室"),
    ORIGIN,
)
FILTERS = ("q", "kind", "level")


@dataclass(slots=True)
class Node:
    """A unit with the units below it."""

    unit: UnitYear
    below: list[Node] = field(default_factory=list)


def units(request: SignedIn) -> HttpResponse:
    """The year's units that the actor may see; with `view=tree` nested under their superiors."""
    rows = UnitYear.objects.visible_to(request.actor).filter(year=request.shell.year)
    context = {
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
        "kinds": UnitKind.choices(),
        "first_level": rows.first_level().count(),
    }
    if asking.text(request.GET, "view") == "tree":
        found = list(rows.order_by("path"))
        return render(request, "organizations/tree.html", context | {"tree": tree(found), "count": len(found)})
    rows = asking.narrowed(rows, request.GET, ("kind",), ("name", "code"))
    if level := asking.number(request.GET, "level", 0):
        rows = rows.filter(level=level)
    listed = page_of(rows.select_related("parent", "division"), request.GET, ORDERS)
    for unit in listed.rows:
        unit.origin_mark = origin_mark(unit.origin)
        unit.division_name = unit.division.name if unit.division else ""
    return render(request, "organizations/list.html", context | {"list": listed, "columns": COLUMNS})


def tree(units: Iterable[UnitYear]) -> list[Node]:
    """Units in the order of their paths, nested. One whose superior is not among them stands on top."""
    nodes = {unit.pk: Node(unit) for unit in units}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id or 0)
        (above.below if above else roots).append(node)
    return roots
