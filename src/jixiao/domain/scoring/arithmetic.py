"""Exact points: integers throughout, one rounding (HALF_UP to 0.01 分) per line."""

from __future__ import annotations

from decimal import Decimal

from ..indicators import LineFacts
from ..quantities import plain
from .rules import LineScore
from .values import Value

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


def points_of(weight: Decimal, num: int, den: int) -> Decimal:
    """weight × num ÷ den, rounded to 0.01 (四舍五入); den > 0, num ≥ 0."""
    top, bottom = weight.as_integer_ratio()
    bottom *= den
    return Decimal((200 * top * num + bottom) // (2 * bottom)).scaleb(-2)


def percent_of(num: int, den: int) -> tuple[Decimal, str, bool]:
    """num ÷ den in percent points rounded to 0.01, the same as text, and whether nothing was rounded away."""
    hundredths, rest = divmod(10000 * num, den)
    exact = rest == 0
    hundredths += 2 * rest >= den
    return Decimal(hundredths).scaleb(-2), f"{hundredths // 100:,}.{hundredths % 100:02d}%", exact


def scaled(line: LineFacts, num: int, den: int, shown: str, method: str, flags: tuple[str, ...] = ()) -> LineScore:
    """The proportional score with its sentence: "3,420÷4,000＝85.50%，20×85.50%＝17.10"."""
    points = points_of(line.weight, num, den)
    attainment, percent, exact = percent_of(num, den)
    weight = plain(line.weight)
    equals = "＝" if Decimal(num) * line.weight == points * den else "≈"
    because = f"{shown}＝{percent}，{weight}×{percent}" if exact else f"{shown}≈{percent}，{weight}×{shown}"
    because = f"{because}{equals}{points}"
    return LineScore(points, points, points, attainment, because, flags, method)


def certain(
    points: Decimal, because: str, method: str, attainment: Decimal | None = None, flags: tuple[str, ...] = ()
) -> LineScore:
    """A score that the facts decide."""
    return LineScore(points, points, points, attainment, because, flags, method)


def full(
    line: LineFacts, because: str, method: str, attainment: Decimal | None = None, flags: tuple[str, ...] = ()
) -> LineScore:
    """The whole weight."""
    return certain(points_of(line.weight, 1, 1), because, method, attainment, flags)


def share_of(
    line: LineFacts, share: Decimal, because: str, method: str, attainment: Decimal | None = None
) -> LineScore:
    """A share (percent points) of the weight; the sentence is completed with the product."""
    num, den = share.as_integer_ratio()
    points = points_of(line.weight, num, den * 100)
    return certain(points, f"{because}，{plain(line.weight)}×{plain(share)}%＝{points}", method, attainment)


def open_range(
    line: LineFacts, because: str, method: str, low: Decimal = Decimal(0), high: Decimal = HUNDRED
) -> LineScore:
    """No points: they lie between two shares (percent points) of the weight."""
    bounds = []
    for share in (low, high):
        num, den = share.as_integer_ratio()
        bounds.append(points_of(line.weight, num, den * 100))
    return LineScore(None, bounds[0], bounds[1], None, because, (), method)


def ratio(over: Value, under: Value) -> tuple[int, int]:
    """over ÷ under as integers, the denominator positive; `under` is not 0."""
    num, den = (over.num or 0) * under.den, over.den * (under.num or 0)
    return (num, den) if den > 0 else (-num, -den)
