"""应评、已评、免评: which subjects of a year evaluate themselves, and how far each unit is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.web.listing import Shown
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectLink, SubjectYear
from jixiao.stages.targets.models import Horizon, IndicatorLine, LineSource, TargetVersion
from jixiao.stages.targets.workflow import State as TargetState

from ..models import Exemption, SelfEvaluation
from ..rules import ScopeRules
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
OFFICE_COLUMNS = (*MISSING_COLUMNS, Shown("exempt", "免评", link="exempt_url"))


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
            "exempt": "核定免评",
            "exempt_url": reverse("self-evaluation-exempt", args=[subject.pk]),
            "unit": subject.unit_name,
            "kind": subject.kind.label,
            "budget": subject.budget,
            "reason": "可以布置" if subject.targeted else "没有批复的绩效目标，批复或补录后可以布置",
        }
        for subject in subjects
        if _standing(subject) == "missing"
    ]
