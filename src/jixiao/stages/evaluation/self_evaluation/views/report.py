"""自评报告: as a page, and as Word."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from jixiao.domain.actors import Role
from jixiao.kit.paper import Paper
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download
from jixiao.registers.organizations.models import Region, UnitYear

from .. import documents
from ..models import SelfEvaluation
from ..workflow import State


@require_safe
def report(request: SignedIn) -> HttpResponse:
    """What a unit and those below it evaluated, in words and tables; the same as its Word file."""
    units, unit, object_year = _asked(request)
    work_year = request.shell.year
    asked = {"object_year": object_year} | ({"unit": unit.path} if unit else {})
    context = {
        "paper": _paper(request, unit, object_year),
        "units": [(one.path, one.name) for one in units],
        "unit": unit.path if unit else "",
        "everything": _whole(request),
        "years": [(str(year), f"{year} 年") for year in range(work_year - 2, work_year + 1)],
        "object_year": object_year,
        "asked": urlencode(asked),
    }
    return render(request, "self_evaluation/report.html", context)


@require_safe
def report_docx(request: SignedIn) -> HttpResponseBase:
    """The report as a Word file."""
    _, unit, object_year = _asked(request)
    back = reverse("self-evaluations-report")
    return download(request, _paper(request, unit, object_year), "docx", back)


def _whole(request: SignedIn) -> bool:
    """May the reader see more than one unit's tree? Then a report without a unit is of all he sees."""
    return request.actor.role not in (Role.UNIT, Role.DEPARTMENT)


def _usual_year(request: SignedIn) -> int:
    """The latest year whose sheets were filed in the work year; without any the work year itself."""
    work_year: int = request.shell.year
    filed = SelfEvaluation.objects.visible_to(request.actor).filter(year=work_year).exclude(state=State.DRAFT)
    found: int | None = filed.aggregate(last=Max("subject_year__year"))["last"]
    return found or work_year


def _asked(request: SignedIn) -> tuple[list[UnitYear], UnitYear | None, int]:
    """The units to choose from, the chosen one, and the year that is evaluated; a unit that I do not see is missing."""
    object_year = number(request.GET, "object_year", 0) or _usual_year(request)
    place: dict[str, Any] = {"region": request.actor.region, "year": object_year}
    units = list(UnitYear.objects.visible_to(request.actor).filter(**place).order_by("path"))
    wanted = text(request.GET, "unit")
    if wanted:
        unit = next((one for one in units if one.path == wanted), None)
        if unit is None:
            raise Http404
        return units, unit, object_year
    return units, None if _whole(request) or not units else units[0], object_year


def _paper(request: SignedIn, unit: UnitYear | None, object_year: int) -> Paper:
    region = Region.objects.get(pk=request.actor.region)
    found = documents.material_of(request.actor, request.shell.year, object_year, unit)
    return documents.report(found, region, unit, timezone.localdate())
