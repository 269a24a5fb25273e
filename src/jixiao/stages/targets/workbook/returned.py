"""申报表 as it comes back from Excel or Word, by whatever hand: what it says, with every problem at its place."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from jixiao.domain.indicators import Comparison, indicator_class
from jixiao.domain.quantities import Unreadable, normalize
from jixiao.domain.terms import UnknownTerm
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import attachments
from jixiao.kit.cells import Broken, fold, is_blank, read_text
from jixiao.kit.columns import Problem
from jixiao.kit.sheets import open_sheets
from jixiao.kit.uploads import UploadRefused

from ..models import TargetVersion
from ..saying import Cell, Filled, Said, read_target, read_weight
from .printed import FOOT, GOAL_LABEL, ORDER, TITLE

MOST_UNPACKED = 20 * 2**20
LONGEST = {Cell.LEVEL2: 60, Cell.NAME: 200, Cell.TARGET: 200, Cell.UNIT: 20, Cell.LEVEL1: 40, Cell.COMPARISON: 20}
LONGEST_GOAL = 2000
_NUMBER = re.compile(r"表号:?(\d{1,14})-(\d{1,9})")
_NAMES = {
    Cell.LEVEL1: ("一级指标",),
    Cell.LEVEL2: ("二级指标",),
    Cell.NAME: ("三级指标", "指标名称", "绩效指标"),
    Cell.COMPARISON: ("指标性质", "符号", "指标方向"),
    Cell.TARGET: ("指标值", "年度指标值", "目标值", "中期指标值"),
    Cell.UNIT: ("计量单位", "度量单位", "单位"),
    Cell.WEIGHT: ("分值", "权重"),
}


def understood(content: bytes, filename: str, version: TargetVersion) -> tuple[Filled, list[Problem]]:
    """What the form says for this version, and every problem with its place. Saves nothing.

    Raises UploadRefused for what is no such form, or one of another sheet.
    """
    pages = list(_pages(content, filename))
    forms = [form for name, rows in pages if (form := _Returned(name, rows)).header >= 0]
    if not forms:
        raise UploadRefused(f"没有找到“{TITLE}”的表头（一级指标、三级指标、指标值），请下载申报表，填好后再上传")
    texts = [fold(cell) for _, rows in pages for row in rows for cell in row if not is_blank(cell)]
    for number in filter(None, map(_NUMBER.search, texts)):
        if int(number[1]) != version.pk:
            raise UploadRefused("这是另一份绩效目标的申报表，请到那一份的页面上传，不要改动表号")
        if int(number[2]) != version.version:
            raise UploadRefused("这份绩效目标在下载之后又保存过，请重新下载申报表，再把填的内容粘贴过去")
    return forms[0].filled(version), forms[0].problems


def _pages(content: bytes, filename: str) -> Iterator[tuple[str, list[list[Any]]]]:
    """Rows of cells: worksheets of a workbook; of a Word file its paragraphs, then each table."""
    if PurePath(filename).suffix.lower() != ".docx":
        for sheet in open_sheets(content, filename):
            yield sheet.name, list(sheet.rows)
        return
    attachments.guard(content, filename)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise UploadRefused("Word 文件展开后过大，请删去图片后重新上传")
            if any(b"<!DOCTYPE" in archive.read(one) for one in entries if one.filename.endswith((".xml", ".rels"))):
                raise UploadRefused("Word 文件里有不允许的 XML 声明（DTD），请另存为 .docx 后重新上传")
        document = Document(BytesIO(content))
        yield "", [[paragraph.text] for paragraph in document.paragraphs]
        for place, table in enumerate(document.tables, 1):
            yield f"第{place}个表", [_once(row) for row in table.rows]
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as damage:
        raise UploadRefused("Word 文件不完整或已损坏，请另存为 .docx 后重新上传") from damage


def _once(row: Any) -> list[str]:
    """A row of a Word table; a cell that spans several columns is said once, so that columns keep their places."""
    said, last = [], None
    for cell in row.cells:
        said.append("" if cell._tc is last else cell.text)
        last = cell._tc
    return said


class _Returned:
    """One page as it came back: where its header stands, and what its cells say."""

    def __init__(self, name: str, rows: list[list[Any]]) -> None:
        self.name, self.rows = name, rows
        self.problems: list[Problem] = []
        self.header, self.places = -1, {}
        for number, row in enumerate(rows):
            folded = [fold(cell) for cell in row]
            places = {cell: folded.index(one) for cell, names in _NAMES.items() for one in names if one in folded}
            if {Cell.LEVEL1, Cell.NAME, Cell.TARGET} <= places.keys():
                self.header, self.places = number, places
                self.order = folded.index(ORDER) if ORDER in folded else None
                break

    def wrong(self, row: int, cell: str, message: str) -> None:
        self.problems.append(Problem(self.name, row + 1, cell, message))

    def filled(self, version: TargetVersion) -> Filled:
        """What the form says; a row goes on with the line of its number, else with the one of its name."""
        stored = version.filled
        lines: list[Said] = []
        above = ("", "")
        for number in range(self.header + 1, len(self.rows)):
            cells = {cell: self._text(number, cell) for cell in Cell}
            if cells[Cell.LEVEL1].startswith(FOOT.rstrip("：")) or "合计" in cells[Cell.LEVEL1]:
                break
            if not any(cells[cell] for cell in (Cell.NAME, Cell.TARGET, Cell.UNIT, Cell.WEIGHT)):
                continue
            # A cell that was joined over several rows is said in the first of them.
            above = (cells[Cell.LEVEL1] or above[0], cells[Cell.LEVEL2] or above[1])
            lines.append(self._line(number, cells | {Cell.LEVEL1: above[0], Cell.LEVEL2: above[1]}, stored))
        return Filled(self._goal(stored.goal), tuple(lines))

    def _line(self, row: int, cells: dict[Cell, str], stored: Filled) -> Said:
        level1 = indicator_class(cells[Cell.LEVEL1], "")
        if level1 is None:
            self.wrong(
                row, Cell.LEVEL1.label, f"“{cells[Cell.LEVEL1][:20]}”不是一级指标，请填产出、效益、满意度或成本指标"
            )
        for cell in (Cell.LEVEL2, Cell.NAME):
            if not cells[cell]:
                self.wrong(row, cell.label, f"请填写{cell.label}")
        comparison, target, unit, weight = Comparison.QUALITATIVE, cells[Cell.TARGET], cells[Cell.UNIT], read_weight("")
        try:
            comparison = Comparison.of(cells[Cell.COMPARISON])
            target, comparison, unit = read_target(target, comparison, unit)
        except (Unreadable, UnknownTerm) as flaw:
            self.wrong(row, Cell.COMPARISON.label if isinstance(flaw, UnknownTerm) else Cell.TARGET.label, str(flaw))
        try:
            weight = read_weight(cells[Cell.WEIGHT])
        except Unreadable as flaw:
            self.wrong(row, Cell.WEIGHT.label, str(flaw))
        kept = self._kept(row, cells, stored)
        lineage, entry = (kept.lineage, kept.entry) if kept else ("", None)
        said = (
            level1 or IndicatorLevel1.OUTPUT,
            cells[Cell.LEVEL2],
            cells[Cell.NAME],
            comparison,
            target,
            unit,
            weight,
        )
        return Said(*said, lineage, entry)

    def _kept(self, row: int, cells: dict[Cell, str], stored: Filled) -> Said | None:
        cell = self._cell(row, self.order)
        number = "" if is_blank(cell) or isinstance(cell, Broken) else normalize(read_text(cell)).removesuffix(".0")
        if self.order is None:
            named = [one for one in stored.lines if fold(one.name) == fold(cells[Cell.NAME])]
            return named[0] if len(named) == 1 else None
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            return None
        place = int(number) - 1
        return stored.lines[place] if 0 <= place < len(stored.lines) else None

    def _goal(self, stands: str) -> str:
        """What stands beside the label of the goal; a form without the label leaves the goal as it is."""
        for number, row in enumerate(self.rows[: self.header]):
            for place, cell in enumerate(row):
                if fold(cell).endswith((GOAL_LABEL, "总体目标", "年度目标")):
                    beside = (one for one in row[place + 1 :] if not is_blank(one))
                    return self._plain(number, GOAL_LABEL, next(beside, ""), LONGEST_GOAL)
        return stands

    def _cell(self, row: int, place: int | None) -> Any:
        cells = self.rows[row]
        return cells[place] if place is not None and place < len(cells) else ""

    def _text(self, row: int, cell: Cell) -> str:
        return self._plain(row, cell.label, self._cell(row, self.places.get(cell)), LONGEST.get(cell, 20))

    def _plain(self, row: int, label: str, cell: Any, longest: int) -> str:
        if is_blank(cell):
            return ""
        try:
            if isinstance(cell, Broken):
                raise Unreadable(cell.message)
            text = read_text(cell).strip()
            if len(text) > longest and not text.startswith(FOOT):
                raise Unreadable(f"最多 {longest} 个字，现有 {len(text)} 个字，请删减")
        except Unreadable as flaw:
            self.wrong(row, label, str(flaw))
            return ""
        return text
