"""线上自评: the office opens a year, units fill, and everybody sees who has not begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import ExemptForm, OpenForm
from ..models import Exemption
from ..reports.coverage import COLUMNS, MISSING_COLUMNS, OFFICE_COLUMNS, coverage_rows, in_scope, missing_rows
from ..rules import ScopeRules

SHOWN = 200


def coverage(request: SignedIn) -> HttpResponse:
    """应评、已评、免评 by unit for the subjects of a year, and who has not begun."""
    work_year = request.shell.year
    object_year = number(request.GET, "object_year", work_year)
    policy = for_region(request.actor.region, work_year)
    rules = policy.section(ScopeRules)
    found = in_scope(request.actor.region, object_year, work_year, rules).visible_to(request.actor)
    subjects = list(found.order_by("unit_path", "code"))
    missing = missing_rows(subjects)
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    context: dict[str, Any] = {
        "work_year": work_year,
        "object_year": object_year,
        "years": [(str(year), f"{year} 年") for year in range(work_year - 2, work_year + 1)],
        "rows": coverage_rows(subjects),
        "columns": COLUMNS,
        "due": len(subjects),
        "missing": missing[:SHOWN],
        "missing_count": len(missing),
        "ready": sum(row["reason"] == "可以布置" for row in missing),
        "missing_columns": OFFICE_COLUMNS if office else MISSING_COLUMNS,
        "exemptions": Exemption.objects.visible_to(request.actor).filter(year=work_year).select_related("subject_year"),
        "rules": rules,
        "source": policy.provenance(ScopeRules.section, "least").source,
        "office": office,
        "token": token(),
    }
    return render(request, "self_evaluation/coverage.html", context)


@require_POST
def open_sheets(request: SignedIn) -> HttpResponse:
    """布置自评: a blank sheet for everybody who has to evaluate and has none."""
    form = OpenForm(request.POST)
    back = reverse("self-evaluation-coverage")
    try:
        if not form.is_valid():
            raise Refused("请选择评价哪一年")
        object_year = form.cleaned_data["object_year"]
        back = f"{back}?object_year={object_year}"
        count = actions.open_sheets(request.actor, request.shell.year, object_year, token=request.POST.get("token", ""))
        messages.success(request, f"已布置 {count} 份自评，列在单位的待办里")
    except Repeated:
        messages.info(request, "已经布置，没有重复布置")
    except (Refused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)


def exempt(request: SignedIn, pk: int) -> HttpResponse:
    """免评 of one subject, with its reason."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    form = ExemptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said = {"reason": form.cleaned_data["reason"], "token": request.POST.get("token", "")}
            actions.exempt(request.actor, subject, request.shell.year, **said)
            messages.success(request, f"“{subject.name}”免评")
            return htmx.redirect(request, f"{reverse('self-evaluation-coverage')}?object_year={subject.year}")
        except Repeated:
            return htmx.redirect(request, reverse("self-evaluation-coverage"))
        except (Refused, TokenReused) as refused:
            form.add_error(None, str(refused))
    granted = Exemption.objects.filter(subject_year=subject, year=request.shell.year).first()
    context = {"subject": subject, "form": form, "granted": granted, "token": token(), "asked": text(request.GET, "q")}
    return render(request, "self_evaluation/exempt.html", context, status=422 if form.errors else 200)
