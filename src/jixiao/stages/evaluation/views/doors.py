"""Which pages of an evaluation this reader may open now to write on them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Actor, Role

from ..actions import working
from ..actions.entrusting import ENTRUSTED
from ..actions.panel import JOINING
from ..models import Evaluation
from ..rules import EvaluationFacts, may_close, may_organize, may_work
from ..workflow import PanelState, State

WORKERS = (Role.AGENCY, Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)


@dataclass(frozen=True, slots=True)
class Door:
    """A page on which something can be written now."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """Links for the reader, whether he may put the experts' marks together and what stands against it."""

    links: tuple[Door, ...]
    organizes: bool
    closes: bool
    refused: tuple[str, ...]
    again: bool


def doors(actor: Actor, sheet: Evaluation, marked: bool) -> Doors:
    """What this reader may write on now; only what was `marked` item by item can be evaluated again."""
    organizes = bool(may_organize(actor, sheet.method))
    again = sheet.state == State.CONCLUDED and actor.role is Role.PERFORMANCE_OFFICE and marked
    links = [Door("填写反馈意见", "evaluation-reply")] * bool(working.may_reply(actor, sheet, timezone.localdate()))
    refused: tuple[str, ...] = ()
    waits = False
    if actor.role in WORKERS and sheet.state != State.CONCLUDED:
        facts = sheet.facts()
        if may_work(actor, facts, open_now=True):
            links += _work(sheet, facts)
        if organizes:
            links += _organize(sheet, facts)
            waits = bool(facts.panel_open and sheet.state == State.WORKING)
            finished = sheet.panel.filter(state=PanelState.FINISHED).count()
            refused = may_close(actor, sheet.method, finished, facts.panel, facts.experts_minimum).reasons
    if working.may_note(actor, sheet):
        links.append(Door("登记程序", "evaluation-step"))
    found = tuple(Door(one.label, reverse(one.url, args=[sheet.pk])) for one in links)
    return Doors(found, organizes, waits, refused, again)


def _work(sheet: Evaluation, facts: EvaluationFacts) -> list[Door]:
    found = []
    if sheet.state in (State.DRAFT, State.PLANNING) and not sheet.recheck:
        found += [Door("套用指标体系", "evaluation-framework"), Door("调整评价指标", "evaluation-items")]
    if sheet.state in working.MARKED:
        found.append(Door("复核得分" if sheet.recheck else "填写底稿和得分", "evaluation-papers"))
        found.append(Door("用 Excel 填底稿", "evaluation-papers-returned"))
    if sheet.state in working.DESCRIBED:
        found.append(Door("资金、问题和报告内容", "evaluation-describe"))
        if sheet.defects.exists():
            found.append(Door("答复退回意见", "evaluation-defects"))
    if sheet.state == State.CONSULTATION and sheet.marks.exclude(objection="").exists():
        found.append(Door("答复异议", "evaluation-settle"))
    return found


def _organize(sheet: Evaluation, facts: EvaluationFacts) -> list[Door]:
    found = []
    if sheet.state in ENTRUSTED and not facts.agency_works and not sheet.recheck:
        found.append(Door("委托第三方机构", "evaluation-entrust"))
    if sheet.state not in (State.REVIEW, State.CONCLUDED) and facts.agency_works:
        found.append(Door("终止委托", "evaluation-dismiss"))
    if sheet.state in JOINING and sheet.panel_closed_at is None and not sheet.recheck:
        found.append(Door("邀请专家打分", "evaluation-invite"))
    return found
