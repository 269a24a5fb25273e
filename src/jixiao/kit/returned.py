"""Printed forms as they come back filled, from Excel, CSV or Word: where a header stands, and what its cells say.

The way back of kit/layouts. A room declares its columns with the names they go by, and what each is read as.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from jixiao.domain.quantities import Unreadable

from . import attachments
from .cells import Broken, fold, is_blank, read_text
from .columns import Problem
from .sheets import open_sheets
from .uploads import UploadRefused

MOST_UNPACKED = 20 * 2**20
LONGEST = 200
_NUMBER = re.compile(r"表号:?(\d{1,14})-(\d{1,9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Page:
    """One worksheet, or one table of a Word file, as rows of cells."""

    name: str
    rows: list[list[Any]]


def pages(content: bytes, filename: str) -> list[Page]:
    """Worksheets of a workbook; of a Word file its paragraphs, then each table. Raises UploadRefused with a remedy."""
    if PurePath(filename).suffix.lower() != ".docx":
        return [Page(sheet.name, list(sheet.rows)) for sheet in open_sheets(content, filename)]
    return list(_of_word(content, filename))


def _of_word(content: bytes, filename: str) -> Iterator[Page]:
    attachments.guard(content, filename)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise UploadRefused("Word 文件展开后过大，请删去图片后重新上传")
            if any(b"<!DOCTYPE" in archive.read(one) for one in entries if one.filename.endswith((".xml", ".rels"))):
                raise UploadRefused("Word 文件里有不允许的 XML 声明（DTD），请另存为 .docx 后重新上传")
        document = Document(BytesIO(content))
        yield Page("", [[paragraph.text] for paragraph in document.paragraphs])
        for place, table in enumerate(document.tables, 1):
            yield Page(f"第{place}个表", [_once(row) for row in table.rows])
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as damage:
        raise UploadRefused("Word 文件不完整或已损坏，请另存为 .docx 后重新上传") from damage


def _once(row: Any) -> list[str]:
    """A row of a Word table; a cell that spans several columns is said once, so that columns keep their places."""
    said, last = [], None
    for cell in row.cells:
        said.append("" if cell._tc is last else cell.text)
        last = cell._tc
    return said


def number_in(found: Collection[Page] | Page) -> tuple[int, int] | None:
    """The 表号 on these pages: the key of what was printed, and its version then."""
    looked = [found] if isinstance(found, Page) else found
    texts = (fold(cell) for page in looked for row in page.rows for cell in row if not is_blank(cell))
    number = next(filter(None, map(_NUMBER.search, texts)), None)
    return (int(number[1]), int(number[2])) if number else None


class Printed:
    """One page of a form: where its header stands, what its cells say, and every problem with its place.

    `columns` are the names that a column may go by; the header is the first row that has one of `needed` each.
    """

    def __init__(
        self, page: Page, columns: Mapping[str, Sequence[str]], needed: Collection[str], problems: list[Problem]
    ) -> None:
        self.page, self.rows, self.problems = page, page.rows, problems
        self.header = -1
        self.places: dict[str, int] = {}
        for number, row in enumerate(self.rows):
            folded = [fold(cell) for cell in row]
            places = {
                key: folded.index(fold(name))
                for key, names in columns.items()
                for name in names
                if fold(name) in folded
            }
            if set(needed) <= places.keys():
                self.header, self.places = number, places
                break

    def wrong(self, row: int, column: str, message: str) -> None:
        """A problem at a row counted from 0, as `rows` is."""
        self.problems.append(Problem(self.page.name, row + 1, column, message))

    def cell(self, row: int, place: int | None) -> Any:
        """The cell at a place, "" where the row is shorter."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[place] if place is not None and place < len(cells) else ""

    def text(self, row: int, place: int | None, label: str, longest: int = LONGEST) -> str:
        """What a cell says; "" with a problem for what cannot be read or is too long."""
        cell = self.cell(row, place)
        if is_blank(cell):
            return ""
        try:
            if isinstance(cell, Broken):
                raise Unreadable(cell.message)
            text = read_text(cell)
            if len(text) > longest:
                raise Unreadable(f"最多 {longest} 个字，现有 {len(text)} 个字，请删减")
        except Unreadable as flaw:
            self.wrong(row, label, str(flaw))
            return ""
        return text

    def title(self, key: str) -> str:
        """A column as this form calls it."""
        cell = self.cell(self.header, self.places.get(key))
        return "" if is_blank(cell) or isinstance(cell, Broken) else read_text(cell)

    def label(self, *names: str) -> tuple[int, int] | None:
        """Where above the header a label stands by one of its names."""
        wanted = {fold(name) for name in names}
        for number, row in enumerate(self.rows[: max(self.header, 0)]):
            for place, cell in enumerate(row):
                if not is_blank(cell) and fold(cell) in wanted:
                    return number, place
        return None

    def beside(self, *names: str, longest: int = LONGEST) -> str:
        """The first filled cell to the right of a label above the header."""
        found = self.label(*names)
        if found is None:
            return ""
        row, place = found
        filled = (n for n in range(place + 1, len(self.rows[row])) if not is_blank(self.rows[row][n]))
        return self.text(row, next(filled, None), names[0], longest)
