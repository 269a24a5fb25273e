"""绩效目标: the sheets of a working year, what may be opened, 部门整体 with its pilots, and the congress list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.decisions import Refused
from jixiao.domain.filing import files
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import asking, htmx
from jixiao.kit.web.acts import SignedIn, find, pressed, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import COUNTED_UP_TO, page_of
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..models import Horizon, Pilot, TargetVersion
from ..reports.lists import COLUMNS, ORDERS, OVERALL_COLUMNS, complete
from ..workflow import State

SEARCHED = ("sheet__subject_year__name", "sheet__subject_year__code", "sheet__subject_year__unit_name")
FILTERS = ("q", "state", "year")
OVERALL = {"sheet__subject_year__kind": SubjectKind.DEPARTMENT_OVERALL}
SHOWN = 200


def sheets(request: SignedIn) -> HttpResponse:
    """Versions set in the working year, of projects, policies and funds."""
    context = _listed(request, _mine(request).exclude(**OVERALL))
    return render(request, "targets/list.html", context | {"columns": COLUMNS, "role": request.actor.role})


def overall(request: SignedIn) -> HttpResponse:
    """Overall targets set in the working year, and how many units are pilots by then."""
    pilots = Pilot.objects.visible_to(request.actor).filter(year__lte=request.shell.year).values("unit").distinct()
    context = _listed(request, _mine(request).filter(**OVERALL))
    return render(request, "targets/overall.html", context | {"columns": OVERALL_COLUMNS, "pilots": pilots.count()})


def _mine(request: SignedIn) -> QuerySet[Any]:
    """What the actor may see: of the working year in which it was set, or of the object year asked for."""
    rows = TargetVersion.objects.visible_to(request.actor)
    year = asking.number(request.GET, "year", 0)
    return rows.filter(year=year) if year else rows.filter(work_year=request.shell.year)


def _listed(request: SignedIn, rows: QuerySet[Any]) -> dict[str, Any]:
    rows = asking.narrowed(rows, request.GET, ("state",), SEARCHED)
    listed = page_of(rows.select_related("sheet__subject_year"), request.GET, ORDERS)
    complete(listed.rows)
    year = request.shell.year
    return {
        "list": listed,
        "count": f"{listed.count:,}" if listed.count <= COUNTED_UP_TO else f"超过 {COUNTED_UP_TO:,}",
        "states": State.choices(),
        "years": [(known, f"{known} 年") for known in range(year + 1, year - 3, -1)],
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
    }


def opening(request: SignedIn) -> HttpResponse:
    """What has no target sheet yet, this year's and the next; a button opens one from last year's."""
    horizon = Horizon.MEDIUM_TERM if asking.text(request.GET, "horizon") == Horizon.MEDIUM_TERM else Horizon.ANNUAL
    if request.method == "POST":
        return _open(request)
    year = request.shell.year
    rows = SubjectYear.objects.visible_to(request.actor).filter(year__in=(year, year + 1))
    rows = asking.narrowed(rows.exclude(target_sheets__horizon=horizon), request.GET, (), ("name", "code", "unit_name"))
    found = [one for one in rows.order_by("-year", "code", "id")[:SHOWN] if _files(request, one)]
    years = {one.year - 1 for one in found}
    before = TargetVersion.objects.visible_to(request.actor).filter(
        year__in=years,
        state=State.APPROVED,
        sheet__horizon=horizon,
        sheet__subject_year__subject__in=[one.subject_id for one in found],
    )
    last = set(before.values_list("sheet__subject_year__subject", "year"))
    context = {
        "rows": [(one, (one.subject_id, one.year - 1) in last) for one in found],
        "shown": SHOWN,
        "horizon": horizon,
        "horizons": Horizon.choices(),
        "asked": {"q": asking.text(request.GET, "q")},
        "token": token(),
    }
    return render(request, "targets/opening.html", context)


def _files(request: SignedIn, subject: SubjectYear) -> bool:
    return files(request.actor, subject.department_above)


def _open(request: SignedIn) -> HttpResponse:
    subject = find(SubjectYear.objects, request, asking.number(request.POST, "subject", 0))
    horizon = next((one for one in Horizon if one == asking.text(request.POST, "horizon")), Horizon.ANNUAL)
    try:
        proof = f"{asking.text(request.POST, 'token')}-{subject.pk}"
        made = actions.open_sheet(
            subject, request.actor, horizon=horizon, work_year=request.shell.year, token=proof[:64]
        )
        return htmx.redirect(request, reverse("target-sheet", args=[made.pk]))
    except Repeated as repeated:
        return htmx.redirect(request, reverse("target-sheet", args=[repeated.answer["pk"]]))
    except (Refused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, reverse("target-opening"))


def congress(request: SignedIn) -> HttpResponse:
    """报人大: the targets of the year that go to the congress, and for the office what may be selected."""
    year = asking.number(request.GET, "year", 0) or request.shell.year
    rows = TargetVersion.objects.visible_to(request.actor).filter(year=year, state=State.APPROVED)
    if request.method == "POST":
        chosen = list(rows.filter(pk__in=asking.keys(request.POST, "version")))
        selected = asking.text(request.POST, "do") != "drop"

        def act(spent: str) -> str:
            count = actions.select_for_congress(chosen, request.actor, selected=selected, token=spent)
            return f"{'选定' if selected else '移出'} {count} 份"

        return pressed(request, act, f"{reverse('target-congress')}?year={year}")
    rows = rows.select_related("sheet__subject_year").order_by("sheet__subject_year__kind", "sheet__subject_year__code")
    found = asking.narrowed(rows.filter(for_congress=False), request.GET, (), SEARCHED)
    selected_rows = list(rows.filter(for_congress=True))
    context = {
        "year": year,
        "years": [(known, f"{known} 年") for known in range(request.shell.year + 1, request.shell.year - 3, -1)],
        "selected": selected_rows,
        "kinds": [
            (kind.label, sum(one.sheet.subject_year.kind is kind for one in selected_rows)) for kind in SubjectKind
        ],
        "waiting": list(found[:SHOWN]),
        "shown": SHOWN,
        "asked": {"q": asking.text(request.GET, "q")},
        "token": token(),
    }
    return render(request, "targets/congress.html", context)
