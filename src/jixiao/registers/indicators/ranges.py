"""What an indicator of the library was targeted and reached, in one phrase."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from jixiao.domain.quantities import Unreadable, plain, read_number, read_percent


def span(texts: Iterable[str]) -> str:
    """ "90–100" for numbers; for words the first and how many others; "" for nothing.

    Numbers and words together: the numbers' span and how many are words. Percentages keep their sign.
    """
    filled = [text for text in texts if text.strip()]
    numbers = [number for text in filled if (number := _number(text)) is not None]
    words = list(dict.fromkeys(text for text in filled if _number(text) is None))
    if not numbers:
        return words[0] + (f" 等 {len(words)} 种" if len(words) > 1 else "") if words else ""
    low, high = min(numbers), max(numbers)
    sign = "%" if filled and all(text.strip().endswith(("%", "％")) for text in filled) else ""
    said = f"{plain(low)}{sign}" if low == high else f"{plain(low)}–{plain(high)}{sign}"
    return said + (f"，另有文字 {len(words)} 种" if words else "")


def _number(text: str) -> Decimal | None:
    try:
        return read_percent(text) if text.strip().endswith(("%", "％")) else read_number(text)
    except Unreadable:
        return None
