"""线上自评: the office opens a year, units fill, and everybody sees who has not begun."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit.web.acts import SignedIn, pressed, token
from jixiao.kit.web.asking import number
from jixiao.kit.web.pages import render
from jixiao.policies import for_region

from .. import actions
from ..forms import OpenForm
from ..models import Exemption, ExemptionRequest
from ..reports.coverage import (
    BEYOND_COLUMNS,
    COLUMNS,
    EXEMPTING_COLUMNS,
    MISSING_COLUMNS,
    beyond_rows,
    coverage_of,
    missing_rows,
)
from ..rules import ScopeRules

SHOWN = 200
FILING = (Role.UNIT, Role.DEPARTMENT)


def coverage(request: SignedIn) -> HttpResponse:
    """应评、已评、免评 by unit for the subjects of a year, and who has not begun."""
    work_year = request.shell.year
    object_year = number(request.GET, "object_year", work_year)
    policy = for_region(request.actor.region, work_year)
    rules = policy.section(ScopeRules)
    found = coverage_of(request.actor, object_year, work_year, rules)
    missing = missing_rows(found.subjects)
    place = {"year": work_year, "subject_year__year": object_year}
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    context: dict[str, Any] = {
        "work_year": work_year,
        "object_year": object_year,
        "years": [(str(year), f"{year} 年") for year in range(work_year - 2, work_year + 1)],
        "found": found,
        "columns": COLUMNS,
        "missing": missing[:SHOWN],
        "missing_count": len(missing),
        "ready": sum(row["reason"] == "可以布置" for row in missing),
        "missing_columns": EXEMPTING_COLUMNS if office or request.actor.role in FILING else MISSING_COLUMNS,
        "exemptions": _by_unit(Exemption.objects.visible_to(request.actor).filter(**place)),
        "asked_for": _by_unit(ExemptionRequest.objects.visible_to(request.actor).filter(**place)),
        "beyond": beyond_rows(found.subjects, policy),
        "beyond_columns": BEYOND_COLUMNS,
        "rules": rules,
        "source": policy.provenance(ScopeRules.section, "least").source,
        "office": office,
        "token": token(),
    }
    return render(request, "self_evaluation/coverage.html", context)


def _by_unit(rows: Any) -> Any:
    return rows.select_related("subject_year").order_by("subject_year__unit_path", "pk")


@require_POST
def open_sheets(request: SignedIn) -> HttpResponse:
    """布置自评: a blank sheet for everybody who has to evaluate and has none."""
    form = OpenForm(request.POST)
    back = reverse("self-evaluation-coverage")
    object_year = form.cleaned_data["object_year"] if form.is_valid() else None

    def act(spent: str) -> str:
        if object_year is None:
            raise Refused("请选择评价哪一年")
        count = actions.open_sheets(request.actor, request.shell.year, object_year, token=spent)
        return f"已布置 {count} 份自评，列在单位的待办里"

    return pressed(request, act, f"{back}?object_year={object_year}" if object_year else back)
