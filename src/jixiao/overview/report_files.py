"""The annual report as files: Word and PDF, written beside one another, rewritten only where something changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from jixiao.kit import docx, pdf
from jixiao.kit.files import write_durably
from jixiao.kit.paper import Paper

RENDERERS: Mapping[str, Callable[[Paper], bytes]] = {".docx": docx.render, ".pdf": pdf.render}
STEM = "预算绩效管理工作情况"


@dataclass(frozen=True, slots=True)
class Written:
    """One file, and whether its bytes are other than before."""

    path: Path
    changed: bool


def folder_of(region: str, year: int) -> Path:
    """Where the reports of a region and year lie."""
    return Path(settings.REPORTS) / f"{region}-{year}"


def write(paper: Paper, target: Path) -> Written:
    """Write a paper in the format of the target's ending (.docx, .pdf).

    Raises KeyError for another ending and PaperRefused where a PDF could not be set truly.
    """
    content = RENDERERS[target.suffix.lower()](paper)
    changed = not target.exists() or target.read_bytes() != content
    if changed:
        write_durably(target, content)
    return Written(target, changed)
