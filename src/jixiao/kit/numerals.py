"""汉字数字 of official papers: the ordinals of headings."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"


def han(number: int) -> str:
    """The number as a heading writes it, 1–99: 1 → 一, 10 → 十, 21 → 二十一. Raises ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(f"标题序号只能在 1 到 99 之间：{number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")
