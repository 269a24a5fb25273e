"""部门整体试点: who takes part since when, how far each has come, and how the circle widens year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Role
from jixiao.domain.quantities import share
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.organizations.models import UnitYear

from .. import actions
from ..forms.pilots import PilotForm
from ..models import Pilot


@dataclass(frozen=True, slots=True)
class Widening:
    """One year of the pilots: how many units began, how many take part by then, and their share of the first level."""

    year: int
    begun: int
    taking_part: int
    finished: int
    units: int
    rate: Decimal | None


def pilots(request: SignedIn) -> HttpResponse:
    """Every pilot that began by the working year, and the office's form for a further one."""
    year = request.shell.year
    if request.method != "POST":
        return _page(request, PilotForm(_places(request)), None)
    # A unit that somebody registered in the meantime is no mistake of the form: it comes back beside what stands.
    every = UnitYear.objects.filter(region=request.actor.region, year=year, level=1).select_related("division")
    chosen = asking.number(request.POST, "unit", 0)
    stands = Pilot.objects.visible_to(request.actor).filter(year=year, unit=chosen).first()
    return _saved(request, PilotForm(every.order_by("path"), None, request.POST), None, year, stands)


def pilot(request: SignedIn, pk: int) -> HttpResponse:
    """One pilot's dates. Unit and year stay."""
    found: Pilot = find(Pilot.objects, request, pk)
    own = UnitYear.objects.filter(region=found.region, unit=found.unit_id).order_by("-year")[:1]
    form = PilotForm(own, found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _saved(request, form, found, found.year, found)
    return _page(request, form, found)


def _saved(request: SignedIn, form: PilotForm, found: Pilot | None, year: int, stands: Pilot | None) -> HttpResponse:
    def save(version: int, token: str) -> None:
        today = timezone.localdate()
        actions.keep_pilot(form.place(), year, form.steps(), request.actor, version=version, today=today, token=token)

    def again(status: int) -> HttpResponse:
        return _page(request, form, found, status)

    stored = PilotForm(form.known.values(), stands)
    return saved(request, form, save, again, reverse("target-pilots"), "已登记", stored)


def _places(request: SignedIn) -> Sequence[UnitYear]:
    """Units of the first level that are no pilots of the year yet."""
    rows = UnitYear.objects.filter(region=request.actor.region, year=request.shell.year, level=1)
    taken = Pilot.objects.filter(region=request.actor.region, year=request.shell.year).values("unit")
    return list(rows.exclude(unit__in=taken).select_related("division").order_by("path"))


def _page(request: SignedIn, form: PilotForm, found: Pilot | None, status: int = 200) -> HttpResponse:
    year = request.shell.year
    rows = list(Pilot.objects.visible_to(request.actor).filter(year__lte=year).order_by("-year", "unit_path"))
    context = {
        "pilots": rows,
        "widening": widening(rows, UnitYear.objects.filter(region=request.actor.region, year=year, level=1).count()),
        "filling": form if request.actor.role is Role.PERFORMANCE_OFFICE else None,
        "found": found,
        "typed_version": version_of(request) if request.method == "POST" else found.version if found else 0,
        "token": token(),
    }
    return render(request, "targets/pilots.html", context, status=status)


def widening(pilots: Sequence[Pilot], units: int) -> list[Widening]:
    """Year by year, the oldest first; a unit counts once, in the year in which it began."""
    first: dict[int, int] = {}
    done: dict[int, int] = {}
    for one in sorted(pilots, key=lambda pilot: pilot.year):
        first.setdefault(one.unit_id, one.year)
        if one.self_evaluated_on:
            done.setdefault(one.unit_id, one.year)
    found = []
    for year in sorted(set(first.values())):
        taking_part = sum(began <= year for began in first.values())
        finished = sum(ended <= year for ended in done.values())
        begun = sum(began == year for began in first.values())
        found.append(Widening(year, begun, taking_part, finished, units, share(taking_part, units)))
    return found
