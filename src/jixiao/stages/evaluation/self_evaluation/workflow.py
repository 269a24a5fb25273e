"""单位自评: the unit files, the department reviews, finance checks (财政核查)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.guards import without_department
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import COMPLETE


class State(Term):
    """States of a SelfEvaluation; CONCLUDED freezes total, grade and policy snapshot."""

    DRAFT = "draft", "填报中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门审核"
    FISCAL_REVIEW = "fiscal_review", "待财政核查"
    CONCLUDED = "concluded", "已审定"


FINANCE = (Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)

MACHINE = Machine(
    "self_evaluation",
    State,
    initial=State.DRAFT,
    moves=(
        Move("submit", "报送", (State.DRAFT,), State.DEPARTMENT_REVIEW, by=Role.UNIT, guards=COMPLETE),
        Move(
            "submit_directly",
            "直接报送财政",
            (State.DRAFT,),
            State.FISCAL_REVIEW,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(without_department, *COMPLETE),
        ),
        Move(
            "return",
            "退回",
            (State.DEPARTMENT_REVIEW,),
            State.DRAFT,
            by=Role.DEPARTMENT,
            note_required=True,
            own_work=False,
        ),
        Move(
            "forward",
            "审核通过",
            (State.DEPARTMENT_REVIEW,),
            State.FISCAL_REVIEW,
            by=Role.DEPARTMENT,
            guards=COMPLETE,
            own_work=False,
        ),
        Move("return", "退回", (State.FISCAL_REVIEW,), State.DRAFT, by=FINANCE, note_required=True, own_work=False),
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
