"""应评、已评、免评: which subjects of a year evaluate themselves, how far each unit is, and what else is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.fields import subtree
from jixiao.kit.web.listing import Shown
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectLink, SubjectYear
from jixiao.stages.targets.models import Horizon, IndicatorLine, LineSource, TargetVersion
from jixiao.stages.targets.workflow import State as TargetState

from ..models import Exemption, SelfEvaluation
from ..rules import ScopeRules, due_beyond
from ..workflow import State

COLUMNS = (
    Shown("unit", "单位"),
    Shown("due", "应评", "integer"),
    Shown("done", "已评", "integer"),
    Shown("exempt", "免评", "integer"),
    Shown("begun", "办理中", "integer"),
    Shown("missing", "还没有开展", "integer"),
)
MISSING_COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("kind", "类型"),
    Shown("budget", "全年预算", "amount"),
    Shown("reason", "原因"),
)
EXEMPTING_COLUMNS = (*MISSING_COLUMNS, Shown("exempt", "免评", link="exempt_url"))
BEYOND_COLUMNS = (Shown("name", "对象", link="url", note_key="unit"), Shown("due", "还应开展"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """应评 = 已评 + 免评 + 办理中 + 还没有开展, with a row per unit and the subjects themselves."""

    subjects: Sequence[Any]
    rows: Sequence[dict[str, Any]]

    @property
    def due(self) -> int:
        return len(self.subjects)

    def _sum(self, key: str) -> int:
        return sum(row[key] for row in self.rows)

    @property
    def done(self) -> int:
        return self._sum("done")

    @property
    def exempt(self) -> int:
        return self._sum("exempt")

    @property
    def begun(self) -> int:
        return self._sum("begun")

    @property
    def missing(self) -> int:
        return self._sum("missing")


def coverage_of(actor: Actor, object_year: int, work_year: int, rules: ScopeRules, path: str = "") -> Coverage:
    """How far the actor's subjects are; `path` narrows them to a unit and what is below it."""
    found = in_scope(actor.region, object_year, work_year, rules).visible_to(actor)
    if path:
        first, behind = subtree(path)
        found = found.filter(unit_path__gte=first, unit_path__lt=behind)
    subjects = list(found.order_by("unit_path", "code"))
    return Coverage(subjects, coverage_rows(subjects))


def beyond_rows(subjects: Sequence[SubjectYear], policy: Policy) -> list[dict[str, Any]]:
    """Whose years of implementation, as registered, are so many that 中期评价 or 实施期结束后评价 is due."""
    if not subjects or not (from_years := _from_years(policy)):
        return []
    region, year = subjects[0].region, subjects[0].year
    projects = SubjectYear.objects.filter(region=region, kind=SubjectKind.PROJECT)
    mine = projects.filter(subject=subjects[0].subject_id) if len(subjects) == 1 else projects
    counted = (
        mine.order_by()
        .values_list("subject")
        .annotate(years=Count("pk", filter=Q(year__lte=year)), later=Count("pk", filter=Q(year__gt=year)))
    )
    long = {key: (years, later) for key, years, later in counted.filter(years__gte=from_years)}
    # Before the next year's projects are registered nobody can say which of them go on.
    registered = bool(long) and projects.filter(year=year + 1).exists()
    rows = []
    for one in subjects:
        years, later = long.get(one.subject_id, (0, 0))
        if due := due_beyond(years, registered and not later, from_years):
            address = reverse("subject", args=[one.pk])
            rows.append({"name": one.name, "unit": one.unit_name, "url": address, "due": due})
    return rows


def _from_years(policy: Policy) -> int:
    """From how many years of implementation on; the evaluations of departments and finance declare the section."""
    found = policy.settings.get("evaluation", {}).get("midterm_from_years")
    return int(found.value) if found else 0


def in_scope(region: str, object_year: int, work_year: int, rules: ScopeRules) -> Any:
    """The subjects of a year that evaluate themselves (应评), and how far each is in the work year.

    What was merged into another is evaluated there.

    `targeted`: an approved target with indicators; `evaluated`, `concluded`: a sheet, a concluded one; `exempt`: 免评.
    """
    lines = IndicatorLine.objects.filter(
        source=LineSource.TARGET,
        version__state=TargetState.APPROVED,
        version__sheet__horizon=Horizon.ANNUAL,
        version__sheet__subject_year=OuterRef("pk"),
    )
    sheets = SelfEvaluation.objects.filter(subject_year=OuterRef("pk"), year=work_year)
    granted = Exemption.objects.filter(subject_year=OuterRef("pk"), year=work_year)
    projects = Q(in_total=True) & Q(full__gte=rules.least)
    whole = Q(kind=SubjectKind.DEPARTMENT_OVERALL) if rules.overall else Q(pk__in=[])
    last = dt.date(object_year, 12, 31)
    merged = SubjectLink.objects.filter(in_force("", last), source=OuterRef("pk"))
    rows = SubjectYear.objects.filter(~Exists(merged), region=region, year=object_year).annotate(
        full=F("initial") + F("added")
    )
    return rows.filter(projects | whole).annotate(
        targeted=Exists(lines),
        evaluated=Exists(sheets),
        concluded=Exists(sheets.filter(state=State.CONCLUDED)),
        exempt=Exists(granted),
    )


def targets_in_force(subjects: Iterable[SubjectYear]) -> dict[int, TargetVersion]:
    """The approved annual version of each subject-year, by its key."""
    keys = [subject.pk for subject in subjects]
    rows = TargetVersion.objects.filter(
        sheet__subject_year__in=keys, sheet__horizon=Horizon.ANNUAL, state=TargetState.APPROVED
    )
    return {version.sheet.subject_year_id: version for version in rows.select_related("sheet").order_by("no")}


def coverage_rows(subjects: Iterable[Any]) -> list[dict[str, Any]]:
    """One row per unit, those with most left to do first; 应评 = 已评 + 免评 + 办理中 + 还没有开展."""
    units: dict[str, dict[str, Any]] = {}
    for subject in subjects:
        row = units.setdefault(
            subject.unit_path,
            {"unit": subject.unit_name, "due": 0, "done": 0, "exempt": 0, "begun": 0, "missing": 0},
        )
        row["due"] += 1
        row[_standing(subject)] += 1
    return sorted(units.values(), key=lambda row: (-row["missing"], -row["begun"], row["unit"]))


def _standing(subject: Any) -> str:
    if subject.concluded:
        return "done"
    if subject.exempt:
        return "exempt"
    return "begun" if subject.evaluated else "missing"


def missing_rows(subjects: Iterable[Any]) -> list[dict[str, Any]]:
    """Who has not begun, each with what stands in the way."""
    return [
        {
            "name": subject.name,
            "url": reverse("subject", args=[subject.pk]),
            "exempt": "办理免评",
            "exempt_url": reverse("self-evaluation-exempt", args=[subject.pk]),
            "unit": subject.unit_name,
            "kind": subject.kind.label,
            "budget": subject.budget,
            "reason": "可以布置" if subject.targeted else "没有批复的绩效目标，批复或补录后可以布置",
        }
        for subject in subjects
        if _standing(subject) == "missing"
    ]
