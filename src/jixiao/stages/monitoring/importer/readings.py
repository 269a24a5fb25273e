"""Readings of approved indicator lines, as 监控指标完成情况表 tells of them."""

from __future__ import annotations

from typing import Any

from jixiao.kit.importing import Gap, ImportScope, Plan, once
from jixiao.kit.tables import Reading as TableReading
from jixiao.kit.tables import Row
from jixiao.stages.targets.models import IndicatorLine
from jixiao.stages.targets.workflow import State as TargetState

from ..models import Reading
from .batch import HELD_HERE, Batch, SheetKey

KEY = ("year", "no", "code", "kind", "name")
READ = ("actual", "expected", "likelihood", "causes", "remark")


def plan_readings(plan: Plan, reading: TableReading, scope: ImportScope, batch: Batch) -> None:
    """Readings on the lines of the version in force. Without a sheet or a line of that name a row is only listed."""
    rows = once(
        reading,
        plan,
        lambda row: tuple(row.values[name] for name in KEY),
        "name",
        "本轮该项目的三级指标",
    )
    lines = _approved_lines(scope.region, {year for year, *_ in rows})
    known = Reading.objects.filter(sheet__region=scope.region)
    stored = {(r.sheet_id, r.line_id): r for r in known}
    homeless, nameless = [], []
    for (year, no, code, kind, name), row in rows.items():
        subject = batch.subjects.find(code, year, kind)
        key = ((year, no), subject.pk if subject else 0)
        if key in batch.stored and batch.stored[key].round.held_here:
            plan.problems.append(reading.problem(row, "no", HELD_HERE.format(year, no)))
        elif key not in batch.wanted and key not in batch.stored:
            homeless.append(row.number)
        elif (key[1], name) not in lines:
            nameless.append(row.number)
        else:
            sheet = batch.stored.get(key)
            line_id = lines[key[1], name]
            _compare_reading(plan, batch, key, stored.get((sheet.pk, line_id)) if sheet else None, line_id, row)
    for numbers, lacking in ((homeless, "没有对应的监控表"), (nameless, "指标不在已批复的绩效目标中")):
        if numbers:
            message = f"{len(numbers)} 行监控读数{lacking}，没有入库，请补充后重新导入"
            plan.gaps.append(Gap("monitoring_readings", message, tuple(numbers)))


def _approved_lines(region: str, years: set[int]) -> dict[tuple[int, str], int]:
    """Lines of versions in force by subject-year and name."""
    lines = IndicatorLine.objects.filter(
        version__region=region, version__year__in=years, version__state=TargetState.APPROVED
    )
    found = lines.order_by("-position").values_list("version__sheet__subject_year", "name", "pk")
    return {(subject_id, name): pk for subject_id, name, pk in found}


def _compare_reading(plan: Plan, batch: Batch, key: SheetKey, stored: Reading | None, line_id: int, row: Row) -> None:
    values: dict[str, Any] = {name: row.values[name] for name in READ}
    if stored is None:
        plan.new += 1
        batch.fresh.append((key, Reading(line_id=line_id, **values)))
        batch.touched |= {key} & batch.stored.keys()
    elif any(getattr(stored, name) != value for name, value in values.items()):
        plan.changed += 1
        for name, value in values.items():
            setattr(stored, name, value)
        batch.changed.append(stored)
        batch.touched.add(key)
    else:
        plan.same += 1
