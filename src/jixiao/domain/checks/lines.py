"""Findings on single indicator lines with printed points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from ..indicators import Comparison, LineFacts, indicator_class
from ..published import PublishedLine, PublishedTable
from ..quantities import FEN_PER_UNIT, normalize, plain, round2
from ..scoring import LineScore, ScoringRules
from ..scoring.line import aligned, signed
from ..scoring.methods import exceeds
from ..scoring.values import Value, read_value
from ..vocabulary import IndicatorLevel1
from . import Check, Level, Need

SCORING_BASIS = "财预〔2020〕10号第十六条：达到指标值得满分，未完成按比例"
# 执行率 and its kin; 及时率, 合规率, 到位率 and the payout of grants to people are something else.
_EXECUTION = re.compile(
    r"(?:预算|资金|经费|支出|款项|财政)\S{0,2}?(?:执行|支付|支出|使用|拨付)(?:完成)?(?:率|进度|比率|比例)"
    r"|预算(?:资金|支出)?完成率|^(?:项目|财政|部门)?(?:执行|支付|支出)(?:完成)?(?:率|进度)"
    r"|^(?:项目|部门|年度|全年)*(?:预算|资金)(?:执行|支付|支出)(?:情况)?$"
)
_PAYOUT = re.compile(
    r"及时|按时|合规|规范|到位|准确|合格|安全|有效"
    r"|(?:补助|补贴|奖补|奖励|救助|工资|待遇|低保|贴息)\S*(?:拨付|发放|支付)"
)
_MONEY_BRACKET = re.compile(r"[（(](亿元|万元|元)[）)]")
_BUDGET_MONEY = re.compile(r"经费|资金|预算|拨款|拨付|补助|补贴|支付|支出|投入|投资|发放|兑付")
# What one head or one piece gets is a standard; what others earn, lend, give or owe is not the budget's.
_A_STANDARD = re.compile(r"标准|人均|户均|亩均|每|单价")
_OTHERS_MONEY = re.compile(
    r"收入|产值|贷款|增收|税|销售|利润|营业|引进|招商|撬动|带动|吸引|社会资本|社会投资|民间|融资|募集|捐|自筹"
    r"|追回|挽回|追缴|清欠|清收|回收|盘活|节约|审减|核减|减免"
    r"|(?:评审|审计|监管|监督|检查|涉案)\S{0,2}(?:资金|金额|额)"
)
_SURELY_BUDGET = re.compile(r"经费|贴息|补助|补贴|奖补")
# Money below this share of the budget is taken for a standard per head, whatever the row is called.
_A_PART = Fraction(1, 100)
# 时效 measured in time: sooner than a target fixed with ＝ may be a success, later may be a failure.
_TIME_UNITS = frozenset({"年", "月", "月份", "个月", "季度", "周", "天", "日", "工作日", "小时", "分钟", "日期"})
_UNWANTED = re.compile(r"事故|投诉|违规|违纪|违法|案件|事件|上访|信访|差错|伤亡|污染|隐患|舆情")
_MATCH = Fraction(1, 200)


@dataclass(frozen=True)
class LineView:
    """One line of a published table beside its recomputed score."""

    table: PublishedTable
    line: PublishedLine
    score: LineScore
    scoring: ScoringRules
    tolerance: Decimal

    @cached_property
    def facts(self) -> LineFacts:
        """The line as scored: where the target carries its own sign, under that."""
        return signed(self.line.facts)

    @property
    def printed(self) -> Fraction:
        return Fraction(self.line.points_printed or 0)

    @cached_property
    def values(self) -> tuple[Value | None, Value | None]:
        """Target and actual as read, on one scale."""
        target, actual = read_value(self.facts.target, self.facts.unit), read_value(self.facts.actual, self.facts.unit)
        if target is not None and actual is not None and target.is_number and actual.is_number:
            return aligned(self.facts, target, actual)
        return target, actual

    @property
    def kind(self) -> IndicatorLevel1 | None:
        return indicator_class(self.facts.level1, self.facts.level2)

    @property
    def ratio(self) -> Fraction | None:
        """Actual ÷ target, exact; None unless both are numbers and the target is positive."""
        target, actual = self.values
        if target is None or actual is None or actual.num is None or (target.num or 0) <= 0:
            return None
        return Fraction(actual.num, actual.den) / Fraction(target.num or 0, target.den)


def names_execution(name: str) -> bool:
    """Whether an indicator's name speaks of budget execution (资金执行率, 支付进度 …)."""
    plain_name = normalize(name).replace(" ", "")
    return bool(_EXECUTION.search(plain_name)) and not _PAYOUT.search(plain_name)


def names_budget_money(name: str) -> bool:
    """Whether an indicator's name speaks of the budget's own money (项目经费, 投入资金), not of prices or incomes."""
    return bool(_BUDGET_MONEY.search(name)) and not (_A_STANDARD.search(name) or _OTHERS_MONEY.search(name))


def scores_execution(view: LineView) -> bool:
    """Whether the line scores budget execution by its name."""
    return view.facts.weight > 0 and names_execution(view.facts.name)


def follows_the_money(view: LineView) -> bool:
    """Whether the line measures the budget's own money, so that it says nothing about outputs."""
    return scores_execution(view) or money_as_output(view) is not None


def money_as_output(view: LineView) -> str | None:
    """An output quantity in 元 or 万元 that is the sheet's budget or payment, or a part of it by name."""
    amounts = [value for value in (view.table.budget, view.table.executed) if value]
    measured = [_fen(view.facts, value) for value in view.values if value is not None]
    shown = f"{view.facts.target or view.facts.actual}{view.facts.unit}"
    name = view.facts.name
    if _OTHERS_MONEY.search(name) and not _SURELY_BUDGET.search(name):
        return None
    for fen in (amount for amount in measured if amount):
        if any(abs(fen - amount) <= amount * _MATCH for amount in amounts):
            return f"产出数量填的是资金数（{shown}），与预算数或执行数相同"
        named = _BUDGET_MONEY.search(name) and not _A_STANDARD.search(name)
        if named and max(amounts, default=0) * _A_PART <= fen <= max(amounts, default=0):
            return f"产出数量填的是预算资金（{shown}），不是产出的数量"
    return None


def _fen(facts: LineFacts, value: Value) -> Fraction | None:
    """The value in fen if the line's unit, its own text or the name's bracket is a money unit."""
    unit = normalize(facts.unit)
    if not unit:
        # A text with its own unit was read in 元; a bare number takes the unit of the name: “投入（万元）”.
        bracket = _MONEY_BRACKET.search(facts.name)
        unit = "元" if "元" in value.text else bracket[1] if bracket else ""
    if value.num is None or unit not in FEN_PER_UNIT:
        return None
    return Fraction(value.num, value.den) * FEN_PER_UNIT[unit]


def _is_quantity(view: LineView) -> bool:
    return view.kind is IndicatorLevel1.OUTPUT and ("数量" in view.facts.level2 or not view.facts.level2.strip())


def _rule(view: LineView) -> tuple[Fraction, Fraction]:
    """What the rule gives, from–to, before rounding; where the rule itself is in doubt, as wide as the doubt."""
    score, ratio, weight = view.score, view.ratio, Fraction(view.facts.weight)
    if score.points is None:
        return Fraction(score.low), Fraction(score.high)
    low = high = Fraction(score.points)
    if score.method == "date/1" and high < weight:
        # How much a day late costs is nowhere laid down: only full points are surely too many.
        return low, weight - Fraction(1, 100) - Fraction(view.tolerance)
    if ratio is not None and 0 < ratio < 1 and score.method in ("proportional/1", "exact/1") and high < weight:
        low = high = weight * ratio
    if ratio is not None and ratio > 1 and score.method == "reverse/1":
        low = high = weight / ratio
    if ratio is not None and view.facts.comparison is Comparison.EQUAL and _may_be_either(view, high):
        low, high = weight * (ratio if ratio < 1 else 1 / ratio), weight
    if ratio is not None and score.method == "satisfaction/1":
        # 财预〔2021〕101号 knows the value alone, the table its target: between the two no points are surely wrong.
        proportional = weight * min(ratio, Fraction(1))
        low, high = min(low, proportional), max(high, proportional)
    return low, high


def _may_be_either(view: LineView, points: Fraction) -> bool:
    """＝ on a cost undercut, or on a span of time missed to either side: a success to some, a failure to others."""
    timed = "时效" in view.facts.level2 and normalize(view.facts.unit) in _TIME_UNITS
    saved = view.kind is IndicatorLevel1.COST and points == view.facts.weight
    return timed or saved


def _above(view: LineView) -> str | None:
    high = _rule(view)[1]
    if view.printed <= high + Fraction(view.tolerance):
        return None
    return f"表上得{_shown(view)}分，高于按规则应得的{round2(high)}分（{view.score.because}）"


def _below(view: LineView) -> str | None:
    low = _rule(view)[0]
    if view.printed >= low - Fraction(view.tolerance):
        return None
    return f"表上得{_shown(view)}分，低于按规则应得的{round2(low)}分（{view.score.because}）"


def _no_value(view: LineView) -> str | None:
    nothing_happened = "无" in map(normalize, (view.facts.target, view.facts.actual)) and _UNWANTED.search(
        view.facts.name
    )
    if view.values != (None, None) or view.printed <= 0 or nothing_happened:
        return None
    return f"指标值和完成值都没有填，却得{_shown(view)}分"


def _copied(view: LineView) -> str | None:
    target, actual = view.values
    if target is None or actual is None or actual.sign is None or not target.is_number:
        return None
    if view.ratio != 1 or _direction(actual.sign) not in (_direction(view.facts.comparison), _direction(target.sign)):
        return None
    return f"完成值“{view.facts.actual}”照抄指标值，不是实际完成的数"


def _direction(sign: Comparison | None) -> Comparison | None:
    """≥ for >, ≤ for <: “>95%” beside ≥95% measures as little as “≥95%”."""
    if sign is None:
        return None
    return {Comparison.MORE: Comparison.AT_LEAST, Comparison.LESS: Comparison.AT_MOST}.get(sign, sign)


def _over(view: LineView) -> str | None:
    ratio, threshold = view.ratio, view.scoring.over_threshold
    if ratio is None or ratio <= 1 or not exceeds(ratio.numerator, ratio.denominator, threshold):
        return None
    return f"完成值高于指标值{round2((ratio - 1) * 100)}%，达到{plain(threshold)}%的阈值，请说明原因"


def _may_exceed(view: LineView) -> bool:
    """Reverse indicators and costs fixed with ＝ are not surpassed but broken."""
    sign = view.facts.comparison
    if sign is Comparison.EQUAL:
        return view.kind is not IndicatorLevel1.COST
    return sign in (Comparison.AT_LEAST, Comparison.MORE)


def is_decided(view: LineView) -> bool:
    """Whether the rule gives points, or at least a narrower range than from nothing to all."""
    return view.score.points is not None or view.score.low > 0 or view.score.high < view.facts.weight


def _shown(view: LineView) -> str:
    return plain(view.line.points_printed or Decimal(0))


PRINTED = Need[LineView]("表上的得分", lambda view: view.line.points_printed is not None)
RULE = Need[LineView]("可以计分的指标值、完成值和分值", lambda view: view.line.weighted and is_decided(view))
BOTH = Need[LineView]("指标值和完成值", lambda view: None not in view.values)

LINE_CHECKS: tuple[Check[LineView], ...] = (
    Check(
        "POINTS_ABOVE_RULE",
        Level.ERROR,
        SCORING_BASIS,
        (PRINTED, RULE),
        _above,
        answer="按完成值和规则改正得分；有特殊情形的写明理由。",
    ),
    Check(
        "POINTS_BELOW_RULE",
        Level.WARNING,
        SCORING_BASIS,
        (PRINTED, RULE),
        _below,
        answer="写明主动扣分的理由；算错的改正。",
    ),
    Check(
        "NO_VALUE_SCORED",
        Level.ERROR,
        SCORING_BASIS,
        (PRINTED,),
        _no_value,
        answer="补填指标值和完成值，附依据；没有的不计分。",
    ),
    Check(
        "TARGET_COPIED",
        Level.ERROR,
        "财预〔2020〕10号附1：填写实际完成值",
        (BOTH,),
        _copied,
        answer="改填实际完成的数，附原始记录。",
    ),
    Check(
        "OVERACHIEVED",
        Level.WARNING,
        "财预〔2020〕10号第十六条：完成值高于指标值较多的，分析原因",
        (BOTH,),
        _over,
        _may_exceed,
        answer="说明超额的原因；指标值偏低的下年调整。",
    ),
    Check(
        "MONEY_AS_OUTPUT",
        Level.WARNING,
        "财预〔2015〕88号：指标指向明确、相应匹配",
        (Need("全年预算数或执行数", lambda view: bool(view.table.budget or view.table.executed)),),
        money_as_output,
        _is_quantity,
        answer="下年改为做成了多少事的指标；本年说明实际产出。",
    ),
)
