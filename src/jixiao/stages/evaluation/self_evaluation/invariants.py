"""What must be true of concluded self-evaluations: frozen results follow from what is stored, at any later time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from jixiao.domain.grades import grade_of
from jixiao.kit.invariants import Invariant
from jixiao.registers.parameters.models import PolicySnapshot

from .models import Score, SelfEvaluation, Yardstick
from .workflow import State

Judged = tuple[SelfEvaluation, list[Score], Yardstick]


def _concluded() -> Iterator[Judged]:
    """Every concluded sheet with its scores and the rules it was frozen under."""
    yardsticks: dict[str, Yardstick] = {}
    scores = Prefetch("scores", Score.objects.select_related("line").order_by("position"))
    sheets = SelfEvaluation.objects.filter(state=State.CONCLUDED).select_related("subject_year")
    for sheet in sheets.prefetch_related(scores).order_by("pk").iterator(chunk_size=500):
        digest = sheet.snapshot_id
        if digest not in yardsticks:
            yardsticks[digest] = Yardstick.of(PolicySnapshot.objects.get(pk=digest).policy())
        yield sheet, list(sheet.scores.all()), yardsticks[digest]


def _results(sheet: SelfEvaluation, scores: list[Score]) -> tuple[Any, ...]:
    return (sheet.execution_points, sheet.total, sheet.grade, *(score.points for score in scores))


def _recompute() -> Iterator[str]:
    for sheet, scores, yardstick in _concluded():
        frozen = _results(sheet, scores)
        sheet.score(scores, yardstick)
        if _results(sheet, scores) != frozen:
            yield f"{_name(sheet)}的得分按其规则快照重算后不一致：存的总分 {frozen[1]}，重算 {sheet.total}"


def _add_up() -> Iterator[str]:
    """A total that the policy caps by execution may be lower than its points, never higher."""
    for sheet, scores, yardstick in _concluded():
        if sheet.total is None:
            continue
        found = sum((score.points or Decimal(0) for score in scores), sheet.execution_points or Decimal(0))
        if sheet.total > found or (sheet.total < found and not yardstick.scoring.execution_caps):
            yield f"{_name(sheet)}的总分 {sheet.total} 不等于各项得分之和 {found}"


def _graded() -> Iterator[str]:
    for sheet, _scores, yardstick in _concluded():
        wanted = "" if sheet.total is None else grade_of(sheet.total, yardstick.grades)
        if sheet.grade != wanted:
            yield f"{_name(sheet)}的等级与总分 {sheet.total} 不相符"


def _name(sheet: SelfEvaluation) -> str:
    return f"{sheet.year} 年度单位自评（{sheet.subject_year.code}，编号 {sheet.pk}）"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("self_evaluations.recompute", "已审定的自评按其规则快照重算，得分、总分和等级不变", _recompute),
    Invariant("self_evaluations.total", "已审定自评的总分等于执行率得分与各指标得分之和", _add_up),
    Invariant("self_evaluations.grade", "已审定自评的等级与总分相符", _graded),
)
