"""What the numbers of a sheet look like: full marks, actuals that copy targets, round numbers, digits, low targets."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

from ...quantities import plain, round2
from .. import Check, Level, Need
from .facts import ACTUAL, LineCase, SheetCase

REAL = "财预〔2020〕10号附1：实际完成值如实填写，有依据可核实"
FAIR = "财预〔2020〕10号第十六条：定量指标完成值高于指标值较多的，分析原因，因指标值偏低的适当调减分值"
FULL_TOTAL = Decimal(100)


def _measured(view: SheetCase) -> list[LineCase]:
    """Lines with a number on both sides that could have come out otherwise: 100 % cannot be surpassed."""
    both = [case for case in view.lines if case.actual is not None and case.target is not None]
    return [case for case in both if not (case.is_share and case.target == FULL_TOTAL)]


def _full_marks(view: SheetCase) -> str | None:
    if view.sheet.total != FULL_TOTAL or len(view.lines) < view.rules.full_marks_lines:
        return None
    return f"{len(view.lines)} 个指标和预算执行全部满分，请逐项附依据核实"


def _equal_throughout(view: SheetCase) -> str | None:
    lines = _measured(view)
    if len(lines) < view.rules.equal_lines or any(case.actual != case.target for case in lines):
        return None
    return f"{len(lines)} 个定量指标的完成值全部等于指标值，请核实是否按实际填写"


def _is_round(value: Fraction) -> bool:
    """0 or 5 as the last digit that is written; a single digit says nothing."""
    return value.denominator == 1 and value.numerator % 5 == 0


def _telling(view: SheetCase) -> list[Fraction]:
    """Actuals of two digits and more that are their own: neither the target nor 100 %."""
    own = [case for case in _measured(view) if case.actual != case.target]
    return [case.actual for case in own if case.actual is not None and case.actual >= 10 and case.actual != FULL_TOTAL]


def _round_numbers(view: SheetCase) -> str | None:
    values = _telling(view)
    found = sum(map(_is_round, values))
    if len(values) < view.rules.round_lines or found * 100 < len(values) * Fraction(view.rules.round_share):
        return None
    return f"{len(values)} 个与指标值不同的完成值中 {found} 个尾数是 0 或 5，请按原始记录核对是否估填"


def last_digits(view: SheetCase) -> list[int]:
    """The last written digit of each telling actual; round ones are another question."""
    digits = []
    for value in _telling(view):
        scaled = value
        while scaled.denominator != 1 and scaled.denominator <= 10**6:
            scaled *= 10
        if scaled.denominator == 1 and scaled.numerator % 10:
            digits.append(scaled.numerator % 10)
    return digits


def _digits(view: SheetCase) -> str | None:
    digits = view.sheet.of_unit.digits if view.sheet.of_unit else ()
    if len(digits) < view.rules.digit_values or not last_digits(view):
        return None
    digit, count = min(Counter(digits).items(), key=lambda pair: (-pair[1], pair[0]))
    if count * 100 < len(digits) * Fraction(view.rules.digit_share):
        return None
    return f"本单位各表 {len(digits)} 个完成值中 {count} 个尾数是 {digit}，不像实际记录，请附原始数据核对"


def _same_totals(view: SheetCase) -> str | None:
    totals = view.sheet.of_unit.totals if view.sheet.of_unit else ()
    mine = view.sheet.total
    same = sum(total == mine for total in totals)
    few = len(totals) < view.rules.excellent_sheets
    if few or mine in (None, FULL_TOTAL) or same * 100 < len(totals) * Fraction(view.rules.same_total_share):
        return None
    return f"本单位 {len(totals)} 份自评中 {same} 份都是 {plain(mine)} 分，请逐份按完成值核对得分"


def _over(case: LineCase, actual: Fraction | None, target: Fraction | None) -> bool:
    over = 1 + Fraction(case.rules.over_target) / 100
    return actual is not None and target is not None and target > 0 and actual >= target * over


def _again(case: LineCase) -> str | None:
    if not (_over(case, case.actual, case.target) and _over(case, case.last_actual, case.last_target)):
        return None
    return (
        f"指标值 {case.line.target}、完成 {case.line.actual}，上年指标值 {case.line.last_target}、"
        f"完成 {case.line.last_actual}，连续两年超过 {plain(case.rules.over_target)}%，指标值偏低，请说明并调整"
    )


def _below_last(case: LineCase) -> str | None:
    border = (case.last_actual or Fraction(0)) * (1 - Fraction(case.rules.below_last) / 100)
    if case.target is None or case.target <= 0 or case.target >= border:
        return None
    less = f"低 {plain(case.rules.below_last)}% 以上"
    return f"指标值 {case.line.target} 比上年完成值 {case.line.last_actual} {less}，请说明为什么定低"


def _below_peers(case: LineCase) -> str | None:
    count, middle = case.line.peers or (0, Fraction(0))
    if case.target is None or case.target <= 0 or case.target >= middle * Fraction(case.rules.below_peers) / 100:
        return None
    usual = f"其他单位同名指标中位数 {plain(round2(middle))}（{count} 个）"
    return f"指标值 {case.line.target}，不到{usual}的 {plain(case.rules.below_peers)}%，请说明为什么定低"


def _aims_up(case: LineCase) -> bool:
    return case.upward and case.target is not None


def _aims_up_freely(case: LineCase) -> bool:
    """A rate lies near the others' by nature, an amount depends on the size of the project: only rates compare."""
    return _aims_up(case) and case.is_share


TOTAL = Need[SheetCase]("总分", lambda view: view.sheet.total is not None)
OF_UNIT = Need[SheetCase]("本单位其他自评表", lambda view: view.sheet.of_unit is not None)
LAST = Need[LineCase]("上年指标值和完成值", lambda case: None not in (case.last_target, case.last_actual))
LAST_ACTUAL = Need[LineCase]("上年完成值", lambda case: case.last_actual is not None)
PEERS = Need[LineCase](
    "足够多的同名指标", lambda case: case.line.peers is not None and case.line.peers[0] >= case.rules.peers_least
)

SHEET_CHECKS: tuple[Check[SheetCase], ...] = (
    Check(
        "ALL_FULL_MARKS",
        Level.WARNING,
        REAL,
        (TOTAL,),
        _full_marks,
        answer="逐项附上证明完成值的材料；有误的改正后重新报送。",
    ),
    Check(
        "ACTUAL_EQUALS_TARGET",
        Level.WARNING,
        REAL,
        (),
        _equal_throughout,
        answer="附原始统计或验收记录，说明完成值怎样取得；照抄的改为实际数。",
    ),
    Check("ROUND_NUMBERS", Level.WARNING, REAL, (), _round_numbers, answer="按原始记录改为实际数；确为整数的附台账。"),
    Check("DIGIT_PATTERN", Level.WARNING, REAL, (OF_UNIT,), _digits, answer="附各完成值的原始记录；估填的改为实际数。"),
    Check(
        "SAME_TOTALS",
        Level.WARNING,
        REAL,
        (OF_UNIT, TOTAL),
        _same_totals,
        answer="逐份按规则复算得分；先定分后凑数的改正。",
    ),
)
LINE_CHECKS: tuple[Check[LineCase], ...] = (
    Check(
        "OVERFULFILLED_AGAIN",
        Level.WARNING,
        FAIR,
        (ACTUAL, LAST),
        _again,
        _aims_up,
        answer="说明两年都超额的原因；指标值偏低的，下年按实际水平调整。",
    ),
    Check(
        "TARGET_BELOW_LAST",
        Level.WARNING,
        FAIR,
        (LAST_ACTUAL,),
        _below_last,
        _aims_up,
        answer="说明任务或预算为什么减少；没有理由的按上年水平调整指标值。",
    ),
    Check(
        "TARGET_BELOW_PEERS",
        Level.WARNING,
        FAIR,
        (PEERS,),
        _below_peers,
        _aims_up_freely,
        answer="说明与其他单位的差别；没有理由的按通常水平调整指标值。",
    ),
)
