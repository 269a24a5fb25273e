"""事前评估例外登记表."""

from __future__ import annotations

from typing import Any

from jixiao.domain.vocabulary import Verdict
from jixiao.kit.importing import Gap, ImportScope, Plan, once, reconcile, write
from jixiao.kit.tables import Reading
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Clearance

from ..models import Exemption
from ..rules import ExAnteRules
from .known import subject_of


def plan_exemptions(plan: Plan, reading: Reading, scope: ImportScope, subjects: Subjects) -> None:
    rows = once(reading, plan, lambda row: (row.values["code"], row.values["category"]), "code", "对象和例外类别")
    wanted: dict[tuple[int, str], Exemption] = {}
    clearances: dict[tuple[int, str], Clearance] = {}
    foreign = []
    for row in rows.values():
        subject = subject_of(plan, reading, row, subjects)
        if subject is None:
            continue
        values: dict[str, Any] = {key: value for key, value in row.values.items() if key != "code"}
        key = (subject.pk, values["category"])
        wanted[key] = Exemption(region=scope.region, subject_year_id=subject.pk, **values)
        rules = scope.policies(scope.region, values["year"]).section(ExAnteRules)
        if values["category"] not in rules.exempt_categories:
            foreign.append(row.number)
            continue
        clearances[key] = Clearance(
            subject_year_id=subject.pk,
            region=scope.region,
            verdict=Verdict.EXEMPT,
            covered=subject.budget,
            reason=f"{values['category']}：{values['reason']}（{values['approver']}批准）",
            source=f"例外：{values['category']}",
            on=values["on"],
        )
    if foreign:
        message = f"{len(foreign)} 条例外的类别不在本地区规则所列之内，已登记但不放行，请核对例外类别"
        plan.gaps.append(Gap("exante_exemptions", message, tuple(foreign)))
    _write_exemptions(plan, scope.region, wanted, clearances)


def _write_exemptions(
    plan: Plan, region: str, wanted: dict[tuple[int, str], Exemption], clearances: dict[tuple[int, str], Clearance]
) -> None:
    kept = {(e.subject_year_id, e.category): e for e in Exemption.objects.filter(region=region)}
    fields = ("year", "reason", "approver", "on")
    fresh, changed = reconcile(plan, kept, wanted, fields)
    given = {
        (c.subject_year_id, c.source.removeprefix("例外：")): c
        for c in Clearance.objects.filter(region=region, verdict=Verdict.EXEMPT)
    }
    # The amount once covered stays: a raise above it asks again.
    told = ("reason", "on")
    new, retold = reconcile(Plan(), given, clearances, told)
    plan.steps.append(lambda _act: write(Exemption, fresh, changed, fields))
    plan.steps.append(lambda _act: write(Clearance, new, retold, told))
