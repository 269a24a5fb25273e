"""部门评价、财政重点评价、抽查复核: one life for all of them; self-evaluations of projects have their own desk."""

from __future__ import annotations

from jixiao.domain.actors import Role
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move

from .rules import every_item_scored, framework_adds_up

ORGANIZERS = (Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)
EVALUATORS = (Role.AGENCY, Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)


class State(Term):
    """States of an Evaluation; CONCLUDED freezes total, grade and policy snapshot."""

    DRAFT = "draft", "拟评价"
    WORKING = "working", "评价中"
    CONSULTATION = "consultation", "交换意见"
    REVIEW = "review", "待审定"
    CONCLUDED = "concluded", "已定稿"


MACHINE = Machine(
    "evaluation",
    State,
    initial=State.DRAFT,
    moves=(
        Move("notify", "下达评价通知", (State.DRAFT,), State.WORKING, by=ORGANIZERS),
        Move(
            "consult",
            "交换意见",
            (State.WORKING,),
            State.CONSULTATION,
            by=EVALUATORS,
            guards=(framework_adds_up, every_item_scored),
        ),
        Move("return", "退回", (State.CONSULTATION,), State.WORKING, by=EVALUATORS, note_required=True),
        Move(
            "submit",
            "提交评价结论",
            (State.CONSULTATION,),
            State.REVIEW,
            by=EVALUATORS,
            guards=(framework_adds_up, every_item_scored),
        ),
        Move("return", "退回", (State.REVIEW,), State.WORKING, by=ORGANIZERS, note_required=True, own_work=False),
        Move(
            "conclude",
            "审定",
            (State.REVIEW,),
            State.CONCLUDED,
            by=ORGANIZERS,
            guards=(framework_adds_up, every_item_scored),
            own_work=False,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)
