"""Printed forms in Excel: boxes at fixed places, some over several cells, drawn as the form is printed.

For what a ministry has laid out; a list of records is a declared table (kit/xlsx).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from jixiao.domain.terms import Term

from .sheets import worksheet_name

_CREATED = dt.datetime(2020, 1, 1)  # noqa: DTZ001  # a constant of the file format, so that bytes repeat
_MOST_LETTERS = 32_767


class Look(Term):
    """How a box is drawn: `filled` boxes are white and wait for somebody."""

    TITLE = "title", "表名"
    LABEL = "label", "栏目"
    GIVEN = "given", "已知"
    FILLED = "filled", "待填"
    NOTE = "note", "附注"


_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {"bold": True, "font_size": 16, "align": "center"},
    Look.LABEL: {"bold": True, "border": 1, "align": "center", "bg_color": "#EDEDED"},
    Look.GIVEN: {"border": 1, "bg_color": "#F7F7F7"},
    Look.FILLED: {"border": 1},
    Look.NOTE: {"font_color": "#555555"},
}


@dataclass(frozen=True, slots=True)
class Box:
    """A text or a number at a place; rows and columns count from 0. `choices` become a drop-down."""

    row: int
    column: int
    value: str | int | Decimal | None
    look: Look = Look.GIVEN
    rows: int = 1
    columns: int = 1
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One worksheet: its name, the widths of its columns in letters, and its boxes.

    Printed one page wide, on A4 across, or `upright`.
    """

    name: str
    widths: Sequence[float]
    boxes: Sequence[Box]
    upright: bool = False


def written(forms: Iterable[Form]) -> bytes:
    """A workbook with a worksheet per form; the same forms give the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED})
    common = {"text_wrap": True, "valign": "vcenter", "num_format": "@"}
    looks = {look: book.add_format({**common, **own}) for look, own in _LOOKS.items()}
    taken: set[str] = set()
    for form in forms:
        sheet = book.add_worksheet(worksheet_name(form.name, taken))
        if not form.upright:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, width in enumerate(form.widths):
            sheet.set_column(place, place, width)
        for box in form.boxes:
            _draw(sheet, box, looks[box.look])
    book.close()
    return out.getvalue()


def _draw(sheet: Any, box: Box, look: Any) -> None:
    last = (box.row + box.rows - 1, box.column + box.columns - 1)
    if (box.row, box.column) != last:
        sheet.merge_range(box.row, box.column, *last, "", look)
    if box.value is None or box.value == "":
        sheet.write_blank(box.row, box.column, None, look)
    elif isinstance(box.value, str):
        sheet.write_string(box.row, box.column, box.value[:_MOST_LETTERS], look)
    else:
        sheet.write_number(box.row, box.column, float(box.value), look)
    if box.choices:
        sheet.data_validation(box.row, box.column, *last, {"validate": "list", "source": list(box.choices)})
