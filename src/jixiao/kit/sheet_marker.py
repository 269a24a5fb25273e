"""Child process: problems as one JSON line and an xlsx on standard input, the marked xlsx on standard output.

Run as a file, isolated, so it imports nothing of this package. It answers nothing if the workbook cannot be marked.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

MEMORY_BYTES = 2 * 2**30
CPU_SECONDS = 60
HEADER_ROWS = 20
MOST_COLUMNS = 200
ERROR_SHEET = "错误清单"
_WRONG = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_HEADINGS = ("工作表", "行", "列", "问题")
_WIDTHS = (18, 8, 22, 90)

Listed = list[tuple[str, int, str, str]]


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    problems: Listed = json.loads(sys.stdin.buffer.readline())
    book = load_workbook(BytesIO(sys.stdin.buffer.read()), keep_links=False)
    places = {sheet.title: headers(sheet) for sheet in book.worksheets}
    for sheet, row, column, message in problems:
        if sheet in places and row:
            mark(book[sheet], row, places[sheet].get(column, 1), message)
    list_problems(book, problems)
    out = BytesIO()
    book.save(out)
    sys.stdout.buffer.write(out.getvalue())


def mark(sheet: Worksheet, row: int, column: int, message: str) -> None:
    """Fill the cell and comment it."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        return
    cell.fill = _WRONG
    earlier = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(earlier + message, "系统")


def headers(sheet: Worksheet) -> dict[str, int]:
    """Column numbers by the texts near the top of the sheet."""
    found: dict[str, int] = {}
    for row in sheet.iter_rows(max_row=HEADER_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None:
                found.setdefault(str(cell.value).strip(), cell.column)
    return found


def list_problems(book: Workbook, problems: Listed) -> None:
    """The sheet 错误清单, last in the workbook."""
    if ERROR_SHEET in book.sheetnames:
        del book[ERROR_SHEET]
    sheet = book.create_sheet(ERROR_SHEET)
    for place, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True), 1):
        sheet.cell(1, place, heading).font = Font(bold=True)
        sheet.column_dimensions["ABCD"[place - 1]].width = width
    for number, problem in enumerate(problems, 2):
        for place, value in enumerate(problem, 1):
            cell = sheet.cell(number, place, value or None)
            if isinstance(value, str):
                cell.data_type = "s"  # a sheet called "=1+1" stays text


if __name__ == "__main__":
    main()
