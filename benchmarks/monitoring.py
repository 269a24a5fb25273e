"""Rounds of 运行监控 over 500 projects, 50 departments and 50,000 payments: what its pages ask of the database.

A round is opened, then its counts, its list by execution rate and the lights of a day between rounds are read as the
pages read them. Against one bare sum of all payments by project in the same database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.payments import county, imported, rows, text
from benchmarks.showing import show, timed, tiny
from django.db import connection
from django.db.models import Sum

from jixiao.cli.database import upgrade
from jixiao.domain.actors import Actor, Role, system
from jixiao.kit import moving
from jixiao.kit.importing import ImportScope, Source, run
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Payment
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Pace, judged, sortable, summary
from jixiao.stages.monitoring.reports.live import standings
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

REGION, YEAR, TIMES = "990601", 2022, 5
CUTOFF = dt.date(YEAR, 7, 31)
HEAD = (
    "年度",
    "项目编码",
    "对象类型",
    "一级指标",
    "二级指标",
    "三级指标",
    "指标性质",
    "符号",
    "指标值",
    "计量单位",
    "权重",
)


def targets(codes: list[str], departments: list[str]) -> bytes:
    """Five indicators a project and one a department."""
    lines: list[tuple[Any, ...]] = [HEAD]
    for code in codes:
        lines += [(YEAR, code, "", "产出指标", "数量指标", f"数{n}", "定量", "≥", 100, "个", 18) for n in range(5)]
    for code in departments:
        lines.append((YEAR, code, "部门整体", "产出指标", "数量指标", "数", "定量", "≥", 100, "个", 90))
    return text(iter(lines))


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    count, office = 500 if trial else 50_000, Actor(None, "绩效股", Role.PERFORMANCE_OFFICE, REGION)
    codes = county(REGION)
    departments = list(UnitYear.objects.filter(region=REGION).values_list("code", flat=True))
    scope = ImportScope(REGION, YEAR, system(REGION), for_region)
    outcome = run([Source("indicators.csv", targets(codes, departments))], TARGETS, scope, commit=True)
    if not outcome.stored:
        raise SystemExit(f"nothing was stored: {outcome.problems[:3]}")
    imported(REGION, text(rows(codes, count)), count, ".csv")
    held = actions.open_round(office, YEAR, 1, CUTOFF, "集中监控")
    opening = {"version": held.version, "effect": actions.after_round_step}
    opened, _ = timed(lambda: moving.move(held, "open", office, **opening))
    held, sheets = Round.objects.get(pk=held.pk), ReadingSheet.objects.filter(round=held)
    pace = Pace.of(held)
    asked: dict[str, Callable[[], object]] = {
        "bare sum": lambda: list(Payment.objects.order_by().values_list("subject_year").annotate(Sum("fen"))),
        "counts": lambda: summary(sheets, held, pace),
        "list": lambda: list(sortable(judged(sheets)).order_by("rate_order", "pk")[:50]),
        "lights": lambda: standings(office, YEAR, dt.date(YEAR, 10, 1), for_region(REGION, YEAR)),
    }
    took = {name: median(timed(ask)[0] for _ in range(TIMES)) for name, ask in asked.items()}
    told = [{"asked": name, "ms": round(seconds * 1000, 1)} for name, seconds in took.items()]
    ratio = round(max(took.values()) / max(took["bare sum"], 0.001), 1)
    facts = {"sheets": sheets.count(), "opened_ms": round(opened * 1000), "database": connection.vendor}
    show("monitoring", told, payments=count, ratio=ratio, **facts)
