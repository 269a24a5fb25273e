"""相关性：indicators measure what their class asks, once each, and fit the budget."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import combinations

from ...quantities import normalize
from ...vocabulary import IndicatorLevel1
from .. import Check, Level, Need
from ..lines import names_budget_money, names_execution
from .facts import INDICATORS, IndicatorView, TargetView, holds

RELEVANT = "财预〔2015〕88号：相关性，指标与目标、资金相匹配"
CLASSES = "财预〔2021〕101号：产出、效益、满意度指标的含义"
ONCE = "财预〔2020〕10号第十三条：预算执行率单独设置权重"
MATCHING = "财预〔2015〕88号：相应匹配，目标与预算投入相匹配"
BY_DUTY = "财预〔2015〕88号：指向明确，目标与部门职责相对应"
_OUTCOME_OF_OUTPUT = re.compile(r"(?:验收|质量)?(?:合格率|验收率)$|完成及时率$|(?:任务|工程|计划)完成率$")
_SAME_MONEY = Fraction(1, 200)
_SHOWN = 3


def _names(view: TargetView) -> dict[str, list[IndicatorView]]:
    found: dict[str, list[IndicatorView]] = defaultdict(list)
    for line in view.lines:
        found[normalize(line.name).replace(" ", "")].append(line)
    return found


def _doubled(view: TargetView) -> str | None:
    names = [
        name for name, lines in _names(view).items() if len({line.indicator.level1 for line in lines}) < len(lines)
    ]
    return f"指标{_quoted(names)}重复，请合并或删去" if names else None


def _two_classes(view: TargetView) -> str | None:
    names = [name for name, lines in _names(view).items() if len({line.indicator.level1 for line in lines}) > 1]
    return f"指标{_quoted(names)}同时放在几个一级指标下，请只留在一处" if names else None


def _similar(view: TargetView) -> str | None:
    least = float(view.rules.similar_from) / 100
    pairs = [
        f"“{one}”与“{other}”"
        for one, other in combinations(_names(view), 2)
        if SequenceMatcher(None, one, other, autojunk=False).ratio() >= least
    ]
    more = f" 等 {len(pairs)} 对" if len(pairs) > _SHOWN else ""
    return f"指标名称几乎相同：{'；'.join(pairs[:_SHOWN])}{more}，请合并或改出区别" if pairs else None


def _quoted(names: list[str]) -> str:
    return "".join(f"“{name}”" for name in names)


def _money(line: IndicatorView) -> str | None:
    budget, money = line.sheet.budget or 0, line.money or Fraction(0)
    same = abs(money - budget) <= budget * _SAME_MONEY
    if not same and not (names_budget_money(line.name) and money <= budget):
        return None
    return f"产出数量填的是资金数 {line.shown}，请改填做成了多少事"


def _is_money_output(line: IndicatorView) -> bool:
    return line.kind is IndicatorLevel1.OUTPUT and bool(line.money)


def _execution(line: IndicatorView) -> str | None:
    if not names_execution(line.name):
        return None
    return "预算执行率在自评时单独计分，不再设为指标，请改为产出或效益指标"


def _satisfaction(line: IndicatorView) -> str | None:
    return "满意度不是效益，请放到满意度指标下" if "满意" in line.name else None


def _process(line: IndicatorView) -> str | None:
    words = holds(line.rules.process_words, line.name)
    return f"{words}是工作过程，不是效益，请改写带来的变化" if words else None


def _output(line: IndicatorView) -> str | None:
    return (
        "合格率、完成率是产出的质量和时效，不是效益，请移到产出指标下" if _OUTCOME_OF_OUTPUT.search(line.name) else None
    )


def _is_benefit(line: IndicatorView) -> bool:
    return line.indicator.level1 is IndicatorLevel1.BENEFIT and line.kind is IndicatorLevel1.BENEFIT


def _under_benefit(line: IndicatorView) -> bool:
    return line.indicator.level1 is IndicatorLevel1.BENEFIT


def _over_budget(line: IndicatorView) -> str | None:
    budget, money = line.sheet.budget or 0, line.money or Fraction(0)
    if money <= budget:
        return None
    return f"成本指标值 {line.shown} 高于全年预算，请与预算数核对"


def _is_total_cost(line: IndicatorView) -> bool:
    return line.kind is IndicatorLevel1.COST and bool(line.money)


def _states_duties(view: TargetView) -> bool:
    return view.sheet.duties is not None


def _duty_unserved(view: TargetView) -> str | None:
    served = {line.indicator.duty for line in view.lines} | {duty for _, duty in view.sheet.tasks}
    left = [f"第{no}项“{text}”" for no, text in enumerate(view.sheet.duties or (), 1) if no not in served]
    return f"职责没有任务或指标对应：{'、'.join(left)}，请补充" if left else None


def _indicator_unbound(view: TargetView) -> str | None:
    left = [line.name for line in view.lines if line.indicator.duty is None]
    return f"指标没有对应的职责：{'、'.join(left)}，请注明对应哪一项职责" if left else None


def _task_unbound(view: TargetView) -> str | None:
    left = [name for name, duty in view.sheet.tasks if duty is None]
    return f"年度主要任务没有对应的职责：{'、'.join(left)}，请注明对应哪一项职责" if left else None


DUTIES = Need[TargetView]("部门职责", lambda view: bool(view.sheet.duties))
BUDGET = Need[IndicatorView]("全年预算数", lambda line: bool(line.sheet.budget))

SHEET_CHECKS: tuple[Check[TargetView], ...] = (
    Check("NAME_DOUBLED", Level.ERROR, RELEVANT, (INDICATORS,), _doubled),
    Check("NAME_IN_TWO_CLASSES", Level.WARNING, RELEVANT, (INDICATORS,), _two_classes),
    Check("NAMES_SIMILAR", Level.WARNING, RELEVANT, (INDICATORS,), _similar),
    Check("DUTY_UNSERVED", Level.WARNING, BY_DUTY, (DUTIES,), _duty_unserved, _states_duties),
    Check("INDICATOR_WITHOUT_DUTY", Level.WARNING, BY_DUTY, (DUTIES, INDICATORS), _indicator_unbound, _states_duties),
    Check("TASK_WITHOUT_DUTY", Level.WARNING, BY_DUTY, (DUTIES,), _task_unbound, _states_duties),
)

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("MONEY_AS_TARGET", Level.ERROR, RELEVANT, (BUDGET,), _money, _is_money_output),
    Check("EXECUTION_AS_INDICATOR", Level.ERROR, ONCE, (), _execution),
    Check("SATISFACTION_AS_BENEFIT", Level.ERROR, CLASSES, (), _satisfaction, _under_benefit),
    Check("PROCESS_AS_BENEFIT", Level.ERROR, CLASSES, (), _process, _is_benefit),
    Check("OUTPUT_AS_BENEFIT", Level.WARNING, CLASSES, (), _output, _is_benefit),
    Check("COST_OVER_BUDGET", Level.ERROR, MATCHING, (BUDGET,), _over_budget, _is_total_cost),
)
