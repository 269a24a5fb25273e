"""绩效评价 by departments and finance: how much must be covered, and what a conclusion rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import plain, share


@dataclass(frozen=True)
class EvaluationRules:
    """Shares in percent points; None where the region sets no number. Years count whole budget years."""

    section: ClassVar[str] = "evaluation"

    department_units_minimum: Percent | None
    department_funds_minimum: Percent | None
    spot_check_minimum: int | None
    key_departments: int | None
    key_projects: int | None
    cycle_years: int
    midterm_from_years: int
    framework_total: Decimal
    output_benefit_minimum: Percent


@dataclass(frozen=True, slots=True)
class Workload:
    """What was evaluated in a year; amounts in fen."""

    units: int
    units_evaluated: int
    funds: int
    funds_evaluated: int
    spot_checks: int
    key_departments: int
    key_projects: int


@dataclass(frozen=True, slots=True)
class Quota:
    """One line of the yearly workload: required against reached, in `unit` (%, 个)."""

    key: str
    label: str
    required: Decimal
    reached: Decimal | None
    unit: str

    @property
    def met(self) -> bool:
        return self.reached is not None and self.reached >= self.required


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """One evaluation; `without_points` names framework items. Weights in 分, None without a framework."""

    without_points: tuple[str, ...]
    total: Decimal | None
    framework_total: Decimal | None
    output_benefit: Decimal | None
    rules: EvaluationRules


def quotas(work: Workload, rules: EvaluationRules) -> tuple[Quota, ...]:
    """Every quota that the region sets; one without a denominator is not met, never silently passed."""
    lines = (
        ("units", "部门评价单位占比", rules.department_units_minimum, share(work.units_evaluated, work.units), "%"),
        ("funds", "部门评价项目资金占比", rules.department_funds_minimum, share(work.funds_evaluated, work.funds), "%"),
        ("spot_checks", "抽查复核", rules.spot_check_minimum, Decimal(work.spot_checks), "个"),
        ("key_departments", "财政重点评价部门整体", rules.key_departments, Decimal(work.key_departments), "个"),
        ("key_projects", "财政重点评价政策和项目", rules.key_projects, Decimal(work.key_projects), "个"),
    )
    return tuple(
        Quota(key, label, Decimal(required), reached, unit)
        for key, label, required, reached, unit in lines
        if required is not None
    )


def every_item_scored(facts: EvaluationFacts) -> Decision:
    """No framework item without points."""
    return require(not facts.without_points, f"还有指标没有评分：{'、'.join(facts.without_points)}") & require(
        facts.without_points or facts.total is not None, "请填写综合得分"
    )


def framework_adds_up(facts: EvaluationFacts) -> Decision:
    """Item weights make the full total, 产出 and 效益 at least their share; an evaluation without framework passes."""
    found, rules = facts.framework_total, facts.rules
    if found is None:
        return require(facts.total is not None, "请先设置评价指标体系，或填写综合得分")
    wanted = rules.framework_total
    decision = require(found == wanted, f"评价指标分值合计应为 {plain(wanted)} 分，现为 {plain(found)} 分")
    least = rules.output_benefit_minimum * wanted / 100
    heavy = facts.output_benefit is None or facts.output_benefit >= least
    return decision & require(heavy, f"产出、效益指标分值合计应不低于 {plain(least)} 分")
