"""单位自评: what a self-evaluation must hold before it is filed, and who must explain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import plain


@dataclass(frozen=True)
class SelfEvaluationRules:
    """`low_execution`: below this execution rate the unit explains itself (财预〔2020〕10号)."""

    section: ClassVar[str] = "self_evaluation"

    low_execution: Percent


@dataclass(frozen=True, slots=True)
class SelfEvaluationFacts:
    """One sheet. `without_points` and `unexplained` name lines; `execution_rate` in %, None without a budget."""

    department_above: bool
    target_approved: bool
    without_points: tuple[str, ...]
    unexplained: tuple[str, ...]
    total: Decimal | None
    execution_rate: Decimal | None
    execution_cause: str
    rules: SelfEvaluationRules


def every_line_scored(facts: SelfEvaluationFacts) -> Decision:
    """No indicator without points, so that there is a total."""
    return require(not facts.without_points, f"还有指标不能计分：{'、'.join(facts.without_points)}") & require(
        facts.without_points or facts.total is not None, "总分未算出，请核对预算数、执行数和各指标完成值"
    )


def low_execution_explained(facts: SelfEvaluationFacts) -> Decision:
    """Execution below the policy's border has a cause and a remedy written down."""
    rate, border = facts.execution_rate, facts.rules.low_execution
    fine = rate is None or rate >= border or facts.execution_cause.strip()
    return require(fine, f"预算执行率低于 {plain(border)}%，请说明原因和改进措施")


def deviations_explained(facts: SelfEvaluationFacts) -> Decision:
    """Each line that missed its target, or went far beyond it, has its reason."""
    return require(not facts.unexplained, f"请填写偏差原因分析及改进措施：{'、'.join(facts.unexplained)}")


def scored_on_approved_target(facts: SelfEvaluationFacts) -> Decision:
    """The evaluated indicators are those that were approved."""
    return require(facts.target_approved, "没有已批复的绩效目标，请先批复或补录绩效目标")


COMPLETE = (scored_on_approved_target, every_line_scored, low_execution_explained, deviations_explained)
