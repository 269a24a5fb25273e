"""Everything the database holds, as canonical lines of JSON: the same rows give the same bytes on every database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

# Made anew by any installation, or gone with the session: nothing that was acknowledged to anybody.
NOT_KEPT = frozenset({"contenttypes", "auth", "sessions"})
# Kept, but moving while nothing happens to the business.
PASSING_TABLES = frozenset({"kit.receipt", "kit.securityevent", "kit.job"})
PASSING_COLUMNS: Mapping[str, frozenset[str]] = {
    "organizations.user": frozenset({"last_login", "failures", "locked_until"})
}


def tables() -> list[type[models.Model]]:
    """Every table of the product, in the order of their names."""
    found = (m for m in apps.get_models(include_auto_created=True) if m._meta.app_label not in NOT_KEPT)
    return sorted((m for m in found if m._meta.managed), key=lambda m: m._meta.label_lower)


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table as its lines hold them."""
    return [field.attname for field in model._meta.concrete_fields]


def lines(model: type[models.Model], without: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """The rows in the order of their keys, each a JSON list in the order of `columns`, ending with a line feed."""
    kept = [name for name in columns(model) if name not in without]
    pk = model._meta.pk
    rows: Any = model._base_manager.order_by("pk").values_list(*kept).iterator(chunk_size=2000)
    if pk is not None and not isinstance(pk, models.IntegerField):
        # Databases order texts each in their own way.
        place = kept.index(pk.attname)
        rows = sorted(rows, key=lambda row: str(row[place]))
    for row in rows:
        yield _text(list(row)).encode() + b"\n"


def row_of(model: type[models.Model], line: bytes) -> models.Model:
    """The row that a line of `lines` describes, not yet stored."""
    values = json.loads(line)
    fields = model._meta.concrete_fields
    return model(**{field.attname: field.to_python(v) for field, v in zip(fields, values, strict=True)})


def digest(model: type[models.Model]) -> tuple[int, str]:
    """How many rows a table has, and the SHA-256 over its lines."""
    found, rows = hashlib.sha256(), 0
    for line in lines(model):
        found.update(line)
        rows += 1
    return rows, found.hexdigest()


def summary() -> str:
    """One SHA-256 over all that the business keeps: it changes if and only if a row of it does."""
    found = hashlib.sha256()
    for model in tables():
        label = model._meta.label_lower
        if label in PASSING_TABLES:
            continue
        found.update(label.encode() + b"\n")
        for line in lines(model, PASSING_COLUMNS.get(label, frozenset())):
            found.update(line)
    return found.hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plainly)


def _plainly(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a column holds {type(value).__name__}, which has no canonical text")
