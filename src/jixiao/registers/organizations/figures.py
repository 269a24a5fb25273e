"""单位总数, and the unit table that a year's figures count by."""

from __future__ import annotations

from typing import Any

from jixiao.kit.figures import Figure, RowColumn, Scope, count

from .models import UnitYear, UnitYearQuerySet

UNIT_COLUMNS = (
    RowColumn("编码", lambda unit: unit.code),
    RowColumn("名称", lambda unit: unit.name),
    RowColumn("类型", lambda unit: unit.kind.label),
    RowColumn("归口股室", lambda unit: unit.division.name if unit.division else ""),
)


def units_of(scope: Scope) -> UnitYearQuerySet:
    """The region's units as of the year: its own table, else the nearest before, else the oldest."""
    known = UnitYear.objects.filter(region=scope.region).values_list("year", flat=True).distinct()
    years: list[int] = sorted(known)
    nearest = max((year for year in years if year <= scope.year), default=min(years, default=scope.year))
    units: Any = UnitYear.objects.visible_to(scope.actor).filter(region=scope.region, year=nearest)
    return units


def _first_level(scope: Scope) -> list[UnitYear]:
    return list(units_of(scope).first_level().select_related("division").order_by("code"))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "units.total",
        "一级预算单位",
        "个",
        "本年度单位名录中级次为 1 的单位数，含部门、乡镇和管委会，不含下属单位。",
        _first_level,
        count,
        UNIT_COLUMNS,
    ),
)
