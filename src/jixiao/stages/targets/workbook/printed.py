"""绩效目标申报表, laid out as 财预〔2015〕88号 prints it, with the indicator columns of 财预〔2021〕101号."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jixiao.domain.indicators import Comparison
from jixiao.domain.money_words import MoneyWords
from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import layouts
from jixiao.kit.layouts import Box, Form, Look

from ..models import TargetVersion
from ..saying import Cell, Said
from . import tasks

TITLE = "绩效目标申报表"
WIDTHS = (14, 20, 34, 11, 22, 12, 9, 7)
GOAL_LABEL = "绩效目标"
ORDER = "序号"
FOOT = "说明："
COLUMNS = (*Cell,)
BLANKS = 5
WIDE = len(WIDTHS)
GOAL_ROWS = 3
HEADER_ROW = 8 + GOAL_ROWS


def form_xlsx(version: TargetVersion, department: str) -> bytes:
    """The form as a workbook: what is known, the indicators, and blank rows for more."""
    main = Form(version.sheet.subject_year.name, WIDTHS, list(_boxes(version, department)))
    return layouts.written([main, *tasks.worksheets(version.filled)])


def _boxes(version: TargetVersion, department: str) -> Iterable[Box]:
    yield Box(0, 0, _title(version), Look.TITLE, columns=WIDE)
    yield Box(1, 0, _subtitle(version), Look.NOTE, columns=5)
    yield Box(1, 5, _number(version), Look.NOTE, columns=3)
    for row, pairs in enumerate(_head(version, department), 2):
        for (label, value), (column, width) in zip(pairs, ((0, 2), (3, 4)), strict=True):
            yield Box(row, column, label, Look.LABEL)
            yield Box(row, column + 1, value, columns=width)
    yield Box(8, 0, _goal_label(version), Look.LABEL, rows=GOAL_ROWS)
    yield Box(8, 1, version.filled.goal, Look.FILLED, rows=GOAL_ROWS, columns=WIDE - 1)
    for column, name in enumerate(_headers()):
        yield Box(HEADER_ROW, column, name, Look.LABEL)
    lines = version.filled.lines
    for place in range(len(lines) + BLANKS):
        yield from _line(HEADER_ROW + 1 + place, lines[place] if place < len(lines) else None, place + 1)
    yield Box(HEADER_ROW + 1 + len(lines) + BLANKS, 0, _foot(), Look.NOTE, columns=WIDE)


def _line(row: int, line: Said | None, number: int) -> Iterable[Box]:
    choices = {
        Cell.LEVEL1: tuple(one.label for one in IndicatorLevel1),
        Cell.COMPARISON: tuple(one.label for one in Comparison),
    }
    for column, cell in enumerate(COLUMNS):
        yield Box(row, column, _cell(line, cell), Look.FILLED, choices=choices.get(cell, ()))
    yield Box(row, WIDE - 1, str(number) if line else "")


def _cell(line: Said | None, cell: Cell) -> str:
    if line is None or (cell is Cell.WEIGHT and not line.weight):
        return ""
    return line.shown(cell)


def _title(version: TargetVersion) -> str:
    subject = version.sheet.subject_year
    return subject.money.say(f"{subject.kind.label}支出{TITLE}")


def _subtitle(version: TargetVersion) -> str:
    return f"{version.year}年度　{version.sheet.horizon.label}目标　单位：万元"


def _number(version: TargetVersion) -> str:
    return f"表号：{version.pk}-{version.version}"


def _goal_label(version: TargetVersion) -> str:
    return f"{version.sheet.horizon.label}{GOAL_LABEL}"


def _headers() -> tuple[str, ...]:
    return (*(cell.label for cell in COLUMNS), ORDER)


def _foot() -> str:
    return f"{FOOT}空行可以加填，不要的指标清空整行；已有指标的序号不要改动，改名的指标凭序号对应。不要改动表号。"


def _head(version: TargetVersion, department: str) -> list[list[tuple[str, str]]]:
    """What is known of the subject and its money, in rows of labels with their values."""
    subject = version.sheet.subject_year
    nature = subject.nature.label if subject.nature else ""
    budget, words = subject.budget, subject.money
    return [
        [("项目名称", subject.name), ("项目编码", subject.code)],
        [("主管部门", department), ("实施单位", subject.unit_name)],
        [("项目属性", nature), ("预算类型", subject.book.label if subject.book else "")],
        [("年度资金总额" if words.plain else words.whole, amount_plain(budget)), _fiscal(words, budget)],
        [(words.planned, amount_plain(subject.initial)), ("追加调整", amount_plain(subject.added))],
        [(words.say("上年预算"), amount_plain(subject.last_year)), ("其他资金", "")],
    ]


def _fiscal(words: MoneyWords, budget: int) -> tuple[str, str]:
    """财政拨款 is a part of what is spent; income has none."""
    return ("其中：财政拨款", amount_plain(budget)) if words.plain else (words.carried_out, "")


def form_docx(version: TargetVersion, department: str) -> bytes:
    """The same form in Word: one table, A4 across."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    _paragraph(document.add_paragraph(), _title(version), 16, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document.add_paragraph(), f"{_subtitle(version)}　　{_number(version)}", 10)
    lines = version.filled.lines
    head = _head(version, department)
    table = document.add_table(rows=len(head) + 2 + len(lines) + BLANKS, cols=WIDE)
    table.style, table.autofit = "Table Grid", False
    grid = [list(row.cells) for row in table.rows]
    for row, pairs in zip(grid, head, strict=False):
        for (label, value), (first, last) in zip(pairs, ((0, 2), (3, 7)), strict=True):
            _write(row[first], label, bold=True)
            _write(row[first + 1].merge(row[last]), value)
    goal = grid[len(head)]
    _write(goal[0], _goal_label(version), bold=True)
    _write(goal[1].merge(goal[-1]), version.filled.goal)
    for cell, name in zip(grid[len(head) + 1], _headers(), strict=True):
        _write(cell, name, bold=True)
    for number, row in enumerate(grid[len(head) + 2 :], 1):
        line = lines[number - 1] if number <= len(lines) else None
        for cell, column in zip(row, COLUMNS, strict=False):
            _write(cell, _cell(line, column))
        _write(row[-1], str(number) if line else "")
    share = 261 / sum(WIDTHS)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(round(width * share))
    _paragraph(document.add_paragraph(), _foot(), 9)
    for part in tasks.parts(version.filled):
        _add(document, part)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, part: tasks.Part) -> None:
    """A table of the plan behind the indicators."""
    _paragraph(document.add_paragraph(), part.title, 12, bold=True)
    table = document.add_table(rows=0, cols=len(part.header))
    table.style = "Table Grid"
    for place, texts in enumerate((part.header, *part.rows)):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            _write(cell, text, bold=place == 0)


def _write(cell: Any, text: str, *, bold: bool = False) -> None:
    parts = text.split("\n")
    first = _paragraph(cell.paragraphs[0], parts[0], 10.5, bold=bold)
    if bold:
        first.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for part in parts[1:]:
        _paragraph(cell.add_paragraph(), part, 10.5, bold=bold)


def _paragraph(paragraph: Any, text: str, size: float, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "仿宋"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def shown_targets(version: TargetVersion) -> list[tuple[str, ...]]:
    """The indicators as an annex of the approval prints them."""
    return [
        (line.level1.label, line.level2, line.name, _wanted(line), plain(line.weight) if line.weight else "")
        for line in version.filled.lines
    ]


def _wanted(line: Said) -> str:
    sign = "" if line.comparison is Comparison.QUALITATIVE else line.comparison.label
    return f"{sign}{line.target}{line.unit}"
