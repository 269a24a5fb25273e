"""What experts' points come to: average and spread of each, and why a verdict fell as it did. Pure and exact."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jixiao.domain.quantities import plain, round2
from jixiao.domain.vocabulary import Verdict

from .rules import ExAnteRules, conclusion


@dataclass(frozen=True, slots=True)
class Spread:
    """What several experts gave one point: the average, highest less lowest, and the standard deviation, to 0.01."""

    average: Decimal
    width: Decimal
    deviation: Decimal


def spread(points: Sequence[Decimal]) -> Spread | None:
    """None where nobody scored. The deviation is that of these experts (divided by their number), 四舍五入."""
    if not points:
        return None
    exact = [Fraction(one) for one in points]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((one - mean) ** 2 for one in exact), Fraction(0)) / len(exact) * 10_000
    # floor(2·√v), so that halves are rounded up without ever leaving whole numbers.
    hundredths = (math.isqrt(4 * variance.numerator // variance.denominator) + 1) // 2
    return Spread(round2(mean), max(points) - min(points), Decimal(hundredths).scaleb(-2))


def cut(asked: int | None, advised: int | None) -> int | None:
    """核减额 in fen, computed and never typed; None while either amount is open."""
    return None if asked is None or advised is None else asked - advised


def because(points: Mapping[str, Decimal], verdict: Verdict, reason: str, rules: ExAnteRules, source: str) -> str:
    """Why a verdict fell: the points added up, the borders with their source, and the reason of another one."""
    total = sum(points.values(), Decimal(0))
    sums = " + ".join(f"{name} {plain(scored)}" for name, scored in points.items())
    borders = f"{plain(rules.support_from)} 分以上支持、{plain(rules.adjust_from)} 分以上调整完善后支持"
    proposed = conclusion(total, rules)
    said = f"{sums} = {plain(total)} 分；{borders}（{source}），"
    if verdict is proposed:
        return f"{said}{verdict.label}"
    return f"{said}按分数为“{proposed.label}”，改为“{verdict.label}”，理由：{reason}"
