"""What must be true of concluded evaluations: the total is the sum of the marks, the grade follows from the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.domain.grades import GradeRules, grade_of
from jixiao.kit.invariants import Invariant
from jixiao.registers.parameters.models import PolicySnapshot

from .models import Evaluation
from .workflow import State


def _totals() -> Iterator[str]:
    sheets = Evaluation.objects.filter(state=State.CONCLUDED).prefetch_related("marks").order_by("pk")
    for sheet in sheets.iterator(chunk_size=500):
        marks = list(sheet.marks.all())
        if not marks or any(mark.points is None for mark in marks):
            continue
        found = sum((mark.points or Decimal(0) for mark in marks), Decimal(0))
        if sheet.total != found:
            yield f"评价 {sheet.number} 的得分 {sheet.total} 不等于各指标得分之和 {found}"


def _grades() -> Iterator[str]:
    rules: dict[str, GradeRules] = {}
    for sheet in Evaluation.objects.filter(state=State.CONCLUDED).order_by("pk").iterator(chunk_size=500):
        digest = sheet.snapshot_id
        if digest not in rules:
            rules[digest] = PolicySnapshot.objects.get(pk=digest).policy().section(GradeRules)
        wanted = "" if sheet.total is None else grade_of(sheet.total, rules[digest])
        if sheet.grade != wanted:
            yield f"评价 {sheet.number} 的等级与得分 {sheet.total} 不相符"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("evaluations.total", "有指标打分的评价，得分等于各指标得分之和", _totals),
    Invariant("evaluations.grade", "评价等级与得分相符", _grades),
)
