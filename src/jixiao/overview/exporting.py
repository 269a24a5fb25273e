"""The import tables written out again: what a folder of a work year would hold, so that importing it changes nothing.

A column reads the attribute of its own key unless `reads` says otherwise; columns that only help the reader of a
form and are stored nowhere stay blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from jixiao.domain.problems import ProblemRules
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit import xlsx
from jixiao.kit.tables import Table
from jixiao.policies import for_region
from jixiao.registers.documents.importer import DOCUMENTS
from jixiao.registers.documents.models import Document
from jixiao.registers.indicators.importer import LIBRARY, STANDARDS
from jixiao.registers.indicators.models import Entry, Standard
from jixiao.registers.indicators.workflow import State as EntryState
from jixiao.registers.institutions.importer import AGENCIES
from jixiao.registers.institutions.models import Agency
from jixiao.registers.organizations.importer import UNITS
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.appropriations import APPROPRIATIONS
from jixiao.registers.subjects.importer import PROJECTS
from jixiao.registers.subjects.models import Appropriation, Payment, SubjectYear
from jixiao.registers.subjects.payments import PAYMENTS
from jixiao.stages.evaluation.importer import EVALUATIONS, MARKS, PROBLEMS, SUGGESTIONS
from jixiao.stages.evaluation.models import Evaluation, Mark, Problem, Suggestion
from jixiao.stages.evaluation.self_evaluation.importer.tables import EXEMPTIONS, SCORES, SHEETS
from jixiao.stages.evaluation.self_evaluation.models import Exemption, Score, SelfEvaluation
from jixiao.stages.ex_ante import importer as ex_ante
from jixiao.stages.ex_ante.models import Assessment, Dimension
from jixiao.stages.ex_ante.models import Exemption as ExAnteExemption
from jixiao.stages.ex_ante.workflow import State as AssessmentState
from jixiao.stages.follow_up.disclosure.importer import DISCLOSURES
from jixiao.stages.follow_up.disclosure.models import Disclosure
from jixiao.stages.follow_up.rectification.importer import RECTIFICATIONS
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.submission.importer import SUBMISSIONS
from jixiao.stages.follow_up.submission.models import Submission
from jixiao.stages.monitoring.importer import MONITORING, READINGS, RECOVERIES
from jixiao.stages.monitoring.models import Reading, ReadingSheet, Recovery
from jixiao.stages.targets.importer import INDICATORS, OVERALL, PILOTS
from jixiao.stages.targets.models import IndicatorLine, LineSource, Pilot, TargetVersion
from jixiao.stages.targets.workflow import State as TargetState

Read = Callable[[Any], object]
FORMATS: Mapping[str, Callable[[Table, Iterable[object]], bytes]] = {"xlsx": xlsx.write, "csv": xlsx.write_csv}


@dataclass(frozen=True, slots=True)
class Span:
    """What is written out: a region's work year, and the budget years that its sheets speak of."""

    region: str
    year: int
    object_years: frozenset[int]


@dataclass(frozen=True, slots=True)
class Export:
    """One import table and the stored rows that fill it."""

    table: Table
    rows: Callable[[Span], Iterable[Any]]
    reads: Mapping[str, str | Read] = field(default_factory=dict)

    def written(self, span: Span) -> Iterator[dict[str, object]]:
        """The rows by column key."""
        readers = {column.key: self._reader(column.key) for column in self.table.columns}
        for row in self.rows(span):
            yield {key: read(row) for key, read in readers.items()}

    def _reader(self, key: str) -> Read:
        read = self.reads.get(key, key)
        return attrgetter(read) if isinstance(read, str) else read


def span_of(region: str, year: int) -> Span:
    """The work year with the years of the subjects that its self-evaluations and evaluations are about."""
    years = {year}
    for model in (SelfEvaluation, Evaluation, Assessment):
        sheets = model.objects.filter(region=region, year=year)
        years |= set(sheets.values_list("subject_year__year", flat=True).distinct())
    return Span(region, year, frozenset(years))


def files(span: Span, ending: str) -> Iterator[tuple[str, int, bytes]]:
    """File name, number of rows and content of every table that has rows. Raises KeyError for an unknown format."""
    for export in EXPORTS:
        rows = list(export.written(span))
        if rows:
            yield f"{export.table.title}.{ending}", len(rows), FORMATS[ending](export.table, rows)


def _own_code(row: Any) -> str:
    """The code of the unit itself: the end of its path."""
    return str(row.unit_path).rstrip("/").rsplit("/", 1)[-1]


def _unit_of_subject(row: Any) -> str:
    return _own_code(row.subject_year)


def _overall_kind(subject: SubjectYear) -> SubjectKind | str:
    """A 部门整体 goes by its unit's code and must say so; everything else goes by its own."""
    return SubjectKind.DEPARTMENT_OVERALL if subject.kind is SubjectKind.DEPARTMENT_OVERALL else ""


def _absent(_row: Any) -> None:
    """A column that is stored nowhere."""


def _classes(row: Problem) -> str:
    """The confirmed classes of a problem by name, in the words of the region's rules."""
    if not row.kinds:
        return ""
    rules = for_region(row.evaluation.region, row.evaluation.year).section(ProblemRules)
    return "、".join(rules.name(code) for code in row.kinds.split())


def _dimension(dimension: Dimension) -> Read:
    return lambda row: next(score.points for score in row.scores.all() if score.dimension == dimension)


def _of_year(model: Any, *related: str) -> Callable[[Span], Any]:
    """Rows whose own year is the work year."""
    return lambda span: (
        model.objects.filter(region=span.region, year=span.year).select_related(*related).order_by("id").iterator()
    )


def _below(model: Any, owner: str, *related: str) -> Callable[[Span], Any]:
    """Lines whose sheet belongs to the work year."""

    def rows(span: Span) -> Any:
        mine = {f"{owner}__region": span.region, f"{owner}__year": span.year}
        return model.objects.filter(**mine).select_related(owner, *related).order_by("id").iterator()

    return rows


def _subjects(span: Span) -> Any:
    mine = SubjectYear.objects.filter(region=span.region, year__in=span.object_years)
    # 部门整体 are entered with their units, not in the project register.
    return mine.exclude(kind=SubjectKind.DEPARTMENT_OVERALL).order_by("id").iterator()


def _payments(span: Span) -> Any:
    return Payment.objects.filter(region=span.region, year__in=span.object_years).order_by("id").iterator()


def _appropriations(span: Span) -> Any:
    return Appropriation.objects.filter(region=span.region, year__in=span.object_years).order_by("id").iterator()


def _documents(span: Span) -> Any:
    return Document.objects.filter(region=span.region, year__lte=span.year).order_by("id").iterator()


def _library(span: Span) -> Any:
    return Entry.objects.filter(region=span.region, state=EntryState.APPROVED).order_by("id").iterator()


def _standards(span: Span) -> Any:
    kept = Standard.objects.filter(entry__region=span.region, entry__state=EntryState.APPROVED)
    return kept.select_related("entry").order_by("id").iterator()


def _lines(span: Span) -> Any:
    mine = IndicatorLine.objects.filter(source=LineSource.TARGET, version__state=TargetState.APPROVED)
    mine = mine.filter(version__region=span.region, version__sheet__year__in=span.object_years)
    return mine.select_related("version__sheet__subject_year").order_by("version_id", "position").iterator()


def _overall(span: Span) -> Any:
    mine = TargetVersion.objects.filter(region=span.region, work_year=span.year, state=TargetState.APPROVED)
    overall = mine.filter(sheet__subject_year__kind=SubjectKind.DEPARTMENT_OVERALL)
    return overall.select_related("sheet__subject_year").order_by("id").iterator()


def _assessments(span: Span) -> Any:
    mine = Assessment.objects.filter(region=span.region, year=span.year, state=AssessmentState.CONCLUDED)
    return mine.select_related("subject_year").prefetch_related("scores").order_by("id")


SUBJECT = {"code": "subject_year.code"}
OBJECT = {"work_year": "year", "year": "subject_year.year", **SUBJECT}
NUMBER = {"number": "evaluation.number"}

EXPORTS: tuple[Export, ...] = (
    Export(
        UNITS,
        _of_year(UnitYear, "parent", "division"),
        {
            "parent": lambda row: row.parent.code if row.parent else "",
            "division": lambda row: row.division.name if row.division else "",
        },
    ),
    Export(DOCUMENTS, _documents),
    Export(AGENCIES, _of_year(Agency)),
    Export(LIBRARY, _library),
    Export(STANDARDS, _standards, {"level2": "entry.level2", "name": "entry.name", "unit": "entry.unit"}),
    Export(PROJECTS, _subjects, {"unit": _own_code}),
    Export(APPROPRIATIONS, _appropriations),
    Export(PAYMENTS, _payments),
    Export(
        ex_ante.EXANTE,
        _assessments,
        {
            **SUBJECT,
            "name": "subject_year.name",
            "kind": "subject_year.kind",
            "unit": _unit_of_subject,
            "conclusion": "printed_conclusion",
            **{dimension.value: _dimension(dimension) for dimension in Dimension},
        },
    ),
    Export(ex_ante.EXEMPTIONS, _of_year(ExAnteExemption, "subject_year"), SUBJECT),
    Export(
        INDICATORS,
        _lines,
        {
            "year": "version.sheet.year",
            "code": "version.sheet.subject_year.code",
            "kind": lambda row: _overall_kind(row.version.sheet.subject_year),
            "measure": _absent,
        },
    ),
    Export(OVERALL, _overall, {"year": "sheet.year", "unit": "sheet.subject_year.code"}),
    Export(PILOTS, _of_year(Pilot), {"unit": _own_code}),
    Export(
        MONITORING,
        _of_year(ReadingSheet, "round", "subject_year"),
        {"no": "round.no", "cutoff": "round.cutoff", "kind": lambda row: _overall_kind(row.subject_year), **SUBJECT},
    ),
    Export(
        READINGS,
        _below(Reading, "sheet", "sheet__round", "sheet__subject_year", "line"),
        {
            "year": "sheet.year",
            "no": "sheet.round.no",
            "code": "sheet.subject_year.code",
            "kind": lambda row: _overall_kind(row.sheet.subject_year),
            "name": "line.name",
        },
    ),
    Export(RECOVERIES, _of_year(Recovery, "subject_year"), SUBJECT),
    Export(SHEETS, _of_year(SelfEvaluation, "subject_year"), OBJECT),
    Export(
        SCORES,
        _below(Score, "evaluation", "evaluation__subject_year", "line"),
        {
            "year": "evaluation.subject_year.year",
            "code": "evaluation.subject_year.code",
            **{name: f"line.{name}" for name in ("level1", "level2", "name", "comparison", "target", "weight")},
        },
    ),
    Export(EXEMPTIONS, _of_year(Exemption, "subject_year"), OBJECT),
    Export(
        EVALUATIONS,
        _of_year(Evaluation, "subject_year"),
        {**OBJECT, "kind": "subject_year.kind", "name": "subject_year.name", "unit": _unit_of_subject},
    ),
    Export(MARKS, _below(Mark, "evaluation"), NUMBER),
    Export(PROBLEMS, _below(Problem, "evaluation"), {**NUMBER, "kinds": _classes}),
    Export(SUGGESTIONS, _below(Suggestion, "evaluation"), NUMBER),
    Export(RECTIFICATIONS, _of_year(Rectification, "evaluation"), {"evaluation": "evaluation.number"}),
    Export(DISCLOSURES, _of_year(Disclosure)),
    Export(SUBMISSIONS, _of_year(Submission)),
)
