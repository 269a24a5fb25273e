"""A backup: every row as JSON lines and every uploaded file in one zip, each part under its SHA-256.

It is taken while the program runs, from one moment of the database, and is read by either database. The key of the
audit chain stays outside, as it stays outside the database: whoever keeps the backup keeps the key elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from . import bulk, contents, files
from .models import Attachment, AuditHead, Upload

FORMAT = "jixiao-backup/1"
MANIFEST = "manifest.json"
BATCH = 5000
KEPT = (Upload, Attachment)
_CHUNK = 2**20
# A reader's transaction. Django's own would queue for the writer's place on SQLite and hold everybody up.
_STAND_STILL = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


class BackupRefused(Exception):
    """A backup that cannot be written or restored; the Chinese message names the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """What the backup holds of one table."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """The table of contents. `lacking` are uploads whose file was missing or damaged when the backup was made."""

    made_at: str
    tables: dict[str, TablePart] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(part.rows for part in self.tables.values())


def write(target: Path, uploads: Path) -> Manifest:
    """Write the backup, readable by its owner only; the file takes its name when it is whole and on disk."""
    with files.durably(target, 0o600) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = Manifest(timezone.now().isoformat(timespec="seconds"))
        with _standing_still():
            for model in contents.tables():
                manifest.tables[model._meta.label_lower] = _write_table(archive, model)
            digests = sorted({digest for kept in KEPT for digest in kept.objects.values_list("sha256", flat=True)})
            manifest.heads = {h.region: (h.seq, h.mac) for h in AuditHead.objects.order_by("region")}
        for digest in digests:
            _write_upload(archive, uploads, digest, manifest)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


@contextmanager
def _standing_still() -> Iterator[None]:
    """Everything read inside is of one moment, whatever others write meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_STAND_STILL[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> TablePart:
    digest, rows = hashlib.sha256(), 0
    with archive.open(_table_name(model._meta.label_lower), "w", force_zip64=True) as part:
        for line in contents.lines(model):
            part.write(line)
            digest.update(line)
            rows += 1
    return TablePart(contents.columns(model), rows, digest.hexdigest())


def _write_upload(archive: zipfile.ZipFile, uploads: Path, digest: str, manifest: Manifest) -> None:
    try:
        content = files.fetch(uploads, digest)
    except (FileNotFoundError, files.Damaged):
        manifest.lacking.append(digest)
        return
    archive.writestr(_upload_name(digest), content)
    manifest.uploads[digest] = len(content)


def restore(source: Path, uploads: Path) -> Manifest:
    """Fill an empty, migrated database and the folder of uploads, or change nothing. Raises BackupRefused.

    Every part is compared with its hash before anything is written, and every table again after it was stored.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _verified(archive)
            _demand_empty()
            for digest in manifest.uploads:
                files.store(uploads, archive.read(_upload_name(digest)))
            with transaction.atomic():
                for model in contents.tables():
                    _fill(archive, model, manifest.tables[model._meta.label_lower])
                _reset_sequences()
    except FileNotFoundError:
        raise BackupRefused(f"没有文件 {source}，请核对路径") from None
    except zipfile.BadZipFile:
        raise BackupRefused(f"{source} 不是完整的备份文件，请换一份备份") from None
    return manifest


def _verified(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of a whole backup that fits this program."""
    manifest = _manifest(archive)
    here = {model._meta.label_lower: contents.columns(model) for model in contents.tables()}
    there = {label: part.columns for label, part in manifest.tables.items()}
    if here != there:
        apart = sorted(label for label in here.keys() | there.keys() if here.get(label) != there.get(label))
        raise BackupRefused(f"备份出自另一版本的程序（不同的表：{'、'.join(apart)}），请用写备份时的版本恢复后再升级")
    expected = {_table_name(label): part.sha256 for label, part in manifest.tables.items()}
    expected |= {_upload_name(digest): digest for digest in manifest.uploads}
    for name, digest in expected.items():
        if _digest_of(archive, name) != digest:
            raise BackupRefused(f"备份中的 {name} 与清单上的摘要不符，文件已损坏，请换一份备份")
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        data: dict[str, Any] = json.loads(archive.read(MANIFEST))
        data["tables"] = {label: TablePart(**part) for label, part in data["tables"].items()}
        manifest = Manifest(**data)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BackupRefused("文件里没有备份清单，它不是本程序写的备份") from None
    if manifest.format != FORMAT:
        raise BackupRefused(f"备份的格式是 {manifest.format}，本程序只认 {FORMAT}，请升级程序后再恢复")
    return manifest


def _digest_of(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
    except KeyError:
        return ""
    return digest.hexdigest()


def _demand_empty() -> None:
    for model in contents.tables():
        if model._base_manager.exists():
            raise BackupRefused(
                f"数据库里已有数据（{model._meta.verbose_name}），只能恢复到空的位置，请另设 JIXIAO_HOME"
            )


def _fill(archive: zipfile.ZipFile, model: type[models.Model], part: TablePart) -> None:
    with archive.open(_table_name(model._meta.label_lower)) as lines:
        while batch := [contents.row_of(model, line) for line in islice(lines, BATCH)]:
            bulk.insert(model, batch)
    if contents.digest(model) != (part.rows, part.sha256):
        raise BackupRefused(f"{model._meta.verbose_name}恢复后与备份不一致，已全部撤销，请报告这一情况")


def _reset_sequences() -> None:
    """PostgreSQL counts keys apart from the rows; SQLite has seen them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), contents.tables()):
            cursor.execute(statement)


def _table_name(label: str) -> str:
    return f"tables/{label}.jsonl"


def _upload_name(digest: str) -> str:
    return f"uploads/{digest}"
