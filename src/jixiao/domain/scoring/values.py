"""指标值 and 完成值 as tables write them: numbers with words around them, signs, dates, wordings."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache

from ..indicators import Comparison
from ..quantities import normalize, plain, read_number
from ..terms import Term

_SUPERSCRIPT = str.maketrans("", "", "²³㎡㎥")
_BLANK = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "null", "None"})
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?", re.ASCII)
_LONGEST = 30
_DENIES = re.compile(r"未|没有|不足|尚")
_SIGNS = (
    (Comparison.AT_LEAST, re.compile(r"^(?:≥|≧|>=|=>|不低于|不少于|不小于|至少|大于等于|大于或等于)|(?:及?以上)$")),
    (
        Comparison.AT_MOST,
        re.compile(r"^(?:≤|≦|<=|=<|不超过|不高于|不多于|不大于|至多|小于等于)|(?:及?以下|以内|之内)$"),
    ),
    (Comparison.MORE, re.compile(r"^(?:>|大于|超过|高于|多于)")),
    (Comparison.LESS, re.compile(r"^(?:<|小于|低于|少于)")),
    (Comparison.EQUAL, re.compile(r"^=")),
)
_DATE_FRAME = (
    r"(?:≤|<=|<|于|在|截至|截止|不晚于)?(?:(?P<year>\d{4})年?[./-]?|当年|本年|年内)?%s"
    r"(?:之?前|以前|内|之内)?(?:全部|均|已)*(?:完成|完工|竣工|验收|到位|开工|建设|实施|报送|提交|发放|支付|拨付){0,3}"
)
_MONTH = re.compile(
    _DATE_FRAME % r"(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})[日号]?|(?P<part>底|末|初|上旬|中旬|下旬))?"
)
_NUMERIC = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})(?:之?前|以前)?")
_SEASON = re.compile(_DATE_FRAME % r"(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>上|下)半年)(?:底|末)?")
_YEAR_END = re.compile(_DATE_FRAME % r"(?:年?度?[底末])")
_WHOLE_YEAR = re.compile(r"(?P<year>\d{4})年度?(?:内|底|末)?(?:之?前|以前)?(?:完成)?")
_REACHED = re.compile(
    r"(?:已|均|全部|全面|如期|按时|按期|及时|按计划|按要求|圆满|顺利)*(?:达成|达到|完成|实现)了?"
    r"(?:预期|年度|既定|计划|绩效|全部|设定|的)*(?:指标|目标|效果|任务|要求|值)?|达标|已达标"
)
_PARTLY = re.compile(r"部分(?:达成|达到|完成|实现).*")
_MISSED = re.compile(r"(?:未|没有|尚未)(?:能)?(?:达成|达到|完成|实现|达标).*")
_ON_TIME = re.compile(r"(?:已|均|全部)*(?:按时|按期|如期|及时|按计划|提前)(?:完成|完工|竣工|到位|发放|支付|拨付)?")
_YES = frozenset({"是", "有", "√"})
_NO = frozenset({"否", "没有", "×"})


class Wording(Term):
    """The three wordings of a 定性 result (财预〔2020〕10号第十六条)."""

    REACHED = "reached", "达成预期指标"
    PARTLY = "partly", "部分达成预期指标并具有一定效果"
    MISSED = "missed", "未达成预期指标且效果较差"


@dataclass(frozen=True, slots=True)
class Value:
    """A target or an actual, understood. A number is `num`/`den`; a day is (year or 0, month, day)."""

    text: str
    num: int | None = None
    den: int = 1
    shown: str = ""
    sign: Comparison | None = None
    percent: bool = False
    transcribed: bool = False
    day: tuple[int, int, int] | None = None

    @property
    def is_number(self) -> bool:
        return self.num is not None

    @property
    def flag(self) -> bool | None:
        """是 → True, 否 → False, anything else None."""
        return True if self.text in _YES else False if self.text in _NO else None

    @property
    def wording(self) -> Wording | None:
        """Which of the three wordings the text is, None if none of them."""
        for wording, pattern in ((Wording.REACHED, _REACHED), (Wording.PARTLY, _PARTLY), (Wording.MISSED, _MISSED)):
            if pattern.fullmatch(self.text):
                return wording
        return None

    @property
    def on_time(self) -> bool:
        """Whether the text claims a punctual end without giving a date (按期完成)."""
        return _ON_TIME.fullmatch(self.text) is not None


@lru_cache(maxsize=65536)
def read_value(written: str | None, unit: str = "") -> Value | None:
    """Understand one cell; None where it is blank. `unit` decides whether "1.2万人" is 1.2 or 12000.

    Text that holds exactly one number counts with it ("200余" is 200) and is marked as transcribed.
    """
    raw = "" if written is None else written.translate(_SUPERSCRIPT)
    text = normalize(raw).replace(" ", "")
    if text in _BLANK:
        return None
    day = _read_day(text)
    if day:
        return Value(text, day=day)
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) != 1 or len(numbers[0].group()) > _LONGEST or _DENIES.search(text):
        return Value(text)
    return _number(text, numbers[0], normalize(unit))


def _number(text: str, found: re.Match[str], unit: str) -> Value:
    sign = next((sign for sign, pattern in _SIGNS if pattern.search(text)), None)
    before, after = text[: found.start()], text[found.end() :]
    value = read_number(found.group())
    scale = _zeros(unit)
    if _zeros(after):
        value = value.scaleb(_zeros(after) - scale)
    elif scale and (after.startswith("元") or (after and after == unit[1:])):
        value = value.scaleb(-scale)
    if before.endswith("-"):
        value = -value
    num, den = value.as_integer_ratio()
    whole, point, part = plain(value).partition(".")
    bare = not before.strip("-≥≤≧≦<>=") and after in ("", "%", unit)
    return Value(
        text,
        num=num,
        den=den,
        shown=f"{int(whole):,}{point}{part}" if whole.lstrip("-") != "0" else f"{whole}{point}{part}",
        sign=sign,
        percent=after.startswith("%"),
        transcribed=not bare,
    )


def _zeros(unit: str) -> int:
    """How many zeros the first character of a unit stands for: 4 in 万人, 8 in 亿元."""
    return {"万": 4, "亿": 8}.get(unit[:1], 0)


def _read_day(text: str) -> tuple[int, int, int] | None:
    """The last day that a text such as "11月底前" or "2022年6月30日前" means; year 0 where it names none."""
    found = _NUMERIC.fullmatch(text) or _MONTH.fullmatch(text)
    if found:
        parts = found.groupdict()
        year, month = int(parts["year"] or 0), int(parts["month"])
        return _checked(year, month, parts["day"], parts.get("part"))
    found = _SEASON.fullmatch(text)
    if found:
        quarter = {"一": 1, "二": 2, "三": 3, "四": 4}.get(found["quarter"] or "") or int(found["quarter"] or 0)
        month = quarter * 3 or (6 if found["half"] == "上" else 12)
        return _checked(int(found["year"] or 0), month, None, "底")
    found = _YEAR_END.fullmatch(text) or _WHOLE_YEAR.fullmatch(text)
    return (int(found["year"] or 0), 12, 31) if found else None


def _checked(year: int, month: int, day: str | None, part: str | None) -> tuple[int, int, int] | None:
    if not 1 <= month <= 12:
        return None
    # Without a year, a leap year: 29 February is then a day that exists.
    last = calendar.monthrange(year or 2000, month)[1]
    number = int(day) if day else {"初": 10, "上旬": 10, "中旬": 20}.get(part or "", last)
    return (year, month, number) if 1 <= number <= last else None
