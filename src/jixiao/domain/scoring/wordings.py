"""评分标准 as tables word them: “每少1个扣1分，扣完为止”, “100%得满分，90%以上得80%”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..indicators import LineFacts
from ..quantities import normalize, plain
from .arithmetic import ZERO, certain, percent_of, share_of
from .rules import LineScore, Segment, Steps

_NUMBER = r"(\d+(?:\.\d+)?)"
_DEDUCTION = re.compile(
    r"每?(?P<way>少|减少|降低|低于?|下降|缺少?|差|未完成|多|超过?|高于?|增加|上升|推迟|延迟|晚)(?:目标值?|指标值?)?"
    rf"(?P<step>{_NUMBER[1:-1]})(?P<unit>[^\d扣,;。]*?)[,]?扣(?:减)?(?P<points>{_NUMBER[1:-1]})(?P<of>分|%)"
)
_UPWARD = frozenset({"多", "超", "超过", "高", "高于", "增加", "上升", "推迟", "延迟", "晚"})
_SEGMENT = re.compile(
    rf"(?:完成率?|达到|大于等于|≥|>=)*{_NUMBER}%(?:\(含\))?(?:及?以上|\(含\))*的?,?得(?:(?P<full>满分)|{_NUMBER}(?P<of>分|%))"
)


@dataclass(frozen=True, slots=True)
class Deduction:
    """For every `step` of shortfall (or excess, if `upward`) `points` 分 are lost; `percent` of the weight if so."""

    text: str
    upward: bool
    step: Decimal
    points: Decimal


@lru_cache(maxsize=4096)
def read_deduction(text: str) -> Deduction | None:
    """The rule in a wording such as “每少1个扣1分”; None if there is none."""
    found = _DEDUCTION.search(normalize(text).replace(" ", ""))
    if not found or found["of"] != "分" or not Decimal(found["step"]):
        return None
    return Deduction(found.group(), found["way"] in _UPWARD, Decimal(found["step"]), Decimal(found["points"]))


def deduction_steps(rule: Deduction, num: int, den: int, steps: Steps) -> tuple[int, int]:
    """Points lost for a gap of num ÷ den, as a fraction."""
    step_num, step_den = rule.step.as_integer_ratio()
    point_num, point_den = rule.points.as_integer_ratio()
    top, bottom = num * step_den, den * step_num
    if steps is Steps.EXACT:
        return top * point_num, bottom * point_den
    count = top // bottom if steps is Steps.WHOLE else -(-top // bottom)
    return count * point_num, point_den


@lru_cache(maxsize=4096)
def read_segments(text: str, weight: Decimal) -> tuple[Segment, ...]:
    """Segments worded like “100%得满分，90%以上得8分，80%以上得60%”, highest first; empty if there are none."""
    found = []
    for match in _SEGMENT.finditer(normalize(text).replace(" ", "")):
        border, worth = Decimal(match.group(1)), match.group(3)
        share = Decimal(100) if match["full"] else Decimal(worth)
        if match["of"] == "分":
            if not weight:
                return ()
            share = Decimal(worth) * 100 / weight
        found.append(Segment(border, min(share, Decimal(100))))
    return tuple(sorted(found, key=lambda segment: segment.at, reverse=True))


def by_segments(line: LineFacts, num: int, den: int, table: tuple[Segment, ...], name: str) -> LineScore:
    """The share of the highest segment whose border the attainment reaches."""
    attainment, percent, _ = percent_of(num, den)
    for segment in sorted(table, key=lambda segment: segment.at, reverse=True):
        top, bottom = segment.at.as_integer_ratio()
        if num * 100 * bottom >= top * den:
            return share_of(line, segment.share, f"完成率{percent}，达到{plain(segment.at)}%一档", name, attainment)
    return certain(ZERO, f"完成率{percent}，低于各档，不得分", name, attainment)
