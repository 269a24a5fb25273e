"""绩效自评报告 of a unit with what is below it, or of a region: every number is counted from sheets."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from jixiao.domain.actors import Actor
from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import format_amount, plain, share
from jixiao.kit.fields import subtree
from jixiao.kit.paper import Block, Column, Heading, Paper, Paragraph, Table
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Region, UnitYear

from .models import Exemption, Score, SelfEvaluation
from .reports.coverage import Coverage, coverage_of
from .rules import ScopeRules, SelfEvaluationRules
from .workflow import State

SHOWN = 100
MONEY = "（万元）"


@dataclass(frozen=True)
class Material:
    """What the report is written from, as the reader may see it: filed sheets, 部门整体 apart, and who is covered."""

    work_year: int
    object_year: int
    policy: Policy
    coverage: Coverage
    projects: list[SelfEvaluation]
    overall: list[SelfEvaluation]
    exemptions: list[Exemption]


def material_of(actor: Actor, work_year: int, object_year: int, unit: UnitYear | None) -> Material:
    """Everything the report needs; `unit` narrows it to the unit and what is below it."""
    policy = for_region(actor.region, work_year)
    coverage = coverage_of(actor, object_year, work_year, policy.section(ScopeRules), unit.path if unit else "")
    place: dict[str, Any] = {"year": work_year, "subject_year__year": object_year}
    if unit:
        first, behind = subtree(unit.path)
        place |= {"subject_year__unit_path__gte": first, "subject_year__unit_path__lt": behind}
    scores = Prefetch("scores", Score.objects.select_related("line").order_by("position"))
    filed = SelfEvaluation.objects.visible_to(actor).filter(**place).exclude(state=State.DRAFT)
    sheets = list(
        filed.select_related("subject_year").prefetch_related(scores).order_by("subject_year__unit_path", "pk")
    )
    granted = Exemption.objects.visible_to(actor).filter(**place).select_related("subject_year")
    return Material(
        work_year,
        object_year,
        policy,
        coverage,
        [sheet for sheet in sheets if sheet.subject_year.in_total],
        [sheet for sheet in sheets if not sheet.subject_year.in_total],
        list(granted.order_by("subject_year__unit_path", "pk")),
    )


def report(found: Material, region: Region, unit: UnitYear | None, today: dt.date) -> Paper:
    """The report; depends on its material and the day alone."""
    return Paper(
        title=f"{unit.name if unit else region.name}绩效自评报告（{found.object_year}年度）",
        issuer=unit.name if unit else region.issuer,
        date=today,
        blocks=(*_coverage(found), *_money(found), *_grades(found), *_deviations(found), *_problems(found)),
        banner=region.banner,
    )


def _coverage(found: Material) -> Iterable[Block]:
    counts = found.coverage
    yield Heading(1, "自评开展情况")
    yield Paragraph.of(
        f"{found.object_year}年度应开展绩效自评的对象{counts.due}个：已评{counts.done}个，免评{counts.exempt}个，"
        f"办理中{counts.begun}个，还没有开展{counts.missing}个。"
    )
    if len(counts.rows) > 1:
        keys = ("unit", "due", "done", "exempt", "begun", "missing")
        yield Table(
            (Column("单位"), *(Column(name, "right") for name in ("应评", "已评", "免评", "办理中", "还没有开展"))),
            tuple(tuple(str(row[key]) for key in keys) for row in counts.rows),
            "各单位自评开展情况",
            ("合计", *(str(getattr(counts, key)) for key in keys[1:])),
        )
    if found.exemptions:
        yield Table(
            (Column("对象"), Column("单位"), Column("类别"), Column("免评的理由")),
            tuple(
                (one.subject_year.name, one.subject_year.unit_name, one.category or "—", one.reason)
                for one in found.exemptions
            ),
            "免评的对象",
        )


def _money(found: Material) -> Iterable[Block]:
    yield Heading(1, "资金和预算执行情况")
    if not found.projects:
        yield Paragraph.of("还没有报送的项目自评表。")
    else:
        sheets = found.projects
        budget, spent = sum(one.budget for one in sheets), sum(one.spent or 0 for one in sheets)
        concluded = sum(one.state == State.CONCLUDED for one in sheets)
        yield Paragraph.of(
            f"已报送自评的项目{len(sheets)}个，其中已审定{concluded}个；全年预算{format_amount(budget)}万元，"
            f"全年执行{format_amount(spent)}万元，执行率{_percent(share(spent, budget))}。"
        )
        carried = sum(one.carried_budget for one in sheets)
        other = sum(one.other_budget for one in sheets)
        if carried or other:
            yield Paragraph.of(
                f"全年预算中，上年结转资金{format_amount(carried)}万元，其他资金{format_amount(other)}万元，"
                f"当年财政拨款{format_amount(budget - carried - other)}万元。"
            )
        yield from _little_spent(found)
    if found.overall:
        yield Paragraph.of(f"另有部门整体等自评{len(found.overall)}个，其资金含所属项目，不与项目相加。")


def _little_spent(found: Material) -> Iterable[Block]:
    border = found.policy.section(SelfEvaluationRules).low_execution
    rates = [(one, share(one.spent or 0, one.budget)) for one in found.projects]
    low = [(one, rate) for one, rate in rates if rate is not None and rate < border]
    yield Paragraph.of(f"执行率低于{plain(border)}%的项目{len(low)}个。")
    if low:
        yield Table(
            (
                Column("项目"),
                Column(f"全年预算{MONEY}", "right"),
                Column(f"全年执行{MONEY}", "right"),
                Column("执行率", "right"),
                Column("原因和改进措施"),
            ),
            tuple(
                (
                    one.subject_year.money.marked(one.subject_year.name),
                    format_amount(one.budget),
                    format_amount(one.spent or 0),
                    _percent(rate),
                    one.execution_cause or "未填写",
                )
                for one, rate in low[:SHOWN]
            ),
            _capped("执行率偏低的项目", len(low)),
        )


def _grades(found: Material) -> Iterable[Block]:
    yield Heading(1, "自评结果")
    rules = found.policy.section(GradeRules)
    yield Paragraph.of(
        f"总分{plain(rules.excellent)}分（含）以上为优，{plain(rules.good)}分（含）以上为良，"
        f"{plain(rules.fair)}分（含）以上为中，以下为差。占比四舍五入到0.01%，各项之和可能不等于100%。"
    )
    for name, sheets in (("项目", found.projects), ("部门整体等", found.overall)):
        if sheets:
            yield _by_grade(name, sheets)
    if found.overall:
        yield Table(
            (Column("对象"), Column("单位"), Column("得分", "right"), Column("等级")),
            tuple(
                (
                    one.subject_year.name,
                    one.subject_year.unit_name,
                    _points(one.total),
                    one.grade.label if one.grade else "未定",
                )
                for one in found.overall
            ),
            "部门整体等自评得分",
        )


def _by_grade(name: str, sheets: Sequence[SelfEvaluation]) -> Table:
    counted = Counter(one.grade for one in sheets)
    budgets: Counter[Any] = Counter()
    for one in sheets:
        budgets[one.grade] += one.budget
    grades: list[tuple[str, Any]] = [(grade.label, grade) for grade in Grade]
    grades += [("未定", "")] if counted[""] else []
    return Table(
        (Column("等级"), Column("个数", "right"), Column("占比", "right"), Column(f"全年预算{MONEY}", "right")),
        tuple(
            (label, str(counted[grade]), _percent(share(counted[grade], len(sheets))), format_amount(budgets[grade]))
            for label, grade in grades
        ),
        f"{name}自评等级",
        ("合计", str(len(sheets)), "100%", format_amount(sum(budgets.values()))),
    )


def _deviations(found: Material) -> Iterable[Block]:
    yield Heading(1, "绩效目标完成情况和偏差原因")
    sheets = [*found.projects, *found.overall]
    lines = [(one, score) for one in sheets for score in one.scores.all()]
    missed = [(one, score) for one, score in lines if score.points is not None and score.points < score.line.weight]
    yield Paragraph.of(
        f"共评价指标{len(lines)}个，得满分{sum(score.points == score.line.weight for _, score in lines)}个，"
        f"有扣分{len(missed)}个，其中写明偏差原因{sum(bool(score.cause) for _, score in missed)}个。"
    )
    if missed:
        yield Table(
            (
                Column("对象"),
                Column("指标"),
                Column("指标值"),
                Column("完成值"),
                Column("分值", "right"),
                Column("得分", "right"),
                Column("偏差原因及改进措施"),
            ),
            tuple(
                (
                    one.subject_year.name,
                    score.line.name,
                    f"{score.line.comparison.label}{score.line.target}{score.line.unit}",
                    score.actual or "—",
                    plain(score.line.weight),
                    _points(score.points),
                    score.cause or "未填写",
                )
                for one, score in missed[:SHOWN]
            ),
            _capped("有扣分的指标", len(missed)),
        )


def _problems(found: Material) -> Iterable[Block]:
    yield Heading(1, "发现的问题")
    said = [one for one in (*found.projects, *found.overall) if one.findings.strip()]
    if not said:
        yield Paragraph.of("自评表中没有填写问题。")
        return
    yield Paragraph.of(f"填写了问题的对象{len(said)}个。")
    for one in said[:SHOWN]:
        yield Paragraph.of(f"{one.subject_year.name}（{one.subject_year.unit_name}）：{one.findings.strip()}")
    if len(said) > SHOWN:
        yield Paragraph.of(f"另有{len(said) - SHOWN}个见各自评表。")


def _capped(caption: str, count: int) -> str:
    return caption if count <= SHOWN else f"{caption}（列出前{SHOWN}个，共{count}个）"


def _points(points: Any) -> str:
    return "—" if points is None else plain(points)


def _percent(points: Any) -> str:
    return "—" if points is None else f"{plain(points)}%"
