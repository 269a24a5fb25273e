"""单位自评 pages: the year's sheets with their grades, and one sheet with points, reasons and questions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE
from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.quantities import plain
from jixiao.domain.scoring import ScoringRules, cap_of
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.listing import called
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of

from .. import actions
from ..forms import FillForm
from ..models import Score, SelfEvaluation
from ..reports.coverage import beyond_rows
from ..reports.sheets import (
    MONEY_COLUMNS,
    SHEET_COLUMNS,
    SHEET_ORDERS,
    execution_rate,
    grade_counts,
    grade_mark,
    line_rows,
    money_rows,
    monitored,
    questions,
    sheet_rows,
    sortable,
)
from ..rules import may_fill
from ..workflow import State
from . import evidence, problems

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
        "files": request.actor.role in (Role.UNIT, Role.DEPARTMENT),
        "reviews": request.actor.role is Role.DEPARTMENT or request.actor.role in FINANCE,
    }
    return render(request, "self_evaluation/list.html", context)


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One self-evaluation: execution, indicators with points and reasons, total and grade, questions."""
    return _sheet_page(request, _found(request, pk))


def _found(request: SignedIn, pk: int) -> Any:
    return find(SelfEvaluation.objects.select_related("subject_year", "snapshot"), request, pk)


def _sheet_page(request: SignedIn, found: Any, typed: FillForm | None = None, status: int = 200) -> HttpResponse:
    """The sheet, with the form for who may fill it now; `typed` is one that could not be saved."""
    scores = list(found.scores.select_related("line").order_by("position"))
    policy = found.snapshot.policy()
    scoring = policy.section(ScoringRules)
    sources = (
        policy.provenance(ScoringRules.section, "methods").source,
        policy.provenance(GradeRules.section, "excellent").source,
    )
    filling = typed or _filling(request, found, scores)
    context = {
        "attachments": evidence.FILES.panel(request, found),
        "evidence_kinds": [(score.evidence_kind, score.line.name) for score in scores],
        "beyond": [row["due"] for row in beyond_rows([found.subject_year], policy)],
        "monitored": monitored(scores) if filling else {},
        "filling": filling,
        # A form that could not be saved keeps the version it began with, or it would overwrite what it never saw.
        "typed_version": version_of(request) if typed else found.version,
        "cap": cap_of(execution_rate(found), scoring),
        "money": money_rows(found),
        "money_columns": called(MONEY_COLUMNS, found.subject_year.money),
        "rows": line_rows(scores),
        "citation": "；".join(dict.fromkeys(sources)),
        "printed_grade": grade_mark(found.printed_grade),
        "questions": questions(found, scores, policy),
        "problems": problems.shown(request, found),
        "origin": origin_mark(found.origin),
        "findings": findings_of(found.subject_year, request.actor),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "self_evaluation/sheet.html", context, status=status)


def _filling(request: SignedIn, found: Any, scores: list[Score]) -> FillForm | None:
    actor, drafted = request.actor, found.state == State.DRAFT
    allowed = may_fill(actor, drafted, found.subject_year.department_above)
    return FillForm(found, scores, None) if allowed else None


@require_POST
def fill(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a unit filled in and score it; what cannot be saved comes back with its text."""
    found = _found(request, pk)
    scores = list(found.scores.select_related("line").order_by("position"))
    form = FillForm(found, scores, request.POST)

    def save(**proof: Any) -> SelfEvaluation:
        return actions.fill(found, request.actor, filled=form.filled(), **proof)

    def again(status: int) -> HttpResponse:
        return _sheet_page(request, found, form, status)

    back = reverse("self-evaluation", args=[pk])
    return saved(request, form, save, again, back, _scored, FillForm(found, scores, None))


def _scored(sheet: SelfEvaluation) -> str:
    total = "还有指标不能计分" if sheet.total is None else f"现得 {plain(sheet.total)} 分"
    return f"已保存，{total}，还没有报送"


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a self-evaluation."""
    return take_move(request, SelfEvaluation.objects, pk, reverse("self-evaluation", args=[pk]), actions.after_step)
