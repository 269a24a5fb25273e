"""绩效运行监控: the round (ROUND) and each subject's reading sheet in it (MACHINE)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.guards import without_department
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import COMPLETE, disposal_given, every_sheet_concluded, has_sheets


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


FINANCE = (Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)

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
            "审定处置意见",
            (State.FISCAL_REVIEW,),
            State.CONCLUDED,
            by=FINANCE,
            guards=(*COMPLETE, disposal_given),
            own_work=False,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)
