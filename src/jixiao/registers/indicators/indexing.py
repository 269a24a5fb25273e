"""The index behind the search: FTS5 on SQLite kept by triggers, GIN on PostgreSQL, over the same column of grams.

Both know a gram within its region only, and give the shortest names first without looking at the longer ones: a gram
may stand in a quarter of all names. FTS5 lists rows by their number, so the number begins with the length of the name;
GIN has no order, so there is a term for every length, and `indicators_found` asks for one length after the other.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from .grams import folded, grams

LONGEST = 20
"""Names of so many signs and more count as equally long: few are longer, and every length is asked for itself."""
# 2 ** 40: the key of the entry stands in the lower bits.
SHIFT = 1_099_511_627_776

# detail=none keeps no positions, content='' no text: what is asked is only whether all grams are there.
SQLITE = (
    "CREATE VIRTUAL TABLE indicators_grams USING fts5(grams, content='', detail=none, "
    'tokenize="unicode61 remove_diacritics 0")',
    "CREATE TRIGGER indicators_grams_in AFTER INSERT ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.length * 1099511627776 + new.entry_id, "
    "new.region || replace(new.grams, ' ', ' ' || new.region)); END",
    "CREATE TRIGGER indicators_grams_out AFTER DELETE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', "
    "old.length * 1099511627776 + old.entry_id, old.region || replace(old.grams, ' ', ' ' || old.region)); END",
    "CREATE TRIGGER indicators_grams_new AFTER UPDATE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', "
    "old.length * 1099511627776 + old.entry_id, old.region || replace(old.grams, ' ', ' ' || old.region)); "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.length * 1099511627776 + new.entry_id, "
    "new.region || replace(new.grams, ' ', ' ' || new.region)); END",
)
TERMS = (
    "CREATE FUNCTION indicators_terms(region text, length integer, grams text) RETURNS text[] "
    "LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT string_to_array(region || '.' || length::text || '.' || "
    "replace(grams, ' ', ' ' || region || '.' || length::text || '.'), ' ') $$"
)
GIN = "CREATE INDEX indicators_grams ON indicators_searchtext USING gin (indicators_terms(region, length, grams))"
# PostgreSQL takes new rows into a list first, a fifth of the work; left there, it is read through for every length.
SETTLE = "SELECT gin_clean_pending_list('indicators_grams')"
# The planner takes a common gram for an invitation to read the table until enough rows have passed by. What depends on
# the question and on its tier can only be looked up in this order, question by question, the shortest names first.
FOUND = (
    "CREATE FUNCTION indicators_found(home text, asked text[], shortest integer[], longest integer, most integer) "
    "RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan TO off SET enable_indexscan TO off "
    "SET plan_cache_mode TO force_generic_plan AS $$ BEGIN RETURN QUERY "
    "SELECT found.entry_id FROM unnest(asked, shortest) AS question(grams, begins) "
    "CROSS JOIN LATERAL generate_series(question.begins, longest) AS tier "
    "CROSS JOIN LATERAL (SELECT s.entry_id FROM indicators_searchtext s WHERE "
    "indicators_terms(s.region, s.length, s.grams) @> indicators_terms(home, tier, question.grams) LIMIT most) found "
    "LIMIT most; END $$"
)
POSTGRESQL = (TERMS, FOUND, "SET CONSTRAINTS ALL IMMEDIATE", GIN)
AT_ONCE = 2000
GONE = (
    *("DROP INDEX IF EXISTS indicators_grams", "DROP FUNCTION IF EXISTS indicators_terms"),
    "DROP FUNCTION IF EXISTS indicators_found",
)


def search_text(name: str) -> tuple[int, str]:
    """Length and grams of a name as they are stored."""
    return min(len(folded(name)), LONGEST), " ".join(grams(name))


def install(apps: Any, schema_editor: Any) -> None:
    """Make the index of this database, and take in what the library holds already."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else ():
        schema_editor.execute(statement)
    entry, text = (apps.get_model("indicators", name) for name in ("Entry", "SearchText"))
    held = entry.objects.values_list("pk", "region", "name").iterator()
    rows = ((pk, region, *search_text(name)) for pk, region, name in held)
    made = (text(entry_id=pk, region=region, length=length, grams=told) for pk, region, length, told in rows)
    while part := list(islice(made, AT_ONCE)):
        text.objects.bulk_create(part, batch_size=500)
    # An index over rows that are there is made in a tenth of the time.
    for statement in () if sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def remove(_apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("in", "out", "new"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS indicators_grams_{trigger}")
        schema_editor.execute("DROP TABLE IF EXISTS indicators_grams")
    else:
        for statement in GONE:
            schema_editor.execute(statement)
