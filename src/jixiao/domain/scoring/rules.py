"""What scoring needs from the policy, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from ..grades import Grade
from ..indicators import Comparison, LineFacts
from ..money_words import SPENDING, MoneyWords
from ..policy import Percent
from ..terms import Term


class UnknownMethod(ValueError):
    """A scoring method that nobody wrote; the message is Chinese and lists those that exist."""


class Beyond(Term):
    """What an exact indicator (＝) gets beyond or below its target."""

    FULL = "full", "满分"
    RATIO = "ratio", "按比例"
    ZERO = "zero", "不得分"


class Steps(Term):
    """How a part of a step counts under 扣分制."""

    WHOLE = "whole", "不足一档不扣"
    BEGUN = "begun", "不足一档按一档扣"
    EXACT = "exact", "按比例扣"


class Flag(Term):
    """What a reader of the score should look at; none of them changes points by itself."""

    OVER_FULFILLED = "over_fulfilled", "完成值高于指标值较多，请说明原因"
    EXECUTION_OVER_100 = "execution_over_100", "执行数超过预算数，按满分封顶，请说明原因"
    TRANSCRIBED = "transcribed", "完成值或指标值带文字，按其中的数计算"
    TOTAL_CAPPED = "total_capped", "总分按预算执行率封顶"


@dataclass(frozen=True)
class Segment:
    """分段赋分: an attainment of `at` and more earns `share` of the weight."""

    at: Percent
    share: Percent


@dataclass(frozen=True)
class ExecutionCap:
    """An execution rate below `below` caps the total at `total` 分."""

    below: Percent
    total: Decimal


@dataclass(frozen=True)
class ScoringRules:
    """Scoring of one sheet. Methods are named with their version, so that an old score can be computed again."""

    section: ClassVar[str] = "scoring"

    execution_weight: Decimal
    methods: dict[Comparison, str]
    cost_equal: str
    satisfaction: str
    satisfaction_full: Percent
    satisfaction_floor: Percent
    tier_reached: Percent
    tier_partly: Percent
    equal_beyond: Beyond
    equal_below: Beyond
    zero_target_missed: Percent
    late_per_day: Percent
    deduction_steps: Steps
    segments: tuple[Segment, ...]
    over_threshold: Percent
    over_deduction: Decimal
    execution_caps: tuple[ExecutionCap, ...]


@dataclass(frozen=True, slots=True)
class LineScore:
    """Points of one line, or the range they lie in where the facts do not decide them.

    `attainment` in percent points (uncapped). `because` is the sentence shown on the page.
    """

    points: Decimal | None
    low: Decimal
    high: Decimal
    attainment: Decimal | None
    because: str
    flags: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A self-evaluation sheet: 全年预算数 and 全年执行数 in fen, the weight of execution, the indicator lines."""

    budget: int | None
    spent: int | None
    execution_weight: Decimal | None
    lines: tuple[LineFacts, ...]
    money: MoneyWords = SPENDING


@dataclass(frozen=True, slots=True)
class SheetScore:
    """`total` and `grade` are None as long as one line has no points; `low` and `high` bound the total."""

    execution: LineScore | None
    execution_rate: Decimal | None
    lines: tuple[LineScore, ...]
    total: Decimal | None
    low: Decimal
    high: Decimal
    grade: Grade | None
    because: str
    flags: tuple[str, ...]
