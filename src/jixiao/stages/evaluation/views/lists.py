"""绩效评价 pages: the evaluations of a year, and opening one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.domain.actors import Role
from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, begun, find, token
from jixiao.kit.web.asking import narrowed, number, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import OpenForm
from ..models import Evaluation
from ..reports.sheets import COLUMNS, METHODS, ORDERS, method_counts, rows_of
from ..rules import organizer

WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name", "number")
ORGANIZERS = (Role.PERFORMANCE_OFFICE, Role.DEPARTMENT)


@require_safe
def evaluations(request: SignedIn) -> HttpResponse:
    """The evaluations of the work year, by method."""
    mine = Evaluation.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = narrowed(mine, request.GET, exact=("method", "grade"), within=WITHIN)
    listed = page_of(rows.select_related("subject_year", "agency"), request.GET, ORDERS)
    counts = method_counts(mine)
    context = {
        "counts": counts,
        "count": sum(number for _, number in counts),
        "listed": listed,
        "rows": rows_of(listed.rows, request.actor),
        "columns": COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "method", "grade")},
        "methods": [(method.value, method.label) for method in METHODS],
        "grades": Grade.choices(),
        "year": request.shell.year,
        "opens": request.actor.role in ORGANIZERS,
        "office": request.actor.role is Role.PERFORMANCE_OFFICE,
    }
    return render(request, "evaluation/list.html", context)


def opening(request: SignedIn) -> HttpResponse:
    """开展评价: which object, of which year, how."""
    visible = SubjectYear.objects.visible_to(request.actor)
    methods = [method for method in METHODS if organizer(method) is request.actor.role]
    asked = {"code": text(request.GET, "code"), "subject_year": number(request.GET, "of", request.shell.year - 1)}
    form = OpenForm(visible, methods, request.POST if request.method == "POST" else None, **asked)
    if form.is_valid():
        said, today = form.cleaned_data, timezone.localdate()
        answered = _open(request, form, said["subject"], EvaluationMethod(said["method"]), today)
        if answered is not None:
            return answered
    page = {
        "heading": "开展评价",
        "sub": f"{request.shell.year} 年开展。抽查复核按已审定的单位自评逐项复核。",
        "crumbs": [("部门与财政评价", reverse("evaluations")), ("开展评价", None)],
        "form_of": form,
        "caption": "",
        "action": reverse("evaluation-opening"),
        "button": "开展评价",
        "back": reverse("evaluations"),
        "keep": "",
        "why": (),
        "typed_version": None,
        "token": token(),
    }
    return render(request, "rows.html", page, status=422 if form.errors else 200)


def _open(
    request: SignedIn, form: forms.Form, subject: SubjectYear, method: EvaluationMethod, today: dt.date, **how: Any
) -> HttpResponse | None:
    how |= {"year": request.shell.year, "today": today}
    return begun(
        request,
        form,
        lambda spent: actions.open_evaluation(request.actor, subject, method, token=spent, **how),
        lambda key: reverse("evaluation", args=[key]),
        lambda opened: f"已建立 {opened.number}",
    )


def again(request: SignedIn, pk: int) -> HttpResponse:
    """再评价 of an evaluation that is concluded: its items are marked again beside the points they got."""
    found: Evaluation = find(Evaluation.objects.select_related("subject_year"), request, pk)
    back = reverse("evaluation", args=[pk])
    if request.method != "POST":
        return htmx.redirect(request, back)
    form = forms.Form(request.POST)
    answer = _open(request, form, found.subject_year, EvaluationMethod.RECHECK, timezone.localdate(), previous=found)
    for refusal in form.non_field_errors():
        messages.error(request, str(refusal))
    return answer or htmx.redirect(request, back)
