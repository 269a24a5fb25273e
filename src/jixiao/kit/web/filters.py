"""How values read on a page: amounts, shares, days and Terms; — where there is nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jixiao.domain import quantities
from jixiao.domain.terms import Term

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING = "—"


def money(fen: int | None, unit: str = "万元") -> str:
    """An amount of fen in 元 or 万元, exact, without the unit's name; — where there is none."""
    return NOTHING if fen is None else quantities.format_amount(fen, unit)


def money_cell(fen: int | None, unit: str = "万元") -> str:
    """As `money`, with at least two decimals so that a column's points stand below each other; no digit is dropped."""
    return NOTHING if fen is None else _two_decimals(money(fen, unit))


def plain(value: Decimal | int | None) -> str:
    """A number without exponent or trailing zeros; — where there is none."""
    return NOTHING if value is None else quantities.plain(value)


def points(value: Decimal | None) -> str:
    """Points of a score with two decimals, so that a column compares; no digit is dropped; — where there are none."""
    return NOTHING if value is None else _two_decimals(quantities.plain(value))


def percent(points: Decimal | int | None) -> str:
    """Percent points with their sign: 53.51 → 53.51%; — where there is none."""
    return NOTHING if points is None else f"{quantities.plain(points)}%"


def date(value: dt.date | None) -> str:
    """2022-07-31. An instant is taken in Shanghai time; — where there is none."""
    return NOTHING if value is None else f"{_local(value):%Y-%m-%d}"


def day(value: dt.date | None) -> str:
    """The day in words: 2022年7月31日."""
    if value is None:
        return NOTHING
    local = _local(value)
    return f"{local.year}年{local.month}月{local.day}日"


def datetime(value: dt.datetime | None) -> str:
    """2022-07-31 18:00, Shanghai time; — where there is none."""
    return NOTHING if value is None else f"{_local(value):%Y-%m-%d %H:%M}"


def label(value: object) -> str:
    """A Term's Chinese name, 是/否 for flags, — for nothing, anything else as it reads."""
    if isinstance(value, Term):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return NOTHING
    return value if isinstance(value, Markup) else str(value)


def _two_decimals(text: str) -> str:
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(SHANGHAI)
    return value


FILTERS = {made.__name__: made for made in (money, money_cell, plain, points, percent, date, day, datetime, label)}
