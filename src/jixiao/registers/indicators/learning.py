"""The library learns the indicators of approved and evaluated sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jixiao.kit import bulk

from .models import Entry

Key = tuple[Any, Any, Any]
"""二级指标, 三级指标 and 计量单位."""


def learn(region: str, wanted: Mapping[Key, Any]) -> dict[Key, int]:
    """The ids of the region's entries; those of `wanted` (key → 一级指标) that it does not have yet are made."""
    known = _known(region)
    new = [
        Entry(region=region, level1=level1, level2=level2, name=name, unit=unit)
        for (level2, name, unit), level1 in wanted.items()
        if (level2, name, unit) not in known
    ]
    if not new:
        return known
    bulk.insert(Entry, new)
    return _known(region)


def _known(region: str) -> dict[Key, int]:
    rows = Entry.objects.filter(region=region).values_list("level2", "name", "unit", "pk")
    return {(level2, name, unit): pk for level2, name, unit, pk in rows.iterator()}
