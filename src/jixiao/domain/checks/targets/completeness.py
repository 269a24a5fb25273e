"""完整性：the sheet has a goal, the classes, the numbers of indicators and the values that it must have."""

from __future__ import annotations

import re
from fractions import Fraction

from ...quantities import normalize, plain, round2
from ...vocabulary import IndicatorLevel1
from .. import Check, Level, Need
from .facts import INDICATORS, IndicatorView, TargetView, holds

COMPLETE = "财预〔2015〕88号：完整性，绩效目标内容完整"
CLASSES = "财预〔2021〕101号：每个项目均设产出指标和效益指标"
COST = "财预〔2021〕101号：工程基建类和大型修缮、购置类项目应设成本指标"
DETAILED = "财预〔2015〕88号：细化量化"
_PLACEHOLDER = re.compile(r"[xX×*＊]{2,}|待定|待填|暂无|[tT][bB][dD]|无")
_NO_NAME = frozenset({"数量", "质量", "时效", "成本", "产出", "效益", "满意度", "经济", "社会", "生态", "可持续影响"})
# 二级指标 → the classes under which it may stand; 成本 stood under 产出 until 财预〔2021〕101号.
_LEVEL2 = (
    ("满意", (IndicatorLevel1.SATISFACTION, IndicatorLevel1.BENEFIT)),
    ("效益", (IndicatorLevel1.BENEFIT,)),
    ("成本", (IndicatorLevel1.COST, IndicatorLevel1.OUTPUT)),
    ("数量", (IndicatorLevel1.OUTPUT,)),
    ("质量", (IndicatorLevel1.OUTPUT,)),
    ("时效", (IndicatorLevel1.OUTPUT,)),
)


def _no_goal(view: TargetView) -> str | None:
    return None if view.sheet.goal.strip() else "没有填写总体目标，请写明要做什么、做到什么程度"


def _required(view: TargetView) -> str | None:
    missing = [c.label for c in view.sheet.framework.required_classes if c not in view.level1s]
    return f"没有{'、'.join(missing)}，请补充" if missing else None


def _offered(view: TargetView) -> str | None:
    foreign = [c.label for c in IndicatorLevel1 if c in view.level1s - {*view.sheet.framework.offered_classes}]
    return f"本地一级指标不设{'、'.join(foreign)}，请改放其他一级指标" if foreign else None


def _without(word: str, remedy: str, view: TargetView) -> str | None:
    return None if view.level2_has(word) else f"产出指标中没有{word}指标，请补充{remedy}"


def _has_output(view: TargetView) -> bool:
    return not view.lines or IndicatorLevel1.OUTPUT in view.level1s


def _no_satisfaction(view: TargetView) -> str | None:
    if IndicatorLevel1.SATISFACTION in view.kinds:
        return None
    return "没有满意度指标；有服务对象的项目请补充，没有的请在说明中写明"


def _no_cost(view: TargetView) -> str | None:
    if IndicatorLevel1.COST in view.kinds:
        return None
    return f"项目名称含{holds(view.rules.works_words, view.sheet.project)}，应设成本指标，请补充"


def _is_works(view: TargetView) -> bool:
    offered = IndicatorLevel1.COST in view.sheet.framework.offered_classes
    return offered and bool(holds(view.rules.works_words, view.sheet.project))


def _too_few(view: TargetView) -> str | None:
    least, found = view.sheet.framework.minimum_indicators, len(view.lines)
    return f"只有 {found} 个指标，至少要有 {least} 个，请补充" if found < least else None


def _too_many(view: TargetView) -> str | None:
    most, found = view.sheet.framework.maximum_indicators or 0, len(view.lines)
    return f"有 {found} 个指标，不应超过 {most} 个，请合并或删去次要的" if found > most else None


def _little_quantified(view: TargetView) -> str | None:
    found, rest = len(view.lines), sum(1 for line in view.lines if not line.quantitative)
    counted = Fraction(found - rest, found) * 100
    if counted >= Fraction(view.rules.quantified_minimum):
        return None
    least = plain(view.rules.quantified_minimum)
    return f"{found} 个指标中 {rest} 个是定性的，定量指标占{round2(counted)}%，应不低于{least}%，请把能量化的量化"


def _no_target(line: IndicatorView) -> str | None:
    return None if line.indicator.target.strip() else "没有填写指标值，请补充"


def _placeholder(line: IndicatorView) -> str | None:
    texts = (normalize(line.name), normalize(line.indicator.target))
    found = [text for text in texts if _PLACEHOLDER.fullmatch(text) or re.search(r"[xX×]{2,}", text)]
    return f"“{found[0]}”是模板中的占位文字，请填写实际内容" if found else None


def _name_is_class(line: IndicatorView) -> str | None:
    if normalize(line.name).removesuffix("指标").removesuffix("效益") not in _NO_NAME:
        return None
    return f"“{line.name}”是指标的类别，请填写具体的三级指标名称"


def _misplaced(line: IndicatorView) -> str | None:
    level1, level2 = line.indicator.level1, line.indicator.level2
    if not level2.strip():
        return "没有填写二级指标，请补充"
    for word, places in _LEVEL2:
        if word in level2:
            return None if level1 in places else f"“{level2}”不属于{level1.label}，请放到{places[0].label}下"
    return None


SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    Check("NO_GOAL", Level.ERROR, COMPLETE, (), _no_goal),
    Check("REQUIRED_CLASS_MISSING", Level.ERROR, CLASSES, (INDICATORS,), _required),
    Check("CLASS_NOT_OFFERED", Level.ERROR, CLASSES, (INDICATORS,), _offered),
    Check(
        "NO_QUANTITY_INDICATOR",
        Level.WARNING,
        COMPLETE,
        (INDICATORS,),
        lambda view: _without("数量", "要完成多少", view),
        _has_output,
    ),
    Check(
        "NO_QUALITY_INDICATOR",
        Level.WARNING,
        COMPLETE,
        (INDICATORS,),
        lambda view: _without("质量", "达到什么标准", view),
        _has_output,
    ),
    Check(
        "NO_TIMELINESS_INDICATOR",
        Level.WARNING,
        COMPLETE,
        (INDICATORS,),
        lambda view: _without("时效", "何时完成", view),
        _has_output,
    ),
    Check("NO_SATISFACTION_TARGET", Level.WARNING, CLASSES, (INDICATORS,), _no_satisfaction),
    Check("NO_COST_FOR_WORKS", Level.ERROR, COST, (INDICATORS,), _no_cost, _is_works),
    Check("TOO_FEW_INDICATORS", Level.ERROR, COMPLETE, (INDICATORS,), _too_few),
    Check(
        "TOO_MANY_INDICATORS",
        Level.ERROR,
        "财预〔2015〕88号：指向明确，选取最能体现总体目标的关键性指标",
        (INDICATORS,),
        _too_many,
        lambda view: view.sheet.framework.maximum_indicators is not None,
    ),
    Check("LITTLE_QUANTIFIED", Level.WARNING, DETAILED, (INDICATORS,), _little_quantified),
)

FILLED = Need[IndicatorView]("指标值", lambda line: bool(line.indicator.target.strip()))

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("NO_TARGET_VALUE", Level.ERROR, COMPLETE, (), _no_target),
    Check("PLACEHOLDER", Level.ERROR, COMPLETE, (), _placeholder),
    Check("NAME_IS_CLASS", Level.ERROR, DETAILED, (), _name_is_class),
    Check("LEVEL2_MISPLACED", Level.ERROR, CLASSES, (), _misplaced),
)
