"""选评 and the reports of 转移支付评价: two short lives."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import report_attached

CHOOSERS = (Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)
RECEIVERS = (Role.PERFORMANCE_OFFICE, Role.FISCAL_DIVISION)
"""Who signs for a report on a transfer, and asks for it again: the office, or the division in charge of the subject."""


class State(Term):
    """States of a Choice; once the evaluation is opened the choice stands."""

    CONSIDERED = "considered", "待定"
    CHOSEN = "chosen", "选定"
    REJECTED = "rejected", "不选"
    OPENED = "opened", "已开展"


CHOICE = Machine(
    "choice",
    State,
    initial=State.CONSIDERED,
    moves=(
        Move("choose", "选定", (State.CONSIDERED, State.REJECTED), State.CHOSEN, by=CHOOSERS, note_required=True),
        Move("reject", "不选", (State.CONSIDERED, State.CHOSEN), State.REJECTED, by=CHOOSERS, note_required=True),
        Move("start", "开展评价", (State.CHOSEN,), State.OPENED, by=CHOOSERS),
    ),
)


class ReportState(Term):
    """States of a TransferReport."""

    DRAFT = "draft", "待报送"
    SUBMITTED = "submitted", "待签收"
    RECEIVED = "received", "已签收"


REPORT = Machine(
    "transfer_report",
    ReportState,
    initial=ReportState.DRAFT,
    moves=(
        Move(
            "submit",
            "报送",
            (ReportState.DRAFT,),
            ReportState.SUBMITTED,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(report_attached,),
        ),
        Move(
            "return",
            "退回",
            (ReportState.SUBMITTED,),
            ReportState.DRAFT,
            by=RECEIVERS,
            note_required=True,
        ),
        Move("sign", "签收", (ReportState.SUBMITTED,), ReportState.RECEIVED, by=RECEIVERS),
    ),
)
