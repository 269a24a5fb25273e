"""预算指标 as the budget system exports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, ImportScope, Plan, Readings, once
from jixiao.kit.tables import Column, Table

from .finding import codes_of
from .models import Appropriation

APPROPRIATIONS = Table(
    "appropriations",
    "预算指标",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code"),
        Column("number", "指标编号", "code", aliases=("指标号", "指标单号"), longest=60),
        Column("fen", "指标金额", "amount", unit="元"),
        Column("effective_on", "下达日期", "date", aliases=("生效日期",)),
        Column("doc_no", "指标文号", aliases=("文号",), required=False, longest=80),
        Column("name", "项目名称", required=False),
        Column("unit_code", "单位编码", "code", required=False),
    ),
    note="一行一条指标，追减填负数；指标编号在一年内唯一。",
)
FACTS = ("code", "fen", "effective_on")


def plan_appropriations(readings: Readings, scope: ImportScope) -> Plan:
    """预算指标 by number. The same number again changes nothing; with another content it is a problem."""
    plan, reading = Plan(), readings["appropriations"]
    rows = once(reading, plan, lambda row: (row.values["year"], row.values["number"]), "number", "指标编号")
    years = {year for year, _ in rows}
    subjects = codes_of(scope.region, years)
    mine = Appropriation.objects.filter(region=scope.region, year__in=years)
    stored = {(year, number): facts for year, number, *facts in mine.values_list("year", "number", *FACTS)}
    fresh, lost = [], []
    for key, row in rows.items():
        before = stored.get(key)
        if before is not None:
            plan.same += 1
            if before != [row.values[name] for name in FACTS]:
                message = "该指标已入库且内容不同；指标不能改写，请另填一行带正负号、编号不同的调整指标"
                plan.problems.append(reading.problem(row, "number", message))
            continue
        subject = subjects.get((row.values["year"], row.values["code"]))
        if subject is None:
            lost.append(row.number)
        fresh.append((row.values, subject))
    if lost:
        plan.gaps.append(Gap("appropriations", f"{len(lost)} 条指标的项目编码不在项目库中，已列入对账", tuple(lost)))
    plan.new += len(fresh)
    plan.steps.append(lambda act: _insert(scope.region, fresh, act))
    return plan


def _insert(region: str, fresh: Sequence[tuple[dict[str, Any], int | None]], act: Act) -> None:
    place = {"region": region, "recorded_at": act.at}
    bulk.insert(Appropriation, [Appropriation(subject_year_id=key, **place, **values) for values, key in fresh])
