"""自评审核: the life of one finding."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import answer_written


class State(Term):
    """States of an AuditFinding; CLOSED: the sheet was changed and the finding no longer holds."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    CONFIRMED = "confirmed", "属实"
    REJECTED = "rejected", "不属实"
    CLOSED = "closed", "已消除"


WAITING = (State.OPEN, State.ANSWERED)
JUDGED = (State.CONFIRMED, State.REJECTED)
MACHINE = Machine(
    "audit_finding",
    State,
    initial=State.OPEN,
    moves=(
        Move(
            "answer",
            "答复",
            (State.OPEN,),
            State.ANSWERED,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(answer_written,),
        ),
        Move("confirm", "属实", WAITING, State.CONFIRMED, by=Role.PERFORMANCE_OFFICE, note_required=True),
        Move("reject", "不属实", WAITING, State.REJECTED, by=Role.PERFORMANCE_OFFICE, note_required=True),
        Move("reconsider", "重新判断", JUDGED, State.ANSWERED, by=Role.PERFORMANCE_OFFICE, note_required=True),
        Move("close", "消除", WAITING, State.CLOSED, by=Role.SYSTEM),
        Move("reopen", "再次发现", (State.CLOSED,), State.OPEN, by=Role.SYSTEM),
    ),
)
