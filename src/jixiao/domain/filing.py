"""报送与审核: the chain that target sheets, monitoring sheets and self-evaluations share on their way to finance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .actors import Actor, Role
from .decisions import Decision, require
from .guards import without_department
from .terms import Term
from .workflow import Guard, Move

FINANCE = (Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)


class Desk(Term):
    """审核环节: who looks at what was filed, in the order that the region's rules name them."""

    DEPARTMENT = "department", "主管部门"
    FINANCE = "finance", "财政"
    FISCAL_DIVISION = "fiscal_division", "业务股室"
    PERFORMANCE_OFFICE = "performance_office", "绩效股"


class Reviewed(Protocol):
    """Facts that know the desks of their region, in order."""

    @property
    def desks(self) -> tuple[Desk, ...]: ...


def files(actor: Actor, department_above: bool) -> bool:
    """谁申请资金谁填报: a subject's unit files for it, or a department that has none above it."""
    return actor.role is Role.UNIT or (actor.role is Role.DEPARTMENT and not department_above)


def next_desk(after: Desk | None, desk: Desk) -> Guard:
    """Applies where the region's chain has `desk` right behind `after`; None: as finance's first."""

    def applies(facts: Reviewed) -> Decision:
        at_finance = tuple(found for found in facts.desks if found is not Desk.DEPARTMENT)
        if after in (None, Desk.DEPARTMENT):
            return require(at_finance[:1] == (desk,), f"本地区的审核流程不在这一步交{desk.label}")
        follows = (after, desk) in zip(facts.desks, facts.desks[1:], strict=False)
        return require(follows, f"本地区的审核流程中{after.label}之后不是{desk.label}")

    return applies


def last_desk(desk: Desk) -> Guard:
    """Applies where the region's chain ends with `desk`."""

    def applies(facts: Reviewed) -> Decision:
        return require(facts.desks[-1:] == (desk,), f"本地区的审核流程中{desk.label}之后还有一步")

    return applies


# What the moves to a desk of finance are called, and who sits there.
_AT_FINANCE: tuple[tuple[Desk, str, tuple[Role, ...]], ...] = (
    (Desk.FINANCE, "", FINANCE),
    (Desk.FISCAL_DIVISION, "_to_division", (Role.FISCAL_DIVISION,)),
    (Desk.PERFORMANCE_OFFICE, "_to_office", (Role.PERFORMANCE_OFFICE,)),
)


def filed_through(
    draft: Term, reviews: Mapping[Desk, Term], passed: Term, complete: tuple[Guard, ...]
) -> tuple[Move, ...]:
    """The moves from a unit's draft past every desk that some region has to `passed`; `reviews`: the state at a desk.

    Which of them a sheet has follows from the desks of its own rules (`facts.desks`).
    """
    department, division, office = reviews[Desk.DEPARTMENT], Desk.FISCAL_DIVISION, Desk.PERFORMANCE_OFFICE
    moves: list[Move] = [
        Move("submit", "报送", (draft,), department, by=Role.UNIT, guards=complete),
        Move("return", "退回", (department,), draft, by=Role.DEPARTMENT, note_required=True, own_work=False),
        Move(
            "forward_to_office",
            "审核通过并转报",
            (reviews[division],),
            reviews[office],
            by=Role.FISCAL_DIVISION,
            guards=complete,
            own_work=False,
            applies=next_desk(division, office),
        ),
    ]
    for desk, code, roles in _AT_FINANCE:
        first, here = next_desk(None, desk), reviews[desk]
        moves += [
            _direct(code, draft, here, complete, first),
            _forward(code, department, here, complete, first),
            Move("return", "退回", (here,), draft, by=roles, note_required=True, own_work=False),
            _pass(here, passed, roles, complete, last_desk(desk)),
        ]
    return tuple(moves)


def _direct(code: str, draft: Term, here: Term, complete: tuple[Guard, ...], applies: Guard) -> Move:
    by, guards = (Role.UNIT, Role.DEPARTMENT), (without_department, *complete)
    return Move(f"submit_directly{code}", "直接报送财政", (draft,), here, by=by, guards=guards, applies=applies)


def _forward(code: str, source: Term, here: Term, complete: tuple[Guard, ...], applies: Guard) -> Move:
    return Move(
        f"forward{code}",
        "审核通过并转报",
        (source,),
        here,
        by=Role.DEPARTMENT,
        guards=complete,
        own_work=False,
        applies=applies,
    )


def _pass(here: Term, passed: Term, by: tuple[Role, ...], complete: tuple[Guard, ...], applies: Guard) -> Move:
    return Move("pass", "财政审核通过", (here,), passed, by=by, guards=complete, own_work=False, applies=applies)


def filed_with_finance(
    draft: Term,
    department_review: Term,
    fiscal_review: Term,
    complete: tuple[Guard, ...],
    in_time: tuple[Guard, ...] = (),
) -> tuple[Move, ...]:
    """The moves from a unit's draft to finance's desk: by way of its department, or directly where it has none.

    `in_time` binds who files, not who reviews.
    Every step on demands `complete`; every return needs its reason; nobody reviews what he himself filed.
    """
    return (
        Move("submit", "报送", (draft,), department_review, by=Role.UNIT, guards=(*complete, *in_time)),
        Move(
            "submit_directly",
            "直接报送财政",
            (draft,),
            fiscal_review,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(without_department, *complete, *in_time),
        ),
        Move("return", "退回", (department_review,), draft, by=Role.DEPARTMENT, note_required=True, own_work=False),
        Move(
            "forward",
            "审核通过并转报",
            (department_review,),
            fiscal_review,
            by=Role.DEPARTMENT,
            guards=complete,
            own_work=False,
        ),
        Move("return", "退回", (fiscal_review,), draft, by=FINANCE, note_required=True, own_work=False),
    )
