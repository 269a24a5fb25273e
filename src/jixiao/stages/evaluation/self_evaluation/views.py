"""单位自评 pages: the year's sheets with their grades, and one sheet with points, reasons and questions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.scoring import ScoringRules
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of

from .models import SelfEvaluation
from .reports import (
    MONEY_COLUMNS,
    SHEET_COLUMNS,
    SHEET_ORDERS,
    grade_counts,
    grade_mark,
    line_rows,
    money_row,
    questions,
    sheet_rows,
    sortable,
)
from .workflow import State

WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name")
WITHOUT_GRADE = "none"


def sheets(request: SignedIn) -> HttpResponse:
    """The self-evaluations of the work year, with how many reached which grade."""
    mine = SelfEvaluation.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = narrowed(sortable(mine), request.GET, exact=("state",), within=WITHIN)
    grade = text(request.GET, "grade")
    if grade:
        rows = rows.filter(grade="" if grade == WITHOUT_GRADE else grade)
    listed = page_of(rows.select_related("subject_year"), request.GET, SHEET_ORDERS)
    grades = grade_counts(mine)
    context = {
        "grades": grades,
        "count": sum(found.count for found in grades),
        "listed": listed,
        "rows": sheet_rows(listed.rows, request.actor),
        "columns": SHEET_COLUMNS,
        "asked": {"q": text(request.GET, "q"), "grade": grade, "state": text(request.GET, "state")},
        "grade_choices": [*Grade.choices(), (WITHOUT_GRADE, "未定")],
        "states": State.choices(),
        "year": request.shell.year,
    }
    return render(request, "self_evaluation/list.html", context)


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One self-evaluation: execution, indicators with points and reasons, total and grade, questions."""
    found: Any = find(SelfEvaluation.objects.select_related("subject_year", "snapshot"), request, pk)
    scores = list(found.scores.select_related("line").order_by("position"))
    policy = found.snapshot.policy()
    sources = (
        policy.provenance(ScoringRules.section, "methods").source,
        policy.provenance(GradeRules.section, "excellent").source,
    )
    context = {
        "money": [money_row(found)],
        "money_columns": MONEY_COLUMNS,
        "rows": line_rows(scores),
        "citation": "；".join(dict.fromkeys(sources)),
        "printed_grade": grade_mark(found.printed_grade),
        "questions": questions(found, scores, policy),
        "origin": origin_mark(found.origin),
        "findings": findings_of(found.subject_year, request.actor),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "self_evaluation/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a self-evaluation."""
    return take_move(request, SelfEvaluation.objects, pk, reverse("self-evaluation", args=[pk]))
