"""绩效目标: how many projects and how much money have targets, and the overall targets of departments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from jixiao.domain.vocabulary import Category, SubjectKind
from jixiao.kit.figures import Figure, RowColumn, Scope, count, distinct, total
from jixiao.registers.subjects.models import SubjectYear

from .models import LineSource, Pilot, TargetVersion
from .workflow import State

PROJECT_COLUMNS = (
    RowColumn("编码", lambda project: project.code),
    RowColumn("名称", lambda project: project.name),
    RowColumn("单位", lambda project: project.unit_name),
    RowColumn("项目类别", lambda project: project.category.label if project.category else ""),
    RowColumn("年初预算", lambda project: project.initial, "amount"),
)
VERSION_COLUMNS = (
    RowColumn("编码", lambda version: version.sheet.subject_year.code),
    RowColumn("名称", lambda version: version.sheet.subject_year.name),
    RowColumn("单位", lambda version: version.sheet.subject_year.unit_name),
)


def _projects(scope: Scope, **which: object) -> list[SubjectYear]:
    projects = SubjectYear.objects.visible_to(scope.actor).projects()
    return list(projects.filter(region=scope.region, year=scope.year, initial__gt=0, **which).order_by("code"))


def _in_force(scope: Scope, **which: object) -> list[Any]:
    """Versions in force, each with its `line_count`."""
    versions = TargetVersion.objects.visible_to(scope.actor).filter(region=scope.region, state=State.APPROVED, **which)
    counted = versions.annotate(line_count=Count("lines", filter=Q(lines__source=LineSource.TARGET)))
    return list(counted.select_related("sheet__subject_year").order_by("-line_count", "pk"))


def _with_lines(scope: Scope) -> list[Any]:
    return [version for version in _in_force(scope, year=scope.year) if version.line_count]


def _overall(scope: Scope) -> list[Any]:
    kind = SubjectKind.DEPARTMENT_OVERALL
    return _in_force(scope, work_year=scope.year, sheet__subject_year__kind=kind)


def _pilots(scope: Scope) -> list[Pilot]:
    pilots = Pilot.objects.visible_to(scope.actor).filter(region=scope.region, year__lte=scope.year)
    return list(pilots.order_by("unit_path", "year"))


def _most_lines(rows: Sequence[Any], _scope: Scope) -> str:
    return str(max((row.line_count for row in rows), default=0))


_initial = total(lambda project: project.initial)

FIGURES: tuple[Figure, ...] = (
    Figure(
        "targets.projects",
        "编制绩效目标的年初预算项目",
        "个",
        "本年度对象类型为项目、年初预算大于零的对象数；年中追加的项目和部门整体、政策、专项资金不计。",
        _projects,
        count,
        PROJECT_COLUMNS,
    ),
    Figure(
        "targets.amount",
        "编制绩效目标的项目资金",
        "万元",
        "本年度年初预算大于零的项目的年初预算合计，不含追加调整。",
        _projects,
        _initial,
        PROJECT_COLUMNS,
    ),
    Figure(
        "targets.amount.general",
        "其中：一般性项目资金",
        "万元",
        "本年度年初预算大于零、项目类别为一般性项目的年初预算合计。",
        lambda scope: _projects(scope, category=Category.GENERAL),
        _initial,
        PROJECT_COLUMNS,
    ),
    Figure(
        "targets.amount.policy",
        "其中：政策性项目资金",
        "万元",
        "本年度年初预算大于零、项目类别为政策性项目的年初预算合计。",
        lambda scope: _projects(scope, category=Category.POLICY),
        _initial,
        PROJECT_COLUMNS,
    ),
    Figure(
        "indicators.max",
        "单个项目最多的绩效指标数",
        "个",
        "本年度现行有效的绩效目标中，一份目标的三级指标最多的个数；自评表补录的指标不计。",
        _with_lines,
        _most_lines,
        (*VERSION_COLUMNS, RowColumn("指标数", lambda version: version.line_count)),
    ),
    Figure(
        "overall.targets",
        "设置的部门整体绩效目标",
        "个",
        "本工作年度设置、现行有效的部门整体绩效目标份数，不论目标所属的年度。",
        _overall,
        count,
        (
            *VERSION_COLUMNS,
            RowColumn("目标年度", lambda version: version.year),
            RowColumn("指标数", lambda version: version.line_count or version.stated_lines),
        ),
    ),
    Figure(
        "overall.pilots",
        "部门整体绩效管理试点单位",
        "个",
        "截至本年度已开始部门整体绩效管理试点的单位数，同一单位只计一次。",
        _pilots,
        distinct(lambda pilot: pilot.unit_id),
        (
            RowColumn("单位", lambda pilot: pilot.unit_name),
            RowColumn("试点年度", lambda pilot: pilot.year),
            RowColumn("指标体系构建日期", lambda pilot: pilot.framework_on),
            RowColumn("目标设置日期", lambda pilot: pilot.targets_on),
        ),
    ),
)
