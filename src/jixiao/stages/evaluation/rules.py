"""绩效评价 by departments and finance: how much must be covered, and what a conclusion rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import ALLOWED, Decision, require
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import plain, share
from jixiao.domain.vocabulary import EvaluationMethod

RESULTS = ("产出", "效益", "效果", "履职效能", "社会效应", "可持续发展能力", "满意度", "服务对象满意度")
"""一级指标 that speak of results: those of 财预〔2020〕10号 and what the frameworks of 部门整体 call theirs."""


@dataclass(frozen=True)
class EvaluationRules:
    """Shares in percent points; None where the region sets no number. Years count whole budget years."""

    section: ClassVar[str] = "evaluation"

    department_units_minimum: Percent | None
    department_funds_minimum: Percent | None
    spot_check_minimum: int | None
    key_departments: int | None
    key_projects: int | None
    cycle_years: int
    midterm_from_years: int
    framework_total: Decimal
    output_benefit_minimum: Percent


@dataclass(frozen=True)
class EvaluationProcedureRules:
    """How an evaluation is worked: days the evaluated unit has for its reply, and the least number of experts."""

    section: ClassVar[str] = "evaluation_procedure"

    reply_days: int
    experts_minimum: int


@dataclass(frozen=True, slots=True)
class Workload:
    """What was evaluated in a year; amounts in fen."""

    units: int
    units_evaluated: int
    funds: int
    funds_evaluated: int
    spot_checks: int
    key_departments: int
    key_projects: int


@dataclass(frozen=True, slots=True)
class Quota:
    """One line of the yearly workload: required against reached, in `unit` (%, 个)."""

    key: str
    label: str
    required: Decimal
    reached: Decimal | None
    unit: str

    @property
    def met(self) -> bool:
        return self.reached is not None and self.reached >= self.required


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """One evaluation; `without_points` names framework items. Weights in 分, None without a framework.

    `agency_works`: an agency's account works on it now. `panel` counts its experts, `panel_open` while their marks are
    hidden. `unanswered` counts defects, `unsettled` the unit's objections without an answer. `unjudged` names the
    findings of a rechecked self-evaluation that nobody has judged.
    """

    without_points: tuple[str, ...]
    total: Decimal | None
    framework_total: Decimal | None
    output_benefit: Decimal | None
    rules: EvaluationRules
    method: EvaluationMethod = EvaluationMethod.KEY
    agency_works: bool = False
    planned: bool = True
    without_papers: tuple[str, ...] = ()
    without_reason: tuple[str, ...] = ()
    panel: int = 0
    panel_open: bool = False
    experts_minimum: int = 0
    unanswered: int = 0
    replied: bool = True
    reply_by: dt.date | None = None
    unsettled: int = 0
    amounts_known: bool = True
    problems: int = 1
    suggestions: int = 1
    as_of: dt.date | None = None
    unjudged: tuple[str, ...] = ()


def quotas(work: Workload, rules: EvaluationRules) -> tuple[Quota, ...]:
    """Every quota that the region sets; one without a denominator is not met, never silently passed."""
    lines = (
        ("units", "部门评价单位占比", rules.department_units_minimum, share(work.units_evaluated, work.units), "%"),
        ("funds", "部门评价项目资金占比", rules.department_funds_minimum, share(work.funds_evaluated, work.funds), "%"),
        ("spot_checks", "抽查复核", rules.spot_check_minimum, Decimal(work.spot_checks), "个"),
        ("key_departments", "财政重点评价部门整体", rules.key_departments, Decimal(work.key_departments), "个"),
        ("key_projects", "财政重点评价政策和项目", rules.key_projects, Decimal(work.key_projects), "个"),
    )
    return tuple(
        Quota(key, label, Decimal(required), reached, unit)
        for key, label, required, reached, unit in lines
        if required is not None
    )


def every_item_scored(facts: EvaluationFacts) -> Decision:
    """No framework item without points."""
    return require(not facts.without_points, f"还有指标没有评分：{'、'.join(facts.without_points)}") & require(
        facts.without_points or facts.total is not None, "请填写综合得分"
    )


def framework_adds_up(facts: EvaluationFacts) -> Decision:
    """Item weights make the full total, 产出 and 效益 at least their share; an evaluation without framework passes.

    A recheck marks what was marked before, with the weights that were printed.
    """
    if facts.method is EvaluationMethod.RECHECK:
        return ALLOWED
    found, rules = facts.framework_total, facts.rules
    if found is None:
        return require(facts.total is not None, "请先设置评价指标体系，或填写综合得分")
    wanted = rules.framework_total
    decision = require(found == wanted, f"评价指标分值合计应为 {plain(wanted)} 分，现为 {plain(found)} 分")
    least = rules.output_benefit_minimum * wanted / 100
    heavy = facts.output_benefit is None or facts.output_benefit >= least
    return decision & require(heavy, f"产出、效益指标分值合计应不低于 {plain(least)} 分")


def of_finance(facts: EvaluationFacts) -> Decision:
    """财政重点评价: organised by the performance office."""
    return require(facts.method is EvaluationMethod.KEY, "这不是财政重点评价")


def of_department(facts: EvaluationFacts) -> Decision:
    """部门评价: organised by the department."""
    return require(facts.method is EvaluationMethod.DEPARTMENT, "这不是部门评价")


def of_recheck(facts: EvaluationFacts) -> Decision:
    """抽查复核 and 再评价: the performance office marks again, indicator by indicator."""
    return require(facts.method is EvaluationMethod.RECHECK, "这不是抽查复核")


def by_agency(facts: EvaluationFacts) -> Decision:
    """An agency works: the organiser signs off 方案, 底稿 and 报告."""
    return require(facts.agency_works, "没有第三方机构在约定期内承担这项评价")


def by_organizer(facts: EvaluationFacts) -> Decision:
    """The organiser works itself."""
    return require(not facts.agency_works, "这项评价由第三方机构承担，请由机构提交")


def plan_attached(facts: EvaluationFacts) -> Decision:
    """The work plan hangs at the evaluation."""
    return require(facts.planned, "请先附上评价方案（种类选“方案”）")


def papers_complete(facts: EvaluationFacts) -> Decision:
    """Each item has its work paper: the facts that were found."""
    return require(not facts.without_papers, f"还有指标没有底稿：{'、'.join(facts.without_papers)}")


def differences_explained(facts: EvaluationFacts) -> Decision:
    """Where the points differ from those before, the reason is given."""
    return require(not facts.without_reason, f"与原得分不同的指标须写明理由：{'、'.join(facts.without_reason)}")


def findings_judged(facts: EvaluationFacts) -> Decision:
    """A recheck says of each finding on the self-evaluation whether it is so: the rules' hit rates rest on it."""
    named, more = "、".join(facts.unjudged[:5]), len(facts.unjudged) - 5
    left = f"{named}等 {len(facts.unjudged)} 条" if more > 0 else named
    return require(not facts.unjudged, f"还有自评疑点没有判断，请逐条判属实或不属实：{left}")


def panel_closed(facts: EvaluationFacts) -> Decision:
    """The experts' marks, if there are experts, are closed and averaged."""
    return require(not facts.panel_open, "专家打分还没有合分，请由组织评价的一方合分后再继续")


def defects_answered(facts: EvaluationFacts) -> Decision:
    """Each defect that was named at a return has its answer."""
    return require(not facts.unanswered, f"还有 {facts.unanswered} 条退回意见没有答复，请逐条答复后再提交")


def replied_or_due(facts: EvaluationFacts) -> Decision:
    """The evaluated unit has replied, or its days are over; each objection is answered."""
    until = f"（期限至 {facts.reply_by}）" if facts.reply_by else ""
    over = facts.reply_by is not None and facts.as_of is not None and facts.as_of > facts.reply_by
    return require(facts.replied or over, f"被评价单位还没有反馈意见{until}") & require(
        not facts.unsettled, f"还有 {facts.unsettled} 条异议没有答复，请逐条答复采纳情况"
    )


def report_ready(facts: EvaluationFacts) -> Decision:
    """The three amounts and at least one problem or suggestion are stated."""
    return require(facts.amounts_known, "请填写年初预算、经审查安排和经审查使用三个资金量") & require(
        facts.problems or facts.suggestions, "请登记发现的问题或意见建议，没有问题的也应有改进建议"
    )


def may_open(actor: Actor, method: EvaluationMethod, *, running: bool) -> Decision:
    """财政重点评价 and 抽查复核 are opened by the performance office, 部门评价 by the department or the office."""
    departments = (Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)
    roles = departments if method is EvaluationMethod.DEPARTMENT else (Role.PERFORMANCE_OFFICE,)
    return (
        require(method is not EvaluationMethod.SELF, "单位自评在“单位自评”里布置")
        & require(actor.role in roles, f"“{method.label}”由{'、'.join(role.label for role in roles)}开展")
        & require(not running, f"这个对象已有一项在办的{method.label}，请在那一项里继续")
    )


def organizer(method: EvaluationMethod) -> Role:
    """Who organises an evaluation of this method, signs it off and closes its experts' marks."""
    return Role.DEPARTMENT if method is EvaluationMethod.DEPARTMENT else Role.PERFORMANCE_OFFICE


def may_work(actor: Actor, facts: EvaluationFacts, *, open_now: bool) -> Decision:
    """Points, work papers and the words of the report: by the agency where one works, else by the organiser."""
    worker = Role.AGENCY if facts.agency_works else organizer(facts.method)
    return require(actor.role is worker, f"这项评价由{worker.label}填写") & require(
        open_now, "现在不能修改，请先办理上一步或由审核的一方退回"
    )


def may_reply(
    actor: Actor, method: EvaluationMethod, *, consulting: bool, reply_by: dt.date | None, today: dt.date
) -> Decision:
    """The evaluated unit replies itself, within its days; for finance's evaluation its department may."""
    department = actor.role is Role.DEPARTMENT and organizer(method) is not Role.DEPARTMENT
    return (
        require(actor.role is Role.UNIT or department, "反馈意见由被评价单位填写")
        & require(consulting, "现在不在交换意见阶段")
        & require(reply_by is None or today <= reply_by, f"反馈期限已于 {reply_by} 截止")
    )


def sees_points(actor: Actor, method: EvaluationMethod, consulted: bool) -> bool:
    """Points before the exchange of views are the evaluators' own: not for the evaluated unit and its department."""
    mine = actor.role is organizer(method)
    return mine or consulted or actor.role not in (Role.UNIT, Role.DEPARTMENT)


WITH_EXPERTS = "待专家合分"
"""What stands in place of points while experts mark."""


def sees_experts(actor: Actor, method: EvaluationMethod) -> bool:
    """Who marked, and what each of them gave, is not for the evaluated unit and its department."""
    return actor.role is organizer(method) or actor.role not in (Role.UNIT, Role.DEPARTMENT)


def may_organize(actor: Actor, method: EvaluationMethod) -> Decision:
    """Experts, dates of the procedure and what goes to the evaluated unit: by the organiser."""
    wanted = organizer(method)
    return require(actor.role is wanted, f"这一步由{wanted.label}办理")


def may_classify(actor: Actor, method: EvaluationMethod) -> Decision:
    """To which classes problems belong says who organised the evaluation, or the performance office; at any time."""
    return require(actor.role in (organizer(method), Role.PERFORMANCE_OFFICE), "问题由组织评价的一方或绩效股归类")


@dataclass(frozen=True, slots=True)
class FrameworkFacts:
    """A framework in drafting: weights in 分; `bare` names items without criteria."""

    total: Decimal
    results: Decimal
    items: int
    bare: tuple[str, ...]
    rules: EvaluationRules


def framework_weighs(facts: FrameworkFacts) -> Decision:
    """Weights make the full total, results at least their share, and each item says how points are given."""
    wanted = facts.rules.framework_total
    least = facts.rules.output_benefit_minimum * wanted / 100
    return (
        require(facts.items, "请先填写评价指标")
        & require(facts.total == wanted, f"分值合计应为 {plain(wanted)} 分，现为 {plain(facts.total)} 分")
        & require(
            facts.results >= least, f"产出、效益指标分值合计应不低于 {plain(least)} 分，现为 {plain(facts.results)} 分"
        )
        & require(not facts.bare, f"还有指标没有评分标准：{'、'.join(facts.bare)}")
    )


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """One expert's marks: items without points, and whether the organiser has closed the panel."""

    without_points: tuple[str, ...]
    closed: bool


def marks_complete(facts: PanelFacts) -> Decision:
    """Each item has this expert's points, and the panel is open."""
    return require(not facts.without_points, f"还有指标没有打分：{'、'.join(facts.without_points)}") & still_open(facts)


def still_open(facts: PanelFacts) -> Decision:
    """Nothing changes once the marks were put together."""
    return require(not facts.closed, "打分已经合分，不能再改")


def may_close(actor: Actor, method: EvaluationMethod, finished: int, panel: int, least: int) -> Decision:
    """The organiser puts the marks together when every expert has finished and there are enough of them."""
    return (
        may_organize(actor, method)
        & require(panel >= least, f"至少要有 {least} 位专家打分，现有 {panel} 位")
        & require(finished == panel, f"还有 {panel - finished} 位专家没有提交打分")
    )
