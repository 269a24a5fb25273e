"""Workbooks with one fault each and the place where an importer must find it.

`faults(workbook)` takes a good one-sheet workbook as `make_workbooks` writes it and yields spoilt copies. `row` is
the number that Excel shows; 0 stands for a fault of the whole sheet. `column` is the header as it is written there; a
doubled row has none.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

NOT_A_NUMBER = "约若干"
NOT_A_DATE = "年底前后"
NO_SUCH_CODE = "999999999999999"
_CODES = ("项目编码", "评价编号", "单位编码", "对象编码")
_AMOUNTS = ("（万元）", "（元）")


@dataclass(frozen=True, slots=True)
class Fault:
    """A spoilt workbook: what was done to it, its bytes, and where the fault is."""

    kind: str
    content: bytes
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Place:
    """Header row, the first row below it, the last row with data, and the column numbers by header."""

    header: int
    last: int
    columns: dict[str, int]

    @property
    def first(self) -> int:
        return self.header + 1


def locate(sheet: Worksheet) -> Place:
    """The header is the first row without a gap; data ends before 合计."""
    for cells in sheet.iter_rows(min_row=1, max_row=10):
        values = [cell.value for cell in cells]
        if all(values):
            row = cells[0].row
            last = sheet.max_row - (sheet.cell(sheet.max_row, 1).value == "合计")
            return Place(row, last, {str(value): number for number, value in enumerate(values, 1)})
    raise ValueError(f"no header in sheet {sheet.title}")


def _find(place: Place, wanted: Callable[[str], bool]) -> str | None:
    return next((header for header in place.columns if wanted(header)), None)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _put(kind: str, header: str | None, value: object) -> Callable[[Worksheet, Place], tuple[str, int, str] | None]:
    """Spoil one cell of the row in the middle."""

    def spoil(sheet: Worksheet, place: Place) -> tuple[str, int, str] | None:
        if header is None or header not in place.columns:
            return None
        row = (place.first + place.last) // 2
        sheet.cell(row, place.columns[header]).value = value
        return kind, row, header

    return spoil


def _double(sheet: Worksheet, place: Place) -> tuple[str, int, str]:
    """The first row once more below the last one, over 合计 if there is one."""
    for number in place.columns.values():
        sheet.cell(place.last + 1, number).value = sheet.cell(place.first, number).value
    return "duplicate_key", place.last + 1, ""


def _without(header: str) -> Callable[[Worksheet, Place], tuple[str, int, str]]:
    def spoil(sheet: Worksheet, place: Place) -> tuple[str, int, str]:
        # Merged titles do not shrink with a column.
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.delete_cols(place.columns[header])
        return "missing_column", 0, header

    return spoil


def _emptied(sheet: Worksheet, place: Place) -> tuple[str, int, str]:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.delete_rows(1, sheet.max_row)
    sheet.title = "Sheet1"
    return "missing_sheet", 0, ""


def faults(workbook: Path) -> Iterator[Fault]:
    """One spoilt copy for each fault that this workbook's columns allow."""
    place = locate(load_workbook(workbook).worksheets[0])
    amount = _find(place, lambda header: header.endswith(_AMOUNTS))
    day = _find(place, lambda header: header.endswith(("日期", "期限")))
    code = _find(place, lambda header: header in _CODES)
    acts = (
        _put("wrong_amount", amount, NOT_A_NUMBER),
        _put("broken_formula", amount, "#REF!"),
        _put("wrong_date", day, NOT_A_DATE),
        _put("unknown_code", code, NO_SUCH_CODE),
        _put("blank_code", code, None),
        _double,
        _without(code or next(iter(place.columns))),
        _emptied,
    )
    for act in acts:
        book = load_workbook(workbook)
        done = act(book.worksheets[0], place)
        if done is not None:
            yield Fault(done[0], _saved(book), done[1], done[2])
