"""One indicator line: which method applies, and its score."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ..indicators import Comparison, LineFacts, indicator_class
from ..quantities import normalize
from ..vocabulary import IndicatorLevel1
from .arithmetic import open_range
from .methods import METHODS, Method, tiers
from .rules import Flag, LineScore, ScoringRules, UnknownMethod
from .values import Value, read_value
from .wordings import read_deduction

# A percentage of at least this much, measured as 0.98 or 1, was written as a ratio; a smaller one (30 beside 0.35)
# only if the ratio comes at least to half of it, for a growth of 0.5% beside 3% is what it says.
_SURELY_PERCENT = 50
_LIKELY_PERCENT = 10
# Beside “200万元” a bare 210 counts in 万元 too.
_MYRIADS = re.compile(r"\d\s*((?:万|亿)(?:元|人)?)")
_WORDED = (
    ("满意度赋分", "satisfaction/1"),
    ("直接赋分", "yes_no/1"),
    ("是否", "yes_no/1"),
    ("分段", "segments/1"),
    ("得满分", "segments/1"),
    ("评判等级", "tiers/1"),
    ("定性", "tiers/1"),
)


def score_line(line: LineFacts, rules: ScoringRules) -> LineScore:
    """Points of one line, rounded to 0.01, with the sentence that explains them.

    Raises UnknownMethod if the policy or the line names a method that does not exist.
    """
    line = signed(line)
    chosen = named_method(line.method) if line.method else None
    target, actual = read_value(line.target, line.unit), read_value(line.actual, line.unit)
    if chosen is None and line.comparison is Comparison.QUALITATIVE:
        dated = target is not None and actual is not None and target.day is not None and actual.day is not None
        chosen = "date/1" if dated and line.tier is None else rules.methods[Comparison.QUALITATIVE]
    if chosen == "tiers/1" or (line.tier is not None and (actual is None or actual.num is None)):
        return tiers(line, target, actual, rules)
    if target is None or actual is None:
        missing = "指标值和完成值" if target is actual else "指标值" if target is None else "完成值"
        return open_range(line, f"没有{missing}，得分无法计算", chosen or "")
    if chosen is None or chosen not in _FREE_OF_NUMBERS:
        unreadable = _without_numbers(line, target, actual, rules)
        if unreadable is not None:
            return unreadable
        target, actual = aligned(line, target, actual)
    score = _method(chosen or method_for(line, rules))(line, target, actual, rules)
    if target.transcribed or actual.transcribed or actual.sign is not None:
        return LineScore(
            score.points,
            score.low,
            score.high,
            score.attainment,
            f"{_transcription(target, actual)}{score.because}",
            (*score.flags, Flag.TRANSCRIBED),
            score.method,
        )
    return score


def signed(line: LineFacts) -> LineFacts:
    """The line under the sign and unit that its cells carry themselves (“≤3天” marked ＝; “200万元” without a unit)."""
    if not line.unit:
        found = _MYRIADS.search(line.target or "") or _MYRIADS.search(line.actual or "")
        line = replace(line, unit=found[1]) if found else line
    target = read_value(line.target, line.unit)
    own = line.comparison if target is None else target.sign or line.comparison
    return line if line.comparison in (own, Comparison.QUALITATIVE) else replace(line, comparison=own)


_FREE_OF_NUMBERS = frozenset({"date/1", "yes_no/1"})


def method_for(line: LineFacts, rules: ScoringRules) -> str:
    """The policy's method for a line with numbers on both sides."""
    kind = indicator_class(line.level1, line.level2)
    if kind is IndicatorLevel1.SATISFACTION:
        if line.unit in ("%", "％") or "%" in (line.target or "") or "%" in (line.actual or ""):
            return rules.satisfaction
    elif kind is IndicatorLevel1.COST and line.comparison is Comparison.EQUAL:
        return rules.cost_equal
    return rules.methods[line.comparison]


@lru_cache(maxsize=4096)
def named_method(text: str) -> str | None:
    """The method that a name ("exact/1") or a wording (“每少1个扣1分”) stands for; None leaves it to the policy.

    Raises UnknownMethod for a name with a version that does not exist.
    """
    written = normalize(text)
    if written in METHODS:
        return written
    name, slash, version = written.partition("/")
    if slash and version.isdigit() and name.isidentifier() and name.isascii():
        raise UnknownMethod(f"没有赋分方法“{written}”，可用的有：{'、'.join(METHODS)}")
    if read_deduction(written):
        return "deduction/1"
    return next((method for word, method in _WORDED if word in written), None)


def aligned(line: LineFacts, target: Value, actual: Value) -> tuple[Value, Value]:
    """Both in percent points where one side of a percentage was written as a ratio (0.98 beside 98)."""
    if (line.unit in ("%", "％") or target.percent or actual.percent) and line.comparison not in _REVERSED:
        if _is_ratio(actual, target):
            return target, _times_hundred(actual)
        if _is_ratio(target, actual):
            return _times_hundred(target), actual
    return target, actual


_REVERSED = frozenset({Comparison.AT_MOST, Comparison.LESS})


def _is_ratio(value: Value, beside: Value) -> bool:
    if value.percent or not 0 < (value.num or 0) <= value.den:
        return False
    least = _SURELY_PERCENT if 200 * (value.num or 0) * beside.den < (beside.num or 0) * value.den else _LIKELY_PERCENT
    return (beside.num or 0) >= least * beside.den


def _times_hundred(value: Value) -> Value:
    return Value(value.text, (value.num or 0) * 100, value.den, f"{value.shown}（即{_percent(value)}）", value.sign)


def _percent(value: Value) -> str:
    return f"{(value.num or 0) * 100 / value.den:g}%"


def _without_numbers(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore | None:
    """The score where one side is no number: a date, 是/否, the target's own words, or nothing that can be scored."""
    if target.num is not None and actual.num is not None:
        return None
    if target.day is not None:
        return METHODS["date/1"](line, target, actual, rules)
    if target.num is None:
        if target.flag is not None or target.wording is not None:
            return METHODS["yes_no/1"](line, target, actual, rules)
        if target.text == actual.text or actual.wording is not None:
            return tiers(line, target, actual, rules)
        return open_range(line, f"指标值“{target.text}”不是数值，得分无法计算，请核定", "")
    return open_range(line, f"完成值“{actual.text}”不是数值，得分无法计算，请填写实际完成的数", "")


def _method(name: str) -> Method:
    try:
        return METHODS[name]
    except KeyError:
        raise UnknownMethod(f"没有赋分方法“{name}”，可用的有：{'、'.join(METHODS)}") from None


def _transcription(target: Value, actual: Value) -> str:
    notes = [
        f"{side}“{value.text}”按{value.shown}计；"
        for side, value in (("指标值", target), ("完成值", actual))
        if value.is_number and (value.transcribed or (value is actual and value.sign is not None))
    ]
    return "".join(notes)
