"""收回资金台账."""

from __future__ import annotations

from typing import Any

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import ImportScope, Plan, Readings, once, reconcile, write
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Hold, HoldKind

from ..models import Recovery

RECOVERED = ("fen", "reason", "doc_no", "origin")


def plan_recoveries(readings: Readings, scope: ImportScope) -> Plan:
    """Money taken back, by project and day; each puts a stop on the project's money."""
    plan, reading, subjects = Plan(), readings["recoveries"], Subjects(scope.region)
    rows = once(
        reading, plan, lambda row: (row.values["year"], row.values["code"], row.values["on"]), "on", "项目和日期"
    )
    wanted = {}
    for (year, code, on), row in rows.items():
        subject = subjects.find(code, year)
        if subject is None:
            message = f"项目库中没有 {year} 年编码为 {code} 的项目，请先导入项目库或改正"
            plan.problems.append(reading.problem(row, "code", message))
            continue
        values: dict[str, Any] = {key: row.values[key] for key in RECOVERED}
        wanted[subject.pk, on] = Recovery(region=scope.region, year=year, subject_year_id=subject.pk, on=on, **values)
    stored = {(r.subject_year_id, r.on): r for r in Recovery.objects.filter(region=scope.region)}
    fresh, changed = reconcile(plan, stored, wanted, RECOVERED)

    def store(act: Act) -> None:
        write(Recovery, fresh, changed, RECOVERED)
        bulk.insert(Hold, [_hold(recovery) for recovery in fresh])
        for recovery in changed:
            act.trace(f"recovery:{recovery.pk}", None, {"fen": recovery.fen, "reason": recovery.reason})

    plan.steps.append(store)
    return plan


def _hold(recovery: Recovery) -> Hold:
    return Hold(
        subject_year_id=recovery.subject_year_id,
        region=recovery.region,
        kind=HoldKind.RECOVERED,
        reason=recovery.reason,
        doc_no=recovery.doc_no,
        since=recovery.on,
    )
