"""事前绩效评估: department assesses, finance reviews and concludes."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.guards import not_held
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import all_dimensions_scored, verdict_follows_points

FINANCE = (Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)


class State(Term):
    """States of an Assessment."""

    DRAFT = "draft", "填报中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门评估"
    FISCAL_REVIEW = "fiscal_review", "待财政审核"
    CONCLUDED = "concluded", "已有结论"


MACHINE = Machine(
    "ex_ante",
    State,
    initial=State.DRAFT,
    moves=(
        Move("submit", "报送", (State.DRAFT,), State.DEPARTMENT_REVIEW, by=(Role.UNIT, Role.PERFORMANCE_OFFICE)),
        Move(
            "return",
            "退回",
            (State.DEPARTMENT_REVIEW,),
            State.DRAFT,
            by=(Role.DEPARTMENT, Role.PERFORMANCE_OFFICE),
            note_required=True,
            own_work=False,
        ),
        Move(
            "assess",
            "出具评估意见",
            (State.DEPARTMENT_REVIEW,),
            State.FISCAL_REVIEW,
            by=(Role.DEPARTMENT, Role.PERFORMANCE_OFFICE),
            guards=(all_dimensions_scored, verdict_follows_points),
            own_work=False,
        ),
        Move(
            "return",
            "退回",
            (State.FISCAL_REVIEW,),
            State.DEPARTMENT_REVIEW,
            by=FINANCE,
            note_required=True,
            own_work=False,
        ),
        Move(
            "conclude",
            "审定结论",
            (State.FISCAL_REVIEW,),
            State.CONCLUDED,
            by=FINANCE,
            guards=(all_dimensions_scored, verdict_follows_points, not_held),
            own_work=False,
            moves_money=True,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)
