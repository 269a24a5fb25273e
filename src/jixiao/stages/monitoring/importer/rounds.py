"""Rounds and their sheets, as 绩效运行监控表 tells of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jixiao.kit.importing import ImportScope, Plan, once
from jixiao.kit.tables import Reading as TableReading
from jixiao.registers.parameters.models import snapshot_of

from ..models import Handling, ReadingSheet, Round
from ..rules import MonitoringRules, planned_round
from ..workflow import RoundState, State
from .batch import HELD_HERE, Batch, RoundKey

WORDS = (
    (Handling.RECOVER, ("收回",)),
    (Handling.SUSPEND, ("暂停", "停止", "取消")),
    (Handling.URGE, ("督促", "整改")),
    (Handling.ADJUST, ("调整", "调剂")),
)


def handling_of(advice: str) -> Handling:
    """What a written 处置意见 amounts to; the gravest word decides, none means 继续执行."""
    return next((term for term, words in WORDS if any(word in advice for word in words)), Handling.CONTINUE)


def plan_rounds(plan: Plan, reading: TableReading, scope: ImportScope, batch: Batch) -> None:
    """One round per year and number; its rows agree on the cut-off. Rounds held in the system are not overwritten."""
    batch.rounds = {(r.year, r.no): r for r in Round.objects.filter(region=scope.region).select_related("snapshot")}
    cutoffs: dict[RoundKey, dt.date] = {}
    for row in reading.rows:
        year, no, cutoff = (row.values[name] for name in ("year", "no", "cutoff"))
        key: Any = (year, no)
        found = batch.rounds.get(key)
        if cutoffs.setdefault(key, cutoff) != cutoff:
            message = f"{year} 年第 {no} 轮前面的行截止日期是 {cutoffs[key]}，请改为一致"
            plan.problems.append(reading.problem(row, "cutoff", message))
        elif cutoff.year != year:
            plan.problems.append(reading.problem(row, "cutoff", f"截止日期不在 {year} 年内，请改正"))
        elif found is None:
            found = batch.rounds[key] = _round(scope, year, no, cutoff)
            batch.new_rounds.append(found)
        elif found.held_here:
            plan.problems.append(reading.problem(row, "no", HELD_HERE.format(year, no)))
        elif found.cutoff != cutoff:
            batch.moved_rounds.append((found, str(found.cutoff)))
            found.cutoff = cutoff
            plan.changed += 1


def _round(scope: ImportScope, year: Any, no: Any, cutoff: Any) -> Round:
    policy = scope.policies(scope.region, year)
    planned = planned_round(no, policy.section(MonitoringRules))
    return Round(
        region=scope.region,
        year=year,
        no=no,
        cutoff=cutoff,
        purpose=planned.purpose if planned else "",
        snapshot=snapshot_of(policy),
        state=RoundState.CLOSED,
    )


def plan_sheets(plan: Plan, reading: TableReading, scope: ImportScope, batch: Batch) -> None:
    rows = once(
        reading,
        plan,
        lambda row: (row.values["year"], row.values["no"], row.values["code"], row.values["kind"]),
        "code",
        "本轮的项目编码",
    )
    for (year, no, code, kind), row in rows.items():
        subject = batch.subjects.find(code, year, kind)
        if subject is None:
            message = f"项目库中没有 {year} 年编码为 {code} 的项目，请先导入项目库或改正"
            plan.problems.append(reading.problem(row, "code", message))
            continue
        key = ((year, no), subject.pk)
        values: dict[str, Any] = {k: v for k, v in row.values.items() if k not in ("no", "cutoff", "code", "kind")}
        batch.objects[subject.pk], batch.rows[key] = subject, row
        batch.wanted[key] = ReadingSheet(
            region=scope.region,
            subject_year_id=subject.pk,
            handling=handling_of(values["advice"]),
            state=State.CONCLUDED,
            **values,
        )
