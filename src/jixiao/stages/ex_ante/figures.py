"""事前绩效评估: who assessed, how much was assessed, and the region's thresholds."""

from __future__ import annotations

from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.vocabulary import SubjectKind, UnitKind
from jixiao.kit.figures import Figure, RowColumn, Scope, Value, count, distinct
from jixiao.policies import for_region
from jixiao.registers.organizations.figures import units_of

from .models import Assessment
from .rules import ExAnteRules
from .workflow import State

COLUMNS = (
    RowColumn("编号", lambda sheet: sheet.number),
    RowColumn("编码", lambda sheet: sheet.subject_year.code),
    RowColumn("名称", lambda sheet: sheet.subject_year.name),
    RowColumn("单位", lambda sheet: sheet.subject_year.unit_name),
    RowColumn("预算金额", lambda sheet: sheet.subject_year.budget, "amount"),
    RowColumn("得分", lambda sheet: sheet.total, "points"),
    RowColumn("结论", lambda sheet: sheet.conclusion.label),
)


def _concluded(scope: Scope, **which: object) -> list[Assessment]:
    sheets = Assessment.objects.visible_to(scope.actor).filter(
        region=scope.region, year=scope.year, state=State.CONCLUDED, **which
    )
    return list(sheets.select_related("subject_year").order_by("number"))


def _of_departments(scope: Scope) -> list[Assessment]:
    units = units_of(scope).first_level().filter(kind=UnitKind.DEPARTMENT)
    return _concluded(scope, subject_year__unit__in=units.values("unit"))


def _of_towns(scope: Scope) -> list[Assessment]:
    units = units_of(scope).filter(kind=UnitKind.TOWNSHIP)
    return _concluded(scope, subject_year__unit__in=units.values("unit"))


def _no_rows(_scope: Scope) -> tuple[()]:
    """A value of the region's rules counts nothing."""
    return ()


def _rules(scope: Scope) -> ExAnteRules:
    return for_region(scope.region, scope.year).section(ExAnteRules)


def _new_threshold(_rows: object, scope: Scope) -> Value:
    fen = _rules(scope).new_threshold
    return None if fen is None else amount_plain(fen, "万元")


def _growth_threshold(_rows: object, scope: Scope) -> Value:
    points = _rules(scope).growth_threshold
    return None if points is None else plain(points)


_unit = distinct(lambda sheet: sheet.subject_year.unit_id)

FIGURES: tuple[Figure, ...] = (
    Figure(
        "exante.first_level_units",
        "开展事前绩效评估的一级预算单位",
        "个",
        "本工作年度有已出结论的事前评估、级次为 1 且类型为部门的单位数；同一单位只计一次，乡镇另计。",
        _of_departments,
        _unit,
        COLUMNS,
    ),
    Figure(
        "exante.towns",
        "开展事前绩效评估的乡镇",
        "个",
        "本工作年度有已出结论的事前评估、类型为乡镇的单位数；同一单位只计一次。",
        _of_towns,
        _unit,
        COLUMNS,
    ),
    Figure(
        "exante.policies",
        "事前评估的政策",
        "个",
        "本工作年度已出结论、对象类型为政策的事前评估份数。",
        lambda scope: _concluded(scope, subject_year__kind=SubjectKind.PROGRAMME_POLICY),
        count,
        COLUMNS,
    ),
    Figure(
        "exante.projects",
        "事前评估的项目",
        "个",
        "本工作年度已出结论、对象类型为项目的事前评估份数。",
        lambda scope: _concluded(scope, subject_year__kind=SubjectKind.PROJECT),
        count,
        COLUMNS,
    ),
    Figure(
        "exante.new.threshold",
        "新增项目事前评估门槛",
        "万元",
        "本地区本年度规则中新增政策和项目须作事前评估的金额，达到即须评估；没有规定的不列。",
        _no_rows,
        _new_threshold,
    ),
    Figure(
        "exante.growth.threshold",
        "延续项目事前评估增幅门槛",
        "%",
        "本地区本年度规则中延续项目须作事前评估的增幅，增幅 =（本年预算 − 上年预算）÷ 上年预算；没有规定的不列。",
        _no_rows,
        _growth_threshold,
    ),
)
