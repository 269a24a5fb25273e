"""绩效信息公开台账: what was published. Evaluation numbers are kept as given, known to the system or not."""

from __future__ import annotations

from typing import Any

from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Column, Table
from jixiao.stages.evaluation.models import Evaluation

from .models import Disclosure, Material
from .workflow import State

DISCLOSURES = Table(
    "disclosures",
    "绩效信息公开台账",
    (
        Column("year", "工作年度", "year"),
        Column("material", "材料类别", "term", choices=Material),
        Column("evaluation_number", "评价编号", "code", required=False, longest=60),
        Column("channel", "渠道", aliases=("公开渠道",), longest=60),
        Column("on", "日期", "date", aliases=("公开日期",)),
    ),
)
KEY = ("year", "material", "evaluation_number", "channel")
FIELDS = ("on", "evaluation_id", "subject_year_id")


def plan_disclosures(readings: Readings, scope: ImportScope) -> Plan:
    """Published materials by year, kind, evaluation and channel."""
    plan, reading = Plan(), readings[DISCLOSURES.key]
    rows = once(reading, plan, lambda row: tuple(row.values[k] for k in KEY), "material", "公开的材料")
    if plan.problems:
        return plan
    evaluations = {e.number: e for e in Evaluation.objects.filter(region=scope.region)}
    stored = {tuple(getattr(d, k) for k in KEY): d for d in Disclosure.objects.filter(region=scope.region)}
    wanted, unknown = {}, []
    for key, row in rows.items():
        values: dict[str, Any] = row.values
        evaluation = evaluations.get(values["evaluation_number"])
        if evaluation is None and values["evaluation_number"]:
            unknown.append(row.number)
        subject = evaluation.subject_year_id if evaluation else None
        wanted[key] = Disclosure(
            region=scope.region, evaluation=evaluation, subject_year_id=subject, state=State.PUBLISHED, **values
        )
    if unknown:
        message = f"{len(unknown)} 条公开的评价编号在系统中没有，已按原文登记"
        plan.gaps.append(Gap(DISCLOSURES.key, message, tuple(unknown)))
    recording = Recording.compare(Disclosure, plan, stored, wanted, FIELDS)

    def store(act: Act) -> None:
        recording.store(act, KEY)

    plan.steps.append(store)
    return plan


IMPORTERS = (Importer("disclosures", (DISCLOSURES,), plan_disclosures),)
