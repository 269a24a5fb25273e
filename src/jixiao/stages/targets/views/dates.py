"""批复与公开: what lags behind 申报、审核、批复、公开, and one approval for a whole department."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, F
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Role
from jixiao.kit.web import asking, papers
from jixiao.kit.web.acts import SignedIn, find, pressed, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear

from .. import actions, documents
from ..models import DepartmentApproval
from ..reports.dates import (
    APPROVAL_COLUMNS,
    APPROVAL_ORDERS,
    approval_rows,
    approved_below,
    departments,
    lags,
    waiting_below,
)
from ..rules import TargetDateRules

SHOWN = 200
YEAR = 100_000
"""More numbers than a region gives in a year, so that a year and its number order as one."""


def dates(request: SignedIn) -> HttpResponse:
    """Sheets of an object year that wait too long for their next step, and departments with approved sheets."""
    year = asking.number(request.GET, "year", 0) or request.shell.year
    policy = for_region(request.actor.region, year)
    found = lags(request.actor, year, timezone.localdate())
    context = {
        "year": year,
        "years": [(known, f"{known} 年") for known in range(request.shell.year + 1, request.shell.year - 3, -1)],
        "lags": found[:SHOWN],
        "count": len(found),
        "departments": departments(request.actor, year),
        "numbers": request.actor.role is Role.PERFORMANCE_OFFICE,
        "token": token(),
        "rules": policy.section(TargetDateRules),
        "citation": policy.provenance(TargetDateRules.section, "disclose_days").source,
    }
    return render(request, "targets/dates.html", context)


def department_approval(request: SignedIn, pk: int) -> HttpResponseBase:
    """One approval in Word for all approved sheets of a department and of the units below it."""
    place: UnitYear = find(UnitYear.objects.filter(level=1), request, pk)
    versions = approved_below(request.actor, place)
    back = f"{reverse('target-dates')}?year={place.year}"
    if not versions:
        messages.error(request, "还没有批复的绩效目标，批复后才有批复文")
        return redirect(back)
    return papers.download(request, documents.department_approval(place, versions), "docx", back)


@require_POST
def number_department(request: SignedIn, pk: int) -> HttpResponse:
    """Give the department's 批复文 its number: it names everything approved that no other one does."""
    place: UnitYear = find(UnitYear.objects.filter(level=1).select_related("division"), request, pk)

    def act(spent: str) -> str:
        waiting = waiting_below(request.actor, place)
        made = actions.number_department(place, request.actor, waiting, today=timezone.localdate(), token=spent)
        return f"{place.name}的批复文编为 {made.doc_no}"

    return pressed(request, act, f"{reverse('target-dates')}?year={place.year}")


@require_safe
def approvals(request: SignedIn) -> HttpResponse:
    """批复登记簿: every numbered 批复文 of an object year, or of all."""
    year = asking.number(request.GET, "year", 0)
    rows = DepartmentApproval.objects.visible_to(request.actor)
    rows = asking.narrowed(rows.filter(year=year) if year else rows, request.GET, (), ("doc_no", "unit_name"))
    numbered = rows.annotate(count=Count("versions"), order=F("numbered_in") * YEAR + F("no"))
    listed = page_of(numbered, request.GET, APPROVAL_ORDERS)
    context = {
        "listed": listed,
        "rows": approval_rows(listed.rows),
        "columns": APPROVAL_COLUMNS,
        "years": [(known, f"{known} 年") for known in range(request.shell.year + 1, request.shell.year - 3, -1)],
        "asked": {"year": year or "", "q": asking.text(request.GET, "q")},
    }
    return render(request, "targets/approvals.html", context)


@require_safe
def numbered_approval(request: SignedIn, pk: int) -> HttpResponseBase:
    """A numbered 批复文 in Word, with the sheets that it named then."""
    found: DepartmentApproval = find(DepartmentApproval.objects, request, pk)
    place = UnitYear.objects.get(unit=found.unit_id, year=found.year)
    rows = found.versions.select_related("sheet__subject_year", "adjusts")
    versions = list(rows.order_by("sheet__subject_year__code", "pk"))
    paper = documents.department_approval(place, versions, found)
    return papers.download(request, paper, "docx", reverse("target-approvals"))
