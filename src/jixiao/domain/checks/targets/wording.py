"""文字：goals, names and targets say something, at a readable length, in measurable words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ...indicators import Comparison
from ...quantities import normalize
from .. import Check, Level, Need
from .completeness import DETAILED, FILLED
from .facts import IndicatorView, TargetView, holds, numbers_in

CLEAR = "财预〔2015〕88号：指向明确"
RELEVANT = "财预〔2015〕88号：相关性，目标与项目内容相关"
ANNUAL = "财预〔2015〕88号：中期目标与年度目标分别填报"
_GENERIC = re.compile(r"项目|专项|经费|资金|补助|补贴|工作|年度|预算|支出|财政|[（(]\w*[）)]|[\d年]+|\W+")
_FRAME = re.compile(r"完成|做好|实施|开展|推进|保障|按期|按时|顺利|年度|全年|目标|任务|工作|项目|\d+年?度?|\W+")
_UNITS = "公里|千米|平方米|亩|人次|人|名|户|个|所|台|套|辆|张|场|座|处"
_COUNTED = re.compile(rf"(\d[\d,]*(?:\.\d+)?万?)余? ?(?:{_UNITS})")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
# Digits that name something and measure nothing: 2022年, 第3季度, 12345热线, 0-3岁, 1+N, G20.
_NAMING = re.compile(
    r"(?:任务|阶段|标段|号)\d+|\d{4}年?|第\d+|\d+岁|\d+[+-]\w+|[A-Za-z]+-?\d+|\d{5,}|\d+(?:类|级|大|型|路|号)"
)
_TWO_RATES = re.compile(r"[率度](?:和|与|及|以及|、)\S+[率度]$")


def _goal(view: TargetView) -> str:
    return "".join(view.sheet.goal.split())


def _has_goal(view: TargetView) -> bool:
    return bool(_goal(view))


def _goal_short(view: TargetView) -> str | None:
    length, least = len(_goal(view)), view.rules.goal_shortest
    return f"总体目标只有 {length} 个字，请写明做什么、做多少、达到什么效果" if length < least else None


def _goal_long(view: TargetView) -> str | None:
    length, most = len(_goal(view)), view.rules.goal_longest
    return f"总体目标有 {length} 个字，超过 {most} 个字，请压缩到要点" if length > most else None


def _pairs(view: TargetView) -> tuple[str, ...]:
    """Every two neighbouring characters of what the project's name says of its content."""
    parts: Iterator[str] = filter(None, _GENERIC.split(normalize(view.sheet.project)))
    return tuple(part[i : i + 2] for part in parts for i in range(len(part) - 1))


def _off_topic(view: TargetView) -> str | None:
    if any(pair in view.sheet.goal for pair in _pairs(view)):
        return None
    return f"总体目标没有提到“{view.sheet.project}”的内容，请写明本项目要做的事"


def _goal_repeats(view: TargetView) -> str | None:
    content = _FRAME.sub("", normalize(view.sheet.project))
    left = _FRAME.sub("", normalize(view.sheet.goal)).replace(content, "")
    return None if left else "总体目标只是重复项目名称，请写明做多少、达到什么效果"


def _goal_vague(view: TargetView) -> str | None:
    words = holds(view.rules.vague_words, view.sheet.goal)
    if not words or re.search(r"\d", normalize(view.sheet.goal)):
        return None
    return f"总体目标用了{words}而没有一个数，请写明可以衡量的程度"


def _goal_numbers(view: TargetView) -> str | None:
    named = _COUNTED.findall(normalize(view.sheet.goal))
    known = {number for line in view.lines for number in _magnitudes(line)}
    loose = [text for text in named if not known & {*numbers_in((text,), "")}]
    return f"总体目标中的 {'、'.join(loose)} 没有对应的指标值，请核对或补设指标" if loose else None


def _magnitudes(line: IndicatorView) -> tuple[Fraction, ...]:
    """The target as written and, where its unit counts in 万, in ones."""
    if line.number is None:
        return ()
    return (line.number, line.number * 10_000) if line.unit.startswith("万") else (line.number,)


def _goal_counts(view: TargetView) -> bool:
    return bool(_COUNTED.search(normalize(view.sheet.goal)))


def _long_term_goal(view: TargetView) -> str | None:
    words = holds(view.rules.long_term_words, view.sheet.goal)
    return f"年度目标写了{words}的中长期内容，请只写当年要完成的" if words else None


def _name_vague(line: IndicatorView) -> str | None:
    words = holds(line.rules.vague_words, line.name)
    return f"名称用了{words}，程度请写在指标值里，名称只写衡量什么" if words else None


def _target_vague(line: IndicatorView) -> str | None:
    words = holds(line.rules.vague_words, line.indicator.target)
    return f"指标值“{line.indicator.target}”用了{words}，请改为可以衡量的数或可以核实的状态" if words else None


def _target_empty(line: IndicatorView) -> str | None:
    if normalize(line.indicator.target) not in line.rules.empty_targets:
        return None
    return f"指标值“{line.indicator.target}”没有说明要达到什么，请写出数值或可以核实的状态"


def _name_short(line: IndicatorView) -> str | None:
    if len(line.name.strip()) >= line.rules.name_shortest:
        return None
    return f"名称“{line.name}”太短，看不出衡量什么，请写完整"


def _name_long(line: IndicatorView) -> str | None:
    length, most = len(line.name.strip()), line.rules.name_longest
    return f"名称有 {length} 个字，超过 {most} 个字，请只写衡量什么，说明另填" if length > most else None


def _target_long(line: IndicatorView) -> str | None:
    length, most = len(line.indicator.target.strip()), line.rules.target_longest
    return f"指标值有 {length} 个字，超过 {most} 个字，请只写要达到的值" if length > most else None


def _measuring(line: IndicatorView) -> list[str]:
    return _DIGITS.findall(_NAMING.sub("", normalize(line.name)))


def _holds_target(line: IndicatorView) -> str | None:
    if line.number not in numbers_in(tuple(_measuring(line)), ""):
        return None
    return f"名称里已写了指标值“{line.indicator.target}”，请从名称中去掉"


def _holds_number(line: IndicatorView) -> str | None:
    found = _measuring(line)
    if not found or _holds_target(line):
        return None
    return f"名称里有数字 {'、'.join(found)}，数量请写在指标值里"


def _two_in_one(line: IndicatorView) -> str | None:
    return "一个指标写了两项内容，请分成两个指标" if _TWO_RATES.search(line.name) else None


def _long_term(line: IndicatorView) -> str | None:
    words = holds(line.rules.long_term_words, line.name + line.indicator.target)
    return f"年度指标写了{words}的中长期内容，请改为当年要达到的值" if words else None


def _is_annual(line: IndicatorView) -> bool:
    return line.sheet.annual


GOAL = Need[TargetView]("总体目标", _has_goal)
NAMED = Need[TargetView]("项目名称", lambda view: bool(view.sheet.project.strip()))
NUMBERS = Need[TargetView]("定量指标", lambda view: any(line.quantitative for line in view.lines))

SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    Check("GOAL_TOO_SHORT", Level.WARNING, DETAILED, (GOAL,), _goal_short),
    Check("GOAL_TOO_LONG", Level.WARNING, CLEAR, (GOAL,), _goal_long),
    Check(
        "GOAL_OFF_TOPIC",
        Level.WARNING,
        RELEVANT,
        (GOAL, NAMED),
        _off_topic,
        lambda v: not v.sheet.project or bool(_pairs(v)),
    ),
    Check("GOAL_REPEATS_NAME", Level.WARNING, DETAILED, (GOAL, NAMED), _goal_repeats),
    Check("GOAL_VAGUE", Level.WARNING, DETAILED, (GOAL,), _goal_vague),
    Check("GOAL_NUMBER_UNMATCHED", Level.WARNING, RELEVANT, (NUMBERS,), _goal_numbers, _goal_counts),
    Check("GOAL_LONG_TERM", Level.WARNING, ANNUAL, (GOAL,), _long_term_goal, lambda view: view.sheet.annual),
)

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("NAME_VAGUE", Level.WARNING, DETAILED, (), _name_vague),
    Check("TARGET_VAGUE", Level.WARNING, DETAILED, (FILLED,), _target_vague),
    Check(
        "TARGET_SAYS_NOTHING",
        Level.WARNING,
        DETAILED,
        (FILLED,),
        _target_empty,
        lambda line: line.indicator.comparison is Comparison.QUALITATIVE,
    ),
    Check("NAME_TOO_SHORT", Level.WARNING, CLEAR, (), _name_short),
    Check("NAME_TOO_LONG", Level.WARNING, CLEAR, (), _name_long),
    Check("TARGET_TOO_LONG", Level.WARNING, CLEAR, (FILLED,), _target_long),
    Check("NAME_HOLDS_TARGET", Level.WARNING, CLEAR, (FILLED,), _holds_target),
    Check("NAME_HOLDS_NUMBER", Level.WARNING, CLEAR, (), _holds_number),
    Check("TWO_IN_ONE", Level.WARNING, CLEAR, (), _two_in_one),
    Check("LONG_TERM_IN_ANNUAL", Level.WARNING, ANNUAL, (FILLED,), _long_term, _is_annual),
)
