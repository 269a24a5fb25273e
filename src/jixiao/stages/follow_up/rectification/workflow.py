"""整改: notice, reply, strike off (销号)."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import completion_stated, deadline_set, measures_stated, requirement_written

ISSUERS = (Role.PERFORMANCE_OFFICE, Role.DEPARTMENT)


class State(Term):
    """States of a Rectification."""

    DRAFT = "draft", "拟下达"
    ISSUED = "issued", "整改中"
    REPLIED = "replied", "待复核"
    CLOSED = "closed", "已完成", "已销号"


MACHINE = Machine(
    "rectification",
    State,
    initial=State.DRAFT,
    moves=(
        Move("issue", "下达", (State.DRAFT,), State.ISSUED, by=ISSUERS, guards=(requirement_written, deadline_set)),
        Move(
            "reply",
            "报送整改情况",
            (State.ISSUED,),
            State.REPLIED,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(measures_stated,),
            note_required=True,
        ),
        Move("return", "退回", (State.REPLIED,), State.ISSUED, by=ISSUERS, note_required=True, own_work=False),
        Move(
            "close",
            "复核销号",
            (State.REPLIED,),
            State.CLOSED,
            by=ISSUERS,
            guards=(completion_stated,),
            own_work=False,
        ),
        Move("record", "补录", (State.DRAFT,), State.CLOSED, by=Role.SYSTEM),
        Move("record_issued", "补录（未完成）", (State.DRAFT,), State.ISSUED, by=Role.SYSTEM),
    ),
)
