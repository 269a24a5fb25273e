"""绩效运行监控: the round (ROUND) and each subject's reading sheet in it (MACHINE)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE, filed_with_finance
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import (
    COMPLETE,
    amount_stated,
    disposal_given,
    every_sheet_concluded,
    filed_in_time,
    handling_offered,
    has_sheets,
)


class RoundState(Term):
    """States of a monitoring round; a closed round is frozen with what was known at its end."""

    DRAFT = "draft", "筹备中"
    OPEN = "open", "填报中"
    CLOSED = "closed", "已结束"


class State(Term):
    """States of a ReadingSheet."""

    DRAFT = "draft", "填报中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门审核"
    FISCAL_REVIEW = "fiscal_review", "待财政审核"
    CONCLUDED = "concluded", "已审定"


ROUND = Machine(
    "monitoring_round",
    RoundState,
    initial=RoundState.DRAFT,
    moves=(
        Move("open", "启动", (RoundState.DRAFT,), RoundState.OPEN, by=Role.PERFORMANCE_OFFICE, guards=(has_sheets,)),
        Move(
            "close",
            "结束",
            (RoundState.OPEN,),
            RoundState.CLOSED,
            by=Role.PERFORMANCE_OFFICE,
            guards=(every_sheet_concluded,),
        ),
        Move("record", "补录", (RoundState.DRAFT,), RoundState.CLOSED, by=Role.SYSTEM),
    ),
)

MACHINE = Machine(
    "monitoring",
    State,
    initial=State.DRAFT,
    moves=(
        *filed_with_finance(
            State.DRAFT, State.DEPARTMENT_REVIEW, State.FISCAL_REVIEW, COMPLETE, in_time=(filed_in_time,)
        ),
        Move(
            "conclude",
            "审定处置意见",
            (State.FISCAL_REVIEW,),
            State.CONCLUDED,
            by=FINANCE,
            guards=(*COMPLETE, disposal_given, handling_offered, amount_stated),
            own_work=False,
        ),
        Move("reopen", "重新开放", (State.CONCLUDED,), State.DRAFT, by=Role.SYSTEM, note_required=True),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)
