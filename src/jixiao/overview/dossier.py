"""绩效档案: everything the system knows of one subject, stage by stage, in one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Sum

from jixiao.domain.actors import Actor, Role
from jixiao.kit.models import Transition
from jixiao.kit.web.history import Step, step_of
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.follow_up.clearing.models import Candidate
from jixiao.stages.follow_up.disclosure.models import Disclosure
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.submission.models import Submission
from jixiao.stages.monitoring.models import ReadingSheet, Recovery
from jixiao.stages.targets.models import TargetVersion


@dataclass(frozen=True, slots=True)
class Dossier:
    """The subject-year with its sheets of every stage, what the stages wrote down, and its timeline."""

    subject: SubjectYear
    spent: int
    assessments: list[Assessment]
    targets: list[TargetVersion]
    readings: list[ReadingSheet]
    recoveries: list[Recovery]
    self_evaluations: list[SelfEvaluation]
    evaluations: list[Evaluation]
    rectifications: list[Rectification]
    clearings: list[Candidate]
    disclosures: list[Disclosure]
    submissions: list[Submission]
    other_years: list[SubjectYear]
    links: list[tuple[str, SubjectYear]]
    may_link: bool
    timeline: list[Step]


def dossier_of(subject: SubjectYear, actor: Actor) -> Dossier:
    """Collect the file. Every query goes through the reader's scope."""
    mine: dict[str, Any] = {"subject_year": subject}
    assessments = list(Assessment.objects.visible_to(actor).filter(**mine).order_by("id"))
    targets = list(
        TargetVersion.objects.visible_to(actor)
        .filter(sheet__subject_year=subject)
        .select_related("sheet")
        .prefetch_related("lines")
        .order_by("no")
    )
    readings = list(
        ReadingSheet.objects.visible_to(actor).filter(**mine).with_spent().select_related("round").order_by("round__no")
    )
    self_evaluations = list(SelfEvaluation.objects.visible_to(actor).filter(**mine).order_by("id"))
    evaluations = list(
        Evaluation.objects.visible_to(actor).filter(**mine).prefetch_related("problems", "suggestions").order_by("id")
    )
    rectifications = list(Rectification.objects.visible_to(actor).filter(**mine).order_by("number"))
    clearings = list(Candidate.objects.visible_to(actor).filter(**mine).select_related("run").order_by("id"))
    sheets = [*assessments, *targets, *readings, *self_evaluations, *evaluations, *rectifications, *clearings]
    reports = Disclosure.objects.visible_to(actor).filter(evaluation__in=evaluations)
    return Dossier(
        subject=subject,
        spent=subject.payments.aggregate(sum=Sum("fen"))["sum"] or 0,
        assessments=assessments,
        targets=targets,
        readings=readings,
        recoveries=list(Recovery.objects.visible_to(actor).filter(**mine).order_by("on")),
        self_evaluations=self_evaluations,
        evaluations=evaluations,
        rectifications=rectifications,
        clearings=clearings,
        disclosures=list(reports.order_by("on")),
        submissions=list(Submission.objects.visible_to(actor).filter(**mine).order_by("on")),
        other_years=list(subject.subject.years.exclude(pk=subject.pk).order_by("-year")),
        links=_links(subject),
        may_link=actor.role is Role.PERFORMANCE_OFFICE and subject.in_total,
        timeline=_timeline(subject, sheets),
    )


def _links(subject: SubjectYear) -> list[tuple[str, SubjectYear]]:
    """What it went into and what went into it, as words and the other subject."""
    into = subject.went_into.filter(withdrawn_at=None).select_related("target")
    taken = subject.took_in.filter(withdrawn_at=None).select_related("source")
    return [
        *((f"自 {link.on} 起并入：", link.target) for link in into),
        *((f"自 {link.on} 起并入本项目：", link.source) for link in taken),
    ]


def _timeline(subject: SubjectYear, sheets: list[Any]) -> list[Step]:
    """The steps of all its sheets, newest first."""
    by_type: dict[str, dict[int, Any]] = {}
    for sheet in sheets:
        by_type.setdefault(sheet.sheet_type, {})[sheet.pk] = sheet
    steps: list[Step] = []
    for sheet_type, known in by_type.items():
        rows = Transition.objects.filter(region=subject.region, sheet_type=sheet_type, sheet_id__in=known)
        for row in rows:
            sheet = known[row.sheet_id]
            step = step_of(sheet, row)
            steps.append(replace(step, act=f"{sheet._meta.verbose_name}：{step.act}"))
    return sorted(steps, key=lambda step: step.at, reverse=True)
