"""Findings on a self-evaluation sheet with printed points: sums, execution, coverage (抽查复核 by rule).

The codes are those of the published tables; `lines.py` judges the single indicators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from ..grades import GradeRules
from ..indicators import LineFacts, indicator_class, is_output
from ..policy import Percent
from ..published import PublishedLine, PublishedTable
from ..quantities import normalize, plain, round2
from ..scoring import LineScore, ScoringRules, SheetScore, add_up, score_execution, score_line
from ..vocabulary import IndicatorLevel1
from . import Check, Level, Need, Report, run
from .lines import LINE_CHECKS, LineView, follows_the_money, is_decided, scores_execution

EXECUTION_BASIS = "财预〔2020〕10号附1：执行率得分＝分值×全年执行数÷全年预算数，100%封顶"
WHOLE = 100
ZERO = Decimal("0.00")
COVERAGE_BASIS = "财预〔2020〕10号第十三条：产出、效益、满意度"
_PERCENT = re.compile(r"(\d{1,9}(?:\.(\d{1,9}))?)(%?)")
# A rate printed as 0.98 or 1.03 is a ratio; one of 10 and more was meant in percent.
_RATIO_BELOW = 10
# What came late or lies above a limit was done all the same.
_NO_MEASURE_OF_OUTPUT = frozenset({"date/1", "reverse/1"})


@dataclass(frozen=True)
class SheetCheckRules:
    """Thresholds of the findings. Tolerances in 分, shares in percent."""

    section: ClassVar[str] = "sheet_checks"

    points_tolerance: Decimal
    execution_tolerance: Decimal
    little_paid: Percent
    fully_done: Percent
    fully_paid: Percent
    little_done: Percent


@dataclass(frozen=True)
class Rules:
    """The three sections that an audit reads."""

    scoring: ScoringRules
    grades: GradeRules
    checks: SheetCheckRules


@dataclass(frozen=True)
class SheetView:
    """A published table beside its recomputed score."""

    table: PublishedTable
    rules: Rules
    score: SheetScore
    lines: tuple[LineView, ...]

    @property
    def execution_weight(self) -> Decimal:
        return self.table.execution_weight or Decimal(0)

    @property
    def paid(self) -> Fraction | None:
        """Executed ÷ budget, exact; None where it cannot be computed."""
        if not self.table.budget or self.table.executed is None:
            return None
        return Fraction(self.table.executed, self.table.budget)

    @cached_property
    def done(self) -> Fraction | None:
        """The share of the output lines' weight that the rule grants.

        Lines that follow the money say nothing about outputs; a day late does not make them undone. A 定性 line
        counts with the best that its wording allows.
        """
        got = weight = Fraction(0)
        for view in self.lines:
            facts, score = view.facts, view.score
            counts = is_output(facts.level1, facts.level2) and score.method not in _NO_MEASURE_OF_OUTPUT
            if counts and is_decided(view) and not follows_the_money(view):
                got += Fraction(score.high if score.points is None else score.points)
                weight += Fraction(facts.weight)
        return got / weight if weight else None


def score_table(table: PublishedTable, rules: Rules) -> SheetView:
    """Score a published table by the rule. Total and grade stay open where rows or weights are missing."""
    weight = table.execution_weight
    budget, executed, money = table.budget, table.executed, table.money
    execution = score_execution(budget, executed, weight, rules.scoring, money) if weight else None
    scores = tuple(_scored(table, line, score_line(line.facts, rules.scoring)) for line in table.lines)
    rate = round2(Fraction(table.executed, table.budget) * 100) if table.budget and table.executed is not None else None
    score = add_up(scores, execution, rate, rules.scoring, rules.grades)
    if not table.complete:
        because = "表格不完整，总分和等级无法计算"
        score = SheetScore(execution, rate, scores, None, score.low, score.high, None, because, score.flags)
    views = tuple(
        LineView(table, line, line_score, rules.scoring, rules.checks.points_tolerance)
        for line, line_score in zip(table.lines, scores, strict=True)
    )
    return SheetView(table, rules, score, views)


def audit(view: SheetView) -> Report:
    """Every finding on the table, sheet first, then line by line; and what could not be checked."""
    sheet = run(SHEET_CHECKS, [(None, view)])
    lines = run(LINE_CHECKS, [(line.line.facts.name, line) for line in view.lines])
    return Report(sheet.findings + lines.findings, sheet.unchecked + lines.unchecked)


def _scored(table: PublishedTable, line: PublishedLine, score: LineScore) -> LineScore:
    if line.weighted:
        return score
    if _beside_the_points(table, line):
        return LineScore(ZERO, ZERO, ZERO, score.attainment, "没有分值的分项，不计分", score.flags, score.method)
    return LineScore(None, score.low, score.high, score.attainment, "没有分值，得分无法计算", score.flags, score.method)


def _weight_sum(table: PublishedTable) -> Decimal:
    return sum((line.facts.weight for line in table.lines), table.execution_weight or Decimal(0))


def _beside_the_points(table: PublishedTable, line: PublishedLine) -> bool:
    """A row without weight and points in a table whose other weights are whole: “其中” under the row above it."""
    bare = not line.weighted and line.points_printed is None
    return bare and table.complete and _weight_sum(table) == WHOLE


def _total_mismatch(view: SheetView) -> str | None:
    printed = view.table.total_printed or Decimal(0)
    added = sum((line.points_printed or Decimal(0) for line in view.table.lines), Decimal(0))
    added += view.table.execution_points_printed or Decimal(0)
    return f"各项得分相加为{plain(added)}，表上总分为{plain(printed)}" if added != printed else None


def _weights(view: SheetView) -> str | None:
    added = _weight_sum(view.table)
    rate = view.table.money.say("预算执行率")
    return f"各项分值（含{rate}）相加为{plain(added)}，应为{WHOLE}" if added != WHOLE else None


def _printed_rates(text: str | None) -> tuple[tuple[Fraction, Fraction], ...]:
    """What a printed rate may mean, each with half a unit of its last digit; "0.98" may be 98 %."""
    found = _PERCENT.fullmatch(normalize(text).replace(" ", "").replace(",", ""))
    if not found:
        return ()
    number, half = Fraction(found[1]), Fraction(1, 2 * 10 ** len(found[2] or ""))
    if found[3] or not 0 < number < _RATIO_BELOW or (number > 1 and not found[2]):
        return ((number, half),)
    return ((number, half), (number * 100, half * 100 if found[2] else Fraction(1, 2)))


def _execution_rate(view: SheetView) -> str | None:
    rate = (view.paid or Fraction(0)) * 100
    if any(abs(rate - printed) <= half for printed, half in _printed_rates(view.table.execution_rate_printed)):
        return None
    said = view.table.money.say(f"执行数÷预算数＝{round2(rate)}%，表上执行率为")
    return f"{said}{view.table.execution_rate_printed}"


def _execution_points(view: SheetView) -> str | None:
    printed = view.table.execution_points_printed or Decimal(0)
    rule = Fraction(view.execution_weight) * min(Fraction(1), view.paid or Fraction(0))
    if abs(rule - Fraction(printed)) <= Fraction(view.rules.checks.execution_tolerance):
        return None
    return f"按{view.table.money.say('执行率')}应得{round2(rule)}分，表上得{plain(printed)}分"


def _execution_over(view: SheetView) -> str | None:
    budget, executed = view.table.budget or 0, view.table.executed or 0
    if executed <= budget or not view.table.money.spent:
        return None
    rate = f"（{round2(Fraction(executed, budget) * 100)}%）" if budget else ""
    return f"执行数超过预算数{rate}，得分按满分封顶，请说明原因"


def _no_execution_score(view: SheetView) -> str | None:
    scored = view.execution_weight or view.table.execution_points_printed or any(map(scores_execution, view.lines))
    return None if scored else view.table.money.say("表内没有给预算执行率设分值")


def _counted_twice(view: SheetView) -> str | None:
    names = [line.line.facts.name for line in view.lines if scores_execution(line)]
    said = [view.table.money.say(words) for words in ("已有预算执行率得分，指标", "再次按预算执行计分")]
    return f"“{'”“'.join(names)}”".join(said) if names else None


def _divergence(view: SheetView) -> str | None:
    paid, done, rules = (view.paid or Fraction(0)) * 100, (view.done or Fraction(0)) * 100, view.rules.checks
    say = view.table.money.say
    shown = say(f"预算执行率{round2(paid)}%，产出完成{round2(done)}%")
    if done >= Fraction(rules.fully_done) and paid < Fraction(rules.little_paid):
        return f"{shown}：{say('产出已完成，资金支付远未跟上，请说明原因')}"
    if paid >= Fraction(rules.fully_paid) and done < Fraction(rules.little_done):
        return f"{shown}：{say('资金已支付而产出完成很少，请说明原因')}"
    return None


def _covers(kind: IndicatorLevel1, view: SheetView) -> bool:
    """Whether a line is of this class, by its levels, or by its name where it has none or is a 满意度."""
    for facts in (line.facts for line in view.lines):
        named = kind is IndicatorLevel1.SATISFACTION or not _levels(facts)
        if indicator_class(facts.level1, facts.level2) is kind or (named and indicator_class("", facts.name) is kind):
            return True
    return False


def _levels(facts: LineFacts) -> str:
    return f"{facts.level1}{facts.level2}".strip()


def _coverage(code: str, kind: IndicatorLevel1) -> Check[SheetView]:
    classed = Need[SheetView](
        "每一行的一级或二级指标",
        lambda view: _covers(kind, view) or all(_levels(line.facts) for line in view.lines),
    )
    return Check(
        code,
        Level.WARNING,
        COVERAGE_BASIS,
        (COMPLETE, classed),
        lambda view: None if _covers(kind, view) else f"表内没有{kind.label}",
        answer=f"补充{kind.label}；本年确实没有的说明原因。",
    )


def _earns_nothing(table: PublishedTable, line: PublishedLine) -> bool:
    return _beside_the_points(table, line) or (line.weighted and not line.facts.weight)


COMPLETE = Need[SheetView]("完整的表格（各行齐全）", lambda view: view.table.complete)
BUDGET = Need[SheetView]("大于0的全年预算数", lambda view: bool(view.table.budget))
EXECUTED = Need[SheetView]("全年执行数", lambda view: view.table.executed is not None)
POINTS = Need[SheetView](
    "每一行的得分",
    lambda view: (
        all(line.points_printed is not None or _earns_nothing(view.table, line) for line in view.table.lines)
        and (view.table.execution_points_printed is not None or not view.execution_weight)
    ),
)

# Weights only grow by the missing ones: beyond 100 they are wrong without them too.
WEIGHTS = Need[SheetView](
    "每一行的分值",
    lambda view: (
        any(line.weighted for line in view.table.lines)
        and (view.table.execution_weight is not None or view.table.execution_points_printed is None)
        and (_weight_sum(view.table) >= WHOLE or all(line.weighted for line in view.table.lines))
    ),
)

SHEET_CHECKS: tuple[Check[SheetView], ...] = (
    Check(
        "TOTAL_MISMATCH",
        Level.ERROR,
        "财预〔2020〕10号附1：总分为各项得分之和",
        (COMPLETE, POINTS, Need("总分", lambda view: view.table.total_printed is not None)),
        _total_mismatch,
        answer="核对各项得分，改正总分。",
    ),
    Check(
        "WEIGHTS_NOT_100",
        Level.ERROR,
        "财预〔2020〕10号第十三条",
        (COMPLETE, WEIGHTS),
        _weights,
        answer="调整分值，使含预算执行率在内合计100。",
    ),
    Check(
        "EXECUTION_RATE",
        Level.ERROR,
        EXECUTION_BASIS,
        (
            BUDGET,
            EXECUTED,
            Need("可读的执行率", lambda view: bool(_printed_rates(view.table.execution_rate_printed))),
        ),
        _execution_rate,
        answer="按执行数÷预算数改正执行率。",
    ),
    Check(
        "EXECUTION_POINTS",
        Level.ERROR,
        EXECUTION_BASIS,
        (
            BUDGET,
            EXECUTED,
            Need("预算执行率的分值", lambda view: bool(view.execution_weight)),
            Need("预算执行率的得分", lambda view: view.table.execution_points_printed is not None),
        ),
        _execution_points,
        answer="按执行率改正预算执行得分。",
    ),
    Check(
        "EXECUTION_OVER_100",
        Level.WARNING,
        EXECUTION_BASIS,
        (Need("全年预算数", lambda view: view.table.budget is not None), EXECUTED),
        _execution_over,
        answer="说明超出部分的资金来源和批准文号。",
    ),
    Check(
        "NO_EXECUTION_SCORE",
        Level.WARNING,
        EXECUTION_BASIS,
        (COMPLETE,),
        _no_execution_score,
        answer="补上预算执行率的分值和得分。",
    ),
    Check(
        "EXECUTION_COUNTED_TWICE",
        Level.WARNING,
        EXECUTION_BASIS,
        (Need("预算执行率的分值", lambda view: bool(view.execution_weight or view.table.execution_points_printed)),),
        _counted_twice,
        lambda view: (
            bool(view.execution_weight or view.table.execution_points_printed)
            or (view.table.execution_weight is None and not view.table.complete)
        ),
        answer="删去重复的执行率指标，分值分给产出和效益。",
    ),
    Check(
        "PAYMENT_OUTPUT_DIVERGENCE",
        Level.WARNING,
        "财预〔2019〕136号：目标完成与资金执行双监控",
        (BUDGET, EXECUTED, Need("可以计算的产出指标", lambda view: view.done is not None)),
        _divergence,
        answer="说明资金与产出为什么不同步，附合同或验收材料。",
    ),
    _coverage("NO_BENEFIT_INDICATOR", IndicatorLevel1.BENEFIT),
    _coverage("NO_SATISFACTION_INDICATOR", IndicatorLevel1.SATISFACTION),
)
