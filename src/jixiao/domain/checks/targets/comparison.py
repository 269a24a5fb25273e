"""可行性：targets beside last year's results, the library's usual values and comparable projects."""

from __future__ import annotations

from fractions import Fraction
from math import log
from statistics import median

from ...indicators import Comparison
from ...quantities import normalize, plain, round2
from ...scoring.values import read_value
from ...vocabulary import IndicatorLevel1
from .. import Check, Level, Need
from .facts import INDICATORS, IndicatorView, TargetView, number_of, numbers_in

HISTORY = "财预〔2021〕101号：参考历史标准设定指标值"
USUAL = "财预〔2021〕101号：参考行业标准、计划标准设定指标值"
UNIT_COST = "财预〔2015〕88号：相应匹配，投入与产出相匹配"
OWN = "财预〔2015〕88号：指向明确，目标符合本项目实际"
_UPWARD = (Comparison.AT_LEAST, Comparison.MORE)
_DOWNWARD = (Comparison.AT_MOST, Comparison.LESS)
_FEW = 3
_LEAST_SPREAD = log(1.1)
# Makes the MAD a standard deviation where values are normally distributed.
_NORMAL = 1.4826


def _last(line: IndicatorView) -> Fraction | None:
    """Last year's actual as a number."""
    return number_of(read_value(line.indicator.last_actual, line.indicator.unit))


def _below(line: IndicatorView) -> str | None:
    target, last = line.number or Fraction(0), _last(line) or Fraction(0)
    allowed = last * Fraction(line.rules.below_last_year) / 100
    worse = last - target if line.indicator.comparison in _UPWARD else target - last
    if last <= 0 or worse <= allowed:
        return None
    reached = f"上年实际完成 {line.indicator.last_actual}"
    known = f"{_told(line)}，{reached}" if line.indicator.range and line.is_percent else reached
    return f"指标值 {line.shown}，{known}，今年反而定得更宽，请核对或说明原因"


def _above(line: IndicatorView) -> str | None:
    target, last = line.number or Fraction(0), _last(line) or Fraction(0)
    if last <= 0 or target <= last * (1 + Fraction(line.rules.above_last_year) / 100):
        return None
    return f"指标值 {line.shown}，上年实际完成 {line.indicator.last_actual}，提高很多，请核对能否完成"


def _continued(line: IndicatorView) -> bool:
    return line.number is not None and not line.sheet.is_new and line.indicator.comparison in (*_UPWARD, *_DOWNWARD)


def _may_grow(line: IndicatorView) -> bool:
    return _continued(line) and line.indicator.comparison in _UPWARD and not line.is_percent


def _unchanged(view: TargetView) -> str | None:
    known = [line for line in view.lines if line.indicator.last_target]
    same = [line for line in known if normalize(line.indicator.last_target) == normalize(line.indicator.target)]
    if len(same) < max(len(view.lines), _FEW):
        return None
    return f"{len(same)} 个指标值与上年逐项相同，请按今年的任务和预算核对"


def _span(line: IndicatorView) -> tuple[Fraction, Fraction]:
    """From the lowest to the highest that is usual: by the library's earlier years, else by this year's sheets."""
    return line.indicator.range or (min(line.usual), max(line.usual))


def _told(line: IndicatorView) -> str:
    """通常 85–95%，本单位上年 92%."""
    low, high = (plain(round2(bound)) for bound in _span(line))
    usual = f"通常 {low}%" if low == high else f"通常 {low}–{high}%"
    last = line.indicator.unit_last
    return f"{usual}，本单位上年 {last.removesuffix('%')}%" if last else usual


def _outside_usual(line: IndicatorView) -> str | None:
    low, high = _span(line)
    if low <= (line.number or Fraction(0)) <= high:
        return None
    return f"指标值 {line.shown}，{_told(line)}，不在通常范围之内，请核对"


def _could_be_counted(line: IndicatorView) -> str | None:
    usual = line.indicator.usual or ()
    counted = numbers_in(usual, line.indicator.unit)
    if 2 * len(counted) <= len(usual):
        return None
    return f"指标库中同名指标 {len(usual)} 个有 {len(counted)} 个是定量的，请改为定量，填写数值"


def _unit_costs(line: IndicatorView) -> tuple[Fraction, ...]:
    """元 of budget per unit of this output in comparable projects."""
    return line.view.unit_costs.get((normalize(line.name), line.unit), ())


def _unit_cost(line: IndicatorView) -> str | None:
    costs = _unit_costs(line)
    own, middle = Fraction(line.sheet.budget or 0, 100) / (line.number or 1), Fraction(median(costs))
    # Unit costs differ by factors, not by sums: the distance from the median is taken between logarithms.
    spread = max(median(abs(log(cost / middle)) for cost in costs), _LEAST_SPREAD)
    if abs(log(own / middle)) <= spread * _NORMAL * float(line.rules.mad_limit):
        return None
    found = f"按全年预算算，每{line.indicator.unit} {plain(round2(own))} 元"
    return f"{found}；{len(costs)} 个同类项目的中位数是 {plain(round2(middle))} 元，偏离很大，请核对数量和预算"


def _is_quantity(line: IndicatorView) -> bool:
    quantity = line.kind is IndicatorLevel1.OUTPUT and "数量" in line.indicator.level2
    return quantity and bool(line.number) and not line.is_percent and line.money is None


def _copied(view: TargetView) -> str | None:
    counted = {_key(line.name, line.indicator.target, line.unit): _is_quantity(line) for line in view.lines}
    for peer in view.sheet.peers or ():
        same = counted.keys() & {_key(*indicator) for indicator in peer.indicators}
        # Percentages coincide by chance, amounts of work do not.
        told = len(same) >= _FEW and any(counted[key] for key in same)
        if told and Fraction(len(same), len(counted)) * 100 >= Fraction(view.rules.copied_from):
            return f"{len(counted)} 个指标中 {len(same)} 个与{peer.label}的名称和指标值都相同，请按本项目实际填写"
    return None


def _key(*texts: str) -> tuple[str, ...]:
    return tuple(map(normalize, texts))


LAST = Need[IndicatorView]("上年完成值", lambda line: _last(line) is not None)
LAST_TARGETS = Need[TargetView]("上年指标值", lambda view: any(i.last_target for i in view.sheet.indicators))
RANGE = Need[IndicatorView](
    "足够多的同名指标的数值",
    lambda line: bool(line.indicator.range) or len(line.usual) >= line.rules.comparable_minimum,
)
LIBRARY = Need[IndicatorView](
    "指标库中足够多的同名指标", lambda line: len(line.indicator.usual or ()) >= line.rules.comparable_minimum
)
BUDGET = Need[IndicatorView]("全年预算数", lambda line: bool(line.sheet.budget))
COSTS = Need[IndicatorView]("足够多的同类项目", lambda line: len(_unit_costs(line)) >= line.rules.comparable_minimum)
PEERS = Need[TargetView]("同年其他项目的目标", lambda view: view.sheet.peers is not None)

SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    Check(
        "SAME_AS_LAST_YEAR",
        Level.WARNING,
        HISTORY,
        (INDICATORS, LAST_TARGETS),
        _unchanged,
        lambda view: not view.sheet.is_new,
    ),
    Check("COPIED", Level.WARNING, OWN, (INDICATORS, PEERS), _copied),
)

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("BELOW_LAST_YEAR", Level.WARNING, HISTORY, (LAST,), _below, _continued),
    Check("FAR_ABOVE_LAST_YEAR", Level.WARNING, HISTORY, (LAST,), _above, _may_grow),
    Check(
        "OUTSIDE_USUAL_RANGE",
        Level.WARNING,
        USUAL,
        (RANGE,),
        _outside_usual,
        lambda line: line.number is not None and line.is_percent,
    ),
    Check(
        "QUALITATIVE_THOUGH_COUNTED",
        Level.WARNING,
        USUAL,
        (LIBRARY,),
        _could_be_counted,
        lambda line: not line.quantitative and line.number is None,
    ),
    Check("UNIT_COST_OUT_OF_LINE", Level.WARNING, UNIT_COST, (BUDGET, COSTS), _unit_cost, _is_quantity),
)
