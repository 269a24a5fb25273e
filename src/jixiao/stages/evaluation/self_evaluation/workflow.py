"""单位自评: the unit files, the department reviews, finance checks (财政核查)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE, filed_with_finance
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import COMPLETE, not_yet_filed, not_yet_granted


class State(Term):
    """States of a SelfEvaluation; CONCLUDED freezes total, grade and policy snapshot."""

    DRAFT = "draft", "填报中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门审核"
    FISCAL_REVIEW = "fiscal_review", "待财政核查"
    CONCLUDED = "concluded", "已审定"


MACHINE = Machine(
    "self_evaluation",
    State,
    initial=State.DRAFT,
    moves=(
        *filed_with_finance(State.DRAFT, State.DEPARTMENT_REVIEW, State.FISCAL_REVIEW, COMPLETE),
        Move(
            "conclude",
            "审定",
            (State.FISCAL_REVIEW,),
            State.CONCLUDED,
            by=FINANCE,
            guards=COMPLETE,
            own_work=False,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)


class ExemptionState(Term):
    """States of an application for 免评."""

    DRAFT = "draft", "拟申请"
    APPLIED = "applied", "待核定"
    GRANTED = "granted", "同意免评"
    REFUSED = "refused", "不同意免评"


EXEMPTING = Machine(
    "self_evaluation_exemption",
    ExemptionState,
    initial=ExemptionState.DRAFT,
    moves=(
        Move(
            "submit_application",
            "提交申请",
            (ExemptionState.DRAFT,),
            ExemptionState.APPLIED,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(not_yet_filed, not_yet_granted),
        ),
        Move(
            "grant",
            "同意免评",
            (ExemptionState.APPLIED,),
            ExemptionState.GRANTED,
            by=Role.PERFORMANCE_OFFICE,
            guards=(not_yet_filed, not_yet_granted),
            own_work=False,
        ),
        Move(
            "refuse",
            "不同意",
            (ExemptionState.APPLIED,),
            ExemptionState.REFUSED,
            by=Role.PERFORMANCE_OFFICE,
            note_required=True,
            own_work=False,
        ),
    ),
)
