"""What of 绩效评价 waits for whom: the steps that apply to a sheet, and what has to be written before them.

The machine names every step of a role; which of them a sheet has depends on who organises it and whether an agency
works on it. Here that is asked for many sheets at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from jixiao.domain.actors import Actor, Role
from jixiao.kit.web.listing import Mark as Tag
from jixiao.registers.institutions.models import EngagementSubject

from ..models import Evaluation, PanelMember
from ..rules import may_reply, organizer
from ..workflow import MACHINE, PanelState, State


@dataclass(frozen=True, slots=True)
class Waiting:
    """One evaluation that waits for somebody, with what he could do and how it stands."""

    sheet: Evaluation
    steps: tuple[str, ...]
    mark: Tag


@dataclass(frozen=True, slots=True)
class Asked:
    """An expert's sheet that is still to be marked, until the last day of his engagement."""

    member: PanelMember
    until: dt.date | None


def waiting(actor: Actor, today: dt.date) -> list[Waiting]:
    """The evaluations that wait for this actor, oldest first."""
    return [
        Waiting(sheet, tuple(dict.fromkeys(found)), _mark(sheet, actor, today))
        for sheet in _open(actor, today).order_by("id")
        if (found := list(_steps(sheet, actor, today)))
    ]


def asked_to_mark(actor: Actor) -> list[Asked]:
    """The evaluations that an expert was asked to mark and has not."""
    if actor.role is not Role.EXPERT or actor.user_id is None:
        return []
    mine = PanelMember.objects.visible_to(actor).filter(account=actor.user_id, state=PanelState.MARKING)
    members = list(mine.filter(evaluation__panel_closed_at=None).select_related("evaluation__subject_year"))
    keys = EngagementSubject.objects.filter(
        sheet_type=Evaluation._meta.label_lower, engagement__accounts=actor.user_id, engagement__ended_at=None
    )
    last = dict(keys.order_by("engagement__until").values_list("sheet_id", "engagement__until"))
    return [Asked(member, last.get(member.evaluation_id)) for member in sorted(members, key=lambda one: one.pk)]


def _open(actor: Actor, today: dt.date) -> Any:
    """The evaluations that are not concluded, each with what the steps are judged by."""
    keys = EngagementSubject.objects.filter(sheet_type=Evaluation._meta.label_lower, sheet_id=OuterRef("pk"))
    works = keys.filter(
        engagement__agency__isnull=False,
        engagement__accounts__isnull=False,
        engagement__until__gte=today,
        engagement__ended_at=None,
    )
    rows = Evaluation.objects.visible_to(actor).exclude(state=State.CONCLUDED).select_related("subject_year")
    return rows.annotate(
        agency_works=Exists(works),
        unanswered=Count("defects", filter=Q(defects__answer=""), distinct=True),
        unsettled=Count("marks", filter=Q(marks__settled="") & ~Q(marks__objection=""), distinct=True),
        experts=Count("panel", distinct=True),
        finished=Count("panel", filter=Q(panel__state=PanelState.FINISHED), distinct=True),
    )


def _steps(sheet: Any, actor: Actor, today: dt.date) -> Iterator[str]:
    """What this actor could do with the sheet now; nothing where it waits for others."""
    if _replies(sheet, actor, today):
        yield "填写反馈意见"
    works = actor.role is (Role.AGENCY if sheet.agency_works else organizer(sheet.method))
    if works and sheet.unanswered and sheet.state in (State.PLANNING, State.WORKING, State.CONSULTATION):
        yield f"答复 {sheet.unanswered} 条退回意见"
    if works and sheet.unsettled and sheet.state == State.CONSULTATION:
        yield f"答复 {sheet.unsettled} 条异议"
    unclosed = sheet.experts and sheet.panel_closed_at is None
    if unclosed and sheet.state == State.WORKING and actor.role is organizer(sheet.method):
        yield from ("合分",) if sheet.finished == sheet.experts else ()
    over = sheet.reply_by is not None and today > sheet.reply_by
    if sheet.state == State.CONSULTATION and sheet.replied_at is None and not over:
        return
    # Which steps a sheet has at all rests on its method and on who works; both stand on the row.
    moves = MACHINE.offered(sheet.state, actor, sheet)
    # To send something back is no work that waits: it is offered beside what is.
    if any(not move.note_required for move in moves):
        yield from (move.label for move in moves)


def _replies(sheet: Any, actor: Actor, today: dt.date) -> bool:
    """Does an exchange of views wait for this actor's reply?"""
    consulting = sheet.state == State.CONSULTATION and sheet.replied_at is None
    return bool(may_reply(actor, sheet.method, consulting=consulting, reply_by=sheet.reply_by, today=today))


def _mark(sheet: Any, actor: Actor, today: dt.date) -> Tag:
    if _replies(sheet, actor, today) and sheet.reply_by is not None:
        return Tag(f"{sheet.state.label}，{sheet.reply_by} 前", "warn")
    return Tag(sheet.state.label, "warn")
