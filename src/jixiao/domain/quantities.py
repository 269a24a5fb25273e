"""Amounts, numbers, percentages, dates and codes as people write them: understood exactly, or refused with a remedy.

The same readers stand behind every door: form, cell, import, API and policy file. Money is whole fen (int).
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

FEN_PER_UNIT = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}

_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_UNIT_ENDINGS = {"亿元": "亿元", "万元": "万元", "亿": "亿元", "万": "万元", "元": "元"}  # longest first
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2}))", re.ASCII)
_CHINESE_DATE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日", re.ASCII)
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)
_CELL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
# Day 0 of Excel's calendar for dates after its invented 1900-02-29; the window keeps other numbers from being dates.
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EXCEL_SERIALS = range(32_874, 73_051)  # 1990-01-01 … 2099-12-31
_YES = frozenset({"是", "√", "y", "yes", "true", "1"})
_NO = frozenset({"否", "×", "x", "n", "no", "false", "0"})
_LONGEST_NUMBER = 40
_LARGEST_FEN = 10**17  # a thousand trillion 元; beyond it a slip of the pen, and bigint columns hold it safely


class Unreadable(ValueError):
    """A value that cannot be understood without guessing. str() is a Chinese sentence that names the remedy."""


def normalize(value: object) -> str:
    """The text of a cell with full-width letters, digits and signs folded, ends trimmed, inner blanks made one space.

    For values and codes; names keep their own typography and do not pass through here. None gives "".
    """
    if value is None:
        return ""
    folded = unicodedata.normalize("NFKC", str(value)).replace("\u2212", "-").replace("\ufeff", "")
    return " ".join(folded.split())


def read_number(value: object) -> Decimal:
    """An exact number: "1,200.5", "１２", 12.0. Float cells count with the 15 digits that Excel keeps.

    Raises Unreadable for "", text, comparison signs, #REF! and its kin, nan and infinities.
    """
    if isinstance(value, bool):
        raise Unreadable("这里要填数字，读到的是“是/否”值，请改填数字")
    if isinstance(value, Decimal | float) and not math.isfinite(value):
        raise Unreadable("单元格里不是有限的数，请检查公式或重新填写数字")
    if isinstance(value, float):
        return Decimal(format(value, ".15g"))
    text = _text(value, "数字，如 1200.5")
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise Unreadable(f"“{_shown(text)}”不是数字，请只填数字，如 1200.5")
    return Decimal(text.replace(",", ""))


def read_integer(value: object) -> int:
    """A whole number, "12" or 12.0; raises Unreadable for fractions."""
    number = read_number(value)
    if number != number.to_integral_value():
        raise Unreadable(f"“{_shown(normalize(value))}”不是整数，请填整数")
    return int(number)


def read_amount(value: object, unit: str = "万元") -> int:
    """Money in fen, exactly. `unit` (元, 万元, 亿元) is that of a bare number; the text may carry its own.

    Raises Unreadable for anything that is no number, is not a whole number of fen, or is too large to be true.
    """
    if isinstance(value, float | bool | int | Decimal):
        number = read_number(value)
    else:
        text = _text(value, f"金额，如 1200.5{unit}")
        ending = next((ending for ending in _UNIT_ENDINGS if text.endswith(ending)), "")
        unit = _UNIT_ENDINGS.get(ending, unit)
        try:
            number = read_number(text.removesuffix(ending).removeprefix("¥"))
        except Unreadable:
            raise Unreadable(f"“{_shown(normalize(value))}”不是金额，请填数字，如 1200.5 或 1200.5{unit}") from None
    fen = Fraction(number) * FEN_PER_UNIT[unit]
    if fen.denominator != 1:
        raise Unreadable(f"“{_shown(normalize(value))}”（{unit}）不是整分，请填到分为止")
    if abs(fen) > _LARGEST_FEN:
        raise Unreadable(f"“{_shown(normalize(value))}”（{unit}）金额过大，请核对单位是不是{unit}")
    return int(fen)


def read_percent(value: object) -> Decimal:
    """Percent points: "53.5%", "53.5", "５３．５％" and 53.5 are all 53.5. Raises Unreadable otherwise."""
    if isinstance(value, float | bool | int | Decimal):
        return read_number(value)
    text = _text(value, "百分数，如 53.5%")
    try:
        return read_number(text.removesuffix("%").rstrip())
    except Unreadable:
        raise Unreadable(f"“{_shown(text)}”不是百分数，请填如 53.5% 或 53.5") from None


def read_date(value: object) -> dt.date:
    """A day: date cells, "2022-07-31", "2022/7/31", "2022.7.31", "2022年7月31日", "20220731", Excel serial numbers.

    Raises Unreadable for months without a day, days that do not exist and bare numbers outside 1990–2099.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float) and math.isfinite(value):
        value = math.floor(value)
    text = _CLOCK.sub("", _text(value, "日期，如 2022-07-31"))
    wrong = Unreadable(f"“{_shown(text)}”不是日期，请写到日，如 2022-07-31")
    if text.isascii() and text.isdigit():
        if len(text) == 5 and int(text) in _EXCEL_SERIALS:
            return _EXCEL_EPOCH + dt.timedelta(days=int(text))
        parts = [text[:4], text[4:6], text[6:]] if len(text) == 8 else []
    else:
        match = _DATE.fullmatch(text) or _CHINESE_DATE.fullmatch(text)
        parts = [part for part in match.groups() if part] if match else []
    if not parts:
        raise wrong
    try:
        return dt.date(*map(int, parts))
    except ValueError:
        raise Unreadable(f"“{_shown(text)}”不是存在的日期，请核对年月日") from None


def read_code(value: object) -> str:
    """A code as text, leading zeros and 21 digits kept; a whole float cell such as 101.0 is "101".

    Raises Unreadable for number cells beyond 15 digits and for scientific notation: the digits are lost there.
    """
    lost = "编码已被表格软件改成数字，后面的位数丢失；请把该列设为“文本”格式后重新填写"
    if isinstance(value, bool):
        raise Unreadable("这里要填编码，读到的是“是/否”值，请改填编码")
    if isinstance(value, float | Decimal):
        if not math.isfinite(value) or value != int(value) or value < 0:
            raise Unreadable(f"“{_shown(normalize(value))}”不是编码，请以文本格式填写")
        value = int(value)
    if isinstance(value, int) and value < 0:
        raise Unreadable(f"“{value}”不是编码，请以文本格式填写")
    if isinstance(value, int) and value >= 10**15:
        raise Unreadable(lost)
    text = _text(value, "编码，并把单元格设为“文本”格式").removeprefix("'")
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable(f"“{_shown(text)}”：{lost}")
    if not text or " " in text or len(text) > 64:
        raise Unreadable(f"“{_shown(text)}”不是编码，编码不含空格，不超过 64 位")
    whole = text.removesuffix(".0")
    return whole if whole.isdigit() else text


def read_flag(value: object) -> bool:
    """是 or 否 (also √/×, yes/no, 1/0, true/false cells). Raises Unreadable otherwise."""
    text = _text(read_code(value) if isinstance(value, float) else value, "是或否").lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(f"“{_shown(text)}”读不懂，请填“是”或“否”")


def plain(number: Decimal | int) -> str:
    """Without exponent and trailing zeros: "54.6", "100", "0"."""
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def amount_plain(fen: int, unit: str = "万元") -> str:
    """The exact amount without separators: 3758060000 fen in 万元 is "3758.06"."""
    # Every unit is a power of ten, so the point only moves; scaleb keeps each digit where division would round.
    return plain(_moved(fen, len(str(FEN_PER_UNIT[unit])) - 1))


def format_amount(fen: int, unit: str = "万元") -> str:
    """The exact amount with thousands separators: "37,580.6". No digit is lost."""
    whole, point, part = amount_plain(fen, unit).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.removeprefix('-')):,}{point}{part}"


def round2(x: Fraction | Decimal | int) -> Decimal:
    """Rounded to 0.01, halves away from zero (四舍五入), without going through a binary fraction."""
    exact = Fraction(x)
    hundredths = math.floor(abs(exact) * 100 + Fraction(1, 2))
    return _moved(-hundredths if exact < 0 else hundredths, 2)


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent points, rounded to 0.01 (四舍五入); None where the whole is 0."""
    return round2(Fraction(part, whole) * 100) if whole else None


def _moved(digits: int, places: int) -> Decimal:
    """`digits` with the decimal point moved left; built from the digits so that no context can round them."""
    return Decimal((digits < 0, tuple(map(int, str(abs(digits)))), -places))


def _text(value: object, wanted: str) -> str:
    """The normalized text of a filled cell; refuses empty cells and formula errors."""
    text = normalize(value)
    if not text:
        raise Unreadable(f"没有填写，请填{wanted}")
    if text.upper() in _CELL_ERRORS:
        raise Unreadable(f"单元格是公式错误 {text}，请改正公式，或直接填{wanted}")
    if text.lower() in ("nan", "inf", "-inf", "+inf", "infinity", "-infinity"):
        raise Unreadable(f"“{text}”不是有效的值，请填{wanted}")
    return text


def _shown(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"
