"""评价底稿 and 专家打分表 as they come back filled: what each cell says, with every problem at its place.

What is said becomes the data of the page's own form, which reads and judges it. A cell that still says what was printed
keeps what stands, so that an unedited return changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jixiao.domain.quantities import normalize
from jixiao.kit.cells import fold
from jixiao.kit.columns import Problem
from jixiao.kit.returned import Printed, number_in, pages
from jixiao.kit.uploads import UploadRefused

from ..models import Mark
from .printed import FOOT, OPINION, TOTAL, Sheet

NAME = "三级指标"
LONGEST = 4000


@dataclass(slots=True)
class Brought:
    """What a workbook says: the form's data, where each of its fields stands (sheet, row from 1, column), and how it
    differs from what stands: label, then, now. `closed` fields are not to be filled."""

    version: int
    data: dict[str, Any]
    closed: Collection[str]
    places: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    differences: list[tuple[str, str, str]] = field(default_factory=list)

    def flaws(self, errors: Mapping[str, Sequence[str]]) -> list[Problem]:
        """The errors of a form at the cells they came from."""
        return [
            Problem(*self.places.get(name, ("", 0, name)), str(message))
            for name, messages in errors.items()
            for message in messages
        ]


def understood(
    content: bytes,
    filename: str,
    kind: Sheet,
    about: Any,
    marks: Sequence[Mark],
    stands: Mapping[str, Any],
    closed: Collection[str],
) -> tuple[Brought, list[Problem]]:
    """What the file says of a sheet (`about`, with its key and version). Saves nothing.

    `stands` is what its form begins with, `closed` are fields that nobody fills now.
    Raises UploadRefused for what is no such worksheet.
    """
    problems: list[Problem] = []
    columns = {NAME: (NAME,), "level2": ("二级指标",)} | {name: (label,) for name, label in kind.columns.items()}
    needed = (NAME, *kind.columns)
    forms = [Printed(page, columns, needed, problems) for page in pages(content, filename)]
    found = [one for one in forms if one.header >= 0]
    if len(found) != 1:
        raise UploadRefused(f"没有找到“{kind.title}”，或有不止一张；请下载后填好，整个文件上传")
    form = found[0]
    number = number_in(form.page)
    if number is None or number[0] != about.pk:
        raise UploadRefused(f"这不是这一项评价的“{kind.title}”，请从这一页下载后填写，不要改动表号")
    brought = Brought(number[1], dict(stands), closed)
    _rows(form, kind, marks, brought)
    if "opinion" in stands:
        _put(form, brought, "opinion", OPINION, form.beside(OPINION, longest=LONGEST), form.header - 1)
    if brought.version != about.version and brought.differences:
        _stale(form, brought)
    return brought, problems


def _rows(form: Printed, kind: Sheet, marks: Sequence[Mark], brought: Brought) -> None:
    """Each row of the worksheet beside its item; a row too many or too few is a problem."""
    waiting: dict[str, list[Mark]] = {}
    for mark in marks:
        waiting.setdefault(fold(mark.name), []).append(mark)
    for row in range(form.header + 1, len(form.rows)):
        first = fold(form.cell(row, 0))
        if first.startswith(fold(FOOT)) or first == TOTAL:
            break
        name = form.text(row, form.places[NAME], NAME)
        if name and (mine := waiting.get(fold(name))):
            mark = mine.pop(_which(form, row, mine))
            for key, label in kind.columns.items():
                said = form.text(row, form.places[key], label, LONGEST)
                _put(form, brought, f"{key}-{mark.pk}", f"{mark.name}·{label}", said, row)
        elif name:
            form.wrong(row, NAME, f"没有“{name[:40]}”这个指标，或出现了两次，请不要增改指标行")
    if missing := "、".join(one.name for rest in waiting.values() for one in rest):
        form.wrong(form.header, NAME, f"缺少指标行：{missing}，请重新下载后填写")


def _which(form: Printed, row: int, mine: list[Mark]) -> int:
    """Among items of one name that of the row's own 二级指标, else the first."""
    level2 = fold(form.cell(row, form.places.get("level2")))
    return next((n for n, one in enumerate(mine) if fold(one.level2) == level2), 0)


def _put(form: Printed, brought: Brought, name: str, label: str, said: str, row: int) -> None:
    """One cell; as printed it says nothing new."""
    column = label.rpartition("·")[2]
    then = str(brought.data.get(name) or "")
    brought.places[name] = (form.page.name, row + 1, column)
    if _words(said) == _words(then):
        return
    if name in brought.closed:
        form.wrong(row, column, "这一格现在不能填写，请按下载的样子恢复")
        return
    brought.data[name] = said
    brought.differences.append((label, then, said))


def _words(text: str) -> list[str]:
    """What a cell says, however its lines are broken."""
    return normalize(text).split()


def _stale(form: Printed, brought: Brought) -> None:
    """Somebody saved after this was printed: say where the two differ."""
    cells = "；".join(f"{label}：现为“{then}”，表里是“{now}”" for label, then, now in brought.differences[:5])
    more = f"等 {len(brought.differences)} 处" if len(brought.differences) > 5 else ""
    form.wrong(0, "", f"下载之后已有人保存，请重新下载后再填。不同之处：{cells}{more}")
