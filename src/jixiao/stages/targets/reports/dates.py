"""四同步: which sheets of a year lag behind, and how many approved ones each department has."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.kit.models import Transition
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear

from ..models import TargetVersion
from ..rules import TargetDateRules, TargetDates, lagging
from ..workflow import State

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
    rows = TargetVersion.objects.visible_to(actor).filter(
        year=place.year,
        state=State.APPROVED,
        sheet__subject_year__unit_path__gte=place.path,
        sheet__subject_year__unit_path__lt=f"{place.path[:-1]}0",
    )
    return list(rows.select_related("sheet__subject_year", "adjusts").order_by("sheet__subject_year__code", "pk"))


def departments(actor: Actor, year: int) -> list[tuple[UnitYear, int]]:
    """Units of the first level that the actor may see, with the number of approved sheets of theirs and below."""
    rows = TargetVersion.objects.visible_to(actor).filter(year=year, state=State.APPROVED)
    counted = Counter(
        f"{path.split('/')[0]}/" for path in rows.values_list("sheet__subject_year__unit_path", flat=True)
    )
    places = UnitYear.objects.visible_to(actor).filter(year=year, level=1, path__in=counted).order_by("path")
    return [(place, counted[place.path]) for place in places]
