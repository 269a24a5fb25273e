"""存量资金清理: the run (RUN) and each candidate that it lists (MACHINE)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import criteria_known, every_candidate_decided, ruling_stated, run_is_open


class RunState(Term):
    """States of a ClearingRun; opening lists the candidates and freezes their money."""

    DRAFT = "draft", "筹备中"
    OPEN = "open", "办理中"
    CLOSED = "closed", "已结束"


class State(Term):
    """States of a Candidate."""

    LISTED = "listed", "待说明"
    REPLIED = "replied", "已说明"
    DECIDED = "decided", "已处理"


OFFICE = Role.PERFORMANCE_OFFICE
RUN = Machine(
    "clearing_run",
    RunState,
    initial=RunState.DRAFT,
    moves=(
        Move("open", "启动", (RunState.DRAFT,), RunState.OPEN, by=OFFICE, guards=(criteria_known,)),
        Move("close", "结束", (RunState.OPEN,), RunState.CLOSED, by=OFFICE, guards=(every_candidate_decided,)),
        Move("record", "补录", (RunState.DRAFT,), RunState.CLOSED, by=Role.SYSTEM),
    ),
)

MACHINE = Machine(
    "clearing",
    State,
    initial=State.LISTED,
    moves=(
        Move("reply", "说明情况", (State.LISTED,), State.REPLIED, by=(Role.UNIT, Role.DEPARTMENT)),
        Move(
            "decide",
            "处理",
            (State.LISTED, State.REPLIED),
            State.DECIDED,
            by=OFFICE,
            guards=(run_is_open, ruling_stated),
        ),
        Move("record", "补录", (State.LISTED,), State.DECIDED, by=Role.SYSTEM),
    ),
)
