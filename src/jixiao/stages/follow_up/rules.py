"""结果应用: what a grade suggests for next year's budget. The system advises, people decide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.grades import Grade
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term


class UseAction(Term):
    """预算安排建议."""

    PRIORITY = "priority", "优先保障"
    KEEP = "keep", "据实保障"
    REDUCE = "reduce", "压减"
    CANCEL = "cancel", "取消或暂停"


@dataclass(frozen=True, slots=True)
class Use:
    """The action for one grade and by how many percent points the budget shrinks, from–to."""

    action: UseAction
    reduce_from: Percent
    reduce_to: Percent


@dataclass(frozen=True)
class ResultUseRules:
    """One use for each grade."""

    section: ClassVar[str] = "result_use"

    uses: dict[Grade, Use]


@dataclass(frozen=True, slots=True)
class Advice:
    """`least` and `most`: fen that next year's budget might get."""

    action: UseAction
    least: int
    most: int
    because: str


def advise(grade: Grade, budget: int, rules: ResultUseRules, citation: str) -> Advice:
    """What the grade of a subject with this budget (fen) suggests; `citation` is the source of `uses` in the policy."""
    use = rules.uses[grade]
    if use.reduce_to == 0:
        extent = "不压减"
    elif use.reduce_from == use.reduce_to:
        extent = f"压减 {plain(use.reduce_to)}%"
    else:
        extent = f"压减 {plain(use.reduce_from)}%—{plain(use.reduce_to)}%"
    because = f"评价等级为“{grade.label}”，建议{use.action.label}，{extent}（{citation}）"
    return Advice(use.action, _left(budget, use.reduce_to), _left(budget, use.reduce_from), because)


def _left(budget: int, cut: Decimal) -> int:
    """What remains, a fraction of a fen dropped: advice never gives more than the share says."""
    return int(budget * (1 - Fraction(cut) / 100))
