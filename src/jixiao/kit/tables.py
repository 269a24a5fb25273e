"""One declared column list per table: from it come the tolerant reader, the template and every export.

`read` understands what people really hand in and answers with typed rows and problems that name sheet, row and column.
It never raises on content and never saves.
"""

from __future__ import annotations

import pickle  # nosec B403: reads back what this process itself put aside
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from jixiao.domain.quantities import Unreadable, normalize
from jixiao.domain.terms import UnknownTerm

from .cells import Broken, Convert, converter, fold, is_blank, read_text, unit_of
from .columns import PARAGRAPH, Column, Problem, Problems, Reading, Row, Table
from .sheets import BATCH, Sheet, open_sheets
from .spool import Kept, Spool
from .uploads import UploadRefused

__all__ = ["PARAGRAPH", "Column", "Problem", "Problems", "Reading", "Row", "Table", "read", "read_workbook"]

HEADER_ROWS = 20
_TOTALS = frozenset({"合计", "总计", "小计", "共计"})
_SIGNATURES = ("填报人", "填表人", "制表人", "审核人", "单位负责人", "注:", "说明:", "备注:")
_STATED_UNIT = re.compile(r"单位: ?(元|万元|亿元)\b")
_REMEMBERED = 4_096
_UNSEEN = object()


def read(source: bytes, filename: str, table: Table) -> Reading:
    """The table's rows and problems in an uploaded xlsx or csv file. A refused file is one problem, never raised."""
    try:
        sheets = open_sheets(source, filename)
    except UploadRefused as refusal:
        return Reading(table, problems=[Problem("", 0, "", str(refusal))])
    found = _best(sheets, table)
    return _read_sheet(found, table) if found else _nowhere(table, sheets)


def read_workbook(source: bytes, filename: str, tables: Sequence[Table]) -> dict[str, Reading]:
    """Readings by table key of a workbook that holds several tables, each on a sheet known by name or by headers.

    Tables without a sheet are left out; if the file is refused or no table is found, every table carries the problem.
    """
    try:
        sheets = open_sheets(source, filename)
    except UploadRefused as refusal:
        return {table.key: Reading(table, problems=[Problem("", 0, "", str(refusal))]) for table in tables}
    named = {table.key: sheet for table in tables for sheet in sheets if table.called(sheet.name)}
    free = [sheet for sheet in sheets if all(sheet is not taken for taken in named.values())]
    found: dict[str, Reading] = {}
    for table in tables:
        sheet = named.get(table.key)
        if sheet is None:
            sheet = next((s for s in free if not _find_header(s, table).missing), None)
            free = [s for s in free if s is not sheet]
        if sheet is not None:
            found[table.key] = _read_sheet(sheet, table)
    return found or {table.key: _nowhere(table, sheets) for table in tables}


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header stands (index of its row, -1 = nowhere) and what it holds."""

    index: int
    places: dict[str, int]
    missing: tuple[Column, ...]
    doubled: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def _find_header(sheet: Sheet, table: Table) -> _Header:
    """The row among the first ones that names most columns."""
    names = {fold(name): column.key for column in table.columns for name in (column.header, *column.aliases)}
    best = _Header(-1, {}, tuple(c for c in table.columns if c.required))
    for index, cells in enumerate(sheet.first(HEADER_ROWS)):
        places: dict[str, int] = {}
        doubled, ignored = [], []
        for place, cell in enumerate(cells):
            if is_blank(cell):
                continue
            key = names.get(fold(cell))
            if key is None:
                ignored.append(str(cell).strip())
            elif key in places:
                doubled.append(str(cell).strip())
            else:
                places[key] = place
        if len(places) > len(best.places):
            missing = tuple(c for c in table.columns if c.required and c.key not in places)
            best = _Header(index, places, missing, tuple(doubled), tuple(ignored))
    return best


def _best(sheets: Sequence[Sheet], table: Table) -> Sheet | None:
    """The sheet with all required columns, else one that is called so, else the one with most columns."""
    ranked = [(_find_header(sheet, table), sheet) for sheet in sheets]
    fitting = [pair for pair in ranked if pair[0].places]
    if not fitting:
        return None
    return max(fitting, key=lambda pair: (not pair[0].missing, table.called(pair[1].name), len(pair[0].places)))[1]


def _nowhere(table: Table, sheets: Sequence[Sheet]) -> Reading:
    wanted = "、".join(column.header for column in table.columns if column.required)
    message = f"没有找到“{table.title}”的表头，请用系统模板填写，表头应有：{wanted}"
    return Reading(table, problems=[Problem(sheets[0].name if len(sheets) == 1 else "", 0, "", message)])


def _read_sheet(sheet: Sheet, table: Table) -> Reading:
    header = _find_header(sheet, table)
    if header.index < 0:
        return _nowhere(table, [sheet])
    cells = sheet.first(header.index + 1)[-1]
    headers = {key: read_text(cells[place]) for key, place in header.places.items()}
    problems = Problems()
    reading = Reading(table, sheet.name, [], problems, header.ignored, header.index + 1, headers)
    if header.missing:
        names = "、".join(f"“{column.header}”" for column in header.missing)
        reading.problems.append(Problem(sheet.name, header.index + 1, "", f"缺少列{names}，请补上后重新上传"))
    for name in header.doubled:
        reading.problems.append(Problem(sheet.name, header.index + 1, name, "这一列出现了两次，请只保留一列"))
    if problems:
        return reading
    if table.long:
        reading = replace(reading, kept=_kept(_rows(sheet, header, reading)))
    else:
        reading.rows.extend(_rows(sheet, header, reading))
    problems.close(sheet.name)
    return reading


def _kept(rows: Iterator[Row]) -> Kept[Row]:
    kept = Kept[Row](Spool(), _load)
    while part := [(row.number, row.sheet, row.values) for row in islice(rows, BATCH)]:
        kept.add(pickle.dumps(part))
    return kept


def _load(batch: bytes) -> list[Row]:
    return [Row(*facts) for facts in pickle.loads(batch)]  # nosec B301


class _Cells:
    """A column bound to its place in one sheet: converter, memory of texts already read, and what blank means."""

    __slots__ = ("blank", "column", "convert", "header", "key", "place", "seen")

    def __init__(self, column: Column, place: int, header: str, stated_unit: str | None) -> None:
        self.key, self.column, self.place, self.header, self.blank = column.key, column, place, header, column.blank
        unit = unit_of(header) or stated_unit or column.own_unit
        self.convert: Convert = converter(column.kind, unit, column.choices)
        self.seen: dict[object, object] = {}

    def read(self, cell: object) -> object:
        """The value of a cell that was not seen before; raises Unreadable or UnknownTerm."""
        if is_blank(cell):
            if self.column.filled:
                raise Unreadable("没有填写，请补填")
            value = self.blank
        elif isinstance(cell, Broken):
            raise Unreadable(cell.message)
        else:
            value = self.column.checked(self.convert(cell))
        # True and 1.0 are one dictionary key, so neither is remembered. Repeats stand close together.
        if cell not in (0, 1):
            if len(self.seen) >= _REMEMBERED:
                self.seen.clear()
            self.seen[cell] = value
        return value


def _rows(sheet: Sheet, header: _Header, reading: Reading) -> Iterator[Row]:
    """The readable rows below the header; what is wrong goes to the reading's problems."""
    table = reading.table
    stated = _stated_unit(sheet, header.index)
    bound = [
        _Cells(c, header.places[c.key], reading.headers[c.key], stated) for c in table.columns if c.key in header.places
    ]
    absent = {c.key: c.blank for c in table.columns if c.key not in header.places}
    filled = [b.place for b in bound if b.column.filled]
    width, ended = max(header.places.values()) + 1, ""
    for number, cells in enumerate(islice(sheet.rows, header.index + 1, None), header.index + 2):
        first = next((cell for cell in cells if cell != ""), None)
        if first is None or (first.__class__ is str and first.isspace() and all(map(is_blank, cells))):
            continue
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        if ended:
            if not any(is_blank(cells[place]) for place in filled):
                message = f"“{ended}”行之后还有数据，请把该行移到最后或删去后重新上传"
                reading.problems.append(Problem(sheet.name, number, "", message))
                return
            continue
        if first.__class__ is str and not first.isascii() and (ended := _ending(first)):
            continue
        values = _values(number, cells, bound, absent, reading)
        if values is not None:
            yield Row(number, sheet.name, values)


def _values(
    number: int, cells: list[object], bound: list[_Cells], absent: dict[str, object], reading: Reading
) -> dict[str, object] | None:
    """One row, its cells as many as the table needs. The loop runs a million times in a large import."""
    values, wrong = absent.copy(), False
    for column in bound:
        cell = cells[column.place]
        value = column.seen.get(cell, _UNSEEN)
        if value is _UNSEEN:
            try:
                value = column.read(cell)
            except (Unreadable, UnknownTerm) as flaw:
                if not wrong and all(is_blank(cells[other.place]) for other in bound):
                    return None  # only numbered, as many printed forms are
                wrong = True
                reading.problems.append(Problem(reading.sheet, number, column.header, str(flaw)))
        values[column.key] = value
    return None if wrong else values


def _stated_unit(sheet: Sheet, above: int) -> str | None:
    """The unit that a line such as “单位：万元” above the header gives to all amounts."""
    for cells in sheet.first(above):
        for cell in cells:
            found = _STATED_UNIT.search(normalize(cell)) if isinstance(cell, str) else None
            if found:
                return found[1]
    return None


def _ending(first: str) -> str:
    """The word by which a row ends the data, or ""."""
    if len(first) > 40:
        return ""
    text = "".join(normalize(first).split())
    return text.rstrip(":") if text.rstrip(":") in _TOTALS or text.startswith(_SIGNATURES) else ""
