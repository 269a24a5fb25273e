"""待办: derived, never stored — the sheets I see in states where my role has a move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.domain.checks.lights import Tone
from jixiao.domain.quantities import format_amount
from jixiao.domain.workflow import Machine
from jixiao.kit.models import AuditHead
from jixiao.kit.web.listing import Mark
from jixiao.policies import for_region
from jixiao.registers.indicators.models import Entry
from jixiao.registers.indicators.rules import Provenance
from jixiao.registers.indicators.workflow import State as EntryState
from jixiao.registers.institutions.models import Deliverable, Engagement
from jixiao.registers.subjects.models import Payment
from jixiao.registers.subjects.rules import MATCHING
from jixiao.stages.evaluation.choosing.models import TransferReport
from jixiao.stages.evaluation.choosing.reports.transfers import owed as reports_owed
from jixiao.stages.evaluation.findings.models import AuditFinding
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.reports.waiting import asked_to_mark
from jixiao.stages.evaluation.reports.waiting import waiting as evaluations_waiting
from jixiao.stages.evaluation.self_evaluation.models import ExemptionRequest, SelfEvaluation
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.ex_ante.reports.sheets import asked_to_mark as assessments_to_mark
from jixiao.stages.follow_up.clearing.models import Candidate
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.monitoring.models import ReadingSheet
from jixiao.stages.monitoring.reports.live import standings
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.reports.dates import lags

SHOWN = 50
REMEMBERED_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Desk:
    """One kind of sheet: its rows, what the page calls it, where a sheet and the list open, and how to reach its
    subject; `year` names its work year. `waits` says which sheets wait where more than state and role decides it."""

    rows: Any
    label: str
    address: str
    listing: str
    subject: str = "subject_year"
    year: str = "year"
    waits: Callable[[Actor], Iterable[tuple[Any, Iterable[str], Mark]]] | None = None

    @property
    def machine(self) -> Machine:
        machine: Machine = self.rows.model.machine
        return machine


DESKS = (
    Desk(Assessment.objects, "事前评估", "ex-ante-sheet", "ex-ante"),
    Desk(TargetVersion.objects, "绩效目标", "target-sheet", "targets", "sheet__subject_year", "work_year"),
    Desk(ReadingSheet.objects, "运行监控", "reading-sheet", "monitoring"),
    Desk(SelfEvaluation.objects, "单位自评", "self-evaluation", "self-evaluations"),
    Desk(ExemptionRequest.objects, "免评申请", "exemption-request", "self-evaluation-coverage"),
    Desk(AuditFinding.objects, "自评审核", "finding", "findings"),
    Desk(Evaluation.objects, "绩效评价", "evaluation", "evaluations", waits=lambda actor: _evaluations(actor)),
    Desk(Rectification.objects, "整改", "rectification", "rectifications"),
    Desk(TransferReport.objects, "转移支付评价报告", "transfer-report", "transfers"),
    Desk(Candidate.objects, "存量资金清理", "clearing-candidate", "clearing"),
)


@dataclass(frozen=True, slots=True)
class ToDo:
    """One sheet that waits for me, with the steps my role could take."""

    stage: str
    name: str
    unit: str
    mark: Mark
    steps: str
    url: str


def waiting(desk: Desk, actor: Actor) -> Iterable[tuple[Any, Iterable[str], Mark]]:
    """The desk's sheets that wait for this actor's role, each with the steps he could take and how it stands."""
    states = [state.value for state in desk.machine.awaiting(actor.role)]
    rows = desk.rows.visible_to(actor).filter(state__in=states).select_related(desk.subject).order_by("id")
    for sheet in rows[:SHOWN]:
        steps = (move.label for move in desk.machine.offered(sheet.state, actor))
        yield sheet, steps, Mark(sheet.state.label, "warn")


def todos(actor: Actor) -> list[ToDo]:
    """What waits for the actor, oldest sheets first within a stage, at most fifty of each."""
    found = []
    for desk in DESKS:
        for sheet, steps, mark in desk.waits(actor) if desk.waits else waiting(desk, actor):
            subject: Any = sheet
            for step in desk.subject.split("__"):
                subject = getattr(subject, step)
            found.append(
                ToDo(
                    stage=desk.label,
                    name=subject.name,
                    unit=subject.unit_name,
                    mark=mark,
                    steps="、".join(dict.fromkeys(steps)),
                    url=reverse(desk.address, args=[sheet.pk]),
                )
            )
    today = timezone.localdate()
    return [*found, *_marks(actor), *_deliverables(actor, today), *_reports_owed(actor, today)]


def _reports_owed(actor: Actor, today: dt.date) -> list[ToDo]:
    """The reports on transfers that a unit was asked for again and has not handed in."""
    if actor.role not in (Role.UNIT, Role.DEPARTMENT):
        return []
    return [
        ToDo(
            stage="转移支付评价报告",
            name=one.subject_year.name,
            unit=one.subject_year.unit_name,
            mark=Mark(f"{one.due_on} 逾期", "bad") if one.due_on < today else Mark(f"{one.due_on} 前", "warn"),
            steps="报送评价报告",
            url=reverse("transfer-report-open", args=[one.subject_year_id]),
        )
        for one in reports_owed(actor)[:SHOWN]
    ]


def _marks(actor: Actor) -> list[ToDo]:
    """What an expert was asked to mark: evaluations until the last day of his engagement, and assessments."""
    return [
        ToDo(
            stage="专家打分",
            name=one.member.subject_year.name,
            unit=one.member.subject_year.unit_name,
            mark=Mark(f"{one.until} 前" if one.until else one.member.state.label, "warn"),
            steps="填写打分、提交打分",
            url=reverse("evaluation-marking", args=[one.member.pk]),
        )
        for one in asked_to_mark(actor)[:SHOWN]
    ] + [
        ToDo(
            stage="事前评估",
            name=one.assessment.subject_year.name,
            unit=one.assessment.subject_year.unit_name,
            mark=Mark("待打分", "warn"),
            steps="填写打分",
            url=reverse("ex-ante-expert", args=[one.pk]),
        )
        for one in assessments_to_mark(actor)[:SHOWN]
    ]


def _deliverables(actor: Actor, today: dt.date) -> list[ToDo]:
    """What an agency owes under its engagements; for the performance office what is overdue."""
    if actor.role not in (Role.AGENCY, Role.PERFORMANCE_OFFICE):
        return []
    engagements = Engagement.objects.visible_to(actor).filter(agency__isnull=False, ended_at=None)
    owed = Deliverable.objects.filter(engagement__in=engagements, delivered_on=None)
    if actor.role is Role.PERFORMANCE_OFFICE:
        owed = owed.filter(due_on__lt=today)
    rows = owed.select_related("engagement__agency").order_by("due_on", "pk")[:SHOWN]
    return [
        ToDo(
            stage="交付成果",
            name=row.name,
            unit=f"{row.engagement.name}，{row.engagement.contract}",
            mark=Mark(f"{row.due_on} 逾期", "bad") if row.due_on < today else Mark(f"{row.due_on} 前", "warn"),
            steps="催交、登记实交日期" if actor.role is Role.PERFORMANCE_OFFICE else "交付",
            url=reverse("engagement", args=[row.engagement_id]),
        )
        for row in rows
    ]


def _evaluations(actor: Actor) -> Iterable[tuple[Any, Iterable[str], Mark]]:
    for one in evaluations_waiting(actor, timezone.localdate())[:SHOWN]:
        yield one.sheet, one.steps, one.mark


def alarms(actor: Actor, year: int, today: dt.date) -> list[ToDo]:
    """What the lights say between the rounds: one line while any of the actor's projects shows red."""
    day = min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))
    red = _reds(actor, year, day)
    if not red:
        return []
    return [
        ToDo(
            stage="实时监控",
            name=f"{red} 个项目亮红灯",
            unit=f"截至 {day}",
            mark=Mark("红灯", "bad"),
            steps="查看原因",
            url=f"{reverse('monitoring-live')}?tone={Tone.RED.value}",
        )
    ]


def unmatched(actor: Actor, year: int) -> list[ToDo]:
    """One line while payments of the year that the actor may match have no project."""
    if actor.role not in MATCHING:
        return []
    found = Payment.objects.unmatched_for(actor).filter(year=year).aggregate(count=Count("pk"), fen=Sum("fen"))
    if not found["count"]:
        return []
    return [
        ToDo(
            stage="支付与对账",
            name=f"{found['count']} 笔支付没有对上项目",
            unit=f"合计 {format_amount(found['fen'])} 万元",
            mark=Mark("待对账", "warn"),
            steps="对到项目",
            url=reverse("unmatched"),
        )
    ]


def late_targets(actor: Actor, year: int, today: dt.date) -> list[ToDo]:
    """One line for the performance office while targets wait longer for their next step than the rules allow."""
    found = len(lags(actor, year, today)) if actor.role is Role.PERFORMANCE_OFFICE else 0
    if not found:
        return []
    return [
        ToDo(
            stage="绩效目标",
            name=f"{found} 份绩效目标审核、批复、公开滞后",
            unit=f"{year} 年度",
            mark=Mark("滞后", "warn"),
            steps="催办",
            url=f"{reverse('target-dates')}?year={year}",
        )
    ]


def proposals(actor: Actor) -> list[ToDo]:
    """One line for the performance office while units or departments have indicators waiting for the library."""
    if actor.role is not Role.PERFORMANCE_OFFICE:
        return []
    waiting = Entry.objects.visible_to(actor).filter(state=EntryState.PROPOSED, provenance=Provenance.PROPOSED)
    count = waiting.filter(variant_of=None).count()
    if not count:
        return []
    return [
        ToDo(
            stage="指标库",
            name=f"{count} 个申报的指标待审核入库",
            unit="",
            mark=Mark("待入库", "warn"),
            steps="审核入库、不予入库",
            url=reverse("indicator-proposals"),
        )
    ]


def _reds(actor: Actor, year: int, day: dt.date) -> int:
    """How many projects show red; counted again when anything was done in the region since."""
    last = AuditHead.objects.filter(pk=actor.region).values_list("mac", flat=True).first()
    asked = (actor.region, actor.role.value, actor.unit_path, actor.division, year, day, last)
    key = "reds:" + blake2b(repr(asked).encode(), digest_size=16).hexdigest()
    known: int | None = cache.get(key)
    if known is None:
        found = standings(actor, year, day, for_region(actor.region, year))
        known = sum(one.tone is Tone.RED for one in found)
        cache.set(key, known, REMEMBERED_SECONDS)
    return known


def progress(actor: Actor, year: int) -> list[dict[str, Any]]:
    """How far the work year has come: per stage the sheets the actor sees, at hand and at the end of their way."""
    rows = []
    for desk in DESKS:
        mine = desk.rows.visible_to(actor).filter(**{desk.year: year}).order_by()
        counted = {found["state"]: found["n"] for found in mine.values("state").annotate(n=Count("pk"))}
        people = [move for move in desk.machine.moves if Role.SYSTEM not in move.roles]
        at_hand = {str(state) for move in people for state in move.sources}
        total = sum(counted.values())
        unfinished = sum(n for state, n in counted.items() if state in at_hand)
        rows.append(
            {
                "stage": desk.label,
                "url": reverse(desk.listing),
                "sheets": total,
                "unfinished": unfinished,
                "finished": total - unfinished,
                "mark": Mark(*_standing(total, unfinished)),
            }
        )
    return rows


def _standing(total: int, unfinished: int) -> tuple[str, str]:
    if not total:
        return "没有材料", "mute"
    return (f"还有 {unfinished} 份在办", "warn") if unfinished else ("全部办结", "ok")
