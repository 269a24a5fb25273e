"""绩效评价 pages: evaluations by departments and finance, and one evaluation with marks, problems and suggestions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.grades import Grade, GradeRules
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of

from .models import Evaluation
from .reports import COLUMNS, METHODS, ORDERS, evaluator, method_counts, parts_of, rows_of
from .self_evaluation.reports.sheets import grade_mark

WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name", "number")


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
    }
    return render(request, "evaluation/list.html", context)


def evaluation(request: SignedIn, pk: int) -> HttpResponse:
    """One evaluation: money, marks by framework, problems, suggestions and who evaluated."""
    found: Any = find(Evaluation.objects.select_related("subject_year", "agency", "snapshot"), request, pk)
    border = found.snapshot.policy().provenance(GradeRules.section, "excellent")
    context = {
        "evaluator": evaluator(found),
        "parts": parts_of(list(found.marks.order_by("position"))),
        "problems": list(found.problems.order_by("pk")),
        "suggestions": list(found.suggestions.order_by("no")),
        "printed_grade": grade_mark(found.printed_grade),
        "citation": border.source,
        "origin": origin_mark(found.origin),
        "findings": findings_of(found.subject_year, request.actor),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "evaluation/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with an evaluation."""
    return take_move(request, Evaluation.objects, pk, reverse("evaluation", args=[pk]))
