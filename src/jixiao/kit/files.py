"""Files that survive a crash: written to a temporary name, synced, renamed; found again by their SHA-256."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Damaged(Exception):
    """A stored file whose content is no longer what was stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store: its digest is its name, `path` is relative to the root."""

    digest: str
    size: int
    path: str


def sha256(content: bytes) -> str:
    """The SHA-256 of the content in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def store(root: Path, content: bytes) -> Stored:
    """Keep the content under the root; the same content is kept once. Durable when it returns."""
    digest = sha256(content)
    stored = Stored(digest, len(content), _relative(digest))
    target = root / stored.path
    if not target.exists() or target.stat().st_size != len(content):
        write_durably(target, content)
    return stored


def fetch(root: Path, digest: str) -> bytes:
    """The content of this digest. Raises FileNotFoundError if it is not there, Damaged if it has changed."""
    content = (root / _relative(digest)).read_bytes()
    if sha256(content) != digest:
        raise Damaged(f"文件 {digest[:12]} 的内容与存入时不一致，请从备份恢复")
    return content


def write_durably(target: Path, content: bytes) -> None:
    """Whoever looks sees the old file or the whole new one, never a part, even after the power fails."""
    with durably(target) as file:
        file.write(content)


@contextlib.contextmanager
def durably(target: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to be written piece by piece that takes its name only when it is whole; nothing is left if it fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with open(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    _sync_directory(target.parent)


def _relative(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise FileNotFoundError("没有这个文件")
    return f"{digest[:2]}/{digest}"


def _sync_directory(directory: Path) -> None:
    """The rename itself is only durable once the directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
