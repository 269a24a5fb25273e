"""转移支付: evaluated ÷ all by number and by money, the reports of the departments, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod, FundLevel, SubjectKind
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

from ..models import TransferReport
from ..workflow import ReportState

METHODS = (EvaluationMethod.DEPARTMENT, EvaluationMethod.KEY)
COLUMNS = (
    Shown("name", "转移支付", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount"),
    Shown("evaluated", "评价", "tag"),
    Shown("report", "评价报告", "tag", link="report_url"),
    Shown("submitted", "报送", "date"),
    Shown("signed", "签收", "date"),
)
IS_TRANSFER = Q(kind=SubjectKind.TRANSFER) | (
    Q(fund_level=FundLevel.TRANSFER, in_total=True) & ~Q(subject__parent__kind=SubjectKind.TRANSFER)
)
"""转移支付 as a subject of its own, or a project paid from one; a project under a transfer is counted with it."""


def transfers_of(actor: Actor, object_year: int) -> Any:
    """The 转移支付 of a year that the actor sees."""
    return SubjectYear.objects.visible_to(actor).filter(IS_TRANSFER, year=object_year)


def is_transfer(subject: SubjectYear) -> bool:
    """Is this subject-year a 转移支付?"""
    return SubjectYear.objects.filter(IS_TRANSFER, pk=subject.pk).exists()


@dataclass(frozen=True, slots=True)
class Line:
    """One 转移支付: its evaluation that stands and its report of the work year, where there are any."""

    subject: SubjectYear
    evaluation: int | None
    report: TransferReport | None

    @property
    def signed(self) -> bool:
        return self.report is not None and self.report.state == ReportState.RECEIVED


@dataclass(frozen=True)
class Transfers:
    """All 转移支付 of a year; shares in percent points, amounts in fen."""

    lines: tuple[Line, ...]

    @property
    def evaluated(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.evaluation is not None)

    @property
    def signed(self) -> int:
        return sum(line.signed for line in self.lines)

    @property
    def count_share(self) -> Decimal | None:
        return share(len(self.evaluated), len(self.lines))

    @property
    def funds(self) -> int:
        return sum(line.subject.budget for line in self.lines)

    @property
    def funds_evaluated(self) -> int:
        return sum(line.subject.budget for line in self.evaluated)

    @property
    def funds_share(self) -> Decimal | None:
        return share(self.funds_evaluated, self.funds)


def transfers(actor: Actor, work_year: int, object_year: int) -> Transfers:
    """Every 转移支付 of the evaluated year, whatever was done with it in the work year."""
    subjects = list(transfers_of(actor, object_year).order_by("unit_path", "code"))
    keys = [one.pk for one in subjects]
    here: dict[str, Any] = {"year": work_year, "subject_year__in": keys}
    done = Evaluation.objects.visible_to(actor).filter(**here, method__in=METHODS, state=State.CONCLUDED)
    evaluated = dict(done.order_by("pk").values_list("subject_year", "pk"))
    reports = {one.subject_year_id: one for one in TransferReport.objects.visible_to(actor).filter(**here)}
    return Transfers(tuple(Line(one, evaluated.get(one.pk), reports.get(one.pk)) for one in subjects))


def rows_of(lines: Sequence[Line], actor: Actor) -> list[dict[str, Any]]:
    """What is missing first: not evaluated, then without a signed report."""
    ordered = sorted(lines, key=lambda line: (line.evaluation is not None, line.signed))
    return [
        {
            "name": line.subject.name,
            "url": reverse("subject", args=[line.subject.pk]),
            "unit": line.subject.unit_name,
            "budget": line.subject.budget,
            "evaluated": Mark("已评价", "ok") if line.evaluation else Mark("未评价", "warn"),
            "report": state_mark(line.report, actor) if line.report else Mark("没有报告", "warn"),
            "report_url": reverse("transfer-report", args=[line.report.pk])
            if line.report
            else reverse("transfer-report-open", args=[line.subject.pk]),
            "submitted": line.report.submitted_on if line.report else None,
            "signed": line.report.signed_on if line.report else None,
        }
        for line in ordered
    ]
