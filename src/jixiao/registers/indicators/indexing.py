"""The index behind the search: FTS5 on SQLite kept by triggers, GIN on PostgreSQL, over the same column of grams."""

from __future__ import annotations

from typing import Any

from .grams import grams

TABLE, INDEX = "indicators_searchtext", "indicators_grams"
# detail=none keeps no positions: what is asked is only whether all grams are there.
# The names stand in the triggers as they are: a statement that writes is not put together from parts.
SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(grams, content='{TABLE}', content_rowid='entry_id', detail=none, "
    'tokenize="unicode61 remove_diacritics 0")',
    "CREATE TRIGGER indicators_grams_in AFTER INSERT ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.entry_id, new.grams); END",
    "CREATE TRIGGER indicators_grams_out AFTER DELETE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams); END",
    "CREATE TRIGGER indicators_grams_new AFTER UPDATE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams); "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.entry_id, new.grams); END",
)
POSTGRESQL = (f"CREATE INDEX {INDEX} ON {TABLE} USING gin (string_to_array(grams, ' '))",)


def search_text(region: str, name: str) -> str:
    """The grams of one entry as they are stored, each within its region: a term of the whole region would be in all."""
    return " ".join(within(region, gram) for gram in grams(name))


def within(region: str, gram: str) -> str:
    """The term by which the index knows a gram of a region."""
    return f"{region}{gram}"


def install(apps: Any, schema_editor: Any) -> None:
    """Make the index of this database, and take in what the library holds already."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    entry, text = (apps.get_model("indicators", name) for name in ("Entry", "SearchText"))
    held = entry.objects.values_list("pk", "region", "name").iterator()
    text.objects.bulk_create(
        [text(entry_id=pk, grams=search_text(region, name)) for pk, region, name in held], batch_size=500
    )


def remove(_apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("in", "out", "new"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{trigger}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {INDEX}")
    else:
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")
