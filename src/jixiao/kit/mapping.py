"""Reading another system's export: a saved mapping says which of its columns is which of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from jixiao.domain.quantities import FEN_PER_UNIT, Unreadable
from jixiao.domain.terms import UnknownTerm

from .cells import Broken, converter, fold, is_blank, read_text, unit_of
from .columns import Column, Problem, Reading, Table
from .sheets import Sheet, open_sheets
from .tables import HEADER_ROWS, read

PREVIEWED = 3
UNITS = tuple(FEN_PER_UNIT)
# A header that no cell can have: the column is not in the file.
_NOWHERE = "\x00"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping as values: the file's header by our column key, fixed values by key, the unit of bare amounts."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    money: str = ""

    def as_json(self) -> dict[str, Any]:
        """As an upload keeps it, so that the confirmation reads what the check read."""
        return asdict(self)

    def fits(self, headers: Iterable[str]) -> bool:
        """Does a file with these headers have every column that the mapping names?"""
        known = {fold(header) for header in headers}
        return bool(self.columns) and all(fold(header) in known for header in self.columns.values())

    def problems(self, table: Table) -> dict[str, str]:
        """What is wrong with it, by column key ("money" for the unit); empty if it can be read with."""
        wrong: dict[str, str] = {}
        for column in table.columns:
            if column.key in self.columns and column.key in self.fixed:
                wrong[column.key] = "列和固定值只能选一样"
            elif column.key in self.fixed:
                wrong |= _unreadable(column, self.fixed[column.key], self.money)
            elif column.required and column.key not in self.columns:
                wrong[column.key] = "必填，请选择一列或填写固定值"
        held: dict[str, str] = {}
        for key, header in self.columns.items():
            if fold(header) in held:
                wrong[key] = f"“{header}”已经对应“{held[fold(header)]}”，一列只能用一次"
            held[fold(header)] = table.column(key).header
        if self.money and self.money not in UNITS:
            wrong["money"] = f"金额单位应为{'、'.join(UNITS)}之一"
        return wrong


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a file as it is shown for mapping: its header and the first values below it."""

    header: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Headings:
    """The headed columns of one sheet; `row` is the header's row as Excel counts."""

    sheet: str
    row: int
    columns: tuple[Heading, ...]


def read_with(mapping: Mapped, content: bytes, filename: str, table: Table) -> Reading:
    """The table read by a mapping: its columns by the file's headers, fixed values in every row.

    What a file lacks or states otherwise is a problem of the reading, as in `tables.read`.
    """
    wrong = mapping.problems(table)
    if wrong:
        places = [f"“{table.column(key).header if key != 'money' else '金额单位'}”{why}" for key, why in wrong.items()]
        return Reading(table, problems=[Problem("", 0, "", f"列对应不完整：{'；'.join(places)}")])
    taken = {fold(header) for header in mapping.columns.values()}
    own = replace(table, columns=tuple(_mapped(column, mapping, taken) for column in table.columns))
    reading = replace(read(content, filename, own), table=table)
    return replace(reading, problems=[*reading.problems, *_other_unit(reading, mapping)])


def headings(content: bytes, filename: str) -> list[Headings]:
    """Of each sheet with content the row that looks like its header, with a few values. Raises UploadRefused."""
    found = [_headings(sheet) for sheet in open_sheets(content, filename)]
    return [one for one in found if one.columns]


def proposed(table: Table, shown: Sequence[str]) -> dict[str, str]:
    """The columns that the file already calls by a name of ours."""
    by_name = {fold(header): header for header in reversed(shown)}
    found = {}
    for column in table.columns:
        names = (column.header, *column.aliases)
        header = next((by_name[fold(name)] for name in names if fold(name) in by_name), None)
        if header is not None:
            found[column.key] = header
    return found


def _mapped(column: Column, mapping: Mapped, taken: set[str]) -> Column:
    unit = mapping.money or column.own_unit
    if column.key in mapping.columns:
        return replace(column, header=mapping.columns[column.key], aliases=(), unit=unit)
    if column.key in mapping.fixed:
        value = _value(column, mapping.fixed[column.key], unit)
        return replace(column, header=_NOWHERE, aliases=(), required=False, default=value)
    # A column of ours whose name the office gave to another one is not in this file.
    names = [name for name in (column.header, *column.aliases) if fold(name) not in taken]
    return replace(column, header=names[0] if names else _NOWHERE, aliases=tuple(names[1:]), unit=unit)


def _value(column: Column, written: str, unit: str) -> object:
    return column.checked(converter(column.kind, unit, column.choices)(written))


def _unreadable(column: Column, written: str, money: str) -> dict[str, str]:
    try:
        _value(column, written, money if money in UNITS else column.own_unit)
    except (Unreadable, UnknownTerm) as flaw:
        return {column.key: str(flaw)}
    return {}


def _other_unit(reading: Reading, mapping: Mapped) -> list[Problem]:
    """The file states one unit and the mapping another: nobody but the office knows which is right."""
    problems = []
    for key, header in reading.headers.items():
        stated = unit_of(header)
        if mapping.money and stated and stated != mapping.money and reading.table.column(key).kind == "amount":
            message = f"表头写明单位是{stated}，列对应里选的是{mapping.money}，请核对后改正列对应"
            problems.append(Problem(reading.sheet, reading.header_row, header, message))
    return problems


def _headings(sheet: Sheet) -> Headings:
    rows = sheet.first(HEADER_ROWS)
    index = max(range(len(rows)), key=lambda at: (_names(rows[at]), -at), default=0)
    cells = rows[index] if rows else []
    filled = (row for row in islice(sheet.rows, index + 1, None) if not all(map(is_blank, row)))
    below = list(islice(filled, PREVIEWED))
    columns = [
        Heading(_shown(cell), tuple(_shown(row[place]) for row in below if place < len(row)))
        for place, cell in enumerate(cells)
        if not is_blank(cell)
    ]
    return Headings(sheet.name, index + 1, tuple(columns))


def _names(cells: Sequence[object]) -> int:
    """How many cells of a row could be headers: texts, not numbers, each once."""
    return len({cell for cell in cells if isinstance(cell, str) and not is_blank(cell) and not _is_number(cell)})


def _is_number(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


def _shown(cell: object) -> str:
    if isinstance(cell, Broken):
        return cell.message
    try:
        return read_text(cell)
    except Unreadable as flaw:
        return str(flaw)
