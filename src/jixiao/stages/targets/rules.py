"""绩效目标: what makes a target sheet complete, and which weights its classes of indicators get."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import FINANCE, Desk
from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1

from .frameworks import CoreIndicator, Framework


@dataclass(frozen=True)
class TargetRules:
    """Weights in points: `indicator_weight_total` is 100 less the execution weight, which 自评 adds."""

    section: ClassVar[str] = "targets"

    indicator_weight_total: Decimal
    class_weights: dict[IndicatorLevel1, Decimal]
    class_weights_with_cost: dict[IndicatorLevel1, Decimal]
    required_classes: tuple[IndicatorLevel1, ...]
    offered_classes: tuple[IndicatorLevel1, ...]
    minimum_indicators: int
    maximum_indicators: int | None


@dataclass(frozen=True)
class TargetReviewRules:
    """By whom a target sheet is looked at, in order."""

    section: ClassVar[str] = "target_review"

    desks: tuple[Desk, ...]


# Sheets opened before the policy named their desks went to the department and then to finance.
DESKS_BEFORE = (Desk.DEPARTMENT, Desk.FINANCE)


class Consequence(Term):
    """审核结果怎样处理（财预〔2015〕88号）."""

    ENTER = "enter", "进入下一步"
    IMPROVE = "improve", "协商完善后进入下一步"
    REVISE = "revise", "修改完善后重新报送"
    BAR = "bar", "不得进入下一步"


@dataclass(frozen=True)
class TargetResultRules:
    """What follows from the grade that a review gives."""

    section: ClassVar[str] = "target_results"

    consequences: dict[Grade, Consequence]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator as far as completeness goes; `weight` in 分."""

    level1: IndicatorLevel1
    level2: str
    name: str
    target: str
    weight: Decimal
    comparison: Comparison = Comparison.QUALITATIVE


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One version of a target sheet.

    `barred` is asked where money comes to flow, at the approval.
    Versions opened before a rule existed know nothing of it: no framework, no words that are vague, no result.
    """

    held: bool
    department_above: bool
    goal: str
    lines: tuple[TargetLine, ...]
    rules: TargetRules
    desks: tuple[Desk, ...] = DESKS_BEFORE
    annual: bool = True
    framework: Framework | None = None
    vague: frozenset[str] = frozenset()
    result: Grade | None = None
    results: TargetResultRules | None = None
    barred: tuple[str, ...] = ()


def proposed_weights(classes: frozenset[IndicatorLevel1], rules: TargetRules) -> dict[IndicatorLevel1, Decimal]:
    """Points per class for a new sheet; without 满意度 its points go to 效益 (财预〔2021〕101号)."""
    with_cost = IndicatorLevel1.COST in classes and rules.class_weights_with_cost
    weights = dict(rules.class_weights_with_cost if with_cost else rules.class_weights)
    if IndicatorLevel1.SATISFACTION not in classes and IndicatorLevel1.BENEFIT in weights:
        weights[IndicatorLevel1.BENEFIT] += weights.pop(IndicatorLevel1.SATISFACTION, Decimal(0))
    return weights


def cleared(facts: TargetFacts) -> Decision:
    """The budget that the target is for has passed the gate of 事前评估 (`barred`: why it has not)."""
    return Decision(facts.barred)


def has_goal(facts: TargetFacts) -> Decision:
    """The overall goal is written."""
    return require(facts.goal.strip(), "请填写绩效总目标")


def enough_indicators(facts: TargetFacts) -> Decision:
    """At least one indicator (or the region's minimum), at most its maximum."""
    least, most, found = max(facts.rules.minimum_indicators, 1), facts.rules.maximum_indicators, len(facts.lines)
    decision = require(found >= least, f"至少要有 {least} 个指标，现有 {found} 个")
    return decision & require(most is None or found <= most, f"指标不超过 {most} 个，现有 {found} 个")


def weights_add_up(facts: TargetFacts) -> Decision:
    """Indicator weights make 100 less the execution weight, to the last digit, and none is zero.

    Medium-term sheets carry no weights: points are given year by year.
    """
    if not facts.annual:
        return Decision()
    wanted, found = facts.rules.indicator_weight_total, sum((line.weight for line in facts.lines), Decimal(0))
    empty = "、".join(line.name for line in facts.lines if line.weight <= 0)
    decision = require(found == wanted, f"指标分值合计应为 {plain(wanted)} 分，现为 {plain(found)} 分，请调整分值")
    return decision & require(not empty, f"指标没有分值：{empty}")


def required_classes_present(facts: TargetFacts) -> Decision:
    """Each class that the policy requires has an indicator, and no class is used that it does not offer."""
    used = {line.level1 for line in facts.lines}
    asked = (*facts.rules.required_classes, *(facts.framework.required_classes if facts.framework else ()))
    missing = "、".join(c.label for c in dict.fromkeys(asked) if c not in used)
    foreign = "、".join(c.label for c in IndicatorLevel1 if c in used and c not in facts.rules.offered_classes)
    decision = require(not missing, f"缺少{missing}，请补充")
    return decision & require(not foreign, f"一级指标不设{foreign}，请改放其他一级指标")


def every_target_filled(facts: TargetFacts) -> Decision:
    """No indicator without a target value."""
    empty = "、".join(line.name for line in facts.lines if not line.target.strip())
    return require(not empty, f"指标没有指标值：{empty}")


def core_indicators_clear(facts: TargetFacts) -> Decision:
    """No core indicator of the framework is missing or vague (核心指标缺失或模糊的不得入库、不得安排)."""
    decision = Decision()
    for core in facts.framework.core if facts.framework else ():
        mine = [line for line in facts.lines if _is(line, core)]
        missing = f"缺少核心指标“{core.title}”（{core.level1.label}），请补充"
        if core.quantified:
            remedy = f"核心指标“{core.title}”没有量化的指标值，请填数字或日期"
        else:
            remedy = f"核心指标“{core.title}”的指标值空泛，请写明要达到的程度"
        decision &= require(mine, missing)
        decision &= require(not mine or any(_clear(line, core, facts.vague) for line in mine), remedy)
    return decision


def _is(line: TargetLine, core: CoreIndicator) -> bool:
    said = line.level2 + line.name
    return line.level1 is core.level1 and (not core.words or any(word in said for word in core.words))


def _clear(line: TargetLine, core: CoreIndicator, vague: frozenset[str]) -> bool:
    target = line.target.strip()
    return measurable(target) if core.quantified else bool(target) and target not in vague


def measurable(target: str) -> bool:
    """A number or a day, by which somebody else would find the same attainment."""
    return any(sign.isdigit() for sign in target)


COMPLETE = (
    has_goal,
    enough_indicators,
    weights_add_up,
    required_classes_present,
    every_target_filled,
    core_indicators_clear,
)


def result_allows(facts: TargetFacts) -> Decision:
    """The grade of the review lets the sheet go on; a sheet without a grade goes by the reviewers' word alone."""
    if facts.result is None or facts.results is None:
        return Decision()
    follows = facts.results.consequences[facts.result]
    goes_on = follows in (Consequence.ENTER, Consequence.IMPROVE)
    return require(goes_on, f"审核结果为“{facts.result.label}”，应{follows.label}，请退回")


def files(actor: Actor, department_above: bool) -> bool:
    """The unit, or a department that has none above it."""
    return actor.role is Role.UNIT or (actor.role is Role.DEPARTMENT and not department_above)


def may_fill(actor: Actor, drafted: bool, facts: TargetFacts) -> Decision:
    """谁申请资金谁设定目标: who files the sheet fills it, until it is sent on."""
    return require(files(actor, facts.department_above), "绩效目标由申请资金的单位填报") & require(
        drafted, "绩效目标已经报送，退回后才能修改"
    )


def may_review(actor: Actor, at_my_desk: bool, submitted_by: int | None) -> Decision:
    """Who has the sheet on his desk says what he thinks of it; nobody of what he himself filed."""
    own = submitted_by is not None and submitted_by == actor.user_id
    return require(at_my_desk, "这份绩效目标现在不在您这一步审核") & require(not own, "不能审核自己报送的材料")


def may_adjust(actor: Actor, approved: bool, underway: bool, facts: TargetFacts) -> Decision:
    """An approved target is adjusted by a new version, one at a time."""
    return (
        require(files(actor, facts.department_above), "调整由申请资金的单位提出")
        & require(approved, "只有已批复的绩效目标可以调整")
        & require(not underway, "已有一个调整正在办理，请先办完")
    )


def adjustment_grounded(reason: str, budget_changed: bool) -> Decision:
    """确需调整的随预算调整报批（财预〔2015〕88号）: a reason, and the budget decision it follows."""
    return require(reason.strip(), "请填写调整理由") & require(
        budget_changed, "调整要与预算调整对应，请选择预算调整或填写文号"
    )


def office_selects(actor: Actor, approved: bool) -> Decision:
    """The performance office says what goes to the people's congress and when a target was made public."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "由绩效股办理") & require(
        approved, "只有已批复的绩效目标可以办理"
    )


def grades_result(actor: Actor) -> Decision:
    """Finance grades; a department only says what it thinks."""
    return require(actor.role in FINANCE, "审核结果由财政填写")
