"""A guarded file as plain sheets of cells: csv here, workbooks in a child process with a memory and a time limit."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import subprocess  # nosec B404: the only program started is this package's own, by this interpreter
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePath

from .cells import Broken
from .uploads import UploadRefused, guard

READING_SECONDS = 90
BLANK_ROWS = 200
MOST_CELLS = 5_000_000
_REFUSALS = {
    "crowded": "表里的单元格过多，请拆成几个文件分别上传",
    "damaged": "工作簿无法读取，请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”后重新上传",
}
_SLOW = "表格过大，没能在规定的时间和内存内处理完，请删去多余的行、列和格式，或拆成几个文件分别上传"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by row, the first row of the file first; blank cells are "", wholly blank rows may be empty lists."""

    name: str
    rows: list[list[object]]


def open_sheets(source: bytes, filename: str) -> list[Sheet]:
    """All sheets of an uploaded file; raises UploadRefused, with a remedy, for whatever cannot be read."""
    if guard(source, filename) == "csv":
        return [Sheet(_sheet_name(filename), _csv_rows(source))]
    sheets: list[Sheet] = []
    for line in in_child("sheet_reader.py", source, READING_SECONDS).splitlines():
        message = json.loads(line, object_hook=_revive)
        if isinstance(message, UploadRefused):
            raise message
        if isinstance(message, str):
            sheets.append(Sheet(message, []))
        else:
            sheets[-1].rows.extend(message)
    return sheets


def in_child(program: str, given: bytes, seconds: int) -> bytes:
    """What a program of this package answers on standard output; raises UploadRefused if it fails or takes too long."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(program))]
    try:
        ended = subprocess.run(  # nosec B603
            command, input=given, capture_output=True, timeout=seconds, env={}, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise UploadRefused(_SLOW) from slow
    if ended.returncode:
        raise UploadRefused(_SLOW)
    return ended.stdout


def _sheet_name(filename: str) -> str:
    """The file's stem as a name that a worksheet may carry."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", PurePath(filename).stem).strip("' ")[:31] or "数据"


def _revive(marked: dict[str, str]) -> object:
    if "date" in marked:
        return dt.date.fromisoformat(marked["date"])
    if "time" in marked:
        return dt.datetime.fromisoformat(marked["time"])
    if "refused" in marked:
        return UploadRefused(_REFUSALS[marked["refused"]])
    return Broken(marked["broken"])


def _csv_rows(source: bytes) -> list[list[object]]:
    text = _decoded(source)
    if "\x00" in text:
        raise UploadRefused("文件里有空字符，不是文本表格，请重新导出为 CSV（UTF-8）后上传")
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows: list[list[object]] = []
    blank = cells = 0
    try:
        for row in csv.reader(
            StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ","
        ):
            rows.append([_unescaped(cell) for cell in row])
            blank = 0 if any(cell and not cell.isspace() for cell in row) else blank + 1
            cells += len(row)
            if blank >= BLANK_ROWS:
                break
            if cells > MOST_CELLS:
                raise UploadRefused(_REFUSALS["crowded"])
    except csv.Error as damage:
        raise UploadRefused(f"第{len(rows) + 1}行无法按 CSV 读取，请检查引号是否成对，或改用 .xlsx 上传") from damage
    return rows


def _decoded(source: bytes) -> str:
    wide = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UploadRefused("文件的文字编码认不出来，请另存为“CSV UTF-8”后重新上传")


def _unescaped(cell: str) -> str:
    """Without the apostrophe by which an export keeps a text from being taken for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") and len(cell) > 1 else cell
