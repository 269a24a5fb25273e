"""监控填报表 in Excel: the sheets a unit has to fill, one row per indicator, out with what is known and in again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jixiao.domain.quantities import Unreadable
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import xlsx
from jixiao.kit.tables import Column, Problem, Reading, Row, Table, read
from jixiao.kit.uploads import UploadRefused

from .models import Reading as IndicatorReading
from .models import ReadingSheet
from .rules import Cause, read_actual, read_causes, write_causes

CAUSE_KEYS = {cause: f"cause_{cause.value}" for cause in Cause}
FILLING = Table(
    "monitoring_filling",
    "绩效运行监控填报表",
    (
        Column("key", "表号", "code", note="系统填写，请勿改动", width=16),
        Column("code", "项目编码", "code", required=False, note="系统填写"),
        Column("project", "项目名称", required=False, note="系统填写", width=28),
        Column("name", "三级指标", required=False, note="系统填写", width=24),
        Column("target", "指标值", required=False, note="系统填写"),
        Column("actual", "截至完成值", required=False, note="只填数字或情况；没有数据的留空"),
        Column("expected", "全年预计完成值", required=False),
        Column("likelihood", "完成目标可能性", "term", required=False, choices=Likelihood),
        Column("progress", "绩效目标完成情况", required=False, note="每个项目填在第一行即可", width=24),
        *(
            Column(key, cause.label, "flag", required=False, note="偏差原因，填是或否；每个项目填在第一行即可")
            for cause, key in CAUSE_KEYS.items()
        ),
        Column("words", "偏差原因说明", required=False, note="每个项目填在第一行即可", longest=1000, width=32),
    ),
    note="一行一个指标。只填可以填的列，不要增删行、改动表号；填好后在系统中上传，核对变化后确认。",
)
Said = Mapping[int, tuple[str, str, Likelihood | str]]


@dataclass(slots=True)
class Filled:
    """What a workbook says of one sheet: readings by key, and the words about the whole of it."""

    sheet: ReadingSheet
    version: int
    readings: dict[int, tuple[str, str, Likelihood | str]] = field(default_factory=dict)
    progress: str = ""
    causes: str = ""
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def written(sheets: Iterable[ReadingSheet]) -> bytes:
    """The workbook of these sheets, their readings prefetched; the same sheets give the same bytes."""
    return xlsx.template(FILLING, [row for sheet in sheets for row in _rows(sheet)])


def _rows(sheet: ReadingSheet) -> Iterable[dict[str, Any]]:
    causes, words = read_causes(sheet.causes)
    for place, reading in enumerate(sorted(sheet.readings.all(), key=lambda one: one.line.position)):
        first = place == 0
        yield {
            "key": f"{sheet.pk}-{sheet.version}-{reading.pk}",
            "code": sheet.subject_year.code,
            "project": sheet.subject_year.name,
            "name": reading.line.name,
            "target": f"{reading.line.comparison.label} {reading.line.target} {reading.line.unit}".strip(),
            "actual": reading.actual,
            "expected": reading.expected,
            "likelihood": reading.likelihood or None,
            "progress": sheet.progress if first else "",
            "words": words if first else "",
            **{key: True if first and cause in causes else None for cause, key in CAUSE_KEYS.items()},
        }


def understood(content: bytes, filename: str, sheets: Mapping[int, ReadingSheet]) -> tuple[list[Filled], list[Problem]]:
    """What the workbook says of these sheets (by key), and every problem with its place. Saves nothing.

    Sheets that come back unedited are left out. Raises UploadRefused for what is no such workbook.
    """
    reading = read(content, filename, FILLING)
    found: dict[int, Filled] = {}
    seen: set[int] = set()
    for row in reading.rows:
        _take(row, reading, sheets, found, seen)
    if not reading.rows and not reading.problems:
        raise UploadRefused("表里没有填报行，请下载填报表，填好后再上传")
    edited = [one for one in found.values() if one.differences]
    for one in edited:
        missing = [r.line.name for r in one.sheet.readings.all() if r.pk not in one.readings]
        if missing:
            names = "、".join(missing)
            message = f"“{one.sheet.subject_year.name}”缺少指标行：{names}，请重新下载填报表后填写"
            reading.problems.append(Problem(reading.sheet, 0, "", message))
    return edited, reading.problems


def _take(
    row: Row, reading: Reading, sheets: Mapping[int, ReadingSheet], found: dict[int, Filled], seen: set[int]
) -> None:
    """One row into what is said of its sheet; a problem names its row and column."""
    numbers = str(row.values["key"]).split("-")
    known = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 15]
    sheet = sheets.get(known[0]) if len(known) == len(numbers) == 3 else None
    line = next((one for one in sheet.readings.all() if one.pk == known[2]), None) if sheet else None
    if sheet is None or line is None:
        message = "没有这张待填的监控表，或已经报送；请重新下载填报表，不要改动表号"
        reading.problems.append(reading.problem(row, "key", message))
        return
    if line.pk in seen:
        reading.problems.append(reading.problem(row, "key", "这个指标出现了两次，请删去一行"))
        return
    seen.add(line.pk)
    if known[1] != sheet.version:
        message = f"“{sheet.subject_year.name}”在下载之后已被他人保存，请重新下载填报表，再把填的内容粘贴过去"
        reading.problems.append(reading.problem(row, "key", message))
        return
    one = found.get(sheet.pk)
    if one is None:
        one = found[sheet.pk] = Filled(sheet, known[1])
        _whole(row, one)
    _line(row, reading, line, one)


def _whole(row: Row, one: Filled) -> None:
    """What the first row of a sheet says of the whole of it."""
    values, sheet = row.values, one.sheet
    classes = [cause for cause, key in CAUSE_KEYS.items() if values[key]]
    one.progress, one.causes = str(values["progress"]), write_causes(classes, str(values["words"]))
    for label, stands, said in (
        ("绩效目标完成情况", sheet.progress, one.progress),
        ("偏差原因", sheet.causes, one.causes),
    ):
        if stands != said:
            one.differences.append((label, stands, said))


def _line(row: Row, reading: Reading, line: IndicatorReading, one: Filled) -> None:
    said: list[str] = []
    for key in ("actual", "expected"):
        try:
            said.append(read_actual(str(row.values[key]), line.line.target, line.line.unit))
        except Unreadable as error:
            reading.problems.append(reading.problem(row, key, str(error)))
            return
    outlook: Any = row.values["likelihood"] or ""
    one.readings[line.pk] = (said[0], said[1], outlook)
    before = (line.actual, line.expected, getattr(line.likelihood, "label", ""))
    after = (*said, getattr(outlook, "label", ""))
    names = ("截至完成值", "全年预计完成值", "完成目标可能性")
    one.differences += [
        (f"{line.line.name}·{name}", then, now)
        for name, then, now in zip(names, before, after, strict=True)
        if then != now
    ]
