"""What the evaluation pages show: columns, the list, and the marks by the parts of the framework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import origin_mark

from .models import Evaluation, Mark
from .self_evaluation.reports.sheets import grade_mark

METHODS = tuple(method for method in EvaluationMethod if method is not EvaluationMethod.SELF)
"""评价方式 with sheets here; self-evaluations have their own desk."""

COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("number", "评价编号", order="number"),
    Shown("method", "评价方式"),
    Shown("by", "实施机构"),
    Shown("arranged", "安排资金", "amount"),
    Shown("used", "使用资金", "amount"),
    Shown("total", "得分", "points"),
    Shown("grade", "等级", "tag"),
    Shown("state", "状态", "tag"),
    Shown("origin", "数据", "tag"),
)
ORDERS = (Order("number", "评价编号", "number"), Order("name", "对象", "subject_year__name"))


@dataclass(frozen=True, slots=True)
class Part:
    """The marks under one 一级指标 and what they add up to; `share` is points ÷ weight in percent points."""

    level1: str
    marks: tuple[Mark, ...]
    weight: Decimal
    points: Decimal | None
    share: Decimal | None


def evaluator(evaluation: Evaluation) -> str:
    """The agency's name, else who is said to have conducted it."""
    return evaluation.agency.name if evaluation.agency else evaluation.conducted_by


def rows_of(evaluations: Iterable[Evaluation], actor: Actor) -> list[dict[str, Any]]:
    """Evaluations as the list shows them."""
    return [
        {
            "name": evaluation.subject_year.name,
            "url": reverse("evaluation", args=[evaluation.pk]),
            "unit": f"{evaluation.subject_year.unit_name}，{evaluation.subject_year.year} 年度",
            "number": evaluation.number,
            "method": evaluation.method,
            "by": evaluator(evaluation),
            "arranged": evaluation.arranged,
            "used": evaluation.used,
            "total": evaluation.total,
            "grade": grade_mark(evaluation.grade),
            "state": state_mark(evaluation, actor),
            "origin": origin_mark(evaluation.origin),
        }
        for evaluation in evaluations
    ]


def method_counts(evaluations: Any) -> list[tuple[EvaluationMethod, int]]:
    """How many evaluations of each method, none left out."""
    counted = {found["method"]: found["n"] for found in evaluations.order_by().values("method").annotate(n=Count("pk"))}
    return [(method, counted.get(method, 0)) for method in METHODS]


def parts_of(marks: Sequence[Mark]) -> list[Part]:
    """The marks by 一级指标, in the order in which the framework names them."""
    grouped: dict[str, list[Mark]] = {}
    for mark in marks:
        grouped.setdefault(mark.level1, []).append(mark)
    return [_part(level1, tuple(found)) for level1, found in grouped.items()]


def _part(level1: str, marks: tuple[Mark, ...]) -> Part:
    weight = sum((mark.weight for mark in marks), Decimal(0))
    given = [mark.points for mark in marks if mark.points is not None]
    if len(given) < len(marks):
        return Part(level1, marks, weight, None, None)
    points = sum(given, Decimal(0))
    return Part(level1, marks, weight, points, share(int(points * 100), int(weight * 100)))
