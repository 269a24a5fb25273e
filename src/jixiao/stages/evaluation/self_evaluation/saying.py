"""What a unit types of its self-evaluation, as it is understood: the same at every door."""

from __future__ import annotations

from decimal import Decimal

from jixiao.domain.quantities import Unreadable, plain, read_number, read_percent


def read_tier(text: str) -> Decimal:
    """完成度 of a qualitative indicator in %. Raises Unreadable."""
    found = read_percent(text)
    if not 0 <= found <= 100:
        raise Unreadable(f"完成度应在 0 到 100 之间，现为 {plain(found)}")
    return _to_hundredths(found, "完成度")


def read_points(text: str, weight: Decimal) -> Decimal:
    """A unit's own points of an indicator. Raises Unreadable."""
    found = read_number(text)
    if not 0 <= found <= weight:
        raise Unreadable(f"得分应在 0 到 {plain(weight)} 之间，现为 {plain(found)}")
    return _to_hundredths(found, "得分")


def _to_hundredths(found: Decimal, what: str) -> Decimal:
    if found != round(found, 2):
        raise Unreadable(f"{what}最多两位小数，现为 {plain(found)}")
    return found
