"""A published table as an audit reads it beside others: who published it, of what year, and what it says in words.

Optional keys of a file, beside those of a published table: `publisher`, `project`, `year`; `problems` (自查问题),
`light` (worst light of the last monitoring), `rectifications`; in a line `cause`, `evidence`, `likelihood`. Absent or
of another type: nobody knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from ...grades import grade_of
from ...published import PublishedTable
from ...terms import Term, UnknownTerm
from ...vocabulary import Likelihood
from ..lights import Tone
from ..sheet import SheetView
from .facts import LineRecord, SheetRecord

Word = TypeVar("Word", bound=Term)
_YEAR = re.compile(r"(?:19|20)\d\d")


def record_of(content: bytes, view: SheetView) -> SheetRecord:
    """The sheet of a file that has been read and scored as `view`."""
    document: Mapping[str, Any] = json.loads(content.decode("utf-8-sig"))
    table = view.table
    grade = None if table.total_printed is None else grade_of(table.total_printed, view.rules.grades)
    counted = document.get("rectifications")
    return SheetRecord(
        id=table.id,
        unit=_text(document, "publisher") or table.id,
        project=_text(document, "project") or table.id,
        year=_year(document.get("year")),
        budget=table.budget,
        executed=table.executed,
        execution_weight=table.execution_weight,
        execution_points=table.execution_points_printed,
        total=table.total_printed,
        grade=grade,
        lines=_lines(table, document["lines"]),
        problems=_text(document, "problems"),
        tone=_word(Tone, document.get("light")),
        rectifications=counted if isinstance(counted, int) and not isinstance(counted, bool) else None,
    )


def _lines(table: PublishedTable, rows: list[Mapping[str, Any]]) -> tuple[LineRecord, ...]:
    return tuple(
        LineRecord(
            name=line.facts.name,
            level1=line.facts.level1,
            level2=line.facts.level2,
            comparison=line.facts.comparison,
            target=line.facts.target,
            actual=line.facts.actual,
            unit=line.facts.unit,
            weight=line.facts.weight,
            points=line.points_printed,
            cause=_text(row, "cause"),
            evidence=row["evidence"] if isinstance(row.get("evidence"), bool) else None,
            likelihood=_word(Likelihood, row.get("likelihood")),
        )
        for line, row in zip(table.lines, rows, strict=True)
    )


def _text(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) and _whole(value) else None


def _whole(text: str) -> bool:
    """No half of a character, as JSON may escape one: it could not be printed."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _year(value: object) -> int | None:
    found = _YEAR.search(str(value)) if isinstance(value, int | str) else None
    return int(found[0]) if found else None


def _word(words: type[Word], value: object) -> Word | None:
    try:
        return words.read(value) if isinstance(value, str) else None
    except UnknownTerm:
        return None
