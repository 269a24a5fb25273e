"""The library learns the indicators of approved and evaluated sheets, as proposals under one name each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from jixiao.kit import bulk

from . import search
from .clustering import Cluster, Used, clustered
from .models import Entry, Observation
from .workflow import State

Key = tuple[Any, Any, Any]
"""二级指标, 三级指标 and 计量单位."""


def learn(region: str, wanted: Mapping[Key, Any]) -> dict[Key, int]:
    """The ids of the region's entries; those of `wanted` (key → 一级指标) that it does not have yet are proposed."""
    known = _known(region)
    new = [
        Entry(region=region, level1=level1, level2=level2, name=name, unit=unit)
        for (level2, name, unit), level1 in wanted.items()
        if (level2, name, unit) not in known
    ]
    if not new:
        return known
    bulk.insert(Entry, new)
    known = _known(region)
    for entry in new:
        entry.pk = known[entry.level2, entry.name, entry.unit]
    search.index(new)
    return known


def _known(region: str) -> dict[Key, int]:
    rows = Entry.objects.filter(region=region).values_list("level2", "name", "unit", "pk")
    return {(level2, name, unit): pk for level2, name, unit, pk in rows.iterator()}


def clusters(region: str, uses: Mapping[int, int] | None = None) -> list[Cluster]:
    """The region's indicators with their other wordings, what is used most first.

    `uses`: by entry, how many approved sheets hold it, for a caller that knows; else how many subjects observed it.
    """
    counted = _observed(region) if uses is None else uses
    rows = Entry.objects.filter(region=region).offered().values_list("pk", "level2", "name", "unit", "state")
    return clustered(
        Used(pk, level2, name, unit, counted.get(pk, 0), kept=state == State.APPROVED)
        for pk, level2, name, unit, state in rows
    )


def put_forward(region: str, seen_in: int, uses: Mapping[int, int] | None = None) -> list[Cluster]:
    """What the sheets propose to the library: indicators used by at least `seen_in` subjects, and other wordings."""
    return [one for one in clusters(region, uses) if one.variants or (not one.leader.kept and one.uses >= seen_in)]


def _observed(region: str) -> dict[int, int]:
    rows = Observation.objects.filter(region=region).order_by().values("entry")
    return dict(rows.annotate(n=Count("subject_year", distinct=True)).values_list("entry", "n"))
