"""结果应用: what a grade suggests for next year's budget. The system advises, people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jixiao.domain.grades import Grade
from jixiao.domain.policy import Percent
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
