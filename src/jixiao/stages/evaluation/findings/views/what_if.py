"""假如换一套规则: who would get another grade; nothing is stored."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.grades import Grade
from jixiao.domain.policy import PolicyError
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.policies import load, names

from ...self_evaluation.models import SelfEvaluation
from ...self_evaluation.reports.sheets import grade_mark
from ..reports.recomputing import Recomputed, outcome, recompute

COLUMNS = (
    Shown("name", "自评", link="url", note_key="unit"),
    Shown("before", "原得分", "points"),
    Shown("grade", "原等级", "tag"),
    Shown("after", "换规则后", "points"),
    Shown("other", "换规则后等级", "tag"),
    Shown("was", "原来的依据"),
    Shown("because", "换规则后的依据"),
)
COUNTS = (Shown("grade", "等级"), Shown("before", "原来", "integer"), Shown("after", "换规则后", "integer"))


def what_if(request: SignedIn) -> HttpResponse:
    """The concluded self-evaluations of the work year under another policy."""
    year, asked = request.shell.year, text(request.GET, "policy")
    problem, found, seconds = "", None, 0.0
    if asked:
        try:
            policy, began = load(asked), time.perf_counter()
            mine = SelfEvaluation.objects.visible_to(request.actor).filter(year=year)
            found = outcome(recompute(mine, policy))
            seconds = time.perf_counter() - began
        except PolicyError as error:
            problem = str(error)
    grades: list[Grade | None] = [*Grade, None]
    context = {
        "year": year,
        "asked": asked,
        "policies": [(name, name) for name in names()],
        "problem": problem,
        "found": found,
        "seconds": f"{seconds:.1f}",
        "columns": COLUMNS,
        "rows": [_row(one) for one in found.regraded] if found else [],
        "count_columns": COUNTS,
        "counts": [
            {
                "grade": grade.label if grade else "未定",
                "before": found.before.get(grade, 0),
                "after": found.after.get(grade, 0),
            }
            for grade in grades
        ]
        if found
        else [],
    }
    return render(request, "findings/what_if.html", context, status=422 if problem else 200)


def _row(one: Recomputed) -> dict[str, Any]:
    subject = one.sheet.subject_year
    none = Mark("未定", "mute")
    return {
        "name": subject.name,
        "url": reverse("self-evaluation", args=[one.sheet.pk]),
        "unit": subject.unit_name,
        "before": one.before[0],
        "grade": grade_mark(one.before[1] or "") or none,
        "after": one.after[0],
        "other": grade_mark(one.after[1] or "") or none,
        "was": one.sheet.because,
        "because": one.because,
    }
