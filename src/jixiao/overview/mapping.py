"""Saved column mappings of a region: kept under a name, found again for the next file with the same headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jixiao.domain.actors import Actor
from jixiao.kit.acting import acting
from jixiao.kit.mapping import Headings, Mapped, headings
from jixiao.kit.models import ColumnMapping
from jixiao.kit.uploads import UploadRefused


def save(actor: Actor, name: str, mapping: Mapped, *, token: str = "") -> ColumnMapping:
    """Keep a mapping under its table and name; one that is there already is replaced, and the trail says so."""
    with acting(actor, "mapping.save", token=token, content=[name, mapping.as_json()]) as act:
        place: dict[str, Any] = {"region": actor.region, "table": mapping.table, "name": name}
        before = ColumnMapping.objects.filter(**place).first()
        facts: dict[str, Any] = {"columns": dict(mapping.columns), "fixed": dict(mapping.fixed), "money": mapping.money}
        who = {"user_id": actor.user_id, "actor": actor.name, "at": act.at}
        kept, _ = ColumnMapping.objects.update_or_create(**place, defaults=facts | who)
        act.trace(f"mapping:{mapping.table}:{name}", values(before).as_json() if before else None, mapping.as_json())
        act.answer = {"pk": kept.pk}
    return kept


def values(row: ColumnMapping) -> Mapped:
    """A stored mapping as values."""
    return Mapped(row.table, row.columns, row.fixed, row.money)


def saved(region: str, name: str = "") -> list[ColumnMapping]:
    """The region's mappings, of this name if one is given, the newest first."""
    rows = ColumnMapping.objects.filter(region=region).order_by("-at", "-pk")
    return list(rows.filter(name=name) if name else rows)


def fitting(mappings: Iterable[ColumnMapping], content: bytes, filename: str) -> ColumnMapping | None:
    """The first mapping whose columns the file has; None for a file that cannot be opened.

    A workbook of several sheets is never read by a mapping unasked: its other sheets would be passed over.
    """
    known = list(mappings)
    try:
        sheets: list[Headings] = headings(content, filename) if known else []
    except UploadRefused:
        return None
    if len(sheets) != 1:
        return None
    headers = [column.header for column in sheets[0].columns]
    return next((row for row in known if values(row).fits(headers)), None)
