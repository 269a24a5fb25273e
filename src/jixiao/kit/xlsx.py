"""Declared tables out: templates with drop-downs and 填报说明, xlsx and csv exports, uploads with wrong cells marked.

Texts that begin with = + - @ leave as text. The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Sized
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.terms import Term

from .cells import unit_of
from .sheets import in_child, open_sheets
from .tables import Column, Problem, Table
from .uploads import UploadRefused, guard

TEMPLATE_ROWS = 2_000
MARKING_SECONDS = 60
ERROR_SHEET = "错误清单"
NOTE_SHEET = "填报说明"
MOST_LETTERS = 32_767  # of one cell; Excel holds no more
_CREATED = dt.datetime(2020, 1, 1)  # noqa: DTZ001  # a constant of the file format, so that bytes repeat
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMERIC = ("amount", "number", "points", "percent", "integer", "year", "month")
_NUMBER_FORMATS = {
    "amount": "#,##0.00####",
    "number": "General",
    "points": "General",
    "percent": "General",
    "date": "yyyy-mm-dd",
}
_HOW = {
    "text": "文字",
    "code": "编码，文本格式，保留前导零",
    "number": "数字",
    "points": "数字，最多两位小数",
    "amount": "金额，数字",
    "percent": "百分数，53.5% 填 53.5",
    "date": "日期，如 2022-07-31",
    "flag": "是或否",
    "term": "从下拉列表中选择",
    "integer": "整数",
    "year": "四位年份，如 2022",
    "month": "月份，1 到 12",
}
Cell = str | int | float | dt.date | None


def write(table: Table, rows: Iterable[object]) -> bytes:
    """The rows (mappings or objects, by column key) as a workbook with one sheet.

    A sequence is written compactly; a generator of any length is streamed in constant memory.
    """
    return _workbook(table, rows, as_template=False)


def template(table: Table, prefill: Iterable[object] = ()) -> bytes:
    """A workbook to be filled in: header, drop-downs, formats, 填报说明, and the rows that are known already."""
    return _workbook(table, list(prefill), as_template=True)


def write_csv(table: Table, rows: Iterable[object]) -> bytes:
    """The rows as CSV in UTF-8 with BOM; texts that would be taken for formulas get an apostrophe."""
    text = StringIO(newline="")
    out = csv.writer(text)
    out.writerow(column_header(column) for column in table.columns)
    for row in rows:
        out.writerow(_csv_text(column, _value(row, column.key)) for column in table.columns)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def marked(source: bytes, filename: str, problems: Sequence[Problem]) -> bytes:
    """The uploaded file handed back as xlsx: wrong cells filled and commented, and a sheet 错误清单.

    If the file cannot be opened or is too large to be marked, the workbook holds the list alone.
    """
    listed = [[problem.sheet, problem.row, problem.column, problem.message] for problem in problems]
    try:
        if not filename.lower().endswith(".xlsx"):
            source = _plain_workbook(source, filename)
        else:
            guard(source, filename)
        answer = b"".join(in_child("sheet_marker.py", json.dumps(listed).encode() + b"\n" + source, MARKING_SECONDS))
        if answer:
            return answer
    except UploadRefused:
        pass
    return _error_list(listed)


def column_header(column: Column) -> str:
    """The header as printed: an amount always states its unit."""
    if column.kind == "amount" and unit_of(column.header) is None:
        return f"{column.header}（{column.unit}）"
    return column.header


def _workbook(table: Table, rows: Iterable[object], *, as_template: bool) -> bytes:
    out = BytesIO()
    options = {"constant_memory": not isinstance(rows, Sized), "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": table.title, "created": _CREATED})
    sheet = book.add_worksheet(table.title[:31])
    body = [_body_format(book, column) for column in table.columns]
    _write_head(book, sheet, table, body, as_template=as_template)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, column in enumerate(table.columns):
            _write_cell(sheet, last, place, _cell(column, _value(row, column.key)), body[place])
    if as_template:
        _offer_choices(sheet, table, last + TEMPLATE_ROWS)
        _write_notes(book, table)
    elif last:
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
    book.close()
    return out.getvalue()


def _write_head(book: Any, sheet: Any, table: Table, body: list[Any], *, as_template: bool) -> None:
    look = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    needed = book.add_format({**look, "bg_color": "#D9E2F3"})
    optional = book.add_format({**look, "bg_color": "#EDEDED"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for place, column in enumerate(table.columns):
        header = column_header(column)
        sheet.set_column(place, place, column.width or _width(column, header), body[place])
        sheet.write_string(0, place, header, needed if column.required or not as_template else optional)


def _body_format(book: Any, column: Column) -> Any:
    shown = _NUMBER_FORMATS.get(column.kind, "@" if column.kind in ("text", "code", "term", "flag") else "0")
    return book.add_format({"num_format": shown, "valign": "vcenter", "text_wrap": column.kind == "text"})


def _width(column: Column, header: str) -> int:
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in header) + 2
    return max(wide, {"text": 28, "code": 24, "amount": 16, "date": 12}.get(column.kind, 10))


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, look: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, place, None, look)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell[:MOST_LETTERS], look)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, place, cell, look)
    else:
        sheet.write_number(row, place, cell, look)


def _value(row: object, key: str) -> object:
    return row.get(key) if isinstance(row, Mapping) else getattr(row, key, None)


def _text(column: Column, value: object) -> str:
    """The value as the reader of this column understands it again."""
    if value is None:
        return ""
    if column.kind == "flag":
        return "是" if value else "否"
    if column.choices is not None and value != "":
        return value.label if isinstance(value, Term) else column.choices.read(value).label
    if column.kind == "amount" and isinstance(value, int):
        return amount_plain(value, column.own_unit)
    return plain(value) if isinstance(value, Decimal) else str(value)


def _cell(column: Column, value: object) -> Cell:
    """As _text, but numbers and dates as such. A number that Excel's 15 digits would change stays text."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date) or value is None:
        return value
    text = _text(column, value)
    if column.kind not in _NUMERIC or not text:
        return text
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return float(text) if len(digits) <= 15 and not isinstance(value, str) else text


def _csv_text(column: Column, value: object) -> str:
    text = _text(column, value)
    numeric = not isinstance(value, str) and column.kind in _NUMERIC
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not numeric else text


def _offer_choices(sheet: Any, table: Table, last: int) -> None:
    for place, column in enumerate(table.columns):
        labels = ["是", "否"] if column.kind == "flag" else [label for _, label in _choices(column)]
        if labels and sum(map(len, labels)) + len(labels) <= 255:  # Excel holds no longer list in a cell rule
            rule = {
                "validate": "list",
                "source": labels,
                "error_message": "请从下拉列表中选择",
                "error_title": "填写有误",
            }
            sheet.data_validation(1, place, last, place, rule)


def _choices(column: Column) -> list[tuple[str, str]]:
    return column.choices.choices() if column.choices is not None else []


def _write_notes(book: Any, table: Table) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(NOTE_SHEET)
    sheet.write_string(0, 0, f"{table.title}填报说明", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, table.note or "一行填一条记录；表头不要改名；数据写在表头下面，合计行之后的内容不读取。")
    for place, (heading, width) in enumerate((("栏目", 24), ("必填", 8), ("填写方法", 60), ("说明", 60))):
        sheet.write_string(3, place, heading, bold)
        sheet.set_column(place, place, width, wrapped)
    for row, column in enumerate(table.columns, 4):
        accepted = "、".join(label for _, label in _choices(column))
        how = _HOW[column.kind] + (f"：{accepted}" if accepted else "")
        if column.kind == "amount":
            how += f"，单位{column.own_unit}"
        for place, text in enumerate((column_header(column), "是" if column.required else "否", how, column.note)):
            sheet.write_string(row, place, text)


def _plain_workbook(source: bytes, filename: str) -> bytes:
    """A csv as a workbook of texts, so that it can be marked; the sheet has the name that the reading gave it."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    text = book.add_format({"num_format": "@"})
    for read in open_sheets(source, filename):
        sheet = book.add_worksheet(read.name)
        for number, cells in enumerate(read.rows):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, str(cell), text)
    book.close()
    return out.getvalue()


def _error_list(listed: list[list[Any]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet(ERROR_SHEET)
    bold = book.add_format({"bold": True})
    for place, (heading, width) in enumerate((("工作表", 18), ("行", 8), ("列", 22), ("问题", 90))):
        sheet.write_string(0, place, heading, bold)
        sheet.set_column(place, place, width)
    for number, problem in enumerate(listed, 1):
        for place, value in enumerate(problem):
            sheet.write(number, place, value or "")
    book.close()
    return out.getvalue()
