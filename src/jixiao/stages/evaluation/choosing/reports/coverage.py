"""Coverage: 部门评价 by units and by money, two denominators, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import plain, share
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.tables import Column, Table
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.rules import EvaluationRules, Workload, quotas
from jixiao.stages.evaluation.workflow import State

COLUMNS = (
    Shown("unit", "主管部门", link="url"),
    Shown("projects", "项目", "integer"),
    Shown("funds", "项目资金", "amount"),
    Shown("evaluated", "已评项目", "integer"),
    Shown("funds_evaluated", "已评资金", "amount"),
    Shown("share", "资金占比", "percent"),
    Shown("mark", "部门评价", "tag"),
)
QUOTA_COLUMNS = (
    Shown("label", "任务", link="url"),
    Shown("required", "要求"),
    Shown("reached", "已完成"),
    Shown("mark", "对照", "tag"),
    Shown("source", "依据"),
)
PROJECT_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount"),
    Shown("last", "最近评价"),
    Shown("mark", "本年", "tag"),
)


TABLE = Table(
    "coverage",
    "部门评价覆盖",
    (
        Column("unit", "主管部门"),
        Column("projects", "项目数", "integer"),
        Column("funds", "项目资金", "amount"),
        Column("evaluated", "已评项目数", "integer"),
        Column("funds_evaluated", "已评资金", "amount"),
        Column("share", "资金占比", "percent", required=False),
    ),
)


@dataclass
class Department:
    """One 一级预算单位 with its projects; amounts in fen. `standing`: it is a unit of the work year."""

    path: str
    name: str
    standing: bool = True
    projects: list[SubjectYear] = field(default_factory=list)
    evaluated: set[int] = field(default_factory=set)

    @property
    def funds(self) -> int:
        return sum(one.budget for one in self.projects)

    @property
    def funds_evaluated(self) -> int:
        return sum(one.budget for one in self.projects if one.pk in self.evaluated)


@dataclass(frozen=True)
class Coverage:
    """部门评价 of a work year: departments with their projects, the two shares in percent points."""

    departments: tuple[Department, ...]

    @property
    def units(self) -> int:
        return sum(one.standing for one in self.departments)

    @property
    def units_evaluated(self) -> int:
        return sum(one.standing and bool(one.evaluated) for one in self.departments)

    @property
    def units_share(self) -> Decimal | None:
        return share(self.units_evaluated, self.units)

    @property
    def funds(self) -> int:
        return sum(one.funds for one in self.departments)

    @property
    def funds_evaluated(self) -> int:
        return sum(one.funds_evaluated for one in self.departments)

    @property
    def funds_share(self) -> Decimal | None:
        return share(self.funds_evaluated, self.funds)


def concluded(actor: Actor, work_year: int) -> Any:
    """The evaluations of a work year that stand."""
    return Evaluation.objects.visible_to(actor).filter(year=work_year, state=State.CONCLUDED)


def object_years(actor: Actor, work_year: int) -> set[int]:
    """The budget years whose projects 部门评价 of a work year looked at; the year before where there is none yet."""
    rows = concluded(actor, work_year).by(EvaluationMethod.DEPARTMENT)
    return set(rows.values_list("subject_year__year", flat=True)) or {work_year - 1}


def workload(actor: Actor, work_year: int) -> Workload:
    """What was concluded in a work year against the two denominators of 部门评价: units, and money of the projects."""
    found = coverage(actor, work_year, object_years(actor, work_year))
    evaluations = concluded(actor, work_year)
    key = evaluations.by(EvaluationMethod.KEY)
    overall = Q(subject_year__kind=SubjectKind.DEPARTMENT_OVERALL)
    return Workload(
        units=found.units,
        units_evaluated=found.units_evaluated,
        funds=found.funds,
        funds_evaluated=found.funds_evaluated,
        spot_checks=evaluations.by(EvaluationMethod.RECHECK).count(),
        key_departments=key.filter(overall).count(),
        key_projects=key.exclude(overall).count(),
    )


def coverage(actor: Actor, work_year: int, years: Iterable[int]) -> Coverage:
    """Every department of the work year, also those without a project, with what 部门评价 reached of its money.

    A department that is gone since has no place among the units, but its projects' money still counts.
    """
    units = UnitYear.objects.visible_to(actor).first_level().filter(year=work_year).order_by("code")
    departments = {one.path: Department(one.path, one.name) for one in units}
    rows = concluded(actor, work_year).by(EvaluationMethod.DEPARTMENT)
    done = set(rows.values_list("subject_year", flat=True))
    mine = SubjectYear.objects.visible_to(actor).filter(year__in=years)
    for one in mine.filter(Q(in_total=True) | Q(pk__in=done)).order_by("-initial", "code"):
        place = first_level(one.unit_path)
        department = departments.setdefault(place, Department(place, one.unit_name, standing=False))
        if one.in_total:
            department.projects.append(one)
        if one.pk in done:
            department.evaluated.add(one.pk)
    return Coverage(tuple(departments.values()))


def first_level(path: str) -> str:
    """The place of the department at the head of a path: "101/101003/" gives "101/"."""
    return f"{path.split('/', 1)[0]}/"


def department_rows(found: Coverage) -> list[dict[str, Any]]:
    """Departments without 部门评价 first, those with most money before the others."""
    ordered = sorted(found.departments, key=lambda one: (bool(one.evaluated), -one.funds, one.path))
    return [
        {
            "unit": one.name,
            "url": f"{reverse('coverage-projects')}?{urlencode({'unit': one.path})}",
            "projects": len(one.projects),
            "funds": one.funds,
            "evaluated": len(one.evaluated),
            "funds_evaluated": one.funds_evaluated,
            "share": share(one.funds_evaluated, one.funds),
            "mark": Mark("已开展", "ok") if one.evaluated else Mark("没有开展", "warn"),
        }
        for one in ordered
    ]


def project_rows(subjects: Iterable[SubjectYear], done: set[int], last: dict[int, int]) -> list[dict[str, Any]]:
    """Projects with whether they were evaluated this year and when last."""
    return [
        {
            "name": one.name,
            "url": reverse("subject", args=[one.pk]),
            "unit": one.unit_name,
            "budget": one.budget,
            "last": f"{last[one.subject_id]} 年" if one.subject_id in last else "没有评过",
            "mark": Mark("已评", "ok") if one.pk in done else Mark("未评", "warn"),
        }
        for one in subjects
    ]


QUOTAS = {
    "units": ("department_units_minimum", "coverage", ""),
    "funds": ("department_funds_minimum", "coverage", ""),
    "spot_checks": ("spot_check_minimum", "evaluations", "?method=recheck"),
    "key_departments": ("key_departments", "evaluations", "?method=key"),
    "key_projects": ("key_projects", "evaluations", "?method=key"),
}
"""Under which key the policy holds a quota, and where the rows behind its number stand."""


def quota_rows(actor: Actor, work_year: int, policy: Policy) -> list[dict[str, Any]]:
    """What the region's rules ask of the year against what was concluded; each number opens its rows."""
    rows = []
    for quota in quotas(workload(actor, work_year), policy.section(EvaluationRules)):
        key, page, query = QUOTAS[quota.key]
        rows.append(
            {
                "key": quota.key,
                "label": quota.label,
                "url": f"{reverse(page)}{query}",
                "required": f"不少于 {plain(quota.required)} {quota.unit}",
                "reached": "没有分母" if quota.reached is None else f"{plain(quota.reached)} {quota.unit}",
                "met": quota.met,
                "mark": Mark("达到", "ok") if quota.met else Mark("未达到", "warn"),
                "source": policy.provenance(EvaluationRules.section, key).source,
            }
        )
    return rows
