"""A score against what else is known: execution, monitoring, and how other units graded themselves."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from ...grades import Grade
from ...quantities import plain, round2
from ...vocabulary import Likelihood
from .. import Check, Level, Need
from ..lights import Tone
from .facts import LineCase, SheetCase, UnitRecord

WHOLE = 100
EXECUTION = "财预〔2020〕10号附1：预算执行率与绩效指标合并评分"
MONITORING = "财预〔2019〕136号：目标完成与资金执行双监控，监控结果用于自评"
RECHECK = "财预〔2020〕10号第二十一条：财政部门对自评结果抽查复核"


def chance(found: int, of: int, share: Fraction) -> Fraction:
    """How likely `found` or more of `of` are, each with the probability `share` (binomial, exact)."""
    return sum((comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(found, of + 1)), Fraction(0))


def _inflated(view: SheetCase) -> str | None:
    unit, rules = view.sheet.of_unit or UnitRecord(0, 0, 0, 0, (), ()), view.rules
    few = unit.sheets < rules.excellent_sheets
    if few or unit.excellent * WHOLE < unit.sheets * Fraction(rules.excellent_share):
        return None
    others = Fraction(unit.others_excellent, unit.others)
    likely = chance(unit.excellent, unit.sheets, others) * WHOLE
    if likely > Fraction(rules.excellent_chance):
        return None
    return (
        f"本单位 {unit.sheets} 份自评中 {unit.excellent} 份为优，其余单位优的占 {plain(round2(others * WHOLE))}%；"
        f"按其余单位的水平，这样高的可能不到 {plain(rules.excellent_chance)}%，请逐份复核"
    )


def _against_execution(view: SheetCase) -> str | None:
    rate = view.rate
    if rate is None or rate >= Fraction(view.rules.low_execution):
        return None
    return f"预算执行率 {plain(round2(rate))}%，自评却为优，请说明资金没有支出而目标如何完成"


def _against_lights(view: SheetCase) -> str | None:
    return "最近一轮监控亮红灯，自评却为优，请说明怎样扭转" if view.sheet.tone is Tone.RED else None


def _against_forecast(case: LineCase) -> str | None:
    if case.line.likelihood != Likelihood.IMPOSSIBLE or not case.full:
        return None
    return "监控时报完全不可能完成，自评得了满分，请附完成的依据"


def _is_excellent(view: SheetCase) -> bool:
    return view.sheet.grade in (Grade.EXCELLENT, None)


GRADE = Need[SheetCase]("自评等级", lambda view: view.sheet.grade is not None)
RATE = Need[SheetCase]("全年预算数和执行数", lambda view: view.rate is not None)
OTHERS = Need[SheetCase](
    "本单位和其他单位的自评等级", lambda view: view.sheet.of_unit is not None and view.sheet.of_unit.others > 0
)
MONITORED = Need[SheetCase]("监控的红黄绿灯", lambda view: view.sheet.tone not in (None, Tone.UNCHECKED))
FORECAST = Need[LineCase]("监控时的完成可能性", lambda case: case.line.likelihood is not None)
POINTS = Need[LineCase]("得分", lambda case: case.line.points is not None)

SHEET_CHECKS: tuple[Check[SheetCase], ...] = (
    Check(
        "INFLATED_EXCELLENT",
        Level.WARNING,
        RECHECK,
        (GRADE, OTHERS),
        _inflated,
        _is_excellent,
        answer="逐份复核得分依据；偏高的改正后重新报送。",
    ),
    Check(
        "GRADE_AGAINST_EXECUTION",
        Level.WARNING,
        EXECUTION,
        (GRADE, RATE),
        _against_execution,
        _is_excellent,
        answer="说明资金没有支出而目标完成的原因，附完成的依据。",
    ),
    Check(
        "GRADE_AGAINST_LIGHTS",
        Level.WARNING,
        MONITORING,
        (GRADE, MONITORED),
        _against_lights,
        _is_excellent,
        answer="说明监控后采取了什么措施、怎样扭转，附依据。",
    ),
)
LINE_CHECKS: tuple[Check[LineCase], ...] = (
    Check(
        "ACHIEVED_AGAINST_FORECAST",
        Level.WARNING,
        MONITORING,
        (FORECAST, POINTS),
        _against_forecast,
        answer="说明后来怎样完成，附验收、统计等依据。",
    ),
)
