"""The scoring methods by name and version. A correction adds "/2"; "/1" stays, so that old scores can be recomputed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from ..indicators import Comparison, LineFacts
from ..quantities import plain
from .arithmetic import ZERO, certain, full, open_range, percent_of, points_of, ratio, scaled, share_of
from .rules import Beyond, Flag, LineScore, ScoringRules
from .values import Value, Wording
from .wordings import by_segments, deduction_steps, read_deduction, read_segments

Method = Callable[[LineFacts, Value, Value, ScoringRules], LineScore]


def proportional(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """≥ and >：reached is full, else actual ÷ target (财预〔2020〕10号第十六条)."""
    name = "proportional/1"
    if not target.num:
        beyond = actual.num or 0
        reached = beyond > 0 or (beyond == 0 and line.comparison is not Comparison.MORE)
        return full(line, "达到指标值，得满分", name) if reached else certain(ZERO, "未达到指标值0，不得分", name)
    num, den = ratio(actual, target)
    if target.num < 0:
        if num <= den:
            return full(line, "达到指标值，得满分", name)
        return open_range(line, "指标值为负数，不能按比例计算，请人工评分", name)
    return _reached(line, num, den, rules, name) if num >= den else _shortfall(line, target, actual, num, den, name)


def reverse(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """≤ and <：not above the target is full, else weight × target ÷ actual (湖北自评表注：权重×A/B)."""
    name = "reverse/1"
    if (actual.num or 0) * target.den <= (target.num or 0) * actual.den:
        attainment = percent_of(*ratio(actual, target))[0] if target.num and (actual.num or 0) >= 0 else None
        return full(line, "未超过指标值，得满分", name, attainment)
    if (target.num or 0) <= 0:
        return share_of(line, rules.zero_target_missed, "指标值为0而未做到", name)
    num, den = ratio(target, actual)
    return scaled(line, num, den, f"{target.shown}÷{actual.shown}", name)


def exact(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """＝：equal is full; below and beyond as the policy says (全国做法：达到即满分，不足按比例)."""
    name = "exact/1"
    if not target.num:
        if not actual.num:
            return full(line, "达到指标值，得满分", name)
        return share_of(line, rules.zero_target_missed, "指标值为0而未做到", name)
    num, den = ratio(actual, target)
    if num == den:
        return full(line, "达到指标值，得满分", name, Decimal(100))
    if target.num < 0:
        return open_range(line, "指标值为负数，不能按比例计算，请人工评分", name)
    treatment = rules.equal_beyond if num > den else rules.equal_below
    if treatment is Beyond.ZERO:
        return certain(
            ZERO, f"完成值{actual.shown}不等于指标值{target.shown}，不得分", name, percent_of(max(num, 0), den)[0]
        )
    if treatment is Beyond.FULL:
        return _reached(line, num, den, rules, name)
    if num > den:
        return scaled(line, den, num, f"{target.shown}÷{actual.shown}", name)
    return _shortfall(line, target, actual, num, den, name)


def satisfaction(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """满意度赋分：≥90% full, 60%（含）–90% value × weight, below nothing (财预〔2021〕101号)."""
    name = "satisfaction/1"
    num, den = actual.num or 0, actual.den * 100
    value, percent, _ = percent_of(max(num, 0), den)
    if Decimal(num) >= rules.satisfaction_full * actual.den:
        return full(line, f"满意度{percent}，不低于{plain(rules.satisfaction_full)}%，得满分", name, value)
    if Decimal(num) < rules.satisfaction_floor * actual.den:
        return certain(ZERO, f"满意度{percent}，低于{plain(rules.satisfaction_floor)}%，不得分", name, value)
    points = points_of(line.weight, num, den)
    return certain(points, f"满意度{percent}，{plain(line.weight)}×{percent}＝{points}", name, value)


def by_date(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """时效：on the day or before is full; each day late costs a share of the weight, as the policy says."""
    name = "date/1"
    if actual.on_time:
        return full(line, "按期完成，得满分", name)
    if target.day is None or actual.day is None:
        return open_range(line, f"完成值“{actual.text}”不是日期，请填写实际完成日期", name)
    year = target.day[0] if target.day[0] and actual.day[0] else 0
    late = (_day(actual.day, year) - _day(target.day, year)).days
    if late <= 0:
        return full(line, f"{actual.text}不晚于{target.text}，得满分", name)
    left = max(Decimal(0), 100 - rules.late_per_day * late)
    reason = f"{actual.text}晚于{target.text}{late}天，每天扣分值的{plain(rules.late_per_day)}%"
    return share_of(line, left, reason, name)


def yes_no(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """直接赋分（是/否）：as promised is full, otherwise nothing (财预〔2021〕101号)."""
    name = "yes_no/1"
    done = _truth(actual)
    promised = _truth(target)
    if target.text == actual.text or (done is not None and done == (True if promised is None else promised)):
        return full(line, "与指标值一致，得满分", name)
    if done is None:
        return open_range(line, f"完成值“{actual.text}”不能判断是否做到，请填“是”或“否”", name)
    return certain(ZERO, f"完成值“{actual.text}”与指标值“{target.text}”不一致，不得分", name)


def deduction(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """扣分制：“每少1个扣1分，扣完为止”, read from the line's own wording."""
    name = "deduction/1"
    rule = read_deduction(line.method or "")
    if rule is None:
        return open_range(line, "赋分规则读不懂，请写成“每少1个扣1分”", name)
    gap_num = (target.num or 0) * actual.den - (actual.num or 0) * target.den
    gap_den = target.den * actual.den
    if rule.upward or line.comparison in (Comparison.AT_MOST, Comparison.LESS):
        gap_num = -gap_num
    if gap_num <= 0:
        return full(line, "达到指标值，得满分", name)
    lost_num, lost_den = deduction_steps(rule, gap_num, gap_den, rules.deduction_steps)
    weight_num, weight_den = line.weight.as_integer_ratio()
    left = max(0, weight_num * lost_den - lost_num * weight_den)
    points = points_of(Decimal(1), left, weight_den * lost_den)
    lost = points_of(line.weight, 1, 1) - points
    word = "超出" if rule.upward or line.comparison in (Comparison.AT_MOST, Comparison.LESS) else "少"
    shown = plain(Decimal(gap_num) / Decimal(gap_den))
    return certain(points, f"比指标值{word}{shown}，按“{rule.text}”扣{plain(lost)}分，得{points}", name)


def segments(line: LineFacts, target: Value, actual: Value, rules: ScoringRules) -> LineScore:
    """分段赋分：the attainment falls into a segment of the policy, or of the line's own wording."""
    name = "segments/1"
    if (target.num or 0) <= 0:
        return open_range(line, "指标值不大于0，不能分段赋分，请人工评分", name)
    table = read_segments(line.method or "", line.weight) or rules.segments
    inverse = line.comparison in (Comparison.AT_MOST, Comparison.LESS)
    if inverse and (actual.num or 0) <= 0:
        return full(line, "未超过指标值，得满分", name)
    num, den = ratio(target, actual) if inverse else ratio(actual, target)
    return by_segments(line, max(num, 0), den, table, name)


def tiers(line: LineFacts, target: Value | None, actual: Value | None, rules: ScoringRules) -> LineScore:
    """定性三档 (财预〔2020〕10号第十六条)：a granted share gives the points, a wording alone gives a range."""
    name = "tiers/1"
    top, part = rules.tier_reached, rules.tier_partly
    if line.tier is not None:
        wording = "达成预期" if line.tier >= top else "部分达成" if line.tier >= part else "未达成"
        return share_of(line, line.tier, f"完成度{plain(line.tier)}%，属{wording}档", name, line.tier)
    if actual is None:
        return open_range(line, "没有完成情况，得分无法计算", name)
    wording_found = actual.wording
    if wording_found is None and target is not None and target.text == actual.text:
        wording_found = Wording.REACHED
    if wording_found is None:
        return open_range(line, f"完成情况“{actual.text}”未归入三档之一，得分无法计算，请核定完成度", name)
    low, high = {
        Wording.REACHED: (top, Decimal(100)),
        Wording.PARTLY: (part, top),
        Wording.MISSED: (Decimal(0), part),
    }[wording_found]
    reason = f"{wording_found.label}，{plain(low)}%—{plain(high)}%档，请核定完成度"
    return open_range(line, reason, name, low, high)


METHODS: dict[str, Method] = {
    "proportional/1": proportional,
    "reverse/1": reverse,
    "exact/1": exact,
    "satisfaction/1": satisfaction,
    "date/1": by_date,
    "yes_no/1": yes_no,
    "deduction/1": deduction,
    "segments/1": segments,
    "tiers/1": tiers,
}


def _reached(line: LineFacts, num: int, den: int, rules: ScoringRules, name: str) -> LineScore:
    """Full points, flagged when far above the target; the policy may take a fixed deduction."""
    attainment = percent_of(num, den)[0]
    if num == den:
        return full(line, "达到指标值，得满分", name, attainment)
    if not exceeds(num, den, rules.over_threshold):
        return full(line, "达到指标值，得满分", name, attainment)
    over = percent_of(num - den, den)[1]
    flags = (Flag.OVER_FULFILLED,)
    if not rules.over_deduction:
        return full(line, f"达到指标值，得满分；高于指标值{over}，请说明原因", name, attainment, flags)
    points = max(ZERO, points_of(line.weight, 1, 1) - rules.over_deduction)
    return certain(points, f"高于指标值{over}，扣{plain(rules.over_deduction)}分，得{points}", name, attainment, flags)


def exceeds(num: int, den: int, threshold: Decimal) -> bool:
    """Whether num ÷ den lies above 1 by the threshold (percent points) or more."""
    top, bottom = threshold.as_integer_ratio()
    return (num - den) * 100 * bottom >= top * den


def _shortfall(line: LineFacts, target: Value, actual: Value, num: int, den: int, name: str) -> LineScore:
    if num < 0:
        return certain(ZERO, f"完成值{actual.shown}为负数，不得分", name)
    return scaled(line, num, den, f"{actual.shown}÷{target.shown}", name)


def _day(day: tuple[int, int, int], year: int) -> date:
    """A date to subtract; days without a year are laid into one leap year."""
    return date(day[0] if year else 2000, day[1], day[2] if year or day[1] != 2 else min(day[2], 29))


def _truth(value: Value) -> bool | None:
    """是, or a wording that means it."""
    if value.flag is not None:
        return value.flag
    wording = value.wording
    return None if wording is None else wording is Wording.REACHED
