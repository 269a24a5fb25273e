"""绩效目标执行监控表, laid out as 财预〔2019〕136号 prints it: a worksheet per sheet, with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jixiao.domain.quantities import amount_plain, plain, share
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import layouts
from jixiao.kit.layouts import Box, Form, Look

from ..models import Reading
from ..saying import Cause, read_causes

TITLE = "绩效目标执行监控表"
WIDTHS = (11, 12, 24, 14, 14, 14, 8, 8, 8, 8, 8, 24, 7, 7, 9, 16)
TICK = "√"
LINE_ROW = 11
LABELS = {
    "actual": "执行情况",
    "expected": "全年预计完成情况",
    "likelihood": "完成目标可能性",
    "causes": "偏差原因",
    "remark": "备注",
}
WHOLE = {"progress": "目标完成情况", "causes": "支出偏差原因", "expected_spent": "全年预计执行数"}


def written(sheets: Iterable[Any], departments: Mapping[str, str]) -> bytes:
    """The workbook of these sheets, judged and with their readings prefetched; `departments` names units by path."""
    forms = [
        Form(f"{n}.{sheet.subject_year.name}", WIDTHS, _boxes(sheet, departments)) for n, sheet in enumerate(sheets, 1)
    ]
    return layouts.written(forms or [Form(TITLE, (60,), [Box(0, 0, "没有要填的监控表", Look.NOTE)])])


def _boxes(sheet: Any, departments: Mapping[str, str]) -> list[Box]:
    readings = sorted(sheet.readings.all(), key=lambda one: one.line.position)
    lines = [box for place, one in enumerate(readings) for box in _line(LINE_ROW + place, one)]
    foot = "完成目标可能性在一格里打√；偏差原因的归类打√并写明原因。不要增删指标行，不要改动表号。"
    return [
        *_head(sheet, departments),
        *_columns(sheet),
        *lines,
        Box(LINE_ROW + len(readings), 0, foot, Look.NOTE, columns=16),
    ]


def _head(sheet: Any, departments: Mapping[str, str]) -> Iterable[Box]:
    """Title, the subject and its money, its goal, and what is said of the whole of it."""
    subject, held, say = sheet.subject_year, sheet.round, sheet.subject_year.money.say
    kind = "项目支出" if subject.in_total else "部门整体支出"
    yield Box(0, 0, say(f"{kind}{TITLE}"), Look.TITLE, columns=16)
    when = f"{held.year}年度第{held.no}轮，截至{held.cutoff}　单位：万元"
    yield Box(1, 0, when, Look.NOTE, columns=12)
    yield Box(1, 12, f"表号：{sheet.pk}-{sheet.version}", Look.NOTE, columns=4)
    department = departments.get(subject.unit_path.split("/")[0] + "/", subject.unit_name)
    for row, pairs in (
        (2, (("项目名称", subject.name), ("项目编码", subject.code))),
        (3, (("主管部门", department), ("实施单位", subject.unit_name))),
    ):
        for place, (label, value) in zip(((0, 2, 4), (6, 9, 7)), pairs, strict=True):
            yield Box(row, place[0], label, Look.LABEL, columns=place[1] - place[0])
            yield Box(row, place[1], value, columns=place[2])
    rate = share(sheet.spent, sheet.budget)
    money = (
        (2, 2, say("全年预算数"), amount_plain(sheet.budget)),
        (4, 2, say(f"{_months(sheet)}执行数"), amount_plain(sheet.spent)),
        (6, 3, say("执行率"), "—" if rate is None else f"{plain(rate)}%"),
    )
    yield Box(4, 0, say("项目资金"), Look.LABEL, columns=2)
    yield Box(5, 0, say("年度资金总额"), Look.LABEL, columns=2)
    for column, width, label, amount in money:
        yield Box(4, column, label, Look.LABEL, columns=width)
        yield Box(5, column, amount, columns=width)
    yield Box(4, 9, say(WHOLE["expected_spent"]), Look.LABEL, columns=7)
    expected = "" if sheet.expected_spent is None else amount_plain(sheet.expected_spent)
    yield Box(5, 9, expected, Look.FILLED, columns=7)
    for row, label, value, look in (
        (6, "年度总体目标", subject.goal, Look.GIVEN),
        (7, WHOLE["progress"], sheet.progress, Look.FILLED),
        (8, say(WHOLE["causes"]), sheet.causes, Look.FILLED),
    ):
        yield Box(row, 0, label, Look.LABEL, columns=2)
        yield Box(row, 2, value, look, columns=14)


def _months(sheet: Any) -> str:
    month = sheet.round.cutoff.month
    return "1月" if month == 1 else f"1—{month}月"


def _columns(sheet: Any) -> Iterable[Box]:
    """The two header rows of the indicators."""
    names = (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        f"{_months(sheet)}{LABELS['actual']}",
        LABELS["expected"],
    )
    for column, name in (*enumerate(names), (15, LABELS["remark"])):
        yield Box(9, column, name, Look.LABEL, rows=2)
    yield Box(9, 6, "偏差原因分析", Look.LABEL, columns=6)
    yield Box(9, 12, LABELS["likelihood"], Look.LABEL, columns=3)
    below = (*(cause.label for cause in Cause), "原因说明", *(one.label for one in Likelihood))
    for column, name in enumerate(below, 6):
        yield Box(10, column, name, Look.LABEL)


def _line(row: int, reading: Reading) -> Iterable[Box]:
    line, (causes, words) = reading.line, read_causes(reading.causes)
    target = f"{line.comparison.label} {line.target} {line.unit}".strip()
    for column, known in enumerate((line.level1.label, line.level2, line.name, target)):
        yield Box(row, column, known)
    for column, said in ((4, reading.actual), (5, reading.expected), (11, words), (15, reading.remark)):
        yield Box(row, column, said, Look.FILLED)
    for column, cause in enumerate(Cause, 6):
        yield Box(row, column, TICK if cause in causes else "", Look.FILLED, choices=(TICK,))
    for column, outlook in enumerate(Likelihood, 12):
        yield Box(row, column, TICK if reading.likelihood == outlook else "", Look.FILLED, choices=(TICK,))
