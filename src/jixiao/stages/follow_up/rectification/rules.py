"""整改: what a notice states, and when an item is late or may be struck off (销号)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require


@dataclass(frozen=True)
class RectificationRules:
    """By when a result is fed back and answered, both in calendar days (日)."""

    section: ClassVar[str] = "rectification"

    feedback_days: int
    reply_days: int


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """From `days` calendar days after the time limit on, this is what follows."""

    days: int
    measure: str


@dataclass(frozen=True)
class EscalationRules:
    """What follows when an item stays open, step by step."""

    section: ClassVar[str] = "escalation"

    steps: tuple[EscalationStep, ...]


def escalated(
    due_on: dt.date | None, done_on: dt.date | None, today: dt.date, rules: EscalationRules
) -> EscalationStep | None:
    """The step that an open item has reached; None in time, done, or without a limit. The due day is still in time."""
    if due_on is None or done_on is not None:
        return None
    late = (today - due_on).days
    reached = [step for step in rules.steps if late >= step.days]
    return max(reached, key=lambda step: step.days, default=None)


@dataclass(frozen=True, slots=True)
class RectificationFacts:
    """One item of a notice (整改通知书)."""

    requirement: str
    issued_on: dt.date | None
    due_on: dt.date | None
    done_on: dt.date | None
    noticed: bool = False
    measures: str = ""


def is_overdue(due_on: dt.date, done_on: dt.date | None, today: dt.date) -> bool:
    """The due day itself is still in time."""
    return (done_on or today) > due_on


def requirement_written(facts: RectificationFacts) -> Decision:
    """The notice says what is to be put right."""
    return require(facts.requirement.strip(), "请填写整改要求")


def deadline_set(facts: RectificationFacts) -> Decision:
    """The time limit is named and does not precede the notice."""
    if facts.due_on is None:
        return Decision(("请填写整改期限",))
    in_order = facts.issued_on is None or facts.due_on >= facts.issued_on
    return require(in_order, "整改期限早于下达日期，请核对")


def completion_stated(facts: RectificationFacts) -> Decision:
    """The day of completion is named and does not precede the notice."""
    if facts.done_on is None:
        return Decision(("请填写完成日期",))
    in_order = facts.issued_on is None or facts.done_on >= facts.issued_on
    return require(in_order, "完成日期早于下达日期，请核对")


def measures_stated(facts: RectificationFacts) -> Decision:
    """Who answers a notice says what was done; older items were answered in the note alone."""
    return require(not facts.noticed or facts.measures.strip(), "请先填写整改措施并保存，再报送")


def may_issue(actor: Actor, number: str, due_on: dt.date, today: dt.date, items: int) -> Decision:
    """A notice has a number, a time limit to come, and at least one item; finance's performance office issues it."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "整改通知书由财政绩效股下达")
        & require(number.strip(), "请填写文号")
        & require(due_on >= today, f"整改期限 {due_on} 已经过去，请填以后的日期")
        & require(items, "没有要整改的事项：这个单位本轮没有审定为督促整改、约谈或暂停的监控表，或者已经下达过")
    )


def may_reply(actor: Actor, issued: bool, done_on: dt.date | None, today: dt.date) -> Decision:
    """The unit or its department answers while the item is open; a day of completion is not in the future."""
    return (
        require(actor.role in (Role.UNIT, Role.DEPARTMENT), "整改情况由单位或主管部门填写")
        & require(issued, "整改中的事项才能填写，已报送的请等复核")
        & require(done_on is None or done_on <= today, f"完成日期 {done_on} 还没有到，请核对")
    )
