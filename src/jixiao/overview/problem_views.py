"""共性问题: how many projects each class of problems touches, and the evaluations behind every number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.problems import OTHER, ProblemRules
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.reports.problems import named
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.reports.problems import Named, reported
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfState
from jixiao.stages.evaluation.workflow import State

COLUMNS = (
    Shown("name", "问题", link="url"),
    Shown("subjects", "涉及项目", "integer"),
    Shown("share", "占评价过的", "percent"),
    Shown("evaluations", "评价", "integer"),
    Shown("open", "其中待确认归类", "integer"),
)
ROW_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("method", "评价方式", note_key="number"),
    Shown("problem", "问题"),
    Shown("mark", "归类", "tag"),
    Shown("suggestions", "意见建议"),
)
SHOWN = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """One concluded evaluation or self-evaluation with its problems; `key` tells sheets apart."""

    key: str
    subject: SubjectYear
    method: EvaluationMethod
    number: str
    problems: Sequence[Named]
    suggestions: str


def problems(request: SignedIn) -> HttpResponse:
    """The classes of the year's problems; with `class`, the problems of that class."""
    year, asked, method = request.shell.year, text(request.GET, "class"), text(request.GET, "method")
    rules = for_region(request.actor.region, year).section(ProblemRules)
    sheets = [*_evaluated(request, method, rules), *_self_evaluated(request, method, rules)]
    evaluated = len({sheet.subject.subject_id for sheet in sheets})
    by_class = _by_class(sheets)
    found = by_class.get(asked, [])
    context = {
        "year": year,
        "evaluated": evaluated,
        "columns": COLUMNS,
        "classes": _class_rows(by_class, evaluated, method, rules),
        "asked": {"class": asked, "method": method},
        "asked_name": rules.name(asked),
        "methods": EvaluationMethod.choices(),
        "row_columns": ROW_COLUMNS,
        "count": len(found),
        "rows": [_row(sheet, one) for sheet, one in found[:SHOWN]],
    }
    return render(request, "overview/problems.html", context)


def _evaluated(request: SignedIn, method: str, rules: ProblemRules) -> Iterator[Sheet]:
    """The concluded evaluations of the year that the reader may see."""
    rows = Evaluation.objects.visible_to(request.actor).filter(year=request.shell.year, state=State.CONCLUDED)
    if method:
        rows = rows.filter(method=method)
    for one in rows.select_related("subject_year").prefetch_related("problems", "suggestions").order_by("number"):
        advice = sorted(one.suggestions.all(), key=lambda suggestion: suggestion.no)
        said = "；".join(f"{suggestion.no}. {suggestion.text}" for suggestion in advice)
        found = named(sorted(one.problems.all(), key=lambda problem: problem.pk), rules)
        place = reverse("evaluation", args=[one.pk])
        yield Sheet(place, one.subject_year, EvaluationMethod(one.method), one.number, found, said)


def _self_evaluated(request: SignedIn, method: str, rules: ProblemRules) -> Iterator[Sheet]:
    """The concluded self-evaluations, by what their units say of themselves."""
    if method not in ("", EvaluationMethod.SELF):
        return
    rows = SelfEvaluation.objects.visible_to(request.actor).filter(year=request.shell.year, state=SelfState.CONCLUDED)
    sheets = list(rows.select_related("subject_year").order_by("subject_year__code", "pk"))
    found = reported(sheets, rules)
    for one in sheets:
        place = reverse("self-evaluation", args=[one.pk])
        yield Sheet(place, one.subject_year, EvaluationMethod.SELF, one.subject_year.code, found[one.pk], "")


def _by_class(sheets: Sequence[Sheet]) -> dict[str, list[tuple[Sheet, Named]]]:
    found: dict[str, list[tuple[Sheet, Named]]] = defaultdict(list)
    for sheet in sheets:
        for one in sheet.problems:
            for code in one.classed.codes:
                found[code].append((sheet, one))
    return found


def _class_rows(
    by_class: dict[str, list[tuple[Sheet, Named]]], evaluated: int, method: str, rules: ProblemRules
) -> list[dict[str, Any]]:
    """The classes that occur, the most common first, 其他 last."""
    rows = []
    for code, found in by_class.items():
        subjects = {sheet.subject.subject_id for sheet, _ in found}
        rows.append(
            {
                "code": code,
                "name": rules.name(code),
                "url": f"{reverse('problems')}?class={code}&method={method}",
                "subjects": len(subjects),
                "share": share(len(subjects), evaluated),
                "evaluations": len({sheet.key for sheet, _ in found}),
                "open": sum(not one.classed.confirmed for _, one in found),
            }
        )
    return sorted(rows, key=lambda row: (row["code"] == OTHER, -row["subjects"], row["name"]))


def _row(sheet: Sheet, one: Named) -> dict[str, Any]:
    return {
        "name": sheet.subject.name,
        "url": sheet.key,
        "unit": sheet.subject.unit_name,
        "method": sheet.method.label,
        "number": sheet.number,
        "problem": one.text,
        "mark": Mark("已确认", "ok") if one.classed.confirmed else Mark("待确认", "warn"),
        "suggestions": sheet.suggestions or "—",
    }
