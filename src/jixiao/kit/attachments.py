"""Attachments of a sheet: evidence, photos and documents, looked at before they are kept and given back as they came.

Who may attach is the room's rule; here stands what may be attached and how it is kept.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.db import models

from . import files
from .acting import Act
from .models import Attachment
from .moving import Sheet
from .uploads import UploadRefused

MOST_BYTES = 20 * 2**20
MOST_ON_A_SHEET = 60
_ZIP = b"PK\x03\x04"
# What a file of this ending begins with; the browser is told the type of the ending and never asked to guess.
_KINDS: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ACCEPTED = ",".join(_KINDS)
_INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


def media_type(filename: str) -> str:
    """The type under which a kept file is sent."""
    return _KINDS[PurePath(filename).suffix.lower()][1]


def guard(content: bytes, filename: str) -> str:
    """The file's name as it is kept; raises UploadRefused, with a remedy, for whatever is not accepted."""
    name = _plain_name(filename)
    ending = PurePath(name).suffix.lower()
    if ending not in _KINDS:
        raise UploadRefused("附件只接受 PDF、JPG、PNG、Word（.docx）和 Excel（.xlsx），请转换格式后重新上传")
    if not content:
        raise UploadRefused("文件是空的，请重新选择文件")
    if len(content) > MOST_BYTES:
        raise UploadRefused(f"文件超过 {MOST_BYTES // 2**20} MB，请压缩图片或拆成几个文件后上传")
    if not content.startswith(_KINDS[ending][0]):
        raise UploadRefused(f"文件内容不是 {ending} 格式，请用原来的软件打开，另存后重新上传")
    if ending in _INSIDE:
        _guard_office(content, _INSIDE[ending])
    return name


def _guard_office(content: bytes, inside: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as damage:
        raise UploadRefused("文件不完整或已损坏，请用原来的软件打开，另存后重新上传") from damage
    if inside not in names or any(name.lower().endswith(".bin") and "vba" in name.lower() for name in names):
        raise UploadRefused("文件带宏，或者不是它的扩展名所说的格式，请另存为不带宏的文件后重新上传")


def _plain_name(filename: str) -> str:
    """Without folders and control characters, at most as long as the column."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if sign.isprintable()).strip() or "附件"
    stem, ending = PurePath(clean).stem, PurePath(clean).suffix
    return stem[: 200 - len(ending)] + ending


def attach(sheet: Sheet, act: Act, filename: str, content: bytes, *, kind: str = "", title: str = "") -> Attachment:
    """Keep a file with the sheet, inside an act. Raises UploadRefused."""
    name = guard(content, filename)
    if attached(sheet).count() >= MOST_ON_A_SHEET:
        raise UploadRefused(f"一张表最多 {MOST_ON_A_SHEET} 个附件，请合并或撤回一些")
    stored = files.store(settings.UPLOADS, content)
    kept = Attachment.objects.create(
        region=sheet.region,
        sheet_type=sheet.sheet_type,
        sheet_id=sheet.pk,
        kind=kind,
        title=title[:120],
        filename=name,
        sha256=stored.digest,
        size=stored.size,
        user_id=act.actor.user_id,
        actor=act.actor.name,
        at=act.at,
    )
    act.trace(sheet.reference, None, {"attached": name, "kind": kind, "sha256": stored.digest})
    return kept


def withdraw(kept: Attachment, sheet: Sheet, act: Act) -> None:
    """Take an attachment back; the file and the row stay for the trail."""
    kept.withdrawn_at = act.at
    kept.save(update_fields=["withdrawn_at"])
    act.trace(sheet.reference, {"attached": kept.filename}, {"withdrawn": kept.filename})


def attached(sheet: Sheet, kind: str | None = None) -> models.QuerySet[Attachment]:
    """The sheet's attachments that stand, oldest first."""
    rows = Attachment.objects.filter(
        region=sheet.region, sheet_type=sheet.sheet_type, sheet_id=sheet.pk, withdrawn_at=None
    )
    return (rows if kind is None else rows.filter(kind=kind)).order_by("id")
