"""部门职责、年度主要任务 and 指标与职责 on the 申报表: three small tables behind the indicators, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jixiao.domain.quantities import Unreadable, amount_plain, normalize, read_amount
from jixiao.kit.columns import Problem
from jixiao.kit.layouts import Box, Form, Look
from jixiao.kit.returned import Page, Printed

from ..saying import DUTIES, SERVES, Filled, Plan, Task

NUMBER, NAME, CONTENT, TOTAL, FISCAL, OTHER = "序号", "任务名称", "主要内容", "预算总额", "财政拨款", "其他资金"
LINE, INDICATOR = "指标序号", "指标名称"
BLANKS = 5
LONGEST = {DUTIES: 500, NAME: 200, CONTENT: 1000}
SUM = "合计"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the tables: its title, the widths of its columns in letters, its header and its rows."""

    title: str
    widths: Sequence[float]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    given: int


def parts(filled: Filled) -> tuple[Part, ...]:
    """The tables of a sheet that has a plan, with blank rows for more; amounts in 万元. `given` columns are known."""
    plan = filled.plan
    if plan is None:
        return ()
    served = dict(plan.serves)
    duties = [(str(n), text) for n, text in enumerate(plan.duties, 1)]
    tasks = [
        (t.name, t.content, amount_plain(t.total), amount_plain(t.fiscal), amount_plain(t.other), str(t.duty or ""))
        for t in plan.tasks
    ]
    sums = [amount_plain(sum(getattr(t, name) for t in plan.tasks)) for name in ("total", "fiscal", "other")]
    lines = [(str(n), line.name, str(served.get(line.lineage, ""))) for n, line in enumerate(filled.lines, 1)]
    more = [(str(n), "") for n in range(len(duties) + 1, len(duties) + 1 + BLANKS)]
    return (
        Part(DUTIES, (8, 90), (NUMBER, DUTIES), (*duties, *more), 1),
        Part(
            "年度主要任务",
            (30, 44, 12, 12, 12, 10),
            (NAME, CONTENT, TOTAL, FISCAL, OTHER, SERVES),
            (*tasks, *[("",) * 6] * BLANKS, (SUM, "", *sums, "")),
            0,
        ),
        Part("指标与职责", (10, 60, 10), (LINE, INDICATOR, SERVES), tuple(lines), 2),
    )


def worksheets(filled: Filled) -> Iterable[Form]:
    """Each table as a worksheet of its own."""
    for part in parts(filled):
        boxes = [Box(0, 0, part.title, Look.TITLE, columns=len(part.header))]
        boxes += [Box(1, column, name, Look.LABEL) for column, name in enumerate(part.header)]
        boxes += [
            Box(row, column, text, Look.GIVEN if column < part.given else Look.FILLED)
            for row, texts in enumerate(part.rows, 2)
            for column, text in enumerate(texts)
        ]
        yield Form(part.title, part.widths, boxes)


def understood(found: Sequence[Page], stored: Filled, problems: list[Problem]) -> Plan | None:
    """The plan as the tables say it, every problem at its place; what no table says stays as it stands.

    None where the sheet has no plan, so that nothing is said of one.
    """
    stands = stored.plan
    if stands is None:
        return None
    duties = _table(found, (NUMBER, DUTIES), (NUMBER, DUTIES), problems)
    said = _duties(duties) if duties else stands.duties
    tasks = _table(found, (NAME, CONTENT, FISCAL, OTHER, SERVES), (NAME, FISCAL), problems)
    lines = _table(found, (LINE, INDICATOR, SERVES), (LINE, SERVES), problems)
    served = _serves(lines, stored, len(said)) if lines else stands.serves
    return Plan(said, _tasks(tasks, len(said)) if tasks else stands.tasks, served)


def _table(
    found: Sequence[Page], columns: tuple[str, ...], needed: tuple[str, ...], problems: list[Problem]
) -> Printed | None:
    names = {column: (column,) for column in columns}
    tables = (Printed(page, names, needed, problems) for page in found)
    return next((table for table in tables if table.header >= 0), None)


def _text(table: Printed, row: int, column: str) -> str:
    return table.text(row, table.places.get(column), column, LONGEST.get(column, 200)).strip()


def _rows(table: Printed) -> range:
    return range(table.header + 1, len(table.rows))


def _duties(table: Printed) -> tuple[str, ...]:
    return tuple(text for row in _rows(table) if (text := _text(table, row, DUTIES)))


def _tasks(table: Printed, most: int) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for row in _rows(table):
        name, content = _text(table, row, NAME), _text(table, row, CONTENT)
        if name == SUM:
            break
        fiscal, other = _amount(table, row, FISCAL), _amount(table, row, OTHER)
        duty = _duty(table, row, most)
        if not (name or content or fiscal or other or duty):
            continue
        if not name:
            table.wrong(row, NAME, "请填写任务名称，不要这一行就清空整行")
        elif any(name == task.name for task in tasks):
            table.wrong(row, NAME, f"任务“{name}”写了两次，请合并或改名")
        tasks.append(Task(name, content, fiscal, other, duty))
    return tuple(tasks)


def _amount(table: Printed, row: int, column: str) -> int:
    written = _text(table, row, column)
    try:
        fen = read_amount(written) if written else 0
        if fen < 0:
            raise Unreadable("金额不能为负，请改正")
    except Unreadable as flaw:
        table.wrong(row, column, str(flaw))
        return 0
    return fen


def _duty(table: Printed, row: int, most: int) -> int | None:
    written = normalize(_text(table, row, SERVES)).removesuffix(".0")
    if not written:
        return None
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0
    if not 1 <= number <= most:
        table.wrong(row, SERVES, f"填职责的编号 1 至 {most}" if most else "还没有部门职责，请先填写部门职责")
        return None
    return number


def _serves(table: Printed, stored: Filled, most: int) -> tuple[tuple[str, int], ...]:
    served = dict[str, int]()
    for row in _rows(table):
        number, duty = normalize(_text(table, row, LINE)).removesuffix(".0"), _duty(table, row, most)
        place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 4 else -1
        if duty and 0 <= place < len(stored.lines):
            served[stored.lines[place].lineage] = duty
    return tuple((line.lineage, served[line.lineage]) for line in stored.lines if line.lineage in served)
