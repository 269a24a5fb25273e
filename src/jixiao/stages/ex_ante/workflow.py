"""事前绩效评估: the department's line past its reviewer to finance, and finance's own line; finance concludes both."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE
from jixiao.domain.guards import not_held
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import ASSESSED, COMPLETE, came_through_department, comes_directly, of_finance


class State(Term):
    """States of an Assessment."""

    DRAFT = "draft", "填报中"
    DEPARTMENT_REVIEW = "department_review", "待主管部门评估"
    FINANCE_ASSESSMENT = "finance_assessment", "财政评估中"
    FISCAL_REVIEW = "fiscal_review", "待财政审核"
    CONCLUDED = "concluded", "已有结论"


def _back(code: str, label: str, source: State, target: State, **how: object) -> Move:
    by = (Role.DEPARTMENT,) if source is State.DEPARTMENT_REVIEW else FINANCE
    return Move(code, label, (source,), target, by=by, note_required=True, own_work=False, **how)  # type: ignore[arg-type]


MACHINE = Machine(
    "ex_ante",
    State,
    initial=State.DRAFT,
    moves=(
        Move(
            "submit",
            "报送",
            (State.DRAFT,),
            State.DEPARTMENT_REVIEW,
            by=Role.UNIT,
            guards=COMPLETE,
            applies=came_through_department,
        ),
        Move(
            "submit_directly",
            "直接报送财政",
            (State.DRAFT,),
            State.FISCAL_REVIEW,
            by=(Role.UNIT, Role.DEPARTMENT),
            guards=ASSESSED,
            applies=comes_directly,
        ),
        _back("return", "退回", State.DEPARTMENT_REVIEW, State.DRAFT),
        Move(
            "assess",
            "出具评估意见",
            (State.DEPARTMENT_REVIEW,),
            State.FISCAL_REVIEW,
            by=Role.DEPARTMENT,
            guards=ASSESSED,
            own_work=False,
        ),
        Move("assess_by_finance", "财政另行评估", (State.DRAFT,), State.FINANCE_ASSESSMENT, by=Role.SYSTEM),
        Move(
            "submit_for_conclusion",
            "提交审定",
            (State.FINANCE_ASSESSMENT,),
            State.FISCAL_REVIEW,
            by=Role.PERFORMANCE_OFFICE,
            guards=ASSESSED,
        ),
        _back("return", "退回", State.FISCAL_REVIEW, State.DEPARTMENT_REVIEW, applies=came_through_department),
        _back("return_to_draft", "退回填报单位", State.FISCAL_REVIEW, State.DRAFT, applies=comes_directly),
        _back("return_to_office", "退回财政评估", State.FISCAL_REVIEW, State.FINANCE_ASSESSMENT, applies=of_finance),
        Move(
            "conclude",
            "审定结论",
            (State.FISCAL_REVIEW,),
            State.CONCLUDED,
            by=FINANCE,
            guards=(*ASSESSED, not_held),
            own_work=False,
            moves_money=True,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)
