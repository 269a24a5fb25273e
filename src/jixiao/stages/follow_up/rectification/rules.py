"""整改: what a notice states, and when an item is late or may be struck off (销号)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from jixiao.domain.decisions import Decision, require


@dataclass(frozen=True)
class RectificationRules:
    """By when a result is fed back and answered, both in calendar days (日)."""

    section: ClassVar[str] = "rectification"

    feedback_days: int
    reply_days: int


@dataclass(frozen=True, slots=True)
class RectificationFacts:
    """One item of a notice (整改通知书)."""

    requirement: str
    issued_on: dt.date | None
    due_on: dt.date | None
    done_on: dt.date | None


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
