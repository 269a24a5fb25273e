"""Many rows at once. Django's bulk_create reaches a fifth of the speed of the drivers' own bulk paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

BULK_FROM = 1000


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert new rows without reading back their keys, inside the caller's transaction."""
    if len(rows) < BULK_FROM:
        model._default_manager.bulk_create(rows, batch_size=500)  # type: ignore[attr-defined]
        return
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or rows[0].pk is not None]
    columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    table = connection.ops.quote_name(model._meta.db_table)

    def values(row: models.Model) -> tuple[Any, ...]:
        return tuple(f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields)

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(values(row))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", map(values, rows))
