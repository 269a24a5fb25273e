"""Stored self-evaluations as the audit reads them, with monitoring, evidence and what earlier stages wrote down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from jixiao.domain.checks.audits import LineRecord, SheetRecord
from jixiao.domain.checks.lights import Tone, worst
from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.models import Attachment
from jixiao.registers.subjects.models import Hold
from jixiao.stages.monitoring.models import Reading, ReadingSheet
from jixiao.stages.monitoring.reports.judging import Alarms, judged

from ...self_evaluation.models import Score, SelfEvaluation
from ...self_evaluation.workflow import State


def filed(region: str, years: Iterable[int]) -> QuerySet[SelfEvaluation]:
    """The self-evaluations of these work years that have been filed, with their lines."""
    scores = Prefetch("scores", Score.objects.select_related("line").order_by("position"))
    rows = SelfEvaluation.objects.filter(region=region, year__in=tuple(years)).exclude(state=State.DRAFT)
    return rows.select_related("subject_year", "snapshot").prefetch_related(scores).order_by("pk")


def filed_years(region: str, most: int) -> list[int]:
    """The last work years with filed self-evaluations, the newest first."""
    rows = SelfEvaluation.objects.filter(region=region).exclude(state=State.DRAFT)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct()[:most])


def records_of(sheets: Sequence[SelfEvaluation]) -> list[SheetRecord]:
    """The sheets in their order; five queries, however many they are."""
    subjects = [sheet.subject_year_id for sheet in sheets]
    monitored, outlook = _monitoring(subjects)
    held = Counter(Hold.objects.filter(subject_year__in=subjects).values_list("subject_year", flat=True))
    files = _evidence(sheets)
    return [
        SheetRecord(
            id=str(sheet.pk),
            unit=sheet.subject_year.unit_name,
            project=sheet.subject_year.name,
            year=sheet.subject_year.year,
            budget=sheet.budget,
            executed=sheet.spent,
            execution_weight=sheet.execution_weight,
            execution_points=sheet.execution_points,
            total=sheet.total if sheet.printed_total is None else sheet.printed_total,
            grade=_grade(sheet),
            lines=tuple(_line(score, sheet, outlook, files) for score in sheet.scores.all()),
            problems=sheet.findings,
            tone=monitored.get(sheet.subject_year_id),
            rectifications=held[sheet.subject_year_id],
        )
        for sheet in sheets
    ]


def _grade(sheet: SelfEvaluation) -> Grade | None:
    """What the unit gave itself, else what was computed."""
    found = sheet.printed_grade or sheet.grade
    return found if isinstance(found, Grade) else None


def _line(score: Score, sheet: SelfEvaluation, outlook: dict[int, Likelihood], files: set[str] | None) -> LineRecord:
    line = score.line
    return LineRecord(
        name=line.name,
        level1=line.level1.label,
        level2=line.level2,
        comparison=line.comparison,
        target=line.target or None,
        actual=score.actual or None,
        unit=line.unit,
        weight=line.weight,
        points=score.points if score.printed_points is None else score.printed_points,
        cause=score.cause,
        evidence=None if files is None else f"{sheet.pk} {score.evidence_kind}" in files,
        likelihood=outlook.get(line.pk),
    )


def _evidence(sheets: Sequence[SelfEvaluation]) -> set[str] | None:
    """ "sheet kind" of every file; None where nobody of them attached anything: history came without its files."""
    keys = [sheet.pk for sheet in sheets]
    rows = Attachment.objects.filter(sheet_type=SelfEvaluation._meta.label_lower, sheet_id__in=keys)
    return {f"{sheet} {kind}" for sheet, kind in rows.values_list("sheet_id", "kind")} or None


def _monitoring(subjects: Sequence[int]) -> tuple[dict[int, Tone], dict[int, Likelihood]]:
    """The worst light of each subject's last round, and what its indicators were expected to reach (by line)."""
    tones: dict[int, Tone] = {}
    outlook: dict[int, Likelihood] = {}
    readings = Prefetch("readings", Reading.objects.select_related("line"))
    rows: Any = judged(ReadingSheet.objects.filter(subject_year__in=subjects))
    alarms: dict[int, Alarms] = {}
    for sheet in (
        rows.select_related("round__snapshot", "subject_year").prefetch_related(readings).order_by("round__no")
    ):
        if sheet.round_id not in alarms:
            alarms[sheet.round_id] = Alarms.of(sheet.round)
        tones[sheet.subject_year_id] = worst(alarms[sheet.round_id].judge(sheet, sheet.readings.all()))
        for reading in sheet.readings.all():
            if isinstance(reading.likelihood, Likelihood):
                outlook[reading.line_id] = reading.likelihood
    return tones, outlook
