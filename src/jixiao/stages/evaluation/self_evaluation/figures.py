"""单位自评: who evaluated what, the grades computed here, and how many first-level units took part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.figures import Figure, RowColumn, Scope, count, distinct, percent, total
from jixiao.registers.organizations.figures import units_of
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.workflow import State as TargetState

from .models import SelfEvaluation
from .workflow import State

COLUMNS = (
    RowColumn("编码", lambda sheet: sheet.subject_year.code),
    RowColumn("名称", lambda sheet: sheet.subject_year.name),
    RowColumn("单位", lambda sheet: sheet.subject_year.unit_name),
    RowColumn("对象年度", lambda sheet: sheet.subject_year.year),
    RowColumn("全年预算", lambda sheet: sheet.budget, "amount"),
    RowColumn("全年执行", lambda sheet: sheet.spent, "amount"),
    RowColumn("得分", lambda sheet: sheet.total, "points"),
    RowColumn("等级", lambda sheet: sheet.grade.label if sheet.grade else ""),
)
UNIT_COLUMNS = (
    RowColumn("单位编码", lambda unit: unit.code),
    RowColumn("单位", lambda unit: unit.name),
    RowColumn("已覆盖", lambda unit: "是" if unit.covered else "否"),
)
Measure = Callable[[Sequence[Any], Scope], str | None]


def _concluded(scope: Scope, **which: object) -> list[SelfEvaluation]:
    """Self-evaluations of what may be added up; overall ones are evaluations of their own."""
    sheets = SelfEvaluation.objects.visible_to(scope.actor).filter(
        region=scope.region, year=scope.year, state=State.CONCLUDED, subject_year__in_total=True, **which
    )
    return list(sheets.select_related("subject_year").order_by("pk"))


def _graded(grade: Grade) -> Callable[[Scope], list[SelfEvaluation]]:
    return lambda scope: _concluded(scope, grade=grade)


def _share(grade: Grade) -> Measure:
    return lambda rows, _scope: percent(sum(sheet.grade == grade for sheet in rows), len(rows))


def _first_level(scope: Scope) -> list[UnitYear]:
    """First-level units, each with `covered`: it has a self-evaluation or an overall target of the work year."""
    sheets = SelfEvaluation.objects.visible_to(scope.actor).filter(
        region=scope.region, year=scope.year, state=State.CONCLUDED
    )
    targets = TargetVersion.objects.visible_to(scope.actor).filter(
        region=scope.region,
        work_year=scope.year,
        state=TargetState.APPROVED,
        sheet__subject_year__kind=SubjectKind.DEPARTMENT_OVERALL,
    )
    covered = set(sheets.values_list("subject_year__unit", flat=True))
    covered |= set(targets.values_list("sheet__subject_year__unit", flat=True))
    units = list(units_of(scope).first_level().order_by("path"))
    for unit in units:
        unit.covered = unit.unit_id in covered
    return units


def _coverage(rows: Sequence[Any], _scope: Scope) -> str | None:
    return percent(sum(unit.covered for unit in rows), len(rows))


def _of_grade(grade: Grade) -> tuple[Figure, Figure]:
    return (
        Figure(
            f"self.{grade.value}",
            f"自评等级为{grade.label}的项目",
            "个",
            f"本工作年度单位自评中，按规则复算的等级为{grade.label}的份数。",
            _graded(grade),
            count,
            COLUMNS,
        ),
        Figure(
            f"self.{grade.value}.share",
            f"自评等级为{grade.label}的占比",
            "%",
            f"等级为{grade.label}的份数 ÷ 本工作年度全部单位自评份数，四舍五入到 0.01%。",
            _concluded,
            _share(grade),
            COLUMNS,
        ),
    )


FIGURES: tuple[Figure, ...] = (
    Figure(
        "self.units",
        "开展单位自评的单位",
        "个",
        "本工作年度有单位自评的预算单位数，同一单位只计一次。",
        _concluded,
        distinct(lambda sheet: sheet.subject_year.unit_id),
        COLUMNS,
    ),
    Figure(
        "self.projects",
        "单位自评的项目",
        "个",
        "本工作年度的单位自评份数，不含部门整体和另有下级项目的专项资金。",
        _concluded,
        count,
        COLUMNS,
    ),
    Figure(
        "self.amount",
        "单位自评涉及的资金",
        "万元",
        "本工作年度单位自评的全年预算合计。",
        _concluded,
        total(lambda sheet: sheet.budget),
        COLUMNS,
    ),
    *(figure for grade in Grade for figure in _of_grade(grade)),
    Figure(
        "units.coverage",
        "绩效管理覆盖的一级预算单位",
        "%",
        "本工作年度有单位自评或部门整体绩效目标的一级预算单位数 ÷ 全部一级预算单位数，四舍五入到 0.01%。",
        _first_level,
        _coverage,
        UNIT_COLUMNS,
    ),
)
