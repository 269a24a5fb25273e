"""Many self-evaluations put beside each other: every sheet is told what stands around it, before it is examined.

The year before is the same project of the same unit; others are the sheets of the same year in other projects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ...grades import Grade
from ...quantities import normalize
from .copying import Alike, Copies, essence
from .facts import AuditCheckRules, LineRecord, SheetCase, SheetRecord, Text, UnitRecord, is_stock, number
from .values import last_digits

Key = tuple[str, str, int | None]
Place = tuple[int, int | None]
_NOBODY: tuple[Alike[Place], ...] = ()


class Surroundings:
    """All the sheets that are known; `around` completes one of them."""

    def __init__(self, sheets: Iterable[SheetRecord], rules: AuditCheckRules) -> None:
        self._sheets, self._rules = list(sheets), rules
        self._places = {id(sheet): place for place, sheet in enumerate(self._sheets)}
        self._years: dict[Key, SheetRecord] = {}
        self._units: dict[tuple[str, int | None], list[SheetRecord]] = defaultdict(list)
        self._year_sheets: dict[int | None, list[SheetRecord]] = defaultdict(list)
        self._targets: dict[tuple[int | None, str, str], list[tuple[Fraction, str]]] = defaultdict(list)
        self._same: dict[tuple[int | None, tuple[str, ...]], list[SheetRecord]] = defaultdict(list)
        for sheet in self._sheets:
            self._years.setdefault((sheet.unit, sheet.project, sheet.year), sheet)
            self._units[(sheet.unit, sheet.year)].append(sheet)
            self._year_sheets[sheet.year].append(sheet)
            self._same[(sheet.year, _names(sheet))].append(sheet)
            for line in sheet.lines:
                target = number(line.target, line.unit)
                if target is not None and target > 0:
                    self._targets[(sheet.year, _name(line.name), line.unit)].append((target, sheet.unit))
        for targets in self._targets.values():
            targets.sort()
        self._unit_records = {place: self._unit(place) for place in self._units}
        border = Fraction(rules.similar_text)
        self._causes = Copies(self._passages("cause"), border)
        self._problems = Copies(self._passages("problems"), border)

    def around(self, sheet: SheetRecord) -> SheetRecord:
        """The sheet with what is known around it."""
        last = self._last(sheet)
        compared = last is not None or len(self._same[(sheet.year, _names(sheet))]) > 1
        return replace(
            sheet,
            lines=tuple(self._line(sheet, no, line, last) for no, line in enumerate(sheet.lines)),
            problems_copied=self._copied(self._problems, sheet, None, sheet.problems),
            twin=self._twin(sheet, last),
            compared=compared,
            of_unit=self._unit_records[(sheet.unit, sheet.year)] if len(self._sheets) > 1 else None,
        )

    def _last(self, sheet: SheetRecord) -> SheetRecord | None:
        return None if sheet.year is None else self._years.get((sheet.unit, sheet.project, sheet.year - 1))

    def _line(self, sheet: SheetRecord, no: int, line: LineRecord, last: SheetRecord | None) -> LineRecord:
        before = next((old for old in last.lines if _name(old.name) == _name(line.name)), None) if last else None
        named = self._targets[(sheet.year, _name(line.name), line.unit)]
        others = [target for target, unit in named if unit != sheet.unit]
        return replace(
            line,
            copied=self._copied(self._causes, sheet, no, line.cause),
            last_target=before.target if before else line.last_target,
            last_actual=before.actual if before else line.last_actual,
            peers=(len(others), _middle(others)) if others else line.peers,
        )

    def _passages(self, which: str) -> list[tuple[Place, str]]:
        found: list[tuple[Place, str]] = []
        for place, sheet in enumerate(self._sheets):
            lines = enumerate(line.cause for line in sheet.lines)
            texts: Iterable[tuple[int | None, str | None]] = lines if which == "cause" else [(None, sheet.problems)]
            for no, text in texts:
                if told := self._told(sheet, text):
                    found.append(((place, no), told))
        return found

    def _told(self, sheet: SheetRecord, text: str | None) -> str:
        """What is compared of a passage; "" where it is too short or a stock phrase."""
        if not text or is_stock(text, self._rules):
            return ""
        left = essence(text, (sheet.unit, sheet.project))
        return left if len(left) >= self._rules.text_length else ""

    def _copied(
        self, copies: Copies[Place], sheet: SheetRecord, no: int | None, text: str | None
    ) -> tuple[Text, ...] | None:
        if len(self._sheets) < 2 or text is None:
            return None
        told = self._told(sheet, text)
        found = copies.of((self._places[id(sheet)], no), told) if told else _NOBODY
        alike = ((self._sheets[one.owner[0]], one.alike) for one in found)
        # The same cause for two indicators of one sheet is no copy; a later year copies an earlier one, not reversed.
        return tuple(Text(_where(sheet, other), share) for other, share in alike if _may_copy(sheet, other))

    def _unit(self, place: tuple[str, int | None]) -> UnitRecord:
        mine = [sheet for sheet in self._units[place] if sheet.grade is not None]
        year = [sheet for sheet in self._year_sheets[place[1]] if sheet.grade is not None]
        best = sum(sheet.grade is Grade.EXCELLENT for sheet in mine)
        return UnitRecord(
            excellent=best,
            sheets=len(mine),
            others_excellent=sum(sheet.grade is Grade.EXCELLENT for sheet in year) - best,
            others=len(year) - len(mine),
            totals=tuple(sheet.total for sheet in self._units[place] if sheet.total is not None),
            digits=tuple(d for sheet in self._units[place] for d in last_digits(SheetCase(sheet, self._rules))),
        )

    def _twin(self, sheet: SheetRecord, last: SheetRecord | None) -> tuple[str, int, int] | None:
        """The sheet of which this one repeats the actuals: last year's, or another unit's with the same indicators."""
        others = [last] if last else []
        others += [other for other in self._same[(sheet.year, _names(sheet))] if other.unit != sheet.unit]
        for other in others:
            same, compared = _repeated(sheet, other)
            if compared >= self._rules.copied_lines and same == compared:
                return _where(sheet, other), same, compared
        return None


def _repeated(sheet: SheetRecord, other: SheetRecord) -> tuple[int, int]:
    """How many actuals are the same, of those that say something: other than their targets, and no round whole."""
    theirs = {_name(line.name): line for line in other.lines}
    same = compared = 0
    for line in sheet.lines:
        twin = theirs.get(_name(line.name))
        mine, his = number(line.actual, line.unit), number(twin.actual, twin.unit) if twin else None
        if twin is None or mine is None or his is None or mine in (0, 100):
            continue
        if mine == number(line.target, line.unit):
            continue
        compared += 1
        same += mine == his
    return same, compared


def _middle(ordered: Sequence[Fraction]) -> Fraction:
    """The median of values in their order."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _may_copy(sheet: SheetRecord, other: SheetRecord) -> bool:
    if sheet is other or sheet.year is None or other.year is None:
        return sheet is not other
    return other.year < sheet.year or (other.year == sheet.year and other.project != sheet.project)


def _where(sheet: SheetRecord, other: SheetRecord) -> str:
    if other.unit == sheet.unit and other.project == sheet.project:
        return f"本项目 {other.year} 年的自评"
    year = f" {other.year} 年" if other.year != sheet.year else ""
    return f"{other.unit}“{other.project}”{year}的自评"


def _name(name: str) -> str:
    return normalize(name).replace(" ", "")


def _names(sheet: SheetRecord) -> tuple[str, ...]:
    return tuple(sorted(_name(line.name) for line in sheet.lines))


def together(sheets: Sequence[SheetRecord], rules: AuditCheckRules) -> list[SheetRecord]:
    """Each of the sheets with what the others tell of it."""
    known = Surroundings(sheets, rules)
    return [known.around(sheet) for sheet in sheets]
