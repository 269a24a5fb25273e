"""事前评估 pages: opening an assessment for a subject, and registering why one is not made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.kit.web.acts import SignedIn, begun, find, token
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import ExemptForm, OpenForm
from ..frameworks import Framed
from ..models import Assessment, Assessor
from ..reports.gaps import standing_of
from ..rules import JUDGED, ExAnteRules, ProcedureRules


def open_assessment(request: SignedIn, pk: int) -> HttpResponse:
    """开展评估: the framework and the amount; units and departments for their line, the office for finance's."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    form = OpenForm(offered_of(subject), actions.asked_before(subject), request.POST if _posted(request) else None)

    def act(spent: str) -> Assessment:
        said = {**form.cleaned_data, "assessor": Assessor.FINANCE if office else Assessor.DEPARTMENT}
        return actions.open_assessment(subject, request.actor, request.shell.year, **said, token=spent)

    answer = begun(
        request,
        form,
        act,
        lambda key: reverse("ex-ante-sheet", args=[key]),
        lambda opened: f"已建立 {opened.number}，请填写评估对象并附上材料",
    )
    if answer:
        return answer
    context = {"office": office, "judged": subject.kind in JUDGED, "heading": "开展事前绩效评估"}
    return _page(request, subject, form, "ex_ante/open.html", context)


def _posted(request: SignedIn) -> bool:
    return request.method == "POST"


def offered_of(subject: SubjectYear) -> tuple[Framed, ...]:
    """The frameworks that the region's rules have for this kind of object."""
    rules = for_region(subject.region, subject.year).section(ProcedureRules)
    return rules.frameworks.get(subject.kind, ())


def _page(
    request: SignedIn, subject: SubjectYear, form: forms.Form, template: str, context: dict[str, Any]
) -> HttpResponse:
    shown = {"subject": subject, "form_of": form, "gate": standing_of(subject), "token": token(), **context}
    return render(request, template, shown, status=422 if form.errors else 200)


def exempt(request: SignedIn, pk: int) -> HttpResponse:
    """登记例外: nothing is exempt silently."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    categories = for_region(subject.region, subject.year).section(ExAnteRules).exempt_categories
    form = ExemptForm(categories, actions.asked_before(subject), request.POST if _posted(request) else None)
    answer = begun(
        request,
        form,
        lambda spent: actions.exempt(subject, request.actor, request.shell.year, **form.cleaned_data, token=spent),
        reverse("subject", args=[subject.pk]),
        lambda _: "已登记例外，绩效档案和“事前评估”里都能看到",
    )
    if answer:
        return answer
    return _page(request, subject, form, "ex_ante/exempt.html", {"categories": categories})
