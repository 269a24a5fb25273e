"""绩效目标质量检查: the rules of a target sheet, and its score explained line by line (财预〔2015〕88号四性).

One file a group; a rule is one `Check` in the tuple at the end of its file, and one case in `tests/cases/targets`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ...quantities import plain
from .. import Check, Finding, Level, Report, run
from . import comparison, completeness, fit, values, weights, wording
from .facts import Framework, Indicator, IndicatorView, Peer, TargetCheckRules, TargetSheet, TargetView

SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    *completeness.SHEET_CHECKS,
    *wording.SHEET_CHECKS,
    *weights.SHEET_CHECKS,
    *fit.SHEET_CHECKS,
    *comparison.SHEET_CHECKS,
)
LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    *completeness.LINE_CHECKS,
    *wording.LINE_CHECKS,
    *values.LINE_CHECKS,
    *weights.LINE_CHECKS,
    *fit.LINE_CHECKS,
    *comparison.LINE_CHECKS,
)
FULL = Decimal(100)
# How an official calls the two levels on a target sheet.
LEVEL_WORDS = {Level.ERROR: "必须改", Level.WARNING: "建议"}


@dataclass(frozen=True, slots=True)
class Deduction:
    """What one finding takes off the sheet's 100, and why that much."""

    finding: Finding
    points: Decimal
    because: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The score of a sheet, finding by finding; `points` is None where there are no indicators to look at."""

    points: Decimal | None
    deductions: tuple[Deduction, ...]
    unchecked: tuple[Finding, ...]
    because: str

    def found(self, level: Level) -> int:
        """How many findings of a level there are."""
        return sum(1 for deduction in self.deductions if deduction.finding.level is level)


def examine(
    sheet: TargetSheet,
    rules: TargetCheckRules,
    sheet_checks: tuple[Check[TargetView], ...] = SHEET_CHECKS,
    line_checks: tuple[Check[IndicatorView], ...] = LINE_CHECKS,
) -> Report:
    """Every finding on a target sheet, the sheet first, then line by line; and what could not be checked."""
    view = TargetView(sheet, rules)
    whole = run(sheet_checks, [(None, view)])
    lines = run(line_checks, [(line.name, line) for line in view.lines])
    return Report(whole.findings + lines.findings, whole.unchecked + lines.unchecked)


def quality(sheet: TargetSheet, rules: TargetCheckRules) -> Quality:
    """The score: 100 less a deduction per finding by level, limited per rule, never below 0 (region's rules)."""
    report = examine(sheet, rules)
    deductions = tuple(_deductions(report.findings, rules))
    if not sheet.indicators:
        return Quality(None, deductions, report.unchecked, "没有指标明细，不计质量分")
    taken = {
        level: [deduction.points for deduction in deductions if deduction.finding.level is level] for level in Level
    }
    points = max(Decimal(0), FULL - sum(sum(some, Decimal(0)) for some in taken.values()))
    said = "，".join(
        f"{LEVEL_WORDS[level]} {len(some)} 处扣 {plain(sum(some, Decimal(0)))} 分"
        for level, some in taken.items()
        if some
    )
    because = f"满分 100 分，{said}，得 {plain(points)} 分" if said else "没有发现问题，得 100 分"
    return Quality(points, deductions, report.unchecked, because)


def _deductions(findings: tuple[Finding, ...], rules: TargetCheckRules) -> Iterator[Deduction]:
    """The deduction of each finding; what one rule takes in all is limited."""
    each = {Level.ERROR: rules.error_deduction, Level.WARNING: rules.advice_deduction}
    left: dict[str, Decimal] = {}
    for finding in sorted(findings, key=lambda found: found.level is not Level.ERROR):
        before = left.get(finding.code, rules.deduction_limit)
        points = min(each[finding.level], before)
        left[finding.code] = before - points
        full = f"扣 {plain(points)} 分"
        limited = f"{full}，同类问题最多扣 {plain(rules.deduction_limit)} 分"
        yield Deduction(finding, points, full if points == each[finding.level] else limited)


__all__ = [
    "LEVEL_WORDS",
    "LINE_CHECKS",
    "SHEET_CHECKS",
    "Deduction",
    "Framework",
    "Indicator",
    "IndicatorView",
    "Peer",
    "Quality",
    "TargetCheckRules",
    "TargetSheet",
    "TargetView",
    "examine",
    "quality",
]
