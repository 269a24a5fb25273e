"""What must be true of concluded evaluations: the total is the sum of the marks, the grade follows from the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.domain.grades import GradeRules, grade_of
from jixiao.kit.invariants import Invariant
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.stages.ex_ante.marks import spread

from .models import Evaluation
from .workflow import PanelState, State


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


def _panels() -> Iterator[str]:
    """A closed panel: the average of its experts is what the item was given, and nobody is still marking."""
    closed = Evaluation.objects.filter(panel_closed_at__isnull=False).prefetch_related("marks__given", "panel")
    for sheet in closed.order_by("pk").iterator(chunk_size=200):
        if any(member.state != PanelState.FINISHED for member in sheet.panel.all()):
            yield f"评价 {sheet.number} 已合分，但有专家没有提交打分"
        for mark in sheet.marks.all():
            found = spread([one.points for one in mark.given.all()])
            if found is not None and mark.before != found.average:
                yield f"评价 {sheet.number} 的“{mark.name}”合分 {mark.before} 不是专家打分的平均 {found.average}"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("evaluations.total", "有指标打分的评价，得分等于各指标得分之和", _totals),
    Invariant("evaluations.panel", "合分等于专家打分的平均", _panels),
    Invariant("evaluations.grade", "评价等级与得分相符", _grades),
)
