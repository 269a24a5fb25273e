"""全年支出预计: what a subject will have spent by the year's end, with an interval, from its own and its peers' past.

Method: the years that are over say which share of its budget a subject still spent after this point of the year. The
middle of these shares, added to what is spent, is the expectation; the interval runs between two of their quantiles.
Without enough past years the subject's own pace goes on, and the interval is everything that is still possible.
依据: 财预〔2019〕136号 asks for 全年预计执行数; it names no method, so the borders are the policy's guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from .policy import Percent
from .quantities import format_amount, plain, round2


@dataclass(frozen=True)
class ForecastRules:
    """`past_minimum`: how many past years are enough; `interval_low` and `interval_high`: the quantiles in percent."""

    section: ClassVar[str] = "forecast"

    past_minimum: int
    interval_low: Percent
    interval_high: Percent


@dataclass(frozen=True, slots=True)
class PastYear:
    """One year that is over: fen spent by the same day, spent in the whole year, and the year's budget."""

    by_then: int
    in_all: int
    budget: int

    @property
    def still_spent(self) -> Fraction:
        """The share of the budget that was spent after this point of the year; corrections never make it negative."""
        return max(Fraction(self.in_all - self.by_then, self.budget), Fraction(0))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Fen spent by the year's end: expected, and the interval around it; `because` says how it was come by."""

    expected: int
    low: int
    high: int
    because: str


def forecast(
    budget: int, spent: int, time: Fraction, own: Sequence[PastYear], peers: Sequence[PastYear], rules: ForecastRules
) -> Forecast | None:
    """What will have been spent by the year's end; None without a budget. Amounts in fen.

    `time` is the share of the year gone by (0–1); `own` and `peers` are years that are over, of the subject itself and
    of comparable ones. More spent never lowers any of the three, and none exceeds the budget unless the spending does.
    """
    if budget <= 0:
        return None
    past = [year.still_spent for year in (*own, *peers) if year.budget > 0]
    ceiling = max(budget, spent)
    if time >= 1:
        return Forecast(spent, spent, spent, "全年已过，按实际支出")
    if len(past) < rules.past_minimum:
        return _own_pace(budget, spent, time, ceiling, len(past), rules)

    def later(quantile: Fraction) -> int:
        return min(spent + round(_quantile(past, quantile) * budget), ceiling)

    low, middle, high = (Fraction(part) / 100 for part in (rules.interval_low, Decimal(50), rules.interval_high))
    return Forecast(later(middle), later(low), later(high), _because_past(own, peers, past, rules))


def _own_pace(budget: int, spent: int, time: Fraction, ceiling: int, past: int, rules: ForecastRules) -> Forecast:
    known = f"可比的往年只有 {past} 个，不足 {rules.past_minimum} 个"
    if time <= 0:
        return Forecast(spent, spent, ceiling, f"{known}，本年也还没有支出进度，只能给出可能的范围")
    expected = max(min(round(spent / time), ceiling), spent)
    pace = f"已支出 {format_amount(spent)} 万元 ÷ 时序进度 {plain(round2(time * 100))}%"
    return Forecast(
        expected, spent, ceiling, f"{known}，按本年自身的进度推算：{pace}，不超过全年预算；范围为不再支出至全部支出"
    )


def _because_past(
    own: Sequence[PastYear], peers: Sequence[PastYear], past: Sequence[Fraction], rules: ForecastRules
) -> str:
    asked = (rules.interval_low, Decimal(50), rules.interval_high)
    low, middle, high = (plain(round2(_quantile(past, Fraction(quantile) / 100) * 100)) for quantile in asked)
    whose = f"本对象 {len(own)} 个年度、同类 {len(peers)} 个"
    between = f"第 {plain(rules.interval_low)} 至 {plain(rules.interval_high)} 百分位（{low}%—{high}%）"
    said = f"往年同一时点以后还支出预算的 {middle}%（{whose}，取中位数），加上已支出数"
    return f"{said}；范围取{between}，不超过全年预算"


def _quantile(values: Sequence[Fraction], quantile: Fraction) -> Fraction:
    """Linear between the two nearest of the sorted values."""
    ordered = sorted(values)
    place = quantile * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
