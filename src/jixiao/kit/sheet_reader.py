"""Child process: an xlsx on standard input, its cells as JSON lines on standard output.

A line is a sheet's name (text), a batch of rows (list), or a refusal (object, the last line). Run as a file,
isolated, so it imports nothing of this package. What calamine does not tell is looked up in the sheet's XML: formula
errors and formulas that were never computed (it gives blanks for both), and percent formats, because a cell shown as
53.5% holds 0.535.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree  # nosec B405: the guard has refused every DTD

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

MEMORY_BYTES = 2**30
CPU_SECONDS = 30
BLANK_ROWS = 200
MOST_CELLS = 5_000_000
MOST_COLUMNS = 200
MOST_TEXT = 150_000_000
BATCH = 500

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_STYLE = re.compile(rb"\bs=[\"']([0-9]+)[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_LITERAL = re.compile(r"\"[^\"]*\"|\\.")
_PERCENT_FORMATS = {"9", "10"}
_UNCOMPUTED = "公式没有算出结果，请在 Excel 或 WPS 中打开、重新计算并保存，或直接填写数值"

Corrections = dict[int, list[tuple[int, object]]]


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    source = sys.stdin.buffer.read()
    try:
        for line in _limited(sheets(source)):
            sys.stdout.buffer.write(f"{line}\n".encode())
    except (OverflowError, MemoryError):
        sys.stdout.buffer.write(b'{"refused": "crowded"}')
    # calamine and the XML parser fail in many ways on a damaged file; the answer is the same for all.
    except Exception:
        sys.stdout.buffer.write(b'{"refused": "damaged"}')


def sheets(source: bytes) -> Iterator[str]:
    """The lines of every worksheet. Raises OverflowError beyond the number of cells that is read."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(source))
    left = MOST_CELLS
    with zipfile.ZipFile(BytesIO(source)) as archive:
        parts, percents = _sheet_parts(archive), _percent_styles(archive)
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            yield json.dumps(about.name, ensure_ascii=False)
            # Before calamine holds the cells: the sheet's XML is gone by then.
            corrections = _corrections(archive.read(parts[about.name]), percents) if about.name in parts else {}
            sheet = workbook.get_sheet_by_name(about.name)
            batch: list[list[object]] = []
            for row in _rows(sheet, corrections):
                left -= len(row)
                if left < 0:
                    raise OverflowError
                batch.append(row)
                if len(batch) == BATCH:
                    yield json.dumps(batch, ensure_ascii=False, default=_encode)
                    batch = []
            yield json.dumps(batch, ensure_ascii=False, default=_encode)


def _limited(lines: Iterator[str]) -> Iterator[str]:
    """The lines, as long as they stay together below a size; one long shared text can stand in a million cells."""
    size = 0
    for line in lines:
        size += len(line)
        if size > MOST_TEXT:
            raise OverflowError
        yield line


def _rows(sheet: CalamineSheet, corrections: Corrections) -> Iterator[list[object]]:
    """Rows without the blanks at their end, up to the first long stretch of blank rows."""
    blank = 0
    before: list[object] = [""] * (
        sheet.start[1] if sheet.start else 0
    )  # calamine leaves out blank columns on the left
    for index, row in enumerate(sheet.iter_rows()):
        cells: list[object] = [*before, *row][:MOST_COLUMNS]
        for place, value in corrections.get(index, ()):
            if place < MOST_COLUMNS:
                cells += [""] * (place + 1 - len(cells))
                if isinstance(value, dict) or isinstance(cells[place], float):
                    cells[place] = value
        while cells and cells[-1] == "":
            cells.pop()
        blank = 0 if cells else blank + 1
        if blank >= BLANK_ROWS:
            return
        yield cells


def _corrections(xml: bytes, percents: frozenset[bytes]) -> Corrections:
    """By row index: cells that calamine gives as blank though they are broken, and numbers shown as percentages."""
    found: Corrections = {}
    if not percents and not _FORMULA.search(xml) and b't="e"' not in xml:
        return found
    for cell in _CELL.finditer(xml):
        attributes, content = cell[1], cell[2] or b""
        place = _PLACE.search(attributes)
        value = _correction(attributes, content, percents)
        if place and value is not None:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            found.setdefault(int(place[2]) - 1, []).append((column - 1, value))
    return found


def _correction(attributes: bytes, content: bytes, percents: frozenset[bytes]) -> object:
    kind, value = _TYPE.search(attributes), _VALUE.search(content)
    if kind and kind[1] == b"e":
        error = value[1].decode() if value else "#VALUE!"
        return {"broken": f"单元格是公式错误 {error}，请改正公式，或直接填写数值"}
    if value is None:
        # t="str" with an empty value is a formula whose result is the empty text.
        return {"broken": _UNCOMPUTED} if _FORMULA.search(content) and not (kind and kind[1] == b"str") else None
    style = _STYLE.search(attributes)
    if style and style[1] in percents and not (kind and kind[1] != b"n"):
        shown = format(Decimal(format(float(value[1]), ".15g")) * 100, "f")
        return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "%"
    return None


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Indexes of the cell styles that show a number as a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))  # nosec B314
    formats = set(_PERCENT_FORMATS)
    formats.update(
        node.get("numFmtId", "")
        for node in root.findall("{*}numFmts/{*}numFmt")
        if "%" in _LITERAL.sub("", node.get("formatCode", ""))
    )
    styles = root.findall("{*}cellXfs/{*}xf")
    return frozenset(str(i).encode() for i, style in enumerate(styles) if style.get("numFmtId") in formats)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The XML part of each sheet by its name."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # nosec B314
    targets = {node.get("Id"): normpath(join("/xl", node.get("Target", ""))).lstrip("/") for node in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # nosec B314
    parts = {}
    for node in book.findall("{*}sheets/{*}sheet"):
        link = next((value for name, value in node.items() if name.endswith("}id")), None)
        if targets.get(link) in archive.namelist():
            parts[node.get("name", "")] = targets[link]
    return parts


def _encode(value: object) -> object:
    """JSON for dates and times; everything else calamine gives is JSON already."""
    if isinstance(value, dt.datetime):
        return {"time": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    main()
