"""指标库条目: proposed, approved into the library, withdrawn from it."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import class_fits, measured, named_standards_sourced


class State(Term):
    """States of an Entry. What was withdrawn keeps its history and is suggested to nobody."""

    PROPOSED = "proposed", "待入库"
    APPROVED = "approved", "已入库"
    WITHDRAWN = "withdrawn", "已出库"


OFFICE = Role.PERFORMANCE_OFFICE
MACHINE = Machine(
    "indicator",
    State,
    initial=State.PROPOSED,
    moves=(
        Move(
            "accept",
            "审核入库",
            (State.PROPOSED,),
            State.APPROVED,
            by=OFFICE,
            guards=(class_fits, measured, named_standards_sourced),
        ),
        Move("decline", "不予入库", (State.PROPOSED,), State.WITHDRAWN, by=OFFICE, note_required=True),
        Move("remove", "出库", (State.APPROVED,), State.WITHDRAWN, by=OFFICE, note_required=True),
        Move("restore", "重新提请入库", (State.WITHDRAWN,), State.PROPOSED, by=OFFICE, note_required=True),
        Move("record", "补录", (State.PROPOSED,), State.APPROVED, by=Role.SYSTEM),
    ),
)
