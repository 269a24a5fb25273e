"""单位自评: what a self-evaluation must hold before it is filed, and who must explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Fen, Percent
from jixiao.domain.quantities import plain


@dataclass(frozen=True)
class SelfEvaluationRules:
    """`low_execution`: below this execution rate the unit explains itself (财预〔2020〕10号)."""

    section: ClassVar[str] = "self_evaluation"

    low_execution: Percent


@dataclass(frozen=True)
class ScopeRules:
    """Which subjects evaluate themselves: those with a budget of at least `least`, and 部门整体 if `overall`."""

    section: ClassVar[str] = "self_evaluation_scope"

    least: Fen
    overall: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit says of one indicator: 完成值, 定性完成度 in %, 偏差原因, and points of its own that are lower."""

    actual: str = ""
    tier: Decimal | None = None
    cause: str = ""
    claimed: Decimal | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A whole sheet: indicators by the key of their score, why execution was low, and 自查问题."""

    scores: Mapping[int, Said]
    execution_cause: str = ""
    findings: str = ""


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
    unreasoned: tuple[str, ...] = ()


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


def claims_reasoned(facts: SelfEvaluationFacts) -> Decision:
    """Who claims fewer points than the rule gives says why."""
    return require(not facts.unreasoned, f"自报低于规则得分的要写理由：{'、'.join(facts.unreasoned)}")


def not_above(claims: Mapping[str, tuple[Decimal, Decimal | None]]) -> Decision:
    """Nobody claims more than the rule gives; `claims` by indicator: claimed, and what the rule gives."""
    over = [name for name, (claimed, points) in claims.items() if points is None or claimed > points]
    return require(not over, f"自报得分高于按规则计算的得分，请改为不高于规则的分数或清空：{'、'.join(over)}")


def may_open(actor: Actor, object_year: int, today: dt.date) -> Decision:
    """The performance office opens the self-evaluations of a year that has begun."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "单位自评由财政绩效股布置") & require(
        object_year <= today.year, f"{object_year} 年还没有到，不能布置自评"
    )


def may_fill(actor: Actor, drafted: bool, department_above: bool) -> Decision:
    """Who files the sheet fills it: the unit, or a department that has none above it; until it is sent on."""
    files = actor.role is Role.UNIT or (actor.role is Role.DEPARTMENT and not department_above)
    return require(files, "自评表由项目单位填报") & require(drafted, "自评表已经报送，退回后才能修改")


def may_exempt(actor: Actor, reason: str, begun: bool) -> Decision:
    """免评 is the performance office's to grant, with a reason, before anything was filed."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "免评由财政绩效股核定")
        & require(reason.strip(), "请填写免评的理由")
        & require(not begun, "自评表已经报送，不能再免评")
    )


COMPLETE = (
    scored_on_approved_target,
    every_line_scored,
    low_execution_explained,
    deviations_explained,
    claims_reasoned,
)
