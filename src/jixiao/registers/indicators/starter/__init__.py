"""The starter library: entries by industry as CSV, the words of each industry, and templates by project type.

No entry brings a standard value: a standard needs a source, which the region adds.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Template:
    """What projects of one type usually measure; `indicators` by 三级指标, `words` as projects are called."""

    name: str
    words: tuple[str, ...]
    indicators: tuple[str, ...]


@cache
def content() -> bytes:
    """All entries as one CSV with the columns of the library's table."""
    written = io.StringIO()
    head: list[str] = []
    writer = csv.writer(written, lineterminator="\n")
    for file in sorted(files(__name__).iterdir(), key=lambda found: found.name):
        if not file.name.endswith(".csv"):
            continue
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
        if not head:
            head = rows[0]
            writer.writerow(head)
        if rows[0] != head:
            raise ValueError(f"{file.name}: {rows[0]}")
        writer.writerows(rows[1:])
    return written.getvalue().encode("utf-8-sig")


@cache
def industries() -> dict[str, tuple[str, ...]]:
    """Each industry with the words by which units and projects show that they belong to it."""
    return {name: tuple(words) for name, words in _toml("industries.toml").items()}


@cache
def templates() -> tuple[Template, ...]:
    """The templates by project type."""
    listed = _toml("templates.toml")["template"]
    return tuple(Template(one["name"], tuple(one["words"]), tuple(one["indicators"])) for one in listed)


def industries_of(*texts: str) -> frozenset[str]:
    """The industries whose words occur in any of the texts."""
    return frozenset(name for name, words in industries().items() if any(w in text for w in words for text in texts))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))
