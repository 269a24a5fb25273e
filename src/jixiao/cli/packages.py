"""Debian packages that some tests need: what is missing, and its installation where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """A part of the system: its name, the packages that bring it, and whether it is there now."""

    name: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


def postgres_programs() -> Path | None:
    """The folder with PostgreSQL's own programs, newest release first, or None. Debian keeps it off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _chinese_font() -> bool:
    listing = shutil.which("fc-list")
    return bool(listing and subprocess.run([listing, ":lang=zh"], capture_output=True, check=False).stdout.strip())


POSTGRESQL = Need("PostgreSQL", ("postgresql",), lambda: postgres_programs() is not None)
CHROMIUM = Need("Chromium", ("chromium",), lambda: shutil.which("chromium") is not None)
LIBREOFFICE = Need("LibreOffice Writer", ("libreoffice-writer",), lambda: shutil.which("soffice") is not None)
POPPLER = Need("poppler-utils", ("poppler-utils",), lambda: shutil.which("pdftoppm") is not None)
CHINESE_FONT = Need("中文字体", ("fontconfig", "fonts-noto-cjk"), _chinese_font)


def missing(needs: Iterable[Need]) -> list[Need]:
    """Those not on this machine, each once."""
    return [need for need in dict.fromkeys(needs) if not need.present()]


def install_line(needs: Iterable[Need]) -> str:
    """What an administrator types to bring them."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(p for need in needs for p in need.packages)


def install(needs: list[Need]) -> None:
    """Installs them when this is root on Debian; whoever asked looks again at what is missing afterwards."""
    if not needs or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"正在安装测试所需的系统组件：{'、'.join(need.name for need in needs)}", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [package for need in needs for package in need.packages]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", *arguments]
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
