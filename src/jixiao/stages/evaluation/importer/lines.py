"""Marks, problems and suggestions: rows that hang at evaluations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jixiao.domain.quantities import plain
from jixiao.kit.importing import Gap, Plan, once, reconcile
from jixiao.kit.tables import Reading, Row

from ..models import Evaluation, Mark
from .finding import demand_concluded


@dataclass(slots=True)
class Lines:
    """One kind of rows that hang at evaluations: those of the file by (number, key), and those stored."""

    model: Any
    fields: tuple[str, ...]
    wanted: dict[tuple[str, Any], Any] = field(default_factory=dict)
    stored: dict[tuple[str, Any], Any] = field(default_factory=dict)

    def compare(self, plan: Plan) -> tuple[list[Any], list[Any], list[Any]]:
        """New, changed and left-over rows, counted. Only evaluations that the file names rows of lose any."""
        named = {number for number, _ in self.wanted}
        stale = [row for key, row in self.stored.items() if key[0] in named and key not in self.wanted]
        fresh, changed = reconcile(plan, self.stored, self.wanted, self.fields)
        plan.changed += len(stale)
        return fresh, changed, stale


def _known_rows(reading: Reading, known: dict[str, Evaluation], plan: Plan, what: str) -> list[Row]:
    """The rows whose evaluation is known; the others become a gap."""
    found, lost = [], []
    for row in reading.rows:
        evaluation = known.get(str(row.values["number"]))
        if evaluation is None:
            lost.append(row.number)
            continue
        demand_concluded(evaluation, reading, row, plan)
        found.append(row)
    if lost:
        plan.gaps.append(Gap(reading.table.key, f"{len(lost)} 行{what}没有对应的评价，未入库", tuple(lost)))
    return found


def read_marks(reading: Reading | None, marks: Lines, known: dict[str, Evaluation], plan: Plan) -> None:
    if reading is None:
        return
    for row in reading.rows:
        points: Any = row.values["points"]
        if points is not None and points > row.values["weight"]:
            message = f"得分 {plain(points)} 超过权重 {plain(row.values['weight'])}，请改正"
            plan.problems.append(reading.problem(row, "points", message))
    names = ("number", "level1", "level2", "name")
    once(reading, plan, lambda row: tuple(row.values[key] for key in names), "name", "同一评价的指标")
    taken: dict[str, int] = defaultdict(int)
    for row in _known_rows(reading, known, plan, "打分"):
        values: dict[str, Any] = dict(row.values)
        number = values.pop("number")
        taken[number] += 1
        marks.wanted[(number, taken[number])] = Mark(position=taken[number], **values)


def read_lines(
    reading: Reading | None, lines: Lines, key: str, what: str, known: dict[str, Evaluation], plan: Plan
) -> None:
    if reading is None:
        return
    once(reading, plan, lambda row: (row.values["number"], row.values[key]), key, f"同一评价的{what}")
    for row in _known_rows(reading, known, plan, reading.table.title.removeprefix("评价")):
        values: dict[str, Any] = dict(row.values)
        number = values.pop("number")
        lines.wanted[(number, values[key])] = lines.model(**values)


def load_stored(lines: Lines, region: str, key: Callable[[Any], Any]) -> None:
    rows = lines.model.objects.filter(evaluation__region=region).select_related("evaluation")
    lines.stored = {(row.evaluation.number, key(row)): row for row in rows}
