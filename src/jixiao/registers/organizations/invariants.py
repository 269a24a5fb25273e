"""What must be true of units and their tree."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.kit.invariants import Invariant

from .models import UnitYear


def _paths() -> Iterator[str]:
    for unit in UnitYear.objects.select_related("parent").order_by("region", "year", "path"):
        above = unit.parent.path if unit.parent else ""
        if unit.path != f"{above}{unit.code}/":
            yield f"{unit.region} {unit.year} 年单位 {unit.code} 的路径是 {unit.path}，按上级应为 {above}{unit.code}/"
        elif unit.level != unit.path.count("/"):
            rightly = unit.path.count("/")
            yield f"{unit.region} {unit.year} 年单位 {unit.code} 填为第 {unit.level} 级，按路径是第 {rightly} 级"


def _same_place() -> Iterator[str]:
    strange = UnitYear.objects.select_related("parent").exclude(parent=None)
    for unit in strange:
        if unit.parent and (unit.parent.region, unit.parent.year) != (unit.region, unit.year):
            yield f"{unit.region} {unit.year} 年单位 {unit.code} 的上级属于另一区划或年度"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("units.path", "单位路径由上级路径和本单位编码组成，级次与路径一致", _paths),
    Invariant("units.parent", "上级单位与本单位同区划、同年度", _same_place),
)
