"""Totals and grades follow from the marks if there are any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from jixiao.domain.grades import GradeRules, grade_of
from jixiao.kit.importing import Gap, ImportScope, Plan
from jixiao.kit.tables import Reading

from ..models import Evaluation
from .lines import Lines
from .tables import EVALUATIONS


def set_totals(wanted: dict[str, Evaluation], stored: dict[str, Evaluation], marks: Lines, scope: ImportScope) -> None:
    """Total and grade of each evaluation under its own rules; open as long as one mark is."""
    points: dict[str, list[Decimal | None]] = defaultdict(list)
    named = {number for number, _ in marks.wanted}
    for (number, _), mark in (*marks.wanted.items(), *((k, m) for k, m in marks.stored.items() if k[0] not in named)):
        points[number].append(mark.points)
    rules: dict[str, GradeRules] = {}
    for number, evaluation in wanted.items():
        digest = evaluation.snapshot_id
        if digest not in rules:
            rules[digest] = evaluation.snapshot.policy().section(GradeRules)
        evaluation.total = total_of(points[number], evaluation.printed_total)
        evaluation.grade = "" if evaluation.total is None else grade_of(evaluation.total, rules[digest])


def total_of(points: Sequence[Decimal | None], printed: Decimal | None) -> Decimal | None:
    """The sum of the marks, None while one is missing; without marks what the table printed."""
    if not points:
        return printed
    given = [value for value in points if value is not None]
    return sum(given, Decimal(0)) if len(given) == len(points) else None


def compare_with_print(main: Reading | None, wanted: dict[str, Evaluation], plan: Plan) -> None:
    if main is None:
        return
    rows = {str(row.values["number"]): row.number for row in main.rows}
    differing = [
        rows[number]
        for number, e in wanted.items()
        if number in rows
        and (e.printed_total not in (None, e.total) or (e.printed_grade and e.printed_grade != e.grade))
    ]
    if differing:
        message = f"原表得分与按规则复算不一致 {len(differing)} 处（总分或等级）"
        plan.gaps.append(Gap(EVALUATIONS.key, message, tuple(differing)))
