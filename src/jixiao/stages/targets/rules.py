"""绩效目标: what makes a target sheet complete, and which weights its classes of indicators get."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import FINANCE, Desk, files
from jixiao.domain.frameworks import CoreIndicator, Framework, TaskUse
from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import format_amount, plain
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1

from .saying import Task


@dataclass(frozen=True)
class TargetRules:
    """Weights in points: `indicator_weight_total` is 100 less the execution weight, which 自评 adds."""

    section: ClassVar[str] = "targets"

    indicator_weight_total: Decimal
    class_weights: dict[IndicatorLevel1, Decimal]
    class_weights_with_cost: dict[IndicatorLevel1, Decimal]
    required_classes: tuple[IndicatorLevel1, ...]
    offered_classes: tuple[IndicatorLevel1, ...]
    minimum_indicators: int
    maximum_indicators: int | None


@dataclass(frozen=True)
class TargetReviewRules:
    """By whom a target sheet is looked at, in order."""

    section: ClassVar[str] = "target_review"

    desks: tuple[Desk, ...]


# Sheets opened before the policy named their desks went to the department and then to finance.
DESKS_BEFORE = (Desk.DEPARTMENT, Desk.FINANCE)


class Consequence(Term):
    """审核结果怎样处理（财预〔2015〕88号）."""

    ENTER = "enter", "进入下一步"
    IMPROVE = "improve", "协商完善后进入下一步"
    REVISE = "revise", "修改完善后重新报送"
    BAR = "bar", "不得进入下一步"


@dataclass(frozen=True)
class TargetResultRules:
    """What follows from the grade that a review gives."""

    section: ClassVar[str] = "target_results"

    consequences: dict[Grade, Consequence]


class TaskSum(Term):
    """年度主要任务的财政拨款合计与预算的关系."""

    AT_MOST = "at_most", "不超过预算"
    EQUAL = "equal", "等于预算"
    FREE = "free", "不核对"


@dataclass(frozen=True)
class TargetTaskRules:
    """How the amounts of the year's tasks relate to the budget (财预〔2015〕88号：部门整体支出绩效目标申报表)."""

    section: ClassVar[str] = "target_tasks"

    sum: TaskSum


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator as far as completeness goes; `weight` in 分."""

    level1: IndicatorLevel1
    level2: str
    name: str
    target: str
    weight: Decimal
    comparison: Comparison = Comparison.QUALITATIVE


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One version of a target sheet.

    `barred` is asked where money comes to flow, at the approval. `budget` in fen.
    Versions opened before a rule existed know nothing of it: no framework, no words that are vague, no result.
    """

    held: bool
    department_above: bool
    goal: str
    lines: tuple[TargetLine, ...]
    rules: TargetRules
    desks: tuple[Desk, ...] = DESKS_BEFORE
    annual: bool = True
    framework: Framework | None = None
    vague: frozenset[str] = frozenset()
    result: Grade | None = None
    results: TargetResultRules | None = None
    barred: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    budget: int = 0
    task_rules: TargetTaskRules | None = None


def proposed_weights(classes: frozenset[IndicatorLevel1], rules: TargetRules) -> dict[IndicatorLevel1, Decimal]:
    """Points per class for a new sheet; without 满意度 its points go to 效益 (财预〔2021〕101号)."""
    with_cost = IndicatorLevel1.COST in classes and rules.class_weights_with_cost
    weights = dict(rules.class_weights_with_cost if with_cost else rules.class_weights)
    if IndicatorLevel1.SATISFACTION not in classes and IndicatorLevel1.BENEFIT in weights:
        weights[IndicatorLevel1.BENEFIT] += weights.pop(IndicatorLevel1.SATISFACTION, Decimal(0))
    return weights


def cleared(facts: TargetFacts) -> Decision:
    """The budget that the target is for has passed the gate of 事前评估 (`barred`: why it has not)."""
    return Decision(facts.barred)


def has_goal(facts: TargetFacts) -> Decision:
    """The overall goal is written."""
    return require(facts.goal.strip(), "请填写绩效总目标")


def enough_indicators(facts: TargetFacts) -> Decision:
    """At least one indicator (or the region's minimum), at most its maximum."""
    least, most, found = max(facts.rules.minimum_indicators, 1), facts.rules.maximum_indicators, len(facts.lines)
    decision = require(found >= least, f"至少要有 {least} 个指标，现有 {found} 个")
    return decision & require(most is None or found <= most, f"指标不超过 {most} 个，现有 {found} 个")


def weights_add_up(facts: TargetFacts) -> Decision:
    """Indicator weights make 100 less the execution weight, to the last digit, and none is zero.

    Medium-term sheets carry no weights: points are given year by year.
    """
    if not facts.annual:
        return Decision()
    wanted, found = facts.rules.indicator_weight_total, sum((line.weight for line in facts.lines), Decimal(0))
    empty = "、".join(line.name for line in facts.lines if line.weight <= 0)
    decision = require(found == wanted, f"指标分值合计应为 {plain(wanted)} 分，现为 {plain(found)} 分，请调整分值")
    return decision & require(not empty, f"指标没有分值：{empty}")


def required_classes_present(facts: TargetFacts) -> Decision:
    """Each class that the policy requires has an indicator, and no class is used that it does not offer."""
    used = {line.level1 for line in facts.lines}
    asked = (*facts.rules.required_classes, *(facts.framework.required_classes if facts.framework else ()))
    missing = "、".join(c.label for c in dict.fromkeys(asked) if c not in used)
    foreign = "、".join(c.label for c in IndicatorLevel1 if c in used and c not in facts.rules.offered_classes)
    decision = require(not missing, f"缺少{missing}，请补充")
    return decision & require(not foreign, f"一级指标不设{foreign}，请改放其他一级指标")


def every_target_filled(facts: TargetFacts) -> Decision:
    """No indicator without a target value."""
    empty = "、".join(line.name for line in facts.lines if not line.target.strip())
    return require(not empty, f"指标没有指标值：{empty}")


def core_indicators_clear(facts: TargetFacts) -> Decision:
    """No core indicator of the framework is missing or vague (核心指标缺失或模糊的不得入库、不得安排)."""
    decision = Decision()
    for core in facts.framework.core if facts.framework else ():
        mine = [line for line in facts.lines if _is(line, core)]
        missing = f"缺少核心指标“{core.title}”（{core.level1.label}），请补充"
        if core.quantified:
            remedy = f"核心指标“{core.title}”没有量化的指标值，请填数字或日期"
        else:
            remedy = f"核心指标“{core.title}”的指标值空泛，请写明要达到的程度"
        decision &= require(mine, missing)
        decision &= require(not mine or any(_clear(line, core, facts.vague) for line in mine), remedy)
    return decision


def _is(line: TargetLine, core: CoreIndicator) -> bool:
    said = line.level2 + line.name
    return line.level1 is core.level1 and (not core.words or any(word in said for word in core.words))


def _clear(line: TargetLine, core: CoreIndicator, vague: frozenset[str]) -> bool:
    target = line.target.strip()
    return measurable(target) if core.quantified else bool(target) and target not in vague


def measurable(target: str) -> bool:
    """A number or a day, by which somebody else would find the same attainment."""
    return any(sign.isdigit() for sign in target)


def tasks_written(facts: TargetFacts) -> Decision:
    """A type of object that must say its tasks says at least one, each with money."""
    needed = facts.annual and facts.framework is not None and facts.framework.tasks is TaskUse.REQUIRED
    empty = "、".join(task.name for task in facts.tasks if task.total <= 0)
    decision = require(not needed or facts.tasks, "请填写年度主要任务及其预算金额")
    return decision & require(not empty, f"年度主要任务没有预算金额：{empty}")


def tasks_within_budget(facts: TargetFacts) -> Decision:
    """财政拨款 of the tasks in sum against the budget of the object, as the region's rules have it."""
    wanted = facts.task_rules.sum if facts.task_rules else TaskSum.FREE
    if wanted is TaskSum.FREE or not facts.tasks or facts.budget <= 0:
        return Decision()
    found = sum(task.fiscal for task in facts.tasks)
    right = found == facts.budget if wanted is TaskSum.EQUAL else found <= facts.budget
    said = f"年度主要任务的财政拨款合计 {format_amount(found)} 万元，预算 {format_amount(facts.budget)} 万元"
    return require(right, f"{said}，应{wanted.label}，请核对各项任务的金额")


COMPLETE = (
    has_goal,
    enough_indicators,
    weights_add_up,
    required_classes_present,
    every_target_filled,
    core_indicators_clear,
    tasks_written,
    tasks_within_budget,
)


def result_allows(facts: TargetFacts) -> Decision:
    """The grade of the review lets the sheet go on; a sheet without a grade goes by the reviewers' word alone."""
    if facts.result is None or facts.results is None:
        return Decision()
    follows = facts.results.consequences[facts.result]
    goes_on = follows in (Consequence.ENTER, Consequence.IMPROVE)
    return require(goes_on, f"审核结果为“{facts.result.label}”，应{follows.label}，请退回")


def may_fill(actor: Actor, drafted: bool, facts: TargetFacts) -> Decision:
    """谁申请资金谁设定目标: who files the sheet fills it, until it is sent on."""
    return require(files(actor, facts.department_above), "绩效目标由申请资金的单位填报") & require(
        drafted, "绩效目标已经报送，退回后才能修改"
    )


def may_review(actor: Actor, at_my_desk: bool, submitted_by: int | None) -> Decision:
    """Who has the sheet on his desk says what he thinks of it; nobody of what he himself filed."""
    own = submitted_by is not None and submitted_by == actor.user_id
    return require(at_my_desk, "这份绩效目标现在不在您这一步审核") & require(not own, "不能审核自己报送的材料")


def may_adjust(actor: Actor, approved: bool, underway: bool, facts: TargetFacts) -> Decision:
    """An approved target is adjusted by a new version, one at a time."""
    return (
        require(files(actor, facts.department_above), "调整由申请资金的单位提出")
        & require(approved, "只有已批复的绩效目标可以调整")
        & require(not underway, "已有一个调整正在办理，请先办完")
    )


def adjustment_grounded(reason: str, budget_changed: bool) -> Decision:
    """确需调整的随预算调整报批（财预〔2015〕88号）: a reason, and the budget decision it follows."""
    return require(reason.strip(), "请填写调整理由") & require(
        budget_changed, "调整要与预算调整对应，请选择预算调整或填写文号"
    )


@dataclass(frozen=True)
class TargetDateRules:
    """四同步: how many days may pass before the next of 申报、审核、批复、公开."""

    section: ClassVar[str] = "target_dates"

    review_days: int
    approve_days: int
    disclose_days: int


@dataclass(frozen=True)
class ApprovalRules:
    """批复文: how its number is written, with {year} and {no} in the places of the year and of the running number."""

    section: ClassVar[str] = "target_approval"

    pattern: str


def approval_number(rules: ApprovalRules, year: int, no: int) -> str:
    """文号 of the region's `no`-th 批复文 of a year: 财绩批〔2022〕1号 (GB/T 9704—2012：机关代字、年份、发文顺序号)."""
    return rules.pattern.replace("{year}", str(year)).replace("{no}", str(no))


def may_number(actor: Actor, rules: ApprovalRules, waiting: int) -> Decision:
    """The performance office numbers a 批复文, if there is something approved that no other one names."""
    written = "{year}" in rules.pattern and "{no}" in rules.pattern
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "批复文由财政绩效股编号")
        & require(waiting, "这个部门没有已批复而还没有编入批复文的绩效目标")
        & require(written, "规则里批复文号的样式要写 {year} 和 {no}，请先改正规则参数")
    )


@dataclass(frozen=True, slots=True)
class TargetDates:
    """The days on which a sheet was filed, passed, approved and made public; `withheld`: it is not made public."""

    filed: dt.date | None = None
    passed: dt.date | None = None
    approved: dt.date | None = None
    disclosed: dt.date | None = None
    withheld: bool = False


def lagging(dates: TargetDates, today: dt.date, rules: TargetDateRules) -> str:
    """What should have come by now and has not, with the days; "" where nothing lags."""
    waits = (
        (dates.approved, dates.disclosed, rules.disclose_days, "批复", "公开"),
        (dates.passed, dates.approved, rules.approve_days, "审核通过", "批复"),
        (dates.filed, dates.passed, rules.review_days, "申报", "审核通过"),
    )
    for since, then, days, before, after in waits:
        if since is None:
            continue
        gone = (today - since).days
        late = then is None and gone > days and not (after == "公开" and dates.withheld)
        return f"{before}后 {gone} 天还没有{after}（应在 {days} 天内）" if late else ""
    return ""


@dataclass(frozen=True, slots=True)
class PilotSteps:
    """The three dated steps of a pilot, in their order (X县2020：上年指标体系构建→本年目标设置→上年自评)."""

    framework_on: dt.date | None = None
    targets_on: dt.date | None = None
    self_evaluated_on: dt.date | None = None


def keeps_pilots(actor: Actor, steps: PilotSteps, today: dt.date) -> Decision:
    """The performance office registers pilots; a step follows the one before it, and none lies in the future."""
    named = (
        ("指标体系构建", steps.framework_on),
        ("目标设置", steps.targets_on),
        ("自评", steps.self_evaluated_on),
    )
    decision = require(actor.role is Role.PERFORMANCE_OFFICE, "部门整体试点由绩效股登记")
    for (before, first), (after, then) in pairwise(named):
        decision &= require(then is None or first is not None, f"填了{after}日期，请先填{before}日期")
        in_order = first is None or then is None or first <= then
        decision &= require(in_order, f"{after}日期不能早于{before}日期，请改正")
    late = "、".join(name for name, on in named if on is not None and on > today)
    return decision & require(not late, f"{late}日期在今天之后，完成了再登记")


def office_selects(actor: Actor, approved: bool) -> Decision:
    """The performance office says what goes to the people's congress and when a target was made public."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "由绩效股办理") & require(
        approved, "只有已批复的绩效目标可以办理"
    )


def grades_result(actor: Actor) -> Decision:
    """Finance grades; a department only says what it thinks."""
    return require(actor.role in FINANCE, "审核结果由财政填写")
