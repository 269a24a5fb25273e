"""Audit of self-evaluations beside other years, other units and monitoring; and the risk of a sheet with its parts.

One file a group; a rule is one `Check` in the tuple at the end of its file, and one case in `tests/cases/audits`.
`sheet.py` and `lines.py` above hold the checks that need the sheet alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from ...quantities import plain
from .. import Check, Finding, Level, Report, run
from ..lines import LINE_CHECKS as TABLE_LINES
from ..sheet import SHEET_CHECKS as TABLE_SHEETS
from . import against, values, words
from .facts import AuditCheckRules, LineCase, LineRecord, SheetCase, SheetRecord, Text, UnitRecord

SHEET_CHECKS: tuple[Check[SheetCase], ...] = (
    *values.SHEET_CHECKS,
    *against.SHEET_CHECKS,
    *words.SHEET_CHECKS,
)
LINE_CHECKS: tuple[Check[LineCase], ...] = (*values.LINE_CHECKS, *against.LINE_CHECKS, *words.LINE_CHECKS)
MOST = Decimal(100)


@dataclass(frozen=True)
class RiskRules:
    """Points that findings add to a sheet's risk: by level, at most `limit` for one rule.

    A rule in `grave` counts as an error whatever its level.
    """

    section: ClassVar[str] = "audit_risk"

    error: Decimal
    warning: Decimal
    limit: Decimal
    grave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskPart:
    """What one rule adds: how many findings, how many points."""

    code: str
    findings: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Risk:
    """0 (nothing found) to 100, with its parts, the heaviest first, and the sentence that says so."""

    points: Decimal
    parts: tuple[RiskPart, ...]
    because: str


def examine(
    sheet: SheetRecord,
    rules: AuditCheckRules,
    sheet_checks: tuple[Check[SheetCase], ...] = SHEET_CHECKS,
    line_checks: tuple[Check[LineCase], ...] = LINE_CHECKS,
) -> Report:
    """Every finding, the sheet first, then line by line; and what could not be checked."""
    view = SheetCase(sheet, rules)
    whole = run(sheet_checks, [(None, view)])
    lines = run(line_checks, [(case.line.name, case) for case in view.lines])
    return Report(whole.findings + lines.findings, whole.unchecked + lines.unchecked)


def risk_of(findings: Iterable[tuple[str, Level]], rules: RiskRules) -> Risk:
    """The risk of a sheet from its findings (code and level): weights of the policy, limited by rule and to 100."""
    counts: dict[str, int] = {}
    levels: dict[str, Level] = {}
    for code, level in findings:
        counts[code] = counts.get(code, 0) + 1
        levels[code] = level
    parts = [
        RiskPart(code, count, min(_each(code, levels[code], rules) * count, rules.limit))
        for code, count in counts.items()
    ]
    parts.sort(key=lambda part: (-part.points, part.code))
    points = min(sum((part.points for part in parts), Decimal(0)), MOST)
    said = "，".join(f"{TITLES.get(part.code, part.code)} {part.findings} 处 {plain(part.points)} 分" for part in parts)
    return Risk(points, tuple(parts), f"{said}；合计 {plain(points)} 分" if said else "没有发现疑点，0 分")


def _each(code: str, level: Level, rules: RiskRules) -> Decimal:
    return rules.error if level is Level.ERROR or code in rules.grave else rules.warning


TITLES: Mapping[str, str] = {
    "TOTAL_MISMATCH": "总分不等于各项之和",
    "WEIGHTS_NOT_100": "分值合计不是100",
    "EXECUTION_RATE": "执行率算错",
    "EXECUTION_POINTS": "执行率得分算错",
    "EXECUTION_OVER_100": "执行数超过预算数",
    "NO_EXECUTION_SCORE": "预算执行没有计分",
    "EXECUTION_COUNTED_TWICE": "预算执行重复计分",
    "PAYMENT_OUTPUT_DIVERGENCE": "支付与产出背离",
    "NO_BENEFIT_INDICATOR": "没有效益指标",
    "NO_SATISFACTION_INDICATOR": "没有满意度指标",
    "POINTS_ABOVE_RULE": "得分高于规则",
    "POINTS_BELOW_RULE": "得分低于规则",
    "NO_VALUE_SCORED": "没有值却得分",
    "TARGET_COPIED": "完成值照抄指标值",
    "OVERACHIEVED": "超额完成较多",
    "MONEY_AS_OUTPUT": "以资金数作产出",
    "ALL_FULL_MARKS": "全部满分",
    "ACTUAL_EQUALS_TARGET": "完成值全部等于指标值",
    "ROUND_NUMBERS": "整数过多",
    "DIGIT_PATTERN": "尾数集中",
    "SAME_TOTALS": "各表总分相同",
    "INFLATED_EXCELLENT": "自评为优的占比畸高",
    "GRADE_AGAINST_EXECUTION": "执行率低而自评为优",
    "GRADE_AGAINST_LIGHTS": "监控红灯而自评为优",
    "COPIED_ACTUALS": "完成值与他表相同",
    "COPIED_PROBLEMS": "自查问题雷同",
    "NO_PROBLEM_REPORTED": "有失分或整改而没有写问题",
    "STOCK_PHRASE": "自查问题只有套话",
    "OVERFULFILLED_AGAIN": "连续超额，指标值偏低",
    "TARGET_BELOW_LAST": "指标值低于上年完成值",
    "TARGET_BELOW_PEERS": "指标值低于同类",
    "ACHIEVED_AGAINST_FORECAST": "监控报不可能而得满分",
    "COPIED_CAUSE": "偏差原因雷同",
    "EVIDENCE_MISSING": "缺少佐证",
    "WRONG_CLASS": "指标放错类别",
}
_EVERY: tuple[Check[Any], ...] = (*TABLE_SHEETS, *TABLE_LINES, *SHEET_CHECKS, *LINE_CHECKS)
CATALOGUE: Mapping[str, Check[Any]] = {check.code: check for check in _EVERY}
"""Every rule of the audit by its code, in the order of reading."""

__all__ = [
    "CATALOGUE",
    "LINE_CHECKS",
    "SHEET_CHECKS",
    "TITLES",
    "AuditCheckRules",
    "Finding",
    "LineCase",
    "LineRecord",
    "Risk",
    "RiskPart",
    "RiskRules",
    "SheetCase",
    "SheetRecord",
    "Text",
    "UnitRecord",
    "examine",
    "risk_of",
]
