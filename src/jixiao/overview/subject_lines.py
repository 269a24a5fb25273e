"""Rows of the subject's file as its tables show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from jixiao.domain.policy import Policy
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.self_evaluation.reports.sheets import grade_mark
from jixiao.stages.monitoring.rules import MonitoringRules, judge_progress
from jixiao.stages.targets.models import Horizon, TargetVersion

from .dossier import Dossier

TARGET_COLUMNS = (
    Shown("level1", "一级指标"),
    Shown("level2", "二级指标"),
    Shown("name", "三级指标"),
    Shown("target", "指标值"),
    Shown("weight", "分值", "number"),
)
READING_COLUMNS = (
    Shown("round", "轮次", link="url", note_key="purpose"),
    Shown("cutoff", "截止", "date"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "累计执行", "amount"),
    Shown("rate", "执行率", "percent"),
    Shown("light", "进度", "lamp", note_key="because"),
    Shown("handling", "处置"),
)
EVALUATION_COLUMNS = (
    Shown("kind", "评价方式", link="url"),
    Shown("year", "工作年度"),
    Shown("by", "实施机构"),
    Shown("total", "得分", "points"),
    Shown("grade", "等级", "tag"),
    Shown("printed", "原表得分", "points"),
)


def newest_target(dossier: Dossier, horizon: Horizon) -> TargetVersion | None:
    """The newest version of the subject's annual or medium-term sheet."""
    return next((one for one in reversed(dossier.targets) if one.sheet.horizon == horizon), None)


def target_lines(version: TargetVersion | None) -> list[dict[str, Any]]:
    """The indicator lines of a version; none of none."""
    lines = sorted(version.lines.all(), key=lambda line: line.position) if version else []
    return [
        {
            "level1": line.level1.label,
            "level2": line.level2,
            "name": line.name,
            "target": f"{line.comparison.label} {line.target} {line.unit}".strip(),
            "weight": line.weight,
        }
        for line in lines
    ]


def reading_lines(dossier: Dossier, policy: Policy) -> list[dict[str, Any]]:
    """One line per round, with the judgement of its spending and why."""
    rules = policy.section(MonitoringRules)
    citation = policy.provenance("monitoring", "slow_behind").source
    held = any(hold.released_on is None for hold in dossier.subject.holds.all())
    rows = []
    sheet: Any
    for sheet in dossier.readings:
        stopped = sheet.stops or held
        progress = judge_progress(
            sheet.budget, sheet.spent, sheet.round.cutoff, stopped=stopped, rules=rules, citation=citation
        )
        light = Mark("已停止", "mute") if stopped else Mark("进度慢", "bad") if progress.slow else Mark("正常", "ok")
        rows.append(
            {
                "round": f"第 {sheet.round.no} 轮",
                "purpose": sheet.round.purpose,
                "url": reverse("reading-sheet", args=[sheet.pk]),
                "cutoff": sheet.round.cutoff,
                "budget": sheet.budget,
                "spent": sheet.spent,
                "rate": progress.rate,
                "light": light,
                "because": dossier.subject.money.say(progress.because),
                "handling": sheet.advice or sheet.handling.label,
            }
        )
    return rows


def evaluation_lines(dossier: Dossier) -> list[dict[str, Any]]:
    """Self-evaluations first, then what others concluded."""
    rows = [
        {
            "kind": "单位自评",
            "url": reverse("self-evaluation", args=[own.pk]),
            "year": str(own.year),
            "by": dossier.subject.unit_name,
            "total": own.total,
            "grade": grade_mark(own.grade),
            "printed": own.printed_total,
        }
        for own in dossier.self_evaluations
    ]
    rows += [
        {
            "kind": other.method.label,
            "url": reverse("evaluation", args=[other.pk]),
            "year": str(other.year),
            "by": other.conducted_by,
            "total": other.total,
            "grade": grade_mark(other.grade),
            "printed": other.printed_total,
        }
        for other in dossier.evaluations
    ]
    return rows


def facts(subject: SubjectYear) -> list[tuple[str, Any]]:
    """What the register says of the subject; what it does not say is left out."""
    pairs = [
        ("编码", subject.code),
        ("归口股室", subject.division.name if subject.division else ""),
        ("领域", subject.field),
        ("类别", subject.category),
        ("性质", subject.nature),
        ("预算类型", subject.book),
        ("资金层级", subject.fund_level),
        ("扩展类型", subject.extension),
        ("重大政策", subject.major_policy),
        ("民生或重点", subject.livelihood),
        ("不宜公开", subject.withheld),
    ]
    return [(name, value) for name, value in pairs if value not in ("", None)]


def clearance(subject: SubjectYear) -> str:
    """What the gate says where no assessment was made."""
    found = subject.clearances.order_by("-id").first()
    return f"{found.verdict.label}：{found.reason}" if found and found.reason else found.verdict.label if found else ""
