"""What must be true of ex-ante assessments."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Exists, OuterRef

from jixiao.domain.quantities import plain
from jixiao.kit.invariants import Invariant
from jixiao.registers.subjects.models import Clearance

from .models import Assessment
from .rules import AssessmentFacts, ExAnteRules, verdict_follows_points
from .workflow import State


def _totals() -> Iterator[str]:
    for sheet in Assessment.objects.filter(state=State.CONCLUDED).prefetch_related("scores"):
        added = sum((score.points for score in sheet.scores.all()), Decimal(0))
        if sheet.total != added:
            stated = "空" if sheet.total is None else plain(sheet.total)
            yield f"{sheet.region} 事前评估 {sheet.number} 的总分是 {stated}，各维度合计 {plain(added)}"


def _verdicts() -> Iterator[str]:
    rules: dict[str, ExAnteRules] = {}
    for sheet in Assessment.objects.filter(state=State.CONCLUDED).select_related("snapshot"):
        if sheet.snapshot_id not in rules:
            rules[sheet.snapshot_id] = sheet.snapshot.policy().section(ExAnteRules)
        verdict, mine = sheet.conclusion or None, rules[sheet.snapshot_id]
        facts = AssessmentFacts(False, sheet.total, (), verdict, mine, reason=sheet.reason)
        for reason in verdict_follows_points(facts).reasons:
            yield f"{sheet.region} 事前评估 {sheet.number}：{reason}"


def _clearances() -> Iterator[str]:
    given = Clearance.objects.filter(
        region=OuterRef("region"),
        source=OuterRef("number"),
        subject_year=OuterRef("subject_year"),
        verdict=OuterRef("conclusion"),
    )
    for sheet in Assessment.objects.filter(~Exists(given), state=State.CONCLUDED):
        yield f"{sheet.region} 事前评估 {sheet.number} 已有结论，却没有相同结论的放行记录"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("ex_ante.total", "已有结论的事前评估总分等于各维度得分之和", _totals),
    Invariant("ex_ante.verdict", "事前评估结论就是得分对应的结论，改变的写明了理由", _verdicts),
    Invariant("ex_ante.clearance", "每份已有结论的事前评估都有一条结论相同的放行记录", _clearances),
)
