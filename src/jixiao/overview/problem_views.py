"""共性问题: how many projects each class of problems touches, and the evaluations behind every number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.problems import OTHER, ProblemRules, classes_of
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.stages.evaluation.models import Evaluation, Problem
from jixiao.stages.evaluation.workflow import State

COLUMNS = (
    Shown("name", "问题", link="url"),
    Shown("subjects", "涉及项目", "integer"),
    Shown("share", "占评价过的", "percent"),
    Shown("evaluations", "评价", "integer"),
)
ROW_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("method", "评价方式", note_key="number"),
    Shown("problem", "问题"),
    Shown("suggestions", "意见建议"),
)


def problems(request: SignedIn) -> HttpResponse:
    """The classes of the year's problems; with `class`, the problems of that class."""
    year, asked = request.shell.year, text(request.GET, "class")
    method = text(request.GET, "method")
    evaluations = Evaluation.objects.visible_to(request.actor).filter(year=year, state=State.CONCLUDED)
    if method:
        evaluations = evaluations.filter(method=method)
    rules = for_region(request.actor.region, year).section(ProblemRules)
    found = Problem.objects.filter(evaluation__in=evaluations).select_related("evaluation__subject_year")
    rows = list(found.prefetch_related("evaluation__suggestions").order_by("evaluation__number", "pk"))
    evaluated = evaluations.values("subject_year__subject").distinct().count()
    classed = _by_class(rows, rules)
    context = {
        "year": year,
        "evaluated": evaluated,
        "columns": COLUMNS,
        "classes": _class_rows(classed, evaluated, method),
        "asked": {"class": asked, "method": method},
        "methods": EvaluationMethod.choices(),
        "row_columns": ROW_COLUMNS,
        "rows": [_row(problem) for problem in classed.get(asked, ())],
    }
    return render(request, "overview/problems.html", context)


def _by_class(rows: Sequence[Problem], rules: ProblemRules) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in rows:
        for name in classes_of(f"{problem.category} {problem.text}", rules):
            found[name].append(problem)
    return found


def _class_rows(classed: dict[str, list[Problem]], evaluated: int, method: str) -> list[dict[str, Any]]:
    """The classes that occur, the most common first, 其他 last."""
    rows = []
    for name, problems in classed.items():
        subjects = {problem.evaluation.subject_year.subject_id for problem in problems}
        rows.append(
            {
                "name": name,
                "url": f"{reverse('problems')}?class={name}&method={method}",
                "subjects": len(subjects),
                "share": share(len(subjects), evaluated),
                "evaluations": len({problem.evaluation_id for problem in problems}),
            }
        )
    return sorted(rows, key=lambda row: (row["name"] == OTHER, -row["subjects"], row["name"]))


def _row(problem: Problem) -> dict[str, Any]:
    evaluation = problem.evaluation
    advice = sorted(evaluation.suggestions.all(), key=lambda one: one.no)
    return {
        "name": evaluation.subject_year.name,
        "url": reverse("evaluation", args=[evaluation.pk]),
        "unit": evaluation.subject_year.unit_name,
        "method": EvaluationMethod(evaluation.method).label,
        "number": evaluation.number,
        "problem": problem.text or problem.category,
        "suggestions": "；".join(f"{one.no}. {one.text}" for one in advice) or "—",
    }
