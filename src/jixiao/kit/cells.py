"""From one cell to one typed value: a converter per column, bound once, because imports have a million cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from jixiao.domain.quantities import (
    FEN_PER_UNIT,
    Unreadable,
    normalize,
    plain,
    read_amount,
    read_code,
    read_date,
    read_flag,
    read_integer,
    read_number,
    read_percent,
)
from jixiao.domain.terms import Term, UnknownTerm

Convert = Callable[[object], object]

_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_UNIT = re.compile(r"\((?:单位:)?(元|万元|亿元|%|分)\)$")
_YEARS = range(1990, 2100)
# What a document or a database cannot keep: controls and halves of characters.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: a formula error, or a formula that was never computed."""

    message: str


def fold(name: object) -> str:
    """A header or sheet name as it is compared: full-width folded, no blanks, no required mark, no unit."""
    return _UNIT.sub("", _compact(name))


def unit_of(header: object) -> str | None:
    """The unit that a header states: "年初预算（万元）" gives 万元; None if it states none."""
    found = _UNIT.search(_compact(header))
    return found[1] if found and found[1].endswith("元") else None


def is_blank(cell: object) -> bool:
    """Nothing, or nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def visible(text: str, *, breaks: bool) -> bool:
    """No control characters in it; in codes (`breaks` false) no line breaks and zero-width marks either."""
    return not _HIDDEN.search(text) if breaks else text.isprintable()


def converter(kind: str, unit: str, choices: type[Term] | None) -> Convert:
    """The function that reads a filled cell of this kind; it raises Unreadable or UnknownTerm with a remedy."""
    if kind == "amount":
        return amount_reader(unit)
    if kind == "code":
        return lambda cell: cell if isinstance(cell, str) and _is_digits(cell) and len(cell) < 65 else read_code(cell)
    if kind == "term":
        if choices is None:
            raise ValueError("a term column needs its choices")
        return lambda cell: read_term(cell, choices)
    return _READERS[kind]


def amount_reader(unit: str) -> Convert:
    """read_amount of this unit, with a short way for plain digits: it is the only kind that rarely repeats."""
    places = len(str(FEN_PER_UNIT[unit])) - 1

    def read(cell: object) -> object:
        text = format(cell, ".15g") if isinstance(cell, float) else cell
        if isinstance(text, str):
            whole, _, part = text.partition(".")
            if len(part) <= places and len(whole) + places <= 16 and whole and _is_digits(whole + part):
                return int(whole + part.ljust(places, "0"))
        return read_amount(cell, unit)

    return read


def _is_digits(text: str) -> bool:
    return text.isdigit() and text.isascii()


def read_text(cell: object) -> str:
    """Text as written, ends trimmed; number and date cells as they would be typed. Refuses formula errors."""
    if isinstance(cell, str):
        text = cell.strip()
        if text in _ERRORS:
            raise Unreadable(f"单元格是公式错误 {text}，请改正公式，或直接填写文字")
        return text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int | Decimal):
        return plain(read_number(cell))
    return str(cell)


def read_term(cell: object, choices: type[Term]) -> Term:
    """The member that a text names, as written or with full-width letters folded."""
    text = read_text(cell)
    try:
        return choices.read(text)
    except UnknownTerm:
        return choices.read(normalize(text))


def read_day(cell: object) -> dt.date:
    """A day of this age: the year 0202 is a slip of the pen."""
    day = read_date(cell)
    if day.year not in _YEARS:
        raise Unreadable(f"“{day}”的年份不对，请核对后改正")
    return day


def read_year(cell: object) -> int:
    """A year, also as "2022年" or "2022年度"."""
    year = read_integer(re.sub("年度?$", "", normalize(cell)) if isinstance(cell, str) else cell)
    if year not in _YEARS:
        raise Unreadable(f"“{year}”不是年度，请填四位年份，如 2022")
    return year


def read_month(cell: object) -> int:
    """A month of the year, 1–12, also as "7月"."""
    month = read_integer(normalize(cell).removesuffix("份").removesuffix("月") if isinstance(cell, str) else cell)
    if not 1 <= month <= 12:
        raise Unreadable(f"“{month}”不是月份，请填 1 到 12")
    return month


def read_points(cell: object) -> Decimal:
    """Points and weights: kept to 0.01; finer ones are refused, not rounded away."""
    return _hundredths(read_number(cell))


def read_share(cell: object) -> Decimal:
    """Percent points, kept to 0.01."""
    return _hundredths(read_percent(cell))


def _hundredths(value: Decimal) -> Decimal:
    if value != round(value, 2):
        raise Unreadable(f"“{plain(value)}”最多保留两位小数，请改正")
    return value


def _compact(name: object) -> str:
    return "".join(normalize(name).split()).strip("*:")


_READERS: dict[str, Convert] = {
    "text": read_text,
    "number": read_number,
    "points": read_points,
    "percent": read_share,
    "date": read_day,
    "flag": read_flag,
    "integer": read_integer,
    "year": read_year,
    "month": read_month,
}
KINDS = frozenset(_READERS) | {"amount", "code", "term"}
