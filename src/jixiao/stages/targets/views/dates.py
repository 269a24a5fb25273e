"""批复与公开: what lags behind 申报、审核、批复、公开, and one approval for a whole department."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from jixiao.kit.web import asking, papers
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear

from .. import documents
from ..reports.dates import approved_below, departments, lags
from ..rules import TargetDateRules

SHOWN = 200


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
