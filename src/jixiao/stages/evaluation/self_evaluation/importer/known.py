"""What stands already, and what is found while a file is laid beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from jixiao.kit.importing import Gap, ImportScope
from jixiao.kit.tables import Row
from jixiao.registers.parameters.models import PolicySnapshot, snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.stages.targets.models import Horizon, IndicatorLine, TargetSheet, TargetVersion
from jixiao.stages.targets.workflow import State as TargetState

from ..models import Score, SelfEvaluation, Yardstick
from .tables import SCORES, SHEETS

Key = tuple[int, int]
"""Subject-year id and work year."""


@dataclass(slots=True)
class Draft:
    """One sheet as the files want it, scored before it is compared with the stored one.

    `row` is its row in the main table if it has one, `rows` are its score rows, `revised` the recorded indicator lines
    that they say otherwise than before.
    """

    sheet: SelfEvaluation
    subject: SubjectYear
    version: TargetVersion
    stored: SelfEvaluation | None
    row: Row | None = None
    rows: list[Row] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    revised: list[IndicatorLine] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.subject.pk, self.sheet.year)


class Known:
    """What stands already for the object years: subjects, payments, targets, sheets and scores, read in bulk."""

    def __init__(self, scope: ImportScope, years: set[int]) -> None:
        self.scope = scope
        self.subjects = Subjects(scope.region)

        def of_years(path: str) -> dict[str, Any]:
            return {f"{path}subject_year__region": scope.region, f"{path}subject_year__year__in": years}

        paid = Payment.objects.filter(region=scope.region, year__in=years).order_by()
        self.paid_years = set(paid.values_list("year", flat=True).distinct())
        self.spent = dict(paid.exclude(subject_year=None).values_list("subject_year").annotate(Sum("fen")))
        sheets = SelfEvaluation.objects.filter(**of_years("")).order_by("year")
        self.sheets: dict[Key, SelfEvaluation] = {
            (sheet.subject_year_id, sheet.year): sheet for sheet in sheets.select_related("target_version")
        }
        self.targets = {
            sheet.subject_year_id: sheet for sheet in TargetSheet.objects.filter(**of_years(""), horizon=Horizon.ANNUAL)
        }
        self.versions: dict[int, list[TargetVersion]] = defaultdict(list)
        versions = TargetVersion.objects.filter(**of_years("sheet__"), sheet__horizon=Horizon.ANNUAL)
        for version in versions.select_related("sheet").order_by("no"):
            self.versions[version.sheet.subject_year_id].append(version)
        self.lines: dict[int, list[IndicatorLine]] = defaultdict(list)
        for line in IndicatorLine.objects.filter(**of_years("version__sheet__")):
            self.lines[line.version_id].append(line)
        by_id = {line.pk: line for lines in self.lines.values() for line in lines}
        self.scores: dict[int, list[Score]] = defaultdict(list)
        scores = Score.objects.filter(**of_years("evaluation__"))
        for score in scores.order_by("position"):
            score.line = by_id[score.line_id]
            self.scores[score.evaluation_id].append(score)
        self.last = {subject: sheet for (subject, _), sheet in self.sheets.items()}
        self._yardsticks: dict[str, Yardstick] = {}
        self._snapshots: dict[int, PolicySnapshot] = {}

    def in_force(self, subject: SubjectYear) -> TargetVersion | None:
        """The approved version of the subject's annual target."""
        return next((v for v in self.versions[subject.pk] if v.state == TargetState.APPROVED), None)

    def snapshot(self, year: int) -> PolicySnapshot:
        """The rules of a work year, kept for what is frozen under them."""
        if year not in self._snapshots:
            self._snapshots[year] = snapshot_of(self.scope.policies(self.scope.region, year))
        return self._snapshots[year]

    def yardstick(self, digest: str) -> Yardstick:
        """The scoring rules of a snapshot."""
        if digest not in self._yardsticks:
            self._yardsticks[digest] = Yardstick.of(PolicySnapshot.objects.get(pk=digest).policy())
        return self._yardsticks[digest]


@dataclass(slots=True)
class Findings:
    """What is to be told about the files: numbers of the rows concerned."""

    orphans: list[int] = field(default_factory=list)
    unapproved: list[int] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)
    spent: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    unscored: int = 0

    def gaps(self) -> Iterator[Gap]:
        """One gap for each kind that occurs."""
        told = (
            (SCORES, self.orphans, "{} 行得分没有对应的自评，未入库"),
            (SCORES, self.unapproved, "自评表中 {} 条指标没有批复目标，已按自评表补录"),
            (SCORES, self.differing, "{} 条指标的指标值、权重或符号与批复目标不一致，按批复目标计分"),
            (SCORES, self.points, "原表得分与按规则复算不一致 {} 处（指标得分）"),
            (SHEETS, self.totals, "原表得分与按规则复算不一致 {} 处（总分或等级）"),
            (SHEETS, self.spent, "原表全年执行与支付合计不一致 {} 处，按支付计分"),
            (SHEETS, self.open, "{} 份自评还有得分不能计算，总分和等级留空"),
        )
        yield from (Gap(table.key, text.format(len(rows)), tuple(rows)) for table, rows, text in told if rows)
        if self.unscored:
            yield Gap(SCORES.key, f"{self.unscored} 条批复指标没有自评得分")
