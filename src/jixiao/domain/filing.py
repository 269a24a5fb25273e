"""报送与审核: the chain that target sheets, monitoring sheets and self-evaluations share on their way to finance."""

from __future__ import annotations

from .actors import Role
from .guards import without_department
from .terms import Term
from .workflow import Guard, Move

FINANCE = (Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)


def filed_with_finance(
    draft: Term, department_review: Term, fiscal_review: Term, complete: tuple[Guard, ...]
) -> tuple[Move, ...]:
    """The moves from a unit's draft to finance's desk: by way of its department, or directly where it has none.

    Every step on demands `complete`; every return needs its reason; nobody reviews what he himself filed.
    """
    return (
        Move("submit", "报送", (draft,), department_review, by=Role.UNIT, guards=complete),
        Move(
            "submit_directly",
            "直接报送财政",
            (draft,),
            fiscal_review,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=(without_department, *complete),
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
