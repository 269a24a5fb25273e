"""A whole sheet: execution, lines, total, grade. Rounded per line, then added, then graded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ..grades import Grade, GradeRules, grade_of
from ..indicators import LineFacts
from ..money_words import SPENDING, MoneyWords
from ..quantities import plain, share
from .arithmetic import HUNDRED, ZERO, percent_of, points_of
from .line import score_line
from .rules import Flag, LineScore, ScoringRules, SheetFacts, SheetScore

EXECUTION = "execution/1"


def score_execution(
    budget: int | None, spent: int | None, weight: Decimal, rules: ScoringRules, money: MoneyWords = SPENDING
) -> LineScore:
    """预算执行率得分＝weight × min(1, 全年执行数÷全年预算数); amounts in fen (财预〔2020〕10号附1).

    A missing amount or a budget of 0 leaves the points open. Of revenue the rate is 收入完成率, and what exceeds its
    plan asks for no explanation.
    """
    score = _execution(budget, spent, weight)
    flags = score.flags if money.spent else ()
    return replace(score, because=money.say(score.because), flags=flags)


def _execution(budget: int | None, spent: int | None, weight: Decimal) -> LineScore:
    whole = points_of(weight, 1, 1)
    if budget is None or spent is None:
        missing = "全年预算数" if budget is None else "全年执行数"
        return LineScore(None, ZERO, whole, None, f"没有{missing}，预算执行率无法计算", (), EXECUTION)
    if budget <= 0 or spent < 0:
        reason = "全年预算数为0，预算执行率无法计算" if budget == 0 else "预算数或执行数为负，预算执行率无法计算"
        flags = (Flag.EXECUTION_OVER_100,) if budget == 0 < spent else ()
        return LineScore(None, ZERO, whole, None, reason, flags, EXECUTION)
    rate, percent, exact = percent_of(spent, budget)
    if spent > budget:
        because = f"预算执行率{percent}，超过100%，按满分{plain(weight)}封顶"
        return LineScore(whole, whole, whole, rate, because, (Flag.EXECUTION_OVER_100,), EXECUTION)
    points = points_of(weight, spent, budget)
    equals = "＝" if exact else "≈"
    because = f"预算执行率{equals}{percent}，{plain(weight)}×{percent}{equals}{points}"
    return LineScore(points, points, points, rate, because, (), EXECUTION)


def score_sheet(facts: SheetFacts, rules: ScoringRules, grades: GradeRules) -> SheetScore:
    """Score every line, add, cap as the policy says, grade. Lines of several target groups simply add."""
    lines = tuple(lowered(score_line(line, rules), line) for line in facts.lines)
    execution = None
    if facts.execution_weight:
        execution = score_execution(facts.budget, facts.spent, facts.execution_weight, rules, facts.money)
    rate = share(facts.spent, facts.budget) if facts.budget and facts.spent is not None else None
    return add_up(lines, execution, rate, rules, grades, facts.money)


def lowered(score: LineScore, line: LineFacts) -> LineScore:
    """自报: the filler's own points where they are lower than the rule's, with why; higher ones change nothing."""
    own = line.claimed
    if own is None or score.points is None or own >= score.points:
        return score
    because = f"{score.because}；单位自报{plain(own)}分：{line.claim}"
    return replace(score, points=own, low=own, high=own, because=because)


def add_up(
    lines: Iterable[LineScore],
    execution: LineScore | None,
    rate: Decimal | None,
    rules: ScoringRules,
    grades: GradeRules,
    money: MoneyWords = SPENDING,
) -> SheetScore:
    """Total and grade of lines already scored. `rate` in percent points; None where it cannot be computed."""
    lines = tuple(lines)
    parts = lines if execution is None else (execution, *lines)
    low, high = sum((p.low for p in parts), ZERO), sum((p.high for p in parts), ZERO)
    flags = tuple(dict.fromkeys(flag for part in parts for flag in part.flags))
    undecided = sum(part.points is None for part in parts)
    if undecided:
        because = f"有{undecided}项得分未定，总分在{low}—{high}之间"
        return SheetScore(execution, rate, lines, None, low, high, None, because, flags)
    cap = cap_of(rate, rules)
    total, because = low, "＋".join(str(part.points) for part in parts) + f"＝{low}"
    if cap is not None and total > cap:
        because = f"{because}，按{money.say('预算执行率')}{rate}%封顶为{plain(cap)}"
        total, flags = cap, (*flags, Flag.TOTAL_CAPPED)
    grade: Grade = grade_of(total, grades)
    return SheetScore(execution, rate, lines, total, total, total, grade, f"{because}，等级{grade.label}", flags)


def cap_of(rate: Decimal | None, rules: ScoringRules) -> Decimal | None:
    """The lowest cap whose border the execution rate stays below; None where the policy has none."""
    if rate is None:
        return None
    caps = [cap.total for cap in rules.execution_caps if min(rate, HUNDRED) < cap.below]
    return min(caps, default=None)
