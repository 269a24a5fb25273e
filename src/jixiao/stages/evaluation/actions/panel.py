"""Experts: who marks, each his own and hidden, and what the marks come to when the organiser closes the panel."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision, require
from jixiao.domain.quantities import plain
from jixiao.kit import bulk
from jixiao.kit.acting import acting
from jixiao.kit.moving import changed, locked
from jixiao.registers.institutions import actions as institutions
from jixiao.registers.institutions.models import Engagement
from jixiao.stages.ex_ante.marks import spread

from ..models import Evaluation, Mark, PanelMark, PanelMember
from ..rules import may_close, may_organize, still_open
from ..workflow import PanelState, State

JOINING = (State.PLANNING, State.PLAN_REVIEW, State.WORKING)


def may_mark(actor: Actor, member: PanelMember) -> Decision:
    """His own marks, until he submits them or the panel is closed."""
    return (
        require(member.account_id == actor.user_id, "只能填写自己的打分")
        & require(member.state == PanelState.MARKING, "打分已经提交，要改请先撤回")
        & still_open(member.facts())
    )


def give(
    member: PanelMember,
    actor: Actor,
    points: Mapping[int, Decimal | None],
    reasons: Mapping[int, str],
    opinion: str,
    *,
    version: int,
    token: str = "",
) -> PanelMember:
    """Save what an expert gives, by key of the mark; blanks stay open. The trail says that, not what, he marked.

    Raises Stale, Refused.
    """
    written = {str(key): str(value) for key, value in sorted(points.items())}
    content = [member.reference, version, written, dict(reasons), opinion]
    with acting(actor, "panel.give", token=token, content=content) as act:
        current: PanelMember = locked(member, version, act)
        marks = {mark.pk: mark for mark in current.evaluation.marks.all()}
        decision = may_mark(actor, current)
        decision &= require(set(points) == set(marks), "评价指标已有变化，请刷新后重新填写")
        for key, mark in marks.items():
            given = points.get(key)
            most = f"“{mark.name}”应在 0 至 {plain(mark.weight)} 分之间"
            decision &= require(given is None or 0 <= given <= mark.weight, most)
        decision.demand()
        current.marks.all().delete()
        given_now = {key: given for key, given in points.items() if given is not None}
        rows = [PanelMark(member=current, mark_id=k, points=p, reason=reasons.get(k, "")) for k, p in given_now.items()]
        bulk.insert(PanelMark, rows)
        current.opinion = opinion
        changed(current, ("opinion",), act, None, {"items": len(rows)})
    return current


def close(sheet: Evaluation, actor: Actor, *, version: int, token: str = "") -> Evaluation:
    """合分: each item gets the average of its experts, to 0.01; from now on everybody sees who gave what.

    Raises Stale, Refused.
    """
    with acting(actor, "evaluation.close_panel", token=token, content=[sheet.reference, version]) as act:
        current: Evaluation = locked(sheet, version, act)
        # Each expert's row is locked too: nobody takes his marks back while they are put together.
        members = list(current.panel.select_for_update().order_by("pk"))
        finished = sum(member.state == PanelState.FINISHED for member in members)
        facts = current.facts()
        decision = may_close(actor, current.method, finished, len(members), facts.experts_minimum)
        decision &= require(members and facts.panel_open, "没有等待合分的专家打分")
        (decision & require(current.state == State.WORKING, "请在“评价中”合分")).demand()
        after: dict[str, Any] = {}
        marks = list(current.marks.prefetch_related("given").order_by("position"))
        for mark in marks:
            found = spread([one.points for one in mark.given.all()])
            if found is not None:
                mark.points = mark.before = found.average
                after[str(mark.pk)] = {"average": plain(found.average), "width": plain(found.width)}
        Mark.objects.bulk_update(marks, ["points", "before"], batch_size=200)
        current.panel_closed_at = act.at
        changed(current, ("panel_closed_at",), act, None, {"experts": len(members), "marks": after})
    return current


def drop(member: PanelMember, actor: Actor, *, version: int, token: str = "") -> None:
    """An expert who does not mark leaves the panel with what he has given. Raises Stale, Refused."""
    sheet = member.evaluation
    with acting(actor, "panel.drop", token=token, content=[member.reference, version]) as act:
        current: Evaluation = locked(sheet, version, act)
        decision = may_organize(actor, current.method)
        (decision & require(current.panel_closed_at is None, "打分已经合分，不能再移出专家")).demand()
        act.trace(current.reference, {"expert": member.expert.name}, None)
        PanelMember.objects.filter(pk=member.pk).delete()
        # With his marks goes his key to the evaluation; that he was asked stays on record.
        place = {"subjects__sheet_type": current.sheet_type, "subjects__sheet_id": current.pk}
        for engagement in Engagement.objects.filter(**place, expert=member.expert_id, ended_at=None):
            institutions.end(act, engagement, "移出专家打分")
        current.version += 1
        current.save(update_fields=["version"])
