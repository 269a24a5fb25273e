"""Entrusting an evaluation to an agency, and asking experts for their marks: each under an engagement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.kit.acting import acting
from jixiao.kit.moving import changed, locked
from jixiao.registers.institutions import actions as institutions
from jixiao.registers.institutions.models import Agency, Expert
from jixiao.registers.organizations.models import User

from ..models import Evaluation, PanelMember
from ..rules import may_organize
from ..workflow import State
from .panel import JOINING

ENTRUSTED = (State.DRAFT, State.PLANNING, State.WORKING, State.CONSULTATION)
"""States in which work can be handed to an agency: nothing of it waits for a signature."""


def entrust(
    sheet: Evaluation,
    actor: Actor,
    agency: Agency,
    accounts: Sequence[User],
    said: Mapping[str, Any],
    *,
    version: int,
    token: str = "",
) -> Evaluation:
    """An agency works on the evaluation, through these accounts and for these days. Raises Stale, Refused."""
    content = [sheet.reference, version, agency.pk, [one.pk for one in accounts], _said(said)]
    with acting(actor, "evaluation.entrust", token=token, content=content) as act:
        current: Evaluation = locked(sheet, version, act)
        decision = may_organize(actor, current.method)
        decision &= require(not current.recheck, "抽查复核由财政部门办理")
        decision &= require(current.state in ENTRUSTED, "现在不能委托机构；有材料待审核的，请先退回")
        decision &= require(current.working_agency() is None, "已有第三方机构承担这项评价")
        (decision & require(accounts, "请选择机构的账号，没有账号的请安全管理员开通")).demand()
        institutions.engage(act, agency, accounts, current.subject_year, current.sheet_type, current.pk, said)
        current.agency, current.conducted_by = agency, agency.name
        changed(current, ("agency", "conducted_by"), act, None, {"agency": agency.name})
    return current


def dismiss(sheet: Evaluation, actor: Actor, because: str, *, version: int, token: str = "") -> Evaluation:
    """The agency's engagement is ended before its time; another may then be entrusted, or the organiser works itself.

    Its accounts see nothing from now on; its engagement, deliverables and appraisal stay on record.
    Raises Stale, Refused.
    """
    with acting(actor, "evaluation.dismiss", token=token, content=[sheet.reference, version, because]) as act:
        current: Evaluation = locked(sheet, version, act)
        working = current.working_agency()
        decision = may_organize(actor, current.method)
        reported = current.state in (State.REVIEW, State.CONCLUDED)
        decision &= require(not reported, "报告已经报送，要更换机构请先退回报告")
        (decision & require(working, "没有第三方机构承担这项评价")).demand()
        if working is not None:
            institutions.end(act, working.engagement, because)
        before = current.conducted_by
        current.agency, current.conducted_by = None, ""
        changed(current, ("agency", "conducted_by"), act, {"agency": before}, {"agency": ""})
    return current


def invite(
    sheet: Evaluation,
    actor: Actor,
    expert: Expert,
    account: User,
    said: Mapping[str, Any],
    *,
    version: int,
    token: str = "",
) -> PanelMember:
    """An expert marks the evaluation, for these days. Raises Stale, Refused."""
    content = [sheet.reference, version, expert.pk, account.pk, _said(said)]
    with acting(actor, "evaluation.invite", token=token, content=content) as act:
        current: Evaluation = locked(sheet, version, act)
        panel = current.panel.all()
        decision = may_organize(actor, current.method)
        decision &= require(current.state in JOINING, "现在不能邀请专家打分")
        decision &= require(current.panel_closed_at is None, "打分已经合分，不能再邀请专家")
        decision &= require(not panel.filter(expert=expert).exists(), f"{expert.name}已经参加打分")
        decision &= require(not panel.filter(account=account).exists(), f"{account.name}的账号已经参加打分")
        given = current.marks.exclude(points=None).exists()
        (decision & require(not given or panel.exists(), "已经直接填写了得分，不能再由专家打分")).demand()
        institutions.engage(act, expert, [account], current.subject_year, current.sheet_type, current.pk, said)
        member = PanelMember.objects.create(
            region=current.region, year=current.year, evaluation=current, expert=expert, account=account
        )
        current.version += 1
        current.save(update_fields=["version"])
        act.trace(current.reference, None, {"expert": expert.name})
        act.answer = {"pk": member.pk}
    return member


def _said(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in said.items()}
