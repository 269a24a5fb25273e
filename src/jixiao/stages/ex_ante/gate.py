"""The gate: what may enter 项目库 and what may be budgeted, by the rules and the clearances given. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jixiao.domain.decisions import Decision, require
from jixiao.domain.vocabulary import Verdict
from jixiao.registers.subjects import rules as register
from jixiao.registers.subjects.rules import Cleared

from .rules import BudgetFacts, ExAnteRules, assessment_due


@dataclass(frozen=True, slots=True)
class GateFacts:
    """A budget that wants in: its facts with the amount asked for, and every clearance given so far, oldest first."""

    budget: BudgetFacts
    rules: ExAnteRules
    clearances: Sequence[Cleared] = ()
    held: bool = False
    under_review: bool = False


def may_enter(facts: GateFacts) -> Decision:
    """项目库入库: what is due needs a clearance that covers its amount; what is not due is free (青山湖区2022).

    What was concluded 不予支持 does not come in with a smaller amount either.
    """
    asked = replace(facts.budget, exemption="")  # an exemption frees by its clearance, up to the amount approved
    refused = bool(facts.clearances) and facts.clearances[-1].verdict is Verdict.REFUSED
    if facts.budget.amount <= 0 or not (refused or assessment_due(asked, facts.rules).required):
        return Decision()
    return register.covers(facts.clearances, facts.budget.amount)


def may_budget(facts: GateFacts) -> Decision:
    """安排预算, 年初 and 追加 alike: as 入库, and no stop is in force, and 财政评审 has answered where it was asked."""
    return (
        may_enter(facts)
        & require(not facts.held, "该对象已暂停、停止或收回资金，请先解除")
        & require(not facts.under_review, "已送财政评审，还没有返回评审金额，请待评审结果")
    )
