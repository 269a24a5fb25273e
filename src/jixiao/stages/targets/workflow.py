"""绩效目标: from filing to approval (批复); an adjustment is a new version that supersedes the old one."""

from __future__ import annotations

from dataclasses import replace

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE, Desk, filed_through
from jixiao.domain.guards import not_held
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import COMPLETE, cleared, result_allows


class State(Term):
    """States of a TargetVersion. At most one version of a sheet is APPROVED at a time."""

    DRAFT = "draft", "编制中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门审核"
    FISCAL_REVIEW = "fiscal_review", "待财政审核"
    DIVISION_REVIEW = "division_review", "待业务股室审核"
    OFFICE_REVIEW = "office_review", "待绩效股审核"
    PASSED = "passed", "待批复"
    APPROVED = "approved", "已批复"
    SUPERSEDED = "superseded", "已调整"


REVIEWS: dict[Desk, Term] = {
    Desk.DEPARTMENT: State.DEPARTMENT_REVIEW,
    Desk.FINANCE: State.FISCAL_REVIEW,
    Desk.FISCAL_DIVISION: State.DIVISION_REVIEW,
    Desk.PERFORMANCE_OFFICE: State.OFFICE_REVIEW,
}

AT_FINANCE = frozenset({State.FISCAL_REVIEW, State.DIVISION_REVIEW, State.OFFICE_REVIEW})


def _judged(move: Move) -> Move:
    """Finance lets nothing through that its own review found too weak."""
    onwards = AT_FINANCE & set(move.sources) and move.target is not State.DRAFT
    return replace(move, guards=(*move.guards, result_allows)) if onwards else move


MACHINE = Machine(
    "targets",
    State,
    initial=State.DRAFT,
    moves=(
        *map(_judged, filed_through(State.DRAFT, REVIEWS, State.PASSED, COMPLETE)),
        Move("return", "退回", (State.PASSED,), State.DRAFT, by=FINANCE, note_required=True, own_work=False),
        Move(
            "approve",
            "批复",
            (State.PASSED,),
            State.APPROVED,
            by=Role.PERFORMANCE_OFFICE,
            guards=(*COMPLETE, result_allows, cleared, not_held),
            own_work=False,
            moves_money=True,
        ),
        Move("supersede", "由新版本替代", (State.APPROVED,), State.SUPERSEDED, by=Role.SYSTEM),
        Move("record", "补录", (State.DRAFT,), State.APPROVED, by=Role.SYSTEM),
    ),
)
