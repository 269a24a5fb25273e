"""分值：weights add up to what the region asks, in all and per class, and say what matters."""

from __future__ import annotations

from decimal import Decimal

from ...quantities import plain
from .. import Check, Level, Need
from .facts import INDICATORS, IndicatorView, TargetView

WEIGHTS = "财预〔2020〕10号第十三条：预算执行率10%，指标合计90%"
SPREAD = "财预〔2020〕10号第十三条：按重要性确定分值权重"
_ENOUGH = 5


def _total(view: TargetView) -> Decimal:
    return sum((indicator.weight for indicator in view.sheet.indicators), Decimal(0))


def _sum(view: TargetView) -> str | None:
    found, wanted = _total(view), view.sheet.framework.weight_total
    if found == wanted:
        return None
    return f"各指标分值合计 {plain(found)} 分，应为 {plain(wanted)} 分（预算执行率在自评时另计），请调整"


def _by_class(view: TargetView) -> str | None:
    wrong = []
    for level1, wanted in view.sheet.framework.class_weights.items():
        found = sum((i.weight for i in view.sheet.indicators if i.level1 is level1), Decimal(0))
        if level1 in view.level1s and abs(found - wanted) > view.rules.class_weight_tolerance:
            wrong.append(f"{level1.label} {plain(found)} 分，应为 {plain(wanted)} 分")
    return f"{'；'.join(wrong)}，请按规定的权重调整" if wrong else None


def _all_equal(view: TargetView) -> str | None:
    weights = {indicator.weight for indicator in view.sheet.indicators}
    if len(weights) != 1:
        return None
    return f"{len(view.lines)} 个指标都是 {plain(weights.pop())} 分，没有分出轻重，请按重要程度分配"


def _zero(line: IndicatorView) -> str | None:
    return None if line.indicator.weight > 0 else "没有分值，请补充或删去该指标"


def _dominates(line: IndicatorView) -> str | None:
    most = line.sheet.framework.weight_total * line.rules.weight_highest / 100
    if line.indicator.weight <= most:
        return None
    return f"一个指标占 {plain(line.indicator.weight)} 分，超过 {plain(most)} 分，请分给其他指标"


WHOLE = Need[TargetView]("各类指标的权重规定", lambda view: bool(view.sheet.framework.class_weights))

SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    Check("WEIGHT_SUM", Level.ERROR, WEIGHTS, (INDICATORS,), _sum),
    Check("CLASS_WEIGHTS", Level.WARNING, WEIGHTS, (INDICATORS, WHOLE), _by_class),
    Check(
        "WEIGHTS_ALL_EQUAL",
        Level.WARNING,
        SPREAD,
        (),
        _all_equal,
        lambda view: len(view.lines) >= _ENOUGH,
    ),
)

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("WEIGHT_MISSING", Level.ERROR, WEIGHTS, (), _zero),
    Check("WEIGHT_DOMINATES", Level.WARNING, SPREAD, (), _dominates),
)
