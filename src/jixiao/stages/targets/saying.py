"""What a target sheet says, apart from how it is kept: its goal and indicators, and how two states of it differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import Unreadable, format_amount, normalize, plain, read_number
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1


class Cell(Term):
    """One cell of an indicator line, as forms, opinions and differences name it."""

    LEVEL1 = "level1", "一级指标"
    LEVEL2 = "level2", "二级指标"
    NAME = "name", "三级指标"
    COMPARISON = "comparison", "指标性质"
    TARGET = "target", "指标值"
    UNIT = "unit", "计量单位"
    WEIGHT = "weight", "分值"


@dataclass(frozen=True, slots=True)
class Said:
    """One indicator as it was said; `lineage` is empty where it is new, `entry` its key in the library."""

    level1: IndicatorLevel1
    level2: str
    name: str
    comparison: Comparison
    target: str
    unit: str
    weight: Decimal
    lineage: str = ""
    entry: int | None = None

    def shown(self, cell: Cell) -> str:
        """The cell as people read it."""
        value = getattr(self, cell.value)
        if isinstance(value, Decimal):
            return plain(value)
        return value.label if isinstance(value, Term) else str(value)


@dataclass(frozen=True, slots=True)
class Task:
    """One of the 年度主要任务: amounts in fen, `duty` the number of the duty that it serves."""

    name: str
    content: str
    fiscal: int
    other: int
    duty: int | None = None

    @property
    def total(self) -> int:
        return self.fiscal + self.other


@dataclass(frozen=True, slots=True)
class Plan:
    """部门整体: duties in order (counted from 1), the year's tasks, and which duty an indicator (by lineage) serves."""

    duties: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    serves: tuple[tuple[str, int], ...] = ()

    def document(self) -> dict[str, Any]:
        """As JSON values, for what is kept of a turn."""
        return {
            "duties": list(self.duties),
            "tasks": [[one.name, one.content, one.fiscal, one.other, one.duty] for one in self.tasks],
            "serves": [list(pair) for pair in self.serves],
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Plan:
        """What `document` kept."""
        tasks = tuple(Task(*one) for one in document["tasks"])
        return cls(tuple(document["duties"]), tasks, tuple((key, no) for key, no in document["serves"]))


@dataclass(frozen=True, slots=True)
class Filled:
    """A whole sheet: the overall goal, the indicators in order, and the plan where it has one.

    Without a `plan` nothing is said of it: what stands remains.
    """

    goal: str
    lines: tuple[Said, ...]
    plan: Plan | None = None

    def document(self) -> dict[str, Any]:
        """As JSON values, for what is kept of a turn."""
        lines: list[dict[str, Any]] = [
            {**{cell.value: line.shown(cell) for cell in Cell}, "lineage": line.lineage, "entry": line.entry}
            for line in self.lines
        ]
        planned = {"plan": self.plan.document()} if self.plan is not None else {}
        return {"goal": self.goal, "lines": lines, **planned}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Filled:
        """What `document` kept."""
        plan = Plan.of(document["plan"]) if "plan" in document else None
        return cls(document["goal"], tuple(map(_said, document["lines"])), plan)


def _said(kept: Mapping[str, Any]) -> Said:
    return Said(
        IndicatorLevel1.read(kept["level1"]),
        kept["level2"],
        kept["name"],
        Comparison.read(kept["comparison"]),
        kept["target"],
        kept["unit"],
        Decimal(kept["weight"]),
        kept["lineage"],
        kept["entry"],
    )


class ChangeKind(Term):
    """What became of an indicator between two states of a sheet."""

    ADDED = "added", "新增"
    REMOVED = "removed", "删去"
    CHANGED = "changed", "修改"


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator that differs (`line` 总体目标 for the goal), with the cells: name, then, now."""

    kind: ChangeKind
    line: str
    lineage: str
    cells: tuple[tuple[str, str, str], ...]


GOAL = "总体目标"
DUTIES = "部门职责"
SERVES = "对应职责"


def compared(before: Filled, after: Filled) -> tuple[Change, ...]:
    """What was added, removed and changed, line by line of the same lineage, in the order of the newer state."""
    changes = []
    if before.goal != after.goal:
        changes.append(Change(ChangeKind.CHANGED, GOAL, "", ((GOAL, before.goal, after.goal),)))
    earlier = {line.lineage: line for line in before.lines if line.lineage}
    for line in after.lines:
        old = earlier.pop(line.lineage, None)
        if old is None:
            changes.append(_whole(ChangeKind.ADDED, line))
        elif cells := tuple((c.label, old.shown(c), line.shown(c)) for c in Cell if old.shown(c) != line.shown(c)):
            changes.append(Change(ChangeKind.CHANGED, line.name, line.lineage, cells))
    changes += [_whole(ChangeKind.REMOVED, line) for line in earlier.values()]
    if before.plan is not None and after.plan is not None:
        names = {line.lineage: line.name for line in (*before.lines, *after.lines)}
        changes += _planned(before.plan, after.plan, names)
    return tuple(changes)


def _planned(before: Plan, after: Plan, names: Mapping[str, str]) -> Iterable[Change]:
    """How two plans differ: duties as a whole, tasks by their names, indicators by the duty they serve."""
    if before.duties != after.duties:
        stood, stands = ("；".join(plan.duties) for plan in (before, after))
        yield Change(ChangeKind.CHANGED, DUTIES, "", ((DUTIES, stood, stands),))
    earlier = {task.name: _task_cells(task) for task in before.tasks}
    later = {task.name: _task_cells(task) for task in after.tasks}
    for name in dict.fromkeys((*later, *earlier)):
        then, now = earlier.get(name, {}), later.get(name, {})
        cells = tuple((c, then.get(c, ""), now.get(c, "")) for c in (now or then) if then.get(c, "") != now.get(c, ""))
        if cells:
            kind = ChangeKind.CHANGED if then and now else ChangeKind.ADDED if now else ChangeKind.REMOVED
            yield Change(kind, f"任务“{name}”", "", cells)
    was, served = dict(before.serves), dict(after.serves)
    for lineage in dict.fromkeys((*served, *was)):
        then_no, now_no = was.get(lineage), served.get(lineage)
        if then_no != now_no and lineage in names:
            served_now = (SERVES, str(then_no or ""), str(now_no or ""))
            yield Change(ChangeKind.CHANGED, names[lineage], lineage, (served_now,))


def _task_cells(task: Task) -> dict[str, str]:
    return {
        "主要内容": task.content,
        "财政拨款": format_amount(task.fiscal),
        "其他资金": format_amount(task.other),
        SERVES: str(task.duty or ""),
    }


def _whole(kind: ChangeKind, line: Said) -> Change:
    gone = kind is ChangeKind.REMOVED
    cells = tuple(
        (cell.label, line.shown(cell) if gone else "", "" if gone else line.shown(cell))
        for cell in Cell
        if line.shown(cell)
    )
    return Change(kind, line.name, line.lineage, cells)


_SIGNED = re.compile(r"(>=|<=|≥|≤|≧|≦|不低于|不少于|不高于|不超过|=|>|<)\s*(.+)")
_WITH_UNIT = re.compile(r"([+-]?[\d,]*\.?\d+)\s*(%|‰)")


def read_target(written: str, comparison: Comparison, unit: str) -> tuple[str, Comparison, str]:
    """Target, sign and unit as understood: "≥90％" in one cell gives all three. Raises Unreadable.

    A sign in the cell that contradicts a chosen sign is a question, not a guess; words stay as they are.
    """
    text, sign = normalize(written), comparison
    if signed := _SIGNED.fullmatch(text):
        sign, text = Comparison.read(signed[1]), signed[2].strip()
        if comparison not in (sign, Comparison.QUALITATIVE):
            raise Unreadable(f"指标值里写了“{sign.label}”，与所选的“{comparison.label}”不一致，请只留一个")
    if sign is not Comparison.QUALITATIVE and (with_unit := _WITH_UNIT.fullmatch(text)):
        if unit and normalize(unit) != with_unit[2]:
            raise Unreadable(f"指标值里写了“{with_unit[2]}”，与计量单位“{unit}”不一致，请改正")
        return plain(read_number(with_unit[1])), sign, with_unit[2]
    return text, sign, normalize(unit)


def read_weight(written: object) -> Decimal:
    """Points of a line, to 0.01 at most; nothing written is none. Raises Unreadable."""
    text = normalize(written).removesuffix("分")
    weight = read_number(text) if text else Decimal(0)
    if not 0 <= weight <= 100 or weight != round(weight, 2):
        raise Unreadable("分值填 0 到 100 之间的数，最多两位小数")
    return weight


def inherited(lines: Iterable[Said], known: Mapping[str, Said]) -> tuple[Said, ...]:
    """The lines with only such lineages as the sheet knows, each once; the rest are new."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        mine = line.lineage in known and line.lineage not in seen
        seen.add(line.lineage)
        kept.append(line if mine else replace(line, lineage=""))
    return tuple(kept)
