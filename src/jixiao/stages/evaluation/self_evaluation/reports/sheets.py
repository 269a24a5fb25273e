"""What the self-evaluation pages show: columns, rows, the grades with their shares, and what a spot check would ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.checks import Level
from jixiao.domain.checks.sheet import Rules, SheetCheckRules, audit, score_table
from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.policy import Policy
from jixiao.domain.published import PublishedLine, PublishedTable
from jixiao.domain.quantities import plain, share
from jixiao.domain.scoring import ScoringRules
from jixiao.kit.fields import PointsField
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import origin_mark
from jixiao.stages.monitoring.models import Reading

from ..models import FundRow, Score, SelfEvaluation
from ..rules import deviations_explained, low_execution_explained

SHEET_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit", order="name"),
    Shown("object_year", "对象年度"),
    Shown("budget", "全年预算", "amount", order="budget", note_key="whole_word"),
    Shown("spent", "全年执行", "amount", note_key="carried_word"),
    Shown("rate", "执行率", "percent", note_key="rate_word"),
    Shown("total", "得分", "points", order="total"),
    Shown("grade", "等级", "tag"),
    Shown("printed", "原表得分", "points"),
    Shown("state", "状态", "tag"),
    Shown("origin", "数据", "tag"),
)
SHEET_ORDERS = (
    Order("name", "项目", "subject_year__name"),
    Order("unit", "单位", "subject_year__unit_path"),
    Order("budget", "全年预算", "budget"),
    Order("total", "得分", "total_order"),
)
MONEY_COLUMNS = (
    Shown("label", "资金"),
    Shown("initial", "年初预算", "amount"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "全年执行", "amount"),
    Shown("printed", "原表执行", "amount"),
    Shown("rate", "执行率", "percent"),
    Shown("weight", "分值", "number"),
    Shown("points", "得分", "points"),
)
GRADE_TONES = {Grade.EXCELLENT: "ok", Grade.GOOD: "ok", Grade.FAIR: "warn", Grade.POOR: "bad"}


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many sheets have this grade (None: no total yet), and their share of all in percent points."""

    grade: Grade | None
    count: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody who checks the sheet will ask, as state.check_list draws it."""

    level: str
    tone: str
    sentence: str
    citation: str


def grade_mark(grade: Grade | str) -> Mark | None:
    """The grade in a colour that means something; None where there is none."""
    return Mark(grade.label, GRADE_TONES[grade]) if isinstance(grade, Grade) else None


def grade_counts(sheets: Any) -> list[GradeCount]:
    """All four grades, best first, whether reached or not; then the sheets without one, if any."""
    counted = {found["grade"]: found["n"] for found in sheets.order_by().values("grade").annotate(n=Count("pk"))}
    whole = sum(counted.values())
    found = [GradeCount(grade, counted.get(grade, 0), share(counted.get(grade, 0), whole)) for grade in Grade]
    if counted.get(""):
        found.append(GradeCount(None, counted[""], share(counted[""], whole)))
    return found


def sortable(sheets: Any) -> Any:
    """Adds `total_order`: the total, and -1 where there is none, so that open sheets come first."""
    undecided = Value(Decimal(-1), output_field=PointsField())
    return sheets.annotate(total_order=Coalesce("total", undecided))


def sheet_rows(sheets: Iterable[SelfEvaluation], actor: Actor) -> list[dict[str, Any]]:
    """Self-evaluations as the list shows them."""
    return [
        {
            "name": sheet.subject_year.name,
            "url": reverse("self-evaluation", args=[sheet.pk]),
            "unit": sheet.subject_year.unit_name,
            "object_year": str(sheet.subject_year.year),
            "budget": sheet.budget,
            "spent": sheet.spent,
            "rate": execution_rate(sheet),
            **sheet.subject_year.money.notes,
            "total": sheet.total,
            "grade": grade_mark(sheet.grade),
            "printed": sheet.printed_total,
            "state": state_mark(sheet, actor),
            "origin": origin_mark(sheet.origin),
        }
        for sheet in sheets
    ]


def line_rows(scores: Sequence[Score]) -> list[dict[str, Any]]:
    """The indicators of a sheet with their points and the sentence that explains them."""
    return [
        {
            "name": score.line.name,
            "level": f"{score.line.level1.label} / {score.line.level2}",
            "target": f"{score.line.comparison.label} {score.line.target} {score.line.unit}".strip(),
            "actual": _actual(score),
            "weight": score.line.weight,
            "points": score.points,
            "printed": score.printed_points,
            "because": score.because,
            "cause": f"偏差原因：{score.cause}" if score.cause else "",
        }
        for score in scores
    ]


def money_rows(sheet: SelfEvaluation) -> list[dict[str, Any]]:
    """预算执行: the whole, which was scored as the first line of the sheet; its parts where there is more than one."""
    whole, *parts = sheet.fund_rows
    scored = {"printed": sheet.printed_spent, "weight": sheet.execution_weight, "points": sheet.execution_points}
    several = any(row.budget or row.spent for row in parts[1:])
    return [_fund(whole) | scored, *(_fund(row) for row in parts if several)]


def _fund(row: FundRow) -> dict[str, Any]:
    known = {"label": row.label, "initial": row.initial, "budget": row.budget, "spent": row.spent, "rate": row.rate}
    return known | {"printed": None, "weight": None, "points": None}


def monitored(scores: Sequence[Score]) -> dict[int, str]:
    """What the last round of monitoring read of each indicator, by its line, with where it comes from."""
    lines = [score.line_id for score in scores]
    rows = Reading.objects.filter(line__in=lines).exclude(actual="").select_related("sheet__round")
    found = {}
    for read in rows.annotate(unit=F("line__unit")).order_by("sheet__round__no"):
        held = read.sheet.round
        found[read.line_id] = f"第 {held.no} 轮监控（截至 {held.cutoff}）：{read.actual}{read.unit}"
    return found


def execution_rate(sheet: SelfEvaluation) -> Decimal | None:
    """全年执行 ÷ 全年预算 in percent points."""
    return None if sheet.spent is None else share(sheet.spent, sheet.budget)


def questions(sheet: SelfEvaluation, scores: Sequence[Score], policy: Policy) -> list[Question]:
    """抽查会问什么: explanations that are missing, then every finding of the checks, errors first."""
    facts = sheet.facts()
    missing = (*low_execution_explained(facts).reasons, *deviations_explained(facts).reasons)
    asked = [Question("待说明", "warn", reason, "") for reason in missing]
    rules = Rules(policy.section(ScoringRules), policy.section(GradeRules), policy.section(SheetCheckRules))
    findings = audit(score_table(as_published(sheet, scores), rules)).findings
    for finding in sorted(findings, key=lambda found: found.level is not Level.ERROR):
        sentence = f"{finding.line}：{finding.message}" if finding.line else finding.message
        tone = "bad" if finding.level is Level.ERROR else "warn"
        asked.append(Question(finding.level.label, tone, sentence, finding.citation))
    return asked


def as_published(sheet: SelfEvaluation, scores: Sequence[Score]) -> PublishedTable:
    """The sheet as the checks read it: what its own table printed where it did, else what was computed here."""
    printed = sheet.spent if sheet.printed_spent is None else sheet.printed_spent
    rate = None if printed is None else share(printed, sheet.budget)
    return PublishedTable(
        id=str(sheet.pk),
        policy=sheet.snapshot.name,
        complete=True,
        budget=sheet.budget,
        executed=sheet.spent,
        execution_rate_printed=None if rate is None else f"{plain(rate)}%",
        execution_weight=sheet.execution_weight,
        execution_points_printed=sheet.execution_points,
        lines=tuple(
            PublishedLine(
                score.line_facts(), True, score.points if score.printed_points is None else score.printed_points
            )
            for score in scores
        ),
        total_printed=sheet.total if sheet.printed_total is None else sheet.printed_total,
        money=sheet.subject_year.money,
    )


def _actual(score: Score) -> str:
    tier = "" if score.tier is None else f"完成度 {plain(score.tier)}%"
    return "，".join(part for part in (score.actual, tier) if part)
