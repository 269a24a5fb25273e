"""绩效目标: what makes a target sheet complete, and which weights its classes of indicators get."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import Desk
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import IndicatorLevel1


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


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator as far as completeness goes; `weight` in 分."""

    level1: IndicatorLevel1
    level2: str
    name: str
    target: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One version of a target sheet."""

    held: bool
    department_above: bool
    goal: str
    lines: tuple[TargetLine, ...]
    rules: TargetRules
    desks: tuple[Desk, ...] = DESKS_BEFORE


def proposed_weights(classes: frozenset[IndicatorLevel1], rules: TargetRules) -> dict[IndicatorLevel1, Decimal]:
    """Points per class for a new sheet; without 满意度 its points go to 效益 (财预〔2021〕101号)."""
    with_cost = IndicatorLevel1.COST in classes and rules.class_weights_with_cost
    weights = dict(rules.class_weights_with_cost if with_cost else rules.class_weights)
    if IndicatorLevel1.SATISFACTION not in classes and IndicatorLevel1.BENEFIT in weights:
        weights[IndicatorLevel1.BENEFIT] += weights.pop(IndicatorLevel1.SATISFACTION, Decimal(0))
    return weights


def has_goal(facts: TargetFacts) -> Decision:
    """The overall goal is written."""
    return require(facts.goal.strip(), "请填写绩效总目标")


def enough_indicators(facts: TargetFacts) -> Decision:
    """At least one indicator (or the region's minimum), at most its maximum."""
    least, most, found = max(facts.rules.minimum_indicators, 1), facts.rules.maximum_indicators, len(facts.lines)
    decision = require(found >= least, f"至少要有 {least} 个指标，现有 {found} 个")
    return decision & require(most is None or found <= most, f"指标不超过 {most} 个，现有 {found} 个")


def weights_add_up(facts: TargetFacts) -> Decision:
    """Indicator weights make 100 less the execution weight, to the last digit, and none is zero."""
    wanted, found = facts.rules.indicator_weight_total, sum((line.weight for line in facts.lines), Decimal(0))
    empty = "、".join(line.name for line in facts.lines if line.weight <= 0)
    decision = require(found == wanted, f"指标分值合计应为 {plain(wanted)} 分，现为 {plain(found)} 分，请调整分值")
    return decision & require(not empty, f"指标没有分值：{empty}")


def required_classes_present(facts: TargetFacts) -> Decision:
    """Each class that the policy requires has an indicator, and no class is used that it does not offer."""
    used = {line.level1 for line in facts.lines}
    missing = "、".join(c.label for c in facts.rules.required_classes if c not in used)
    foreign = "、".join(c.label for c in IndicatorLevel1 if c in used and c not in facts.rules.offered_classes)
    decision = require(not missing, f"缺少{missing}，请补充")
    return decision & require(not foreign, f"一级指标不设{foreign}，请改放其他一级指标")


def every_target_filled(facts: TargetFacts) -> Decision:
    """No indicator without a target value."""
    empty = "、".join(line.name for line in facts.lines if not line.target.strip())
    return require(not empty, f"指标没有指标值：{empty}")


COMPLETE = (has_goal, enough_indicators, weights_add_up, required_classes_present, every_target_filled)
