"""单位自评: what a self-evaluation must hold before it is filed, and who must explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import files
from jixiao.domain.money_words import SPENDING, MoneyWords
from jixiao.domain.policy import Fen, Percent
from jixiao.domain.quantities import format_amount, plain


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


@dataclass(frozen=True)
class ExemptionRules:
    """`categories`: on which grounds a subject may be spared its self-evaluation."""

    section: ClassVar[str] = "self_evaluation_exemption"

    categories: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceRules:
    """`from_weight`: indicators of at least so many points need a file of evidence; None: no one does."""

    section: ClassVar[str] = "self_evaluation_evidence"

    from_weight: int | None


@dataclass(frozen=True, slots=True)
class Funds:
    """Money of the year beside 当年财政拨款, in fen: 上年结转资金 and 其他资金, each as budget and as spent.

    Treasury pays carried-over money too, so that `carried_spent` is a part of the payments; 其他资金 comes on top.
    """

    carried_budget: int = 0
    carried_spent: int = 0
    other_budget: int = 0
    other_spent: int = 0


@dataclass(frozen=True, slots=True)
class Leftover:
    """Money of a subject's last year in fen; `ended`: it was stopped or its rest was taken back."""

    budget: int
    spent: int
    recovered: int
    ended: bool


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
    """A whole sheet: indicators by the key of their score, why execution was low, 自查问题, 实际完成情况, the money."""

    scores: Mapping[int, Said]
    execution_cause: str = ""
    findings: str = ""
    achieved: str = ""
    funds: Funds = Funds()
    carried_reason: str = ""


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
    unproven: tuple[str, ...] = ()
    carried: int = 0
    carried_known: int | None = None
    carried_reason: str = ""
    money: MoneyWords = SPENDING


@dataclass(frozen=True, slots=True)
class ExemptionFacts:
    """An application for 免评. `begun`: a self-evaluation of the subject has already been filed."""

    department_above: bool
    begun: bool
    granted: bool


def carried_over(last: Leftover) -> int:
    """上年结转资金 in fen: what was neither spent nor taken back; nothing where the subject came to its end."""
    return 0 if last.ended else max(last.budget - last.spent - last.recovered, 0)


def carry_over_explained(facts: SelfEvaluationFacts) -> Decision:
    """Who carries over more or less than last year left says why; where nobody knows what it left, nobody asks."""
    same = facts.carried_known is None or facts.carried == facts.carried_known
    known = "" if same else format_amount(facts.carried_known or 0)
    return require(
        same or facts.carried_reason.strip(), f"上年结转资金与按上年数据算得的 {known} 万元不同，请填写更正结转的理由"
    )


def every_line_scored(facts: SelfEvaluationFacts) -> Decision:
    """No indicator without points, so that there is a total."""
    unsettled = facts.money.say("总分未算出，请核对预算数、执行数和各指标完成值")
    return require(not facts.without_points, f"还有指标不能计分：{'、'.join(facts.without_points)}") & require(
        facts.without_points or facts.total is not None, unsettled
    )


def low_execution_explained(facts: SelfEvaluationFacts) -> Decision:
    """Execution below the policy's border has a cause and a remedy written down."""
    rate, border = facts.execution_rate, facts.rules.low_execution
    fine = rate is None or rate >= border or facts.execution_cause.strip()
    return require(fine, facts.money.say("预算执行率") + f"低于 {plain(border)}%，请说明原因和改进措施")


def deviations_explained(facts: SelfEvaluationFacts) -> Decision:
    """Each line that missed its target, or went far beyond it, has its reason."""
    return require(not facts.unexplained, f"请填写偏差原因分析及改进措施：{'、'.join(facts.unexplained)}")


def scored_on_approved_target(facts: SelfEvaluationFacts) -> Decision:
    """The evaluated indicators are those that were approved."""
    return require(facts.target_approved, "没有已批复的绩效目标，请先批复或补录绩效目标")


def evidence_attached(facts: SelfEvaluationFacts) -> Decision:
    """The weighty indicators have a file that proves their value."""
    return require(not facts.unproven, f"请为下列指标附上佐证材料：{'、'.join(facts.unproven)}")


def claims_reasoned(facts: SelfEvaluationFacts) -> Decision:
    """Who claims fewer points than the rule gives says why."""
    return require(not facts.unreasoned, f"自报低于规则得分的要写理由：{'、'.join(facts.unreasoned)}")


def not_above(claims: Mapping[str, tuple[Decimal, Decimal | None]]) -> Decision:
    """Nobody claims more than the rule gives; `claims` by indicator: claimed, and what the rule gives."""
    over = [name for name, (claimed, points) in claims.items() if points is None or claimed > points]
    return require(not over, f"自报得分高于按规则计算的得分，请改为不高于规则的分数或清空：{'、'.join(over)}")


def funds_fit(funds: Funds, paid: int) -> Decision:
    """No part of the money exceeds the whole it is of; `paid` in fen is what treasury paid in the year."""
    return (
        require(min(funds.carried_budget, funds.other_budget) >= 0, "上年结转资金、其他资金的预算数不能是负数，请核对")
        & require(min(funds.carried_spent, funds.other_spent) >= 0, "上年结转资金、其他资金的执行数不能是负数，请核对")
        & require(funds.carried_spent <= funds.carried_budget, "上年结转资金的执行数大于预算数，请核对")
        & require(funds.other_spent <= funds.other_budget, "其他资金的执行数大于预算数，请核对")
        & require(
            funds.carried_spent <= max(paid, 0),
            f"上年结转资金的执行数大于国库支付合计 {format_amount(paid)} 万元，请核对",
        )
    )


def due_beyond(years: int, ended: bool, from_years: int) -> str:
    """中期评价 or 实施期结束后评价, due beside the year's own (财预〔2020〕10号); "" where none is.

    `years` of implementation are those that are registered up to the evaluated one, `ended`: there is no further one.
    """
    if years < from_years:
        return ""
    kind = "实施期结束后评价" if ended else "中期评价"
    return f"已实施 {years} 年，满 {from_years} 年的应开展{kind}"


def may_open(actor: Actor, object_year: int, today: dt.date) -> Decision:
    """The performance office opens the self-evaluations of a year that has begun."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "单位自评由财政绩效股布置") & require(
        object_year <= today.year, f"{object_year} 年还没有到，不能布置自评"
    )


def may_fill(actor: Actor, drafted: bool, department_above: bool) -> Decision:
    """Who files the sheet fills it, until it is sent on."""
    may = require(files(actor, department_above), "自评表由项目单位填报")
    return may & require(drafted, "自评表已经报送，退回后才能修改")


def may_classify(actor: Actor, department_above: bool, concluded: bool) -> Decision:
    """Who files the sheet says to which classes its problems belong until it is concluded, the office at any time."""
    mine = files(actor, department_above) and not concluded
    return require(mine or actor.role is Role.PERFORMANCE_OFFICE, "审定以前由填报单位归类，财政绩效股随时可以归类")


def may_apply(actor: Actor, department_above: bool, reason: str, category: str, rules: ExemptionRules) -> Decision:
    """Who files the sheet applies for 免评, on one of the policy's grounds and with its reason."""
    return (
        require(files(actor, department_above), "免评由项目单位申请")
        & require(category in rules.categories, f"请选择免评的类别：{'、'.join(rules.categories)}")
        & require(reason.strip(), "请填写申请免评的理由")
    )


def not_yet_filed(facts: ExemptionFacts) -> Decision:
    """Who has filed evaluates."""
    return require(not facts.begun, "自评表已经报送，不能再免评")


def not_yet_granted(facts: ExemptionFacts) -> Decision:
    """Once is enough."""
    return require(not facts.granted, "这个对象已经免评，不用再申请")


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
    evidence_attached,
    carry_over_explained,
)
