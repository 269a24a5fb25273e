"""转移支付: evaluated ÷ all by number and by money, the reports of the departments, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod, FundLevel, SubjectKind
from jixiao.kit.tables import Column, Table
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

from ..models import TransferReminder, TransferReport
from ..workflow import ReportState

METHODS = (EvaluationMethod.DEPARTMENT, EvaluationMethod.KEY)
COLUMNS = (
    Shown("name", "转移支付", link="url", note_key="unit"),
    Shown("division", "归口股室"),
    Shown("budget", "全年预算", "amount"),
    Shown("evaluated", "评价", "tag"),
    Shown("report", "评价报告", "tag", link="report_url"),
    Shown("submitted", "报送", "date"),
    Shown("signed", "签收", "date"),
    Shown("reminded", "催报", "tag"),
)
TABLE = Table(
    "transfers",
    "转移支付评价",
    (
        Column("code", "编码"),
        Column("name", "转移支付"),
        Column("unit", "单位"),
        Column("division", "归口股室", required=False),
        Column("budget", "全年预算", "amount"),
        Column("evaluated", "已评价", "flag"),
        Column("report", "评价报告", required=False),
        Column("state", "报告状态", "term", choices=ReportState, required=False),
        Column("submitted", "报送日期", "date", required=False),
        Column("signed", "签收日期", "date", required=False),
        Column("signed_by", "签收人", required=False),
        Column("reminded", "催报次数", "integer"),
        Column("due", "催报期限", "date", required=False),
    ),
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
    """One 转移支付: its evaluation that stands and its report of the work year, where there are any.

    `reminded`: how often the report was asked for again; `due_on`: until when it was asked for last.
    """

    subject: SubjectYear
    evaluation: int | None
    report: TransferReport | None
    reminded: int = 0
    due_on: dt.date | None = None

    @property
    def missing(self) -> bool:
        """Was no report handed in?"""
        return self.report is None or self.report.state == ReportState.DRAFT

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
    def missing(self) -> tuple[Line, ...]:
        """Those without a report that was handed in."""
        return tuple(line for line in self.lines if line.missing)

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
    subjects = list(transfers_of(actor, object_year).select_related("division").order_by("unit_path", "code"))
    keys = [one.pk for one in subjects]
    here: dict[str, Any] = {"year": work_year, "subject_year__in": keys}
    done = Evaluation.objects.visible_to(actor).filter(**here, method__in=METHODS, state=State.CONCLUDED)
    evaluated = dict(done.order_by("pk").values_list("subject_year", "pk"))
    reports = {one.subject_year_id: one for one in TransferReport.objects.visible_to(actor).filter(**here)}
    rows = TransferReminder.objects.visible_to(actor).filter(**here).order_by().values("subject_year")
    asked = {one["subject_year"]: (one["n"], one["due"]) for one in rows.annotate(n=Count("pk"), due=Max("due_on"))}
    return Transfers(
        tuple(Line(one, evaluated.get(one.pk), reports.get(one.pk), *asked.get(one.pk, (0, None))) for one in subjects)
    )


def _reminded(line: Line, today: dt.date) -> Mark | None:
    """Until when the report was asked for, as long as it is missing."""
    if line.due_on is None or not line.missing:
        return None
    late = line.due_on < today
    return Mark(f"催报 {line.reminded} 次，限 {line.due_on}{'，已逾期' if late else ''}", "bad" if late else "warn")


def rows_of(lines: Sequence[Line], actor: Actor, today: dt.date) -> list[dict[str, Any]]:
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
            "reminded": _reminded(line, today),
            "division": line.subject.division.name if line.subject.division else "—",
        }
        for line in ordered
    ]


def table_rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Transfers by the columns of TABLE."""
    return [
        {
            "code": line.subject.code,
            "name": line.subject.name,
            "unit": line.subject.unit_name,
            "division": line.subject.division.name if line.subject.division else "",
            "budget": line.subject.budget,
            "evaluated": line.evaluation is not None,
            "report": line.report.title if line.report else "",
            "state": line.report.state if line.report else None,
            "submitted": line.report.submitted_on if line.report else None,
            "signed": line.report.signed_on if line.report else None,
            "signed_by": line.report.signed_by if line.report else "",
            "reminded": line.reminded,
            "due": line.due_on,
        }
        for line in lines
    ]


def owed(actor: Actor) -> list[TransferReminder]:
    """The newest reminder of each report that was asked for again and is not handed in yet, most urgent first."""
    handed = TransferReport.objects.filter(subject_year=OuterRef("subject_year"), year=OuterRef("year"))
    rows = TransferReminder.objects.visible_to(actor).filter(~Exists(handed.exclude(state=ReportState.DRAFT)))
    newest = {(one.subject_year_id, one.year): one for one in rows.select_related("subject_year").order_by("pk")}
    return sorted(newest.values(), key=lambda one: (one.due_on, one.pk))
