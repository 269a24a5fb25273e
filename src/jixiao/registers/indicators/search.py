"""快捷搜索: entries by two characters or pinyin initials, one function on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from jixiao.kit import bulk

from .grams import LEADS, asked_grams, asked_words, folded, shortened, sounding, spelled
from .indexing import LONGEST, SETTLE, SHIFT, search_text
from .models import Entry, SearchText

MOST_FOUND = 200
"""More nobody reads; the question wants another word."""
Question = tuple[str, int]
"""Grams separated by blanks, and how long a name must be to hold them."""
_SQLITE = "SELECT rowid FROM indicators_grams WHERE indicators_grams MATCH %s ORDER BY rowid LIMIT %s"
_POSTGRESQL = "SELECT * FROM indicators_found(%s, %s, %s, %s, %s)"


def index(entries: Iterable[Entry]) -> None:
    """Make new entries findable, inside the caller's transaction."""
    bulk.insert(SearchText, [SearchText(entry=e, **_text(e)) for e in entries])
    _settle()


def reindex(entry: Entry) -> None:
    """Follow a changed name."""
    SearchText.objects.update_or_create(entry=entry, defaults=_text(entry))
    _settle()


def _settle() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SETTLE)


def _text(entry: Entry) -> dict[str, Any]:
    length, grams = search_text(entry.name)
    return {"region": entry.region, "length": length, "grams": grams}


def matching(region: str, words: str, limit: int = MOST_FOUND) -> list[int]:
    """Keys of the region's entries that hold every word of the question, at most `limit`.

    Names that begin with it come before the others, shorter ones first. One character asks for what begins with it.
    Where nothing holds the words, entries for what may have been meant.
    """
    for asked in ([words], sounding(words), shortened(words)):
        # Among several it matters little how the name begins.
        wanted = slice(-1 if len(asked) > 1 else 0, None)
        if found := _found(region, [question for one in asked for question in _questions(one)[wanted]], limit):
            return found
    return []


def _questions(words: str) -> list[Question]:
    """The grams to look for, first in names that begin with the first of them, then anywhere."""
    asked, signs = asked_grams(words), asked_words(words)
    if not asked:
        return [(f"{LEADS}{signs[0]}", 1)] if signs else []
    shortest = min(max(map(len, signs)), LONGEST)
    return [(" ".join((LEADS + asked[0], *asked[1:])), shortest), (" ".join(asked), shortest)]


def _found(region: str, questions: list[Question], limit: int) -> list[int]:
    """Keys of the entries under all grams of a question, one question after the other, the shortest names first."""
    if not questions:
        return []
    # What begins with the words holds them too: it may be found twice.
    most, found = limit * 2, dict[int, None]()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked, shortest = map(list, zip(*questions, strict=True))
            cursor.execute(_POSTGRESQL, (region, asked, shortest, LONGEST, most))
            found |= dict.fromkeys(key for (key,) in cursor.fetchall())
        for grams, _ in questions if connection.vendor == "sqlite" else ():
            if len(found) < limit:
                cursor.execute(_SQLITE, (" ".join(f'"{region}{gram}"' for gram in grams.split()), limit))
                found |= dict.fromkeys(key % SHIFT for (key,) in cursor.fetchall())
    return list(found)[:limit]


def best_first(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Names that are the question, then those that begin with it or hold it whole, then the rest; shorter first."""
    asked = folded(words)

    def place(entry: Entry) -> tuple[int, int, str]:
        name = folded(entry.name)
        written = spelled(entry.name) if asked.isascii() else name
        rank = 0 if written == asked else 1 if written.startswith(asked) else 2 if asked in written else 3
        return rank, len(name), entry.name

    return sorted(entries, key=place)
