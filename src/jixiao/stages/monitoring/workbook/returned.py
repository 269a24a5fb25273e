"""The monitoring form as it comes back filled: what it says of each sheet, with every problem at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from jixiao.domain.quantities import Unreadable, amount_plain, normalize, read_amount
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.cells import Broken, fold, is_blank
from jixiao.kit.columns import PARAGRAPH, Problem
from jixiao.kit.returned import Page, Printed, number_in, pages
from jixiao.kit.uploads import UploadRefused

from ..models import Reading, ReadingSheet
from ..saying import Cause, Filled, Read, read_actual, read_causes, write_causes
from .printed import LABELS, TITLE, WHOLE

TICKED = {"√", "✓", "✔", "☑", "是", "1", "v", "y"}
NOT_TICKED = {"", "否", "×", "0", "□", "☐"}
NAME = "三级指标"


@dataclass(slots=True)
class Brought:
    """What a workbook says of one sheet, and how that differs from what stands: label, then, now."""

    sheet: ReadingSheet
    version: int
    filled: Filled
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def understood(
    content: bytes, filename: str, sheets: Mapping[int, ReadingSheet]
) -> tuple[list[Brought], list[Problem]]:
    """What the workbook says of these sheets (by key), and every problem with its place. Saves nothing.

    Sheets that come back unedited are left out. Raises UploadRefused for what is no such workbook.
    """
    problems: list[Problem] = []
    found: dict[int, Brought] = {}
    printed = [_Returned(page, problems) for page in pages(content, filename)]
    forms = [one for one in printed if one.header >= 0]
    if not forms:
        raise UploadRefused(f"没有找到“{TITLE}”的表头（三级指标、年度指标值），请下载监控表，填好后再上传")
    for form in forms:
        sheet, version = form.identified(sheets)
        if sheet is None:
            form.wrong(0, "", "没有这张待填的监控表，或已经报送；请重新下载监控表，不要改动表号和项目编码")
        elif sheet.pk in found:
            form.wrong(0, "", f"“{sheet.subject_year.name}”的监控表出现了两次，请只保留一张")
        elif version != sheet.version:
            name = sheet.subject_year.name
            form.wrong(0, "", f"“{name}”在下载之后已被他人保存，请重新下载监控表，再把填的内容粘贴过去")
        else:
            found[sheet.pk] = one = Brought(sheet, version, form.filled(sheet))
            one.differences = _differences(sheet, one.filled)
    return [one for one in found.values() if one.differences], problems


class _Returned(Printed):
    """One worksheet as it came back: its header is of two rows, and months before a name follow the round."""

    def __init__(self, page: Page, problems: list[Problem]) -> None:
        super().__init__(page, {NAME: (NAME,)}, (NAME,), problems)
        if self.header >= 0:
            # A name below another is the more exact one: 经费保障 under 偏差原因分析.
            for row in (self.header, self.header + 1):
                for place, cell in enumerate(self.rows[row] if row < len(self.rows) else []):
                    if not is_blank(cell) and not isinstance(cell, Broken):
                        self.places.setdefault(_column(fold(cell)), place)

    def identified(self, sheets: Mapping[int, ReadingSheet]) -> tuple[ReadingSheet | None, int]:
        """The sheet that this form is of and the version it was printed from; typed by hand it goes by the code."""
        if number := number_in(self.page):
            return sheets.get(number[0]), number[1]
        code = self.beside("项目编码")
        mine = [sheet for sheet in sheets.values() if code and sheet.subject_year.code == code]
        return (mine[0], mine[0].version) if len(mine) == 1 else (None, 0)

    def filled(self, sheet: ReadingSheet) -> Filled:
        """What the form says; whatever cannot be read is a problem with its row and column."""
        waiting: dict[str, list[Reading]] = {}
        for reading in sorted(sheet.readings.all(), key=lambda one: one.line.position):
            waiting.setdefault(fold(reading.line.name), []).append(reading)
        said: dict[int, Read] = {}
        for row in range(self.header + 1, len(self.rows)):
            name = self.text(row, self.places[NAME], NAME)
            if name and (mine := waiting.get(fold(name))):
                reading = mine.pop(0)
                said[reading.pk] = self._read(row, reading)
            elif name:
                self.wrong(row, NAME, f"这个项目没有“{name[:40]}”这个指标，或出现了两次，请不要增改指标行")
        if missing := "、".join(one.line.name for rest in waiting.values() for one in rest):
            self.wrong(self.header, NAME, f"“{sheet.subject_year.name}”缺少指标行：{missing}，请重新下载监控表后填写")
        say = sheet.subject_year.money.say
        progress = self.beside(WHOLE["progress"])
        causes = self.beside(say(WHOLE["causes"]), WHOLE["causes"], longest=PARAGRAPH)
        expected = self._expected_spent(say(WHOLE["expected_spent"]))
        return Filled(said, progress, write_causes(*read_causes(causes)), expected)

    def _expected_spent(self, label: str) -> int | None:
        """What stands below the label of the money."""
        if (found := self.label(label, WHOLE["expected_spent"])) is None:
            return None
        row, place = found
        written = self.text(row + 1, place, label)
        try:
            return read_amount(written) if written else None
        except Unreadable as flaw:
            self.wrong(row + 1, label, str(flaw))
            return None

    def _read(self, row: int, reading: Reading) -> Read:
        values = []
        for key in ("actual", "expected"):
            place = self.places.get(LABELS[key])
            header = self.title(LABELS[key])
            written = self.text(row, place, header)
            try:
                values.append(read_actual(written, reading.line.target, reading.line.unit))
            except Unreadable as flaw:
                self.wrong(row, header, str(flaw))
                values.append("")
        outlooks = [one for one in Likelihood if self._ticked(row, one.label)]
        if len(outlooks) > 1:
            self.wrong(row, outlooks[1].label, "完成目标可能性只能选一格，请只留一个√")
        causes = [cause for cause in Cause if self._ticked(row, cause.label)]
        words = self.text(row, self.places.get("原因说明"), "原因说明", PARAGRAPH)
        remark = self.text(row, self.places.get(LABELS["remark"]), LABELS["remark"])
        actual, expected = values
        return Read(actual, expected, outlooks[0] if outlooks else "", write_causes(causes, words), remark)

    def _ticked(self, row: int, column: str) -> bool:
        written = self.text(row, self.places.get(column), column).lower()
        if written not in TICKED | NOT_TICKED:
            self.wrong(row, column, f"“{written[:20]}”看不懂，请打√或留空")
        return written in TICKED


def _column(name: str) -> str:
    """The months before 执行情况 follow the round, and a hand-made form may call columns a little otherwise."""
    if name.endswith(LABELS["actual"]):
        return LABELS["actual"]
    return LABELS["expected"] if name.startswith("全年预计") else name


def _differences(sheet: ReadingSheet, filled: Filled) -> list[tuple[str, str, str]]:
    say = sheet.subject_year.money.say
    pairs = [(say(label), getattr(sheet, key), getattr(filled, key)) for key, label in WHOLE.items()]
    for reading in sheet.readings.all():
        now = filled.readings.get(reading.pk, reading.said)
        pairs += [
            (f"{reading.line.name}·{LABELS[one.name]}", getattr(reading.said, one.name), getattr(now, one.name))
            for one in fields(Read)
        ]
    shown = [(label, _shown(then), _shown(now)) for label, then, now in pairs]
    return [one for one in shown if normalize(one[1]) != normalize(one[2])]


def _shown(value: Any) -> str:
    if isinstance(value, Likelihood):
        return value.label
    return f"{amount_plain(value)} 万元" if isinstance(value, int) else str(value or "")
