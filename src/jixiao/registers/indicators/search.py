"""快捷搜索: entries by two characters or pinyin initials, one function on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from jixiao.kit import bulk
from jixiao.kit.fields import subtree

from .grams import asked_grams, folded, spelled
from .indexing import INDEX, TABLE, search_text, within
from .models import Entry, SearchText

MOST_FOUND = 200
"""More nobody reads; the question wants another word."""
# The values are bound; the names are this module's own.
_SQLITE = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s LIMIT %s"  # nosec B608
_POSTGRESQL = f"SELECT entry_id FROM {TABLE} WHERE string_to_array(grams, ' ') @> %s LIMIT %s"  # nosec B608


def index(entries: Iterable[Entry]) -> None:
    """Make new entries findable, inside the caller's transaction."""
    bulk.insert(SearchText, [SearchText(entry=e, grams=search_text(e.region, e.name)) for e in entries])


def reindex(entry: Entry) -> None:
    """Follow a changed name."""
    SearchText.objects.update_or_create(entry=entry, defaults={"grams": search_text(entry.region, entry.name)})


def matching(region: str, words: str, limit: int = MOST_FOUND) -> list[int]:
    """Keys of the region's entries that hold every word of the question, at most `limit`; one character begins them."""
    asked = asked_grams(words)
    if not asked:
        return _beginning(region, folded(words), limit) if folded(words) else []
    terms = [within(region, gram) for gram in asked]
    sqlite = connection.vendor == "sqlite"
    wanted: Any = " ".join(f'"{term}"' for term in terms) if sqlite else terms
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL, [wanted, limit])
        return [key for (key,) in cursor.fetchall()]


def best_first(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Names that are the question, then those that begin with it or hold it whole, then the rest; shorter first."""
    asked = folded(words)

    def place(entry: Entry) -> tuple[int, int, str]:
        name = folded(entry.name)
        written = spelled(entry.name) if asked.isascii() else name
        rank = 0 if written == asked else 1 if written.startswith(asked) else 2 if asked in written else 3
        return rank, len(name), entry.name

    return sorted(entries, key=place)


def _beginning(region: str, sign: str, limit: int) -> list[int]:
    first, behind = subtree(sign)
    found = Entry.objects.filter(region=region, name__gte=first, name__lt=behind)
    return list(found.values_list("pk", flat=True)[:limit])
