"""部门评价、财政重点评价、抽查复核: one life for all of them; self-evaluations of projects have their own desk.

With an agency the organiser signs off 方案, 底稿 and 报告. The performance office organises 财政重点评价 and 抽查复核,
the department its 部门评价; the same step of either has a code of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jixiao.domain.actors import Role
from jixiao.domain.decisions import ALLOWED, Decision
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Guard, Machine, Move

from .rules import (
    EvaluationFacts,
    by_agency,
    by_organizer,
    defects_answered,
    differences_explained,
    every_item_scored,
    findings_judged,
    framework_adds_up,
    framework_weighs,
    marks_complete,
    of_department,
    of_finance,
    of_recheck,
    panel_closed,
    papers_complete,
    plan_attached,
    replied_or_due,
    report_ready,
    still_open,
)


class State(Term):
    """States of an Evaluation; CONCLUDED freezes total, grade and policy snapshot."""

    DRAFT = "draft", "拟评价"
    PLANNING = "planning", "制定方案"
    PLAN_REVIEW = "plan_review", "方案待审核"
    WORKING = "working", "评价中"
    PAPERS_REVIEW = "papers_review", "底稿待审核"
    CONSULTATION = "consultation", "交换意见"
    REVIEW = "review", "待审定"
    CONCLUDED = "concluded", "已定稿"


SCORED = (framework_adds_up, every_item_scored, papers_complete, differences_explained, panel_closed)
REPORTED = (*SCORED, defects_answered, replied_or_due, report_ready)
RECHECKED = (every_item_scored, differences_explained, findings_judged, panel_closed)


def _only(*conditions: Guard) -> Guard:
    """A move that exists where all of these hold."""

    def applies(facts: EvaluationFacts) -> Decision:
        decision = ALLOWED
        for condition in conditions:
            decision &= condition(facts)
        return decision

    return applies


def _organized(role: Role, mine: Guard, suffix: str) -> Iterator[Move]:
    """The steps of who organises, and of who works without an agency."""
    own, signs = _only(mine, by_organizer), _only(mine, by_agency)

    def move(code: str, label: str, source: State, target: State, applies: Guard = mine, **how: object) -> Move:
        return Move(f"{code}{suffix}", label, (source,), target, by=role, applies=applies, **how)  # type: ignore[arg-type]

    def back(code: str, label: str, source: State, target: State, applies: Guard = mine) -> Move:
        return move(code, label, source, target, applies, note_required=True, own_work=False)

    yield move("notify", "下达评价通知", State.DRAFT, State.PLANNING)
    yield move("begin", "开始评价", State.PLANNING, State.WORKING, own, guards=(framework_adds_up, plan_attached))
    approves: dict[str, Any] = {"guards": (framework_adds_up,), "own_work": False}
    yield move("approve_plan", "同意方案", State.PLAN_REVIEW, State.WORKING, signs, **approves)
    yield back("return_plan", "退回方案", State.PLAN_REVIEW, State.PLANNING)
    yield move("consult", "交换意见", State.WORKING, State.CONSULTATION, own, guards=SCORED)
    signed: dict[str, Any] = {"guards": SCORED, "own_work": False}
    yield move("approve_papers", "同意底稿，交换意见", State.PAPERS_REVIEW, State.CONSULTATION, signs, **signed)
    yield back("return_papers", "退回底稿", State.PAPERS_REVIEW, State.WORKING)
    yield move("reopen", "退回修改底稿", State.CONSULTATION, State.WORKING, note_required=True)
    yield move("submit", "提交评价结论", State.CONSULTATION, State.REVIEW, own, guards=REPORTED)
    yield back("return", "退回报告", State.REVIEW, State.CONSULTATION)
    # What the report needs was asked when it was submitted, and nothing changes in review.
    concluded: dict[str, Any] = {"guards": (framework_adds_up, every_item_scored, panel_closed), "own_work": False}
    yield move("conclude", "审定", State.REVIEW, State.CONCLUDED, **concluded)


def _agency(code: str, label: str, source: State, target: State, guards: tuple[Guard, ...]) -> Move:
    return Move(code, label, (source,), target, by=Role.AGENCY, guards=guards, applies=by_agency)


MACHINE = Machine(
    "evaluation",
    State,
    initial=State.DRAFT,
    moves=(
        *_organized(Role.PERFORMANCE_OFFICE, of_finance, ""),
        *_organized(Role.DEPARTMENT, of_department, "_by_department"),
        _agency(
            "submit_plan",
            "报送方案",
            State.PLANNING,
            State.PLAN_REVIEW,
            (framework_adds_up, plan_attached, defects_answered),
        ),
        _agency("submit_papers", "报送底稿", State.WORKING, State.PAPERS_REVIEW, (*SCORED, defects_answered)),
        _agency("submit_report", "报送报告", State.CONSULTATION, State.REVIEW, REPORTED),
        Move(
            "start_recheck", "开始复核", (State.DRAFT,), State.WORKING, by=Role.PERFORMANCE_OFFICE, applies=of_recheck
        ),
        Move(
            "submit_recheck",
            "提交复核结果",
            (State.WORKING,),
            State.REVIEW,
            by=Role.PERFORMANCE_OFFICE,
            guards=RECHECKED,
            applies=of_recheck,
        ),
        Move(
            "return_recheck",
            "退回复核",
            (State.REVIEW,),
            State.WORKING,
            by=Role.PERFORMANCE_OFFICE,
            note_required=True,
            own_work=False,
            applies=of_recheck,
        ),
        Move(
            "conclude_recheck",
            "审定复核结果",
            (State.REVIEW,),
            State.CONCLUDED,
            by=Role.PERFORMANCE_OFFICE,
            guards=RECHECKED,
            own_work=False,
            applies=of_recheck,
        ),
        Move("record", "补录", (State.DRAFT,), State.CONCLUDED, by=Role.SYSTEM),
    ),
)


class FrameworkState(Term):
    """States of a region's own framework."""

    DRAFT = "draft", "起草中"
    REVIEW = "review", "待批准"
    APPROVED = "approved", "已批准"
    RETIRED = "retired", "已停用"


OFFICE = Role.PERFORMANCE_OFFICE
DRAFTING = Machine(
    "framework",
    FrameworkState,
    initial=FrameworkState.DRAFT,
    moves=(
        Move(
            "submit", "提请批准", (FrameworkState.DRAFT,), FrameworkState.REVIEW, by=OFFICE, guards=(framework_weighs,)
        ),
        Move(
            "return",
            "退回修改",
            (FrameworkState.REVIEW,),
            FrameworkState.DRAFT,
            by=OFFICE,
            note_required=True,
            own_work=False,
        ),
        Move(
            "approve",
            "批准使用",
            (FrameworkState.REVIEW,),
            FrameworkState.APPROVED,
            by=OFFICE,
            guards=(framework_weighs,),
            own_work=False,
        ),
        Move("retire", "停用", (FrameworkState.APPROVED,), FrameworkState.RETIRED, by=OFFICE, note_required=True),
    ),
)


class PanelState(Term):
    """States of one expert's marks; others see them when the organiser has closed the panel."""

    MARKING = "marking", "打分中"
    FINISHED = "finished", "已提交"


PANEL = Machine(
    "panel",
    PanelState,
    initial=PanelState.MARKING,
    moves=(
        Move(
            "submit", "提交打分", (PanelState.MARKING,), PanelState.FINISHED, by=Role.EXPERT, guards=(marks_complete,)
        ),
        Move("take_back", "撤回修改", (PanelState.FINISHED,), PanelState.MARKING, by=Role.EXPERT, guards=(still_open,)),
    ),
)
