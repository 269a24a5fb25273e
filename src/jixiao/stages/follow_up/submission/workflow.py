"""报送人大和政府: finance prepares, a leader agrees, then it is sent."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import addressed, source_is_final


class State(Term):
    """States of a Submission."""

    DRAFT = "draft", "拟报送"
    REVIEW = "review", "待领导审定"
    AGREED = "agreed", "待报送"
    SENT = "sent", "已报送"


MACHINE = Machine(
    "submission",
    State,
    initial=State.DRAFT,
    moves=(
        Move(
            "submit",
            "送审",
            (State.DRAFT,),
            State.REVIEW,
            by=Role.PERFORMANCE_OFFICE,
            guards=(source_is_final, addressed),
        ),
        Move("return", "退回", (State.REVIEW,), State.DRAFT, by=Role.LEADER, note_required=True, own_work=False),
        Move(
            "agree",
            "同意报送",
            (State.REVIEW,),
            State.AGREED,
            by=Role.LEADER,
            guards=(source_is_final, addressed),
            own_work=False,
        ),
        Move(
            "send", "报送", (State.AGREED,), State.SENT, by=Role.PERFORMANCE_OFFICE, guards=(source_is_final, addressed)
        ),
        Move("record", "补录", (State.DRAFT,), State.SENT, by=Role.SYSTEM),
    ),
)
