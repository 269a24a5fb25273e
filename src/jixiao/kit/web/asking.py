"""What a list was asked for: texts and numbers from a query string, whatever somebody wrote into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import QueryDict

Rows = TypeVar("Rows", bound=QuerySet[Any])

LONGEST = 100


def text(asked: QueryDict, name: str) -> str:
    """The trimmed text of a parameter; control characters, which PostgreSQL refuses, are dropped."""
    return "".join(sign for sign in asked.get(name, "")[:LONGEST] if sign.isprintable()).strip()


def paragraph(asked: QueryDict, name: str, longest: int = 4000) -> str:
    """The trimmed text of a parameter with its line breaks; other control characters are dropped."""
    return "".join(sign for sign in asked.get(name, "")[:longest] if sign.isprintable() or sign == "\n").strip()


def keys(asked: QueryDict, name: str) -> list[int]:
    """Row keys of a repeated parameter; what is none is passed over."""
    written = asked.getlist(name)
    return [int(key) for key in written if key.isascii() and key.isdigit() and len(key) < 16]


def number(asked: QueryDict, name: str, default: int) -> int:
    """A whole number of at most nine digits; anything else is the default."""
    written = text(asked, name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else default


def narrowed(
    rows: Rows, asked: QueryDict, exact: Sequence[str] = (), within: Sequence[str] = (), name: str = "q"
) -> Rows:
    """Rows whose fields `exact` equal the parameters of their name, and one of `within` contains parameter `name`."""
    same = {field: said for field in exact if (said := text(asked, field))}
    words = text(asked, name)
    contains = Q()
    for field in within if words else ():
        contains |= Q(**{f"{field}__icontains": words})
    return rows.filter(contains, **same)
