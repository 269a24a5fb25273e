"""四同步: which sheets of a year lag behind, and how many approved ones each department has."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.kit.fields import subtree
from jixiao.kit.models import Transition
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear

from ..models import TargetVersion
from ..rules import TargetDateRules, TargetDates, lagging
from ..workflow import State

APPROVAL_ORDERS = (Order("no", "文号", "order"), Order("unit", "部门", "unit_path"))
APPROVAL_COLUMNS = (
    Shown("doc_no", "文号", link="url", order="no"),
    Shown("unit_name", "部门", order="unit"),
    Shown("year", "对象年度"),
    Shown("count", "绩效目标（份）", "integer"),
    Shown("on", "批复日期", "date"),
    Shown("actor", "办理人"),
)
SETTLED = (State.DRAFT, State.SUPERSEDED)
STEPS = {"pass": "passed", "approve": "approved"}


@dataclass(frozen=True, slots=True)
class Lag:
    """A sheet of which something should have come by now."""

    version: Any
    dates: TargetDates
    late: str


def lags(actor: Actor, year: int, today: dt.date) -> list[Lag]:
    """What lags among the sheets of an object year, the longest wait first. Two queries. History that was recorded
    afterwards never lags."""
    rules = for_region(actor.region, year).section(TargetDateRules)
    rows = TargetVersion.objects.visible_to(actor).filter(year=year, disclosed_on=None).exclude(state__in=SETTLED)
    versions = {row.pk: row for row in rows.select_related("sheet__subject_year")}
    known: dict[int, dict[str, dt.date]] = {}
    taken = Transition.objects.filter(
        region=actor.region, sheet_type=TargetVersion._meta.label_lower, sheet_id__in=rows.order_by().values("pk")
    )
    for sheet, move, at in taken.order_by("id").values_list("sheet_id", "move", "at"):
        dates, on = known.setdefault(sheet, {}), timezone.localdate(at)
        if move.startswith("submit"):
            dates.clear()
            dates["filed"] = on
        elif move in STEPS:
            dates[STEPS[move]] = on
    found = []
    for pk, dates in known.items():
        if pk in versions:
            stood = TargetDates(**dates, withheld=bool(versions[pk].sheet.subject_year.withheld))
            if late := lagging(stood, today, rules):
                found.append(Lag(versions[pk], stood, late))
    return sorted(found, key=lambda lag: (lag.dates.approved or lag.dates.passed or lag.dates.filed, lag.version.pk))


def approved_below(actor: Actor, place: UnitYear) -> list[TargetVersion]:
    """The approved annual and medium-term sheets of a unit of the first level and of all below it."""
    first, behind = subtree(place.path)
    rows = TargetVersion.objects.visible_to(actor).filter(
        year=place.year,
        state=State.APPROVED,
        sheet__subject_year__unit_path__gte=first,
        sheet__subject_year__unit_path__lt=behind,
    )
    return list(rows.select_related("sheet__subject_year", "adjusts").order_by("sheet__subject_year__code", "pk"))


@dataclass(frozen=True, slots=True)
class Department:
    """A unit of the first level: how many sheets of its own and below are approved, and in no numbered 批复文 yet.

    History that was recorded afterwards waits for no number.
    """

    place: UnitYear
    approved: int
    waiting: int


def departments(actor: Actor, year: int) -> list[Department]:
    """Units of the first level that the actor may see and that have approved sheets."""
    rows = TargetVersion.objects.visible_to(actor).filter(year=year, state=State.APPROVED)
    counted, waiting = _by_department(rows), _by_department(_unnumbered(rows, actor.region))
    places = UnitYear.objects.visible_to(actor).filter(year=year, level=1, path__in=counted).order_by("path")
    return [Department(place, counted[place.path], waiting[place.path]) for place in places]


def waiting_below(actor: Actor, place: UnitYear) -> list[TargetVersion]:
    """Of `approved_below` what was approved in the system and stands in no numbered 批复文 yet."""
    listed = approved_below(actor, place)
    waiting = _unnumbered(TargetVersion.objects.filter(pk__in=[one.pk for one in listed]), place.region)
    known = set(waiting.values_list("pk", flat=True))
    return [one for one in listed if one.pk in known]


def _unnumbered(rows: Any, region: str) -> Any:
    here = Transition.objects.filter(region=region, sheet_type=TargetVersion._meta.label_lower, move="approve")
    return rows.filter(department_approvals=None, pk__in=here.values("sheet_id"))


def _by_department(rows: Any) -> Counter[str]:
    return Counter(f"{path.split('/')[0]}/" for path in rows.values_list("sheet__subject_year__unit_path", flat=True))


def approval_rows(approvals: Iterable[Any]) -> list[dict[str, Any]]:
    """批复登记簿: the numbered 批复文 as the list shows them; `approvals` carry `count`."""
    return [
        {
            "doc_no": one.doc_no,
            "url": reverse("target-approval-docx", args=[one.pk]),
            "unit_name": one.unit_name,
            "year": str(one.year),
            "count": one.count,
            "on": one.on,
            "actor": one.actor,
        }
        for one in approvals
    ]
