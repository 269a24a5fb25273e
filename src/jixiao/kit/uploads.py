"""The guard before any uploaded file is opened: size, magic bytes, central directory, no macros, no passwords, no DTD.

Every refusal is a Chinese sentence with its remedy. A file that passed is still read in a child process only.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

MOST_BYTES = 50 * 2**20
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 2**20
MOST_IN_ONE = 60 * 2**20
_DIRECTORY_BYTES = MOST_ENTRIES * 512
_CHUNK = 2**20

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.DOTALL)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|head|meta|\?xml)", re.IGNORECASE)
_MACROS = re.compile(r"(?:^|/)(?:vbaProject[^/]*\.bin|macrosheets/.*)$", re.IGNORECASE)

_SAVE_AS = "请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”后重新上传"
_DAMAGED = f"文件不完整或已损坏，无法读取；{_SAVE_AS}"
_OTHER_FORMATS = {
    ".xls": "旧版 Excel 格式（.xls）",
    ".et": "WPS 表格格式（.et）",
    ".ods": "ODS 格式",
    ".xlsm": "带宏的工作簿（.xlsm）",
    ".xlsb": "二进制工作簿（.xlsb）",
}


class UploadRefused(Exception):
    """A file that is not opened. str() is a Chinese sentence that names the remedy."""


def guard(source: bytes, filename: str) -> str:
    """The format of an acceptable file, "xlsx" or "csv"; raises UploadRefused otherwise."""
    ending = PurePath(filename).suffix.lower()
    if not source:
        raise UploadRefused("文件是空的，请重新选择文件")
    if len(source) > MOST_BYTES:
        raise UploadRefused(f"文件超过 {MOST_BYTES // 2**20} MB，请拆成几个文件分别上传")
    if ending in _OTHER_FORMATS:
        raise UploadRefused(f"不接受{_OTHER_FORMATS[ending]}，{_SAVE_AS}")
    if ending not in (".xlsx", ".csv", ".txt"):
        raise UploadRefused(f"只接受 .xlsx 和 .csv 文件，{_SAVE_AS}")
    if source.startswith(_OLE):
        raise UploadRefused(_ole_refusal(source))
    if _HTML.match(source[:200]):
        raise UploadRefused(f"文件内容是网页，不是表格；{_SAVE_AS}")
    if ending == ".xlsx":
        _guard_workbook(source)
        return "xlsx"
    if source.startswith(_ZIP):
        raise UploadRefused("文件内容是 Excel 工作簿，扩展名却不是 .xlsx，请把扩展名改为 .xlsx 后重新上传")
    return "csv"


def _ole_refusal(source: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in source:
        return "文件设了打开密码，请取消密码后重新上传"
    return f"文件内容是旧版 Excel 格式（.xls），{_SAVE_AS}"


def _guard_workbook(source: bytes) -> None:
    if not source.startswith(_ZIP):
        raise UploadRefused(f"文件内容不是 Excel 工作簿；{_SAVE_AS}")
    end = source[-22:]
    if end[:4] != b"PK\x05\x06" or source[-42:-38] == b"PK\x06\x07":
        raise UploadRefused(_DAMAGED)
    if int.from_bytes(end[10:12], "little") > MOST_ENTRIES or int.from_bytes(end[12:16], "little") > _DIRECTORY_BYTES:
        raise UploadRefused(f"工作簿里的部件超过 {MOST_ENTRIES} 个，{_SAVE_AS}")
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            _guard_directory(archive.infolist())
            for entry in archive.infolist():
                _guard_entry(archive, entry)
    except UploadRefused:
        raise
    # zipfile answers damage with a dozen kinds of exception; to whoever uploaded the file they all mean the same.
    except Exception as damage:
        raise UploadRefused(_DAMAGED) from damage


def _guard_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise UploadRefused(f"工作簿里的部件超过 {MOST_ENTRIES} 个，{_SAVE_AS}")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UploadRefused("文件设了打开密码，请取消密码后重新上传")
    if max(entry.file_size for entry in entries) > MOST_IN_ONE or sum(e.file_size for e in entries) > MOST_UNPACKED:
        raise UploadRefused("工作簿展开后过大，请删去图片和多余的工作表，或拆成几个文件分别上传")
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise UploadRefused(f"工作簿里带有宏，{_SAVE_AS}")
    stored = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(names) < len(entries) or any(entry.compress_type not in stored for entry in entries):
        raise UploadRefused(_DAMAGED)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise UploadRefused(f"文件内容不是 Excel 工作簿；{_SAVE_AS}")


def _guard_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack one part without keeping it: its checksum must agree, and XML must be plain UTF-8 without a DTD."""
    xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = None
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if not xml:
                continue
            if tail is None:
                encoding = _ENCODING.match(chunk.removeprefix(b"\xef\xbb\xbf")[:200])
                if not _XML_START.match(chunk) or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
                    raise UploadRefused(_DAMAGED)
                tail = b""
            if _DTD.search(tail + chunk):
                raise UploadRefused(f"工作簿里有不允许的 XML 声明（DTD），{_SAVE_AS}")
            tail = chunk[-10:]
