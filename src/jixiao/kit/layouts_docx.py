"""Printed forms in Word: the boxes of kit/layouts as tables, each form on pages of its own, A4."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .layouts import Box, Form, Look
from .paper import text_of

_SHORT, _LONG, _SIDE, _TOP = 210, 297, 18, 16
_SIZES = {Look.TITLE: 16.0, Look.NOTE: 9.0}
_TEXT = 10.5


def written(forms: Sequence[Form]) -> bytes:
    """A document with a section per form. Title and notes stand as paragraphs, the boxes between them as one table."""
    document = Document()
    for place, form in enumerate(forms):
        section = document.sections[0] if place == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        _page(section, upright=form.upright)
        _form(document, form)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section: Any, *, upright: bool) -> None:
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Mm(_SHORT), Mm(_LONG)) if upright else (Mm(_LONG), Mm(_SHORT))
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin = section.bottom_margin = Mm(_TOP)


def _form(document: Any, form: Form) -> None:
    outside = (Look.TITLE, Look.NOTE)
    inside = [box for box in form.boxes if box.look not in outside]
    first = min((box.row for box in inside), default=0)
    last = max((box.row + box.rows for box in inside), default=0)
    _outside(document, [box for box in form.boxes if box.look in outside and box.row < first])
    if inside:
        _table(document, form, inside, first, last)
    _outside(document, [box for box in form.boxes if box.look in outside and box.row >= first])


def _outside(document: Any, boxes: Sequence[Box]) -> None:
    """One paragraph per row: a title in the middle, notes of one row side by side."""
    for row in sorted({box.row for box in boxes}):
        mine = sorted((box for box in boxes if box.row == row), key=lambda box: box.column)
        look = mine[0].look
        text = "　　".join(str(box.value or "") for box in mine)
        paragraph = _said(document.add_paragraph(), text, _SIZES[look], bold=look is Look.TITLE)
        if look is Look.TITLE:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(document: Any, form: Form, boxes: Sequence[Box], first: int, last: int) -> None:
    columns = max(box.column + box.columns for box in boxes)
    table = document.add_table(rows=last - first, cols=columns)
    table.style, table.autofit = "Table Grid", False
    # Reading a row's cells walks the whole table; once is enough.
    grid = [list(row.cells) for row in table.rows]
    across = (_SHORT if form.upright else _LONG) - 2 * _SIDE
    scale = across / sum(form.widths[:columns])
    for column, width in zip(table.columns, form.widths, strict=False):
        column.width = Mm(round(width * scale))
    for box in boxes:
        cell = grid[box.row - first][box.column]
        cell.width = Mm(round(sum(form.widths[box.column : box.column + box.columns]) * scale))
        opposite = grid[box.row - first + box.rows - 1][box.column + box.columns - 1]
        _write(cell if opposite is cell else cell.merge(opposite), box)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: Any, box: Box) -> None:
    label = box.look is Look.LABEL
    parts = str("" if box.value is None else box.value).split("\n")
    first = _said(cell.paragraphs[0], parts[0], _TEXT, bold=label)
    if label:
        first.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for part in parts[1:]:
        _said(cell.add_paragraph(), part, _TEXT, bold=label)


def _said(paragraph: Any, text: str, size: float, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text_of(text))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "仿宋"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    return paragraph
