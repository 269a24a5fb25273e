"""绩效评价 pages: one evaluation with its way so far, and its papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from jixiao.domain.grades import GradeRules
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of

from ..actions.working import after_step, may_note
from ..models import Evaluation, ProcedureKind
from ..reports.problems import class_marks
from ..reports.sheets import (
    engaged_rows,
    evaluator,
    panel_lines,
    panel_rows,
    parts_of,
    rate,
    sees_paper,
    sees_points,
    timeline,
)
from ..rules import may_classify
from ..self_evaluation.reports.sheets import grade_mark
from .audited import audited
from .doors import doors


def found_sheet(request: SignedIn, pk: int) -> Any:
    """The evaluation with what its pages read, or 404."""
    return find(Evaluation.objects.select_related("subject_year", "agency", "snapshot", "previous"), request, pk)


@require_safe
def evaluation(request: SignedIn, pk: int) -> HttpResponse:
    """One evaluation: money, procedure, marks by framework, problems, suggestions and who evaluated."""
    found = found_sheet(request, pk)
    border = found.snapshot.policy().provenance(GradeRules.section, "excellent")
    shown = sees_points(request.actor, found)
    marks = list(found.marks.order_by("position"))
    context = {
        "evaluator": evaluator(found),
        "parts": parts_of(marks),
        "marks": marks,
        "shown": shown,
        "rate": rate(found),
        "doors": doors(request.actor, found, bool(marks)),
        **_online(request, found),
        "problems": list(found.problems.order_by("pk")) if shown else [],
        "classes": class_marks(found) if shown else {},
        "classifies": bool(may_classify(request.actor, found.method)),
        "suggestions": list(found.suggestions.order_by("no")) if shown else [],
        "printed_grade": grade_mark(found.printed_grade),
        "citation": border.source,
        "origin": origin_mark(found.origin),
        "findings": findings_of(found.subject_year, request.actor),
        # What was said at a return is between the evaluators, as the points are.
        "steps": [step if shown else replace(step, note="") for step in steps_of(found)],
        "kinds": ProcedureKind.choices(),
        "audited": audited(request, found),
        **buttons(request, found),
    }
    return render(request, "evaluation/sheet.html", context)


def _online(request: SignedIn, found: Any) -> dict[str, Any]:
    """What only an evaluation that was worked here has; imported history has none of it."""
    papers = FILES.panel(request, found)
    context: dict[str, Any] = dict.fromkeys(("procedure", "defects", "engaged", "panel", "panel_lines"), ())
    if found.opened_on is not None:
        context = {
            "procedure": timeline(found, [row["kept"].kind for row in papers["rows"]]),
            "defects": list(found.defects.order_by("no")) if sees_points(request.actor, found) else [],
            "engaged": engaged_rows(request.actor, found),
            "panel": panel_rows(request.actor, found),
            "panel_lines": panel_lines(request.actor, found),
        }
    return {**context, "attachments": papers}


FILES = attaching.Doors(
    "evaluation",
    Evaluation.objects.all,
    may_note,
    "evaluation",
    kinds=lambda _: dict(ProcedureKind.choices()),
    shown=sees_paper,
)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with an evaluation."""
    return take_move(request, Evaluation.objects, pk, reverse("evaluation", args=[pk]), after_step)
