"""Many rows at once. Django's bulk_create reaches a fifth of the speed of the drivers' own bulk paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from .fields import FenField, PathField, TermField

M = TypeVar("M", bound=models.Model)

BULK_FROM = 1000
AT_ONCE = 2000
SAMPLE_FROM = 200
# Values of these types go to the database as they are; preparing each costs more than sending it.
_READY: dict[type, type] = dict.fromkeys((models.CharField, models.TextField, PathField, TermField), str)
_READY |= dict.fromkeys((models.IntegerField, models.BigIntegerField, models.BigAutoField, FenField), int)


def take_turn(region: str) -> None:
    """Wait until no other bulk write of the region is under way; held to the end of the transaction.

    Whoever waited then sees what the other one stored. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {region}"])


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert new rows without reading back their keys, inside the caller's transaction."""
    if len(rows) < BULK_FROM:
        insert_with_keys(model, rows)
        return
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or rows[0].pk is not None]
    columns = [map(_reader(field), rows) for field in fields]
    insert_values(model, [str(field.column) for field in fields], zip(*columns, strict=True))


def insert_with_keys(model: type[M], rows: Sequence[M]) -> list[M]:
    """Insert new rows and read back their keys, inside the caller's transaction."""
    made: list[M] = model._default_manager.bulk_create(rows, batch_size=500)  # type: ignore[attr-defined]
    if len(made) >= SAMPLE_FROM:
        _sample(model)
    return made


def _reader(field: Any) -> Callable[[models.Model], Any]:
    """What a row has for this field, as a database value."""
    ready = _READY.get(type(getattr(field, "target_field", field)))

    def read(row: models.Model) -> Any:
        value = field.pre_save(row, add=True)
        if value is None or value.__class__ is ready:
            return value
        return field.get_db_prep_save(value, connection)

    return read


def insert_values(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert tuples of database values (int, str, date, None; points as hundredths) in the order of `columns`.

    For the largest tables, where an object per row would cost more than the insert itself: `rows` are taken as they
    come, and asking the database for them meanwhile is not possible. Columns that are not named take the default of
    their field.
    """
    others = [f for f in model._meta.concrete_fields if not (f.column in columns or f.primary_key or f.null)]
    if others:
        defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
        columns, rows = [*columns, *(str(field.column) for field in others)], (row + defaults for row in rows)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names come from the model and are quoted, values are bound.
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # nosec B608
            waiting = iter(rows)
            while part := list(islice(waiting, AT_ONCE)):
                cursor.executemany(insert, part)
    _sample(model)


def _sample(model: type[models.Model]) -> None:
    """Let PostgreSQL look at what came in before anything is asked of it in the same transaction.

    If it last looked while the table was empty, it plans for no rows and a join of a thousand takes hours. Nobody is
    waited for: whoever holds the table looks at it himself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {connection.ops.quote_name(model._meta.db_table)}")
