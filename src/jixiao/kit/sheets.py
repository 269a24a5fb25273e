"""A guarded file as plain sheets of cells: csv here, workbooks in a child process with a memory and a time limit."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import subprocess  # nosec B404: the only program started is this package's own, by this interpreter
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path, PurePath
from threading import Timer

from .cells import Broken
from .spool import Kept, Spool
from .uploads import UploadRefused, guard

READING_SECONDS = 90
BLANK_ROWS = 200
MOST_CELLS = 5_000_000
BATCH = 500
_REFUSALS = {
    "crowded": "表里的单元格过多，请拆成几个文件分别上传",
    "damaged": "工作簿无法读取，请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”后重新上传",
}
_SLOW = "表格过大，没能在规定的时间和内存内处理完，请删去多余的行、列和格式，或拆成几个文件分别上传"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by row, the first row of the file first; blank cells are "", wholly blank rows may be empty lists.

    The rows lie in a temporary file and may be gone through any number of times.
    """

    name: str
    rows: Iterable[list[object]]

    def first(self, count: int) -> list[list[object]]:
        """So many rows from the top."""
        return list(islice(self.rows, count))


def open_sheets(source: bytes, filename: str) -> list[Sheet]:
    """All sheets of an uploaded file; raises UploadRefused, with a remedy, for whatever cannot be read."""
    spool = Spool()
    if guard(source, filename) == "csv":
        return [Sheet(worksheet_name(PurePath(filename).stem, set()), _csv_rows(source, spool))]
    sheets: list[Sheet] = []
    rows = Kept(spool, _cells)
    with closing(in_child("sheet_reader.py", source, READING_SECONDS)) as lines:
        for line in lines:
            if line.startswith(b"["):
                rows.add(line)
                continue
            message = json.loads(line, object_hook=_revive)
            if isinstance(message, UploadRefused):
                raise message
            rows = Kept(spool, _cells)
            sheets.append(Sheet(message, rows))
    return sheets


def in_child(program: str, given: bytes, seconds: float) -> Generator[bytes, None, None]:
    """What a program of this package answers on standard output, line by line, once it was given all it reads.

    Raises UploadRefused at the end if it failed or took too long.
    """
    command = [sys.executable, "-I", str(Path(__file__).with_name(program))]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={}) as child:  # nosec B603
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("a child process without pipes")
        watch = Timer(seconds, child.kill)
        watch.start()
        try:
            with suppress(BrokenPipeError), child.stdin as into:
                into.write(given)
            yield from child.stdout
        except BaseException:
            child.kill()
            raise
        finally:
            watch.cancel()
    if child.returncode:
        raise UploadRefused(_SLOW)


def worksheet_name(text: str, taken: set[str]) -> str:
    """The text as a name that a worksheet may carry beside those taken; it is taken from then on."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", text).strip("' ") or "数据"
    name, number = plain[:31], 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: 30 - len(str(number))]}~{number}"
    taken.add(name.casefold())
    return name


def _cells(batch: bytes) -> list[list[object]]:
    rows: list[list[object]] = json.loads(batch, object_hook=_revive)
    return rows


def _revive(marked: dict[str, str]) -> object:
    if "date" in marked:
        return dt.date.fromisoformat(marked["date"])
    if "time" in marked:
        return dt.datetime.fromisoformat(marked["time"])
    if "refused" in marked:
        return UploadRefused(_REFUSALS[marked["refused"]])
    return Broken(marked["broken"])


def _csv_rows(source: bytes, spool: Spool) -> Kept[list[object]]:
    wide = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        rows = Kept(spool, _cells)
        with suppress(UnicodeDecodeError):
            lines = _csv_lines(source, encoding)
            while batch := list(islice(lines, BATCH)):
                rows.add(json.dumps(batch, ensure_ascii=False).encode())
            return rows
    raise UploadRefused("文件的文字编码认不出来，请另存为“CSV UTF-8”后重新上传")


def _csv_lines(source: bytes, encoding: str) -> Iterator[list[str]]:
    """The rows of a text up to the first long stretch of blank ones. Raises UnicodeDecodeError."""
    with TextIOWrapper(BytesIO(source), encoding, newline="") as text:
        first = next((line for line in text if line.strip()), "")
        text.seek(0)
        number = blank = cells = 0
        try:
            tabbed = first.count("\t") > first.count(",")
            for row in csv.reader(_plain(text), delimiter="\t" if tabbed else ","):
                yield [_unescaped(cell) for cell in row]
                number += 1
                blank = 0 if any(cell and not cell.isspace() for cell in row) else blank + 1
                cells += len(row)
                if blank >= BLANK_ROWS:
                    return
                if cells > MOST_CELLS:
                    raise UploadRefused(_REFUSALS["crowded"])
        except csv.Error as damage:
            message = f"第{number + 1}行无法按 CSV 读取，请检查引号是否成对，或改用 .xlsx 上传"
            raise UploadRefused(message) from damage


def _plain(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        if "\x00" in line:
            raise UploadRefused("文件里有空字符，不是文本表格，请重新导出为 CSV（UTF-8）后上传")
        yield line


def _unescaped(cell: str) -> str:
    """Without the apostrophe by which an export keeps a text from being taken for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") and len(cell) > 1 else cell
