"""Indicator lines to be written, with their lineage and their entry of the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.kit.tables import Row
from jixiao.registers.indicators.learning import learn
from jixiao.registers.subjects.models import SubjectYear

from ..models import IndicatorLine, LineSource, new_lineage

Name = tuple[str, str]
COLUMNS = (
    *("version_id", "position", "lineage", "level1", "level2", "name", "comparison", "target", "unit", "weight"),
    *("source", "entry_id"),
)


@dataclass(slots=True)
class Batch:
    """What one table of indicators will write, by subject-year."""

    objects: dict[int, SubjectYear] = field(default_factory=dict)
    rows: dict[int, dict[Name, Row]] = field(default_factory=dict)
    fresh: list[tuple[int, Row]] = field(default_factory=list)
    changed: list[IndicatorLine] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)


def learned_entries(region: str, batch: Batch) -> dict[tuple[Any, Any, Any], int]:
    """Library entries by level 2, name and unit, made where an indicator is new."""
    values = [row.values for _, row in batch.fresh]
    return learn(region, {(v["level2"], v["name"], v["unit"]): v["level1"] for v in values})


def known_lineages(region: str, batch: Batch) -> dict[tuple[int, Any, Any], str]:
    """Lineages of the same subjects' indicators in other years, by subject, level 2 and name; the newest counts."""
    subjects = {subject.subject_id for subject in batch.objects.values()}
    lines = IndicatorLine.objects.filter(version__region=region).order_by("version__year", "version__no")
    found = lines.values_list("version__sheet__subject_year__subject_id", "level2", "name", "lineage")
    return {(subject, level2, name): own for subject, level2, name, own in found.iterator() if subject in subjects}


def fresh_lines(
    batch: Batch,
    held: dict[int, int],
    lineages: dict[tuple[int, Any, Any], str],
    entries: dict[tuple[Any, Any, Any], int],
) -> Iterator[tuple[Any, ...]]:
    """The new lines as COLUMNS, as database values: a large county brings a hundred thousand."""
    source = LineSource.TARGET.value
    hundredths: dict[Decimal, int] = {}
    for pk, row in batch.fresh:
        values, subject_id = row.values, batch.objects[pk].subject_id
        level2, name, unit, weight = values["level2"], values["name"], values["unit"], values["weight"]
        position = batch.last[pk] = batch.last.get(pk, 0) + 1
        if weight not in hundredths:
            hundredths[weight] = int(weight.scaleb(2))
        yield (
            held[pk],
            position,
            lineages.get((subject_id, level2, name)) or new_lineage(subject_id, level2, name),
            values["level1"]._value_,
            level2,
            name,
            values["comparison"]._value_,
            values["target"],
            unit,
            hundredths[weight],
            source,
            entries[level2, name, unit],
        )
