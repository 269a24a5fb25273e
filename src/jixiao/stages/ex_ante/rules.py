"""事前绩效评估: when an assessment is due, who does what with it, and what its points conclude."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import FINANCE
from jixiao.domain.policy import Fen, Percent
from jixiao.domain.quantities import format_amount, plain, share
from jixiao.domain.vocabulary import Nature, SubjectKind, Verdict

from .frameworks import Framed

JUDGED = (SubjectKind.PROJECT, SubjectKind.PROGRAMME_POLICY, SubjectKind.SPECIAL_FUND)
SUPPORTING = (Verdict.SUPPORTED, Verdict.ADJUSTED)
CONCLUSIONS = (*SUPPORTING, Verdict.REFUSED)


@dataclass(frozen=True)
class ExAnteRules:
    """Thresholds in fen and percent points; None where the region set none."""

    section: ClassVar[str] = "ex_ante"

    major_due: bool
    every_new_due: bool
    new_threshold: Fen | None
    growth_threshold: Percent | None
    growth_amount: Fen | None
    exempt_categories: tuple[str, ...]
    dimensions: dict[str, Decimal]
    support_from: Decimal
    adjust_from: Decimal


@dataclass(frozen=True)
class ProcedureRules:
    """How an assessment is made: frameworks by kind of object (the first is proposed), experts, materials."""

    section: ClassVar[str] = "ex_ante_procedure"

    frameworks: dict[SubjectKind, tuple[Framed, ...]]
    experts_minimum: int
    needed_materials: dict[Framed, tuple[str, ...]]
    other_materials: dict[Framed, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """What decides whether a subject-year needs an assessment; amounts in fen, `amount` = 年初 + 追加."""

    kind: SubjectKind
    nature: Nature
    amount: int
    last_year: int
    major: bool = False
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """`reasons` say why it is due or, with `required` False, which exemption applies."""

    required: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """One assessment sheet; `unscored` names dimensions without points, `total` is the sum of the points.

    `drafted`, `at_department`, `at_office` and `at_finance` say where it lies. Amounts are in fen. `blank`,
    `missing_materials`, `unsigned` and `awaited` name what is not there: texts, papers, experts without their signed
    sheet, experts who were asked and have not marked.
    """

    held: bool
    total: Decimal | None
    unscored: tuple[str, ...]
    verdict: Verdict | None
    rules: ExAnteRules
    reason: str = ""
    finance_line: bool = False
    department_above: bool = False
    drafted: bool = False
    at_department: bool = False
    at_office: bool = False
    at_finance: bool = False
    asked: int | None = None
    advised: int | None = None
    blank: tuple[str, ...] = ()
    missing_materials: tuple[str, ...] = ()
    experts: int = 0
    experts_minimum: int = 0
    unsigned: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()


def assessment_due(facts: BudgetFacts, rules: ExAnteRules) -> Due:
    """Does this budget need an assessment first? A registered exemption (应急、救灾等) of a listed category frees."""
    if facts.kind not in JUDGED:
        return Due(False)
    reasons = _new_reasons(facts, rules) if _counts_as_new(facts) else _growth_reasons(facts, rules)
    if facts.major and rules.major_due:
        reasons = ("新出台重大政策或项目", *reasons)
    if reasons and facts.exemption and facts.exemption in rules.exempt_categories:
        return Due(False, (f"属于“{facts.exemption}”例外，不作事前评估",))
    return Due(bool(reasons), reasons)


def _counts_as_new(facts: BudgetFacts) -> bool:
    """A continuing subject without a budget last year has no growth rate: it is judged like a new one."""
    return facts.nature is Nature.NEW or facts.last_year <= 0


def _new_reasons(facts: BudgetFacts, rules: ExAnteRules) -> tuple[str, ...]:
    if rules.every_new_due and facts.amount > 0:
        return ("拟新出台的政策和项目均须评估",)
    if rules.new_threshold is not None and facts.amount >= rules.new_threshold:
        return (f"新增 {format_amount(facts.amount)} 万元，达到 {format_amount(rules.new_threshold)} 万元",)
    return ()


def _growth_reasons(facts: BudgetFacts, rules: ExAnteRules) -> tuple[str, ...]:
    growth = facts.amount - facts.last_year
    reasons: tuple[str, ...] = ()
    if growth <= 0:
        return reasons
    if rules.growth_threshold is not None and growth * 100 >= rules.growth_threshold * facts.last_year:
        rate = share(growth, facts.last_year) or Decimal(0)
        reasons += (f"比上年增长 {plain(rate)}%，达到 {plain(rules.growth_threshold)}%",)
    if rules.growth_amount is not None and growth >= rules.growth_amount:
        reasons += (f"比上年增加 {format_amount(growth)} 万元，达到 {format_amount(rules.growth_amount)} 万元",)
    return reasons


def why_not_due(facts: BudgetFacts, rules: ExAnteRules) -> str:
    """The sentence of a budget that no threshold reaches, with its own numbers beside them."""
    if facts.kind not in JUDGED:
        return f"“{facts.kind.label}”不作事前评估，其资金随所属项目评估"
    if _counts_as_new(facts):
        border = (
            f"未达到 {format_amount(rules.new_threshold)} 万元" if rules.new_threshold else "没有规定新增金额的门槛"
        )
        return f"新增 {format_amount(facts.amount)} 万元，{border}，也不是新出台重大政策或项目"
    growth = facts.amount - facts.last_year
    if growth <= 0:
        return f"延续，上年 {format_amount(facts.last_year)} 万元，本年 {format_amount(facts.amount)} 万元，没有增加"
    # Cut, not rounded: 29.996% must not be called 30%.
    rate = Decimal(growth * 10000 // facts.last_year).scaleb(-2)
    borders = [
        *([f"{plain(rules.growth_threshold)}%"] if rules.growth_threshold is not None else []),
        *([f"{format_amount(rules.growth_amount)} 万元"] if rules.growth_amount is not None else []),
    ]
    grown = f"延续，比上年增长 {plain(rate)}%、增加 {format_amount(growth)} 万元"
    return f"{grown}，未达到 {' 或 '.join(borders)}" if borders else f"{grown}，没有规定增幅的门槛"


def conclusion(total: Decimal, rules: ExAnteRules) -> Verdict:
    """The verdict that the points suggest; both borders belong to the better side."""
    if total >= rules.support_from:
        return Verdict.SUPPORTED
    return Verdict.ADJUSTED if total >= rules.adjust_from else Verdict.REFUSED


def points_within(points: dict[str, Decimal], rules: ExAnteRules) -> Decision:
    """Every dimension of the policy is scored between 0 and its full points, and no other is."""
    decision = require(not points.keys() - rules.dimensions.keys(), "有评估维度不在本地区的评分体系内，请核对维度名称")
    for name, full in rules.dimensions.items():
        scored = points.get(name)
        decision &= require(
            scored is not None and 0 <= scored <= full, f"“{name}”应在 0 至 {plain(full)} 分之间，请核对得分"
        )
    return decision


def may_open(actor: Actor, kind: SubjectKind, *, finance_line: bool, running: bool) -> Decision:
    """Units and departments open the department's line, the performance office finance's own; one of each at a time."""
    wanted = (Role.PERFORMANCE_OFFICE,) if finance_line else (Role.UNIT, Role.DEPARTMENT)
    return (
        require(actor.role in wanted, f"“开展评估”由{'、'.join(role.label for role in wanted)}办理")
        & require(kind in JUDGED, f"“{kind.label}”不作事前评估")
        & require(not running, "这个对象已有一份在办的评估，请在那一份里继续")
    )


def may_exempt(
    actor: Actor, category: str, reason: str, approver: str, on: dt.date, today: dt.date, rules: ExAnteRules
) -> Decision:
    """例外 are registered by the performance office, in a category of the region's rules, with reason and approver."""
    named = "、".join(rules.exempt_categories) or "（没有规定）"
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "例外由财政绩效股登记")
        & require(category in rules.exempt_categories, f"本地区规则的例外类别是{named}，请选其中一类")
        & require(reason.strip(), "请写明例外的理由")
        & require(approver.strip(), "请填写批准人岗位")
        & require(on <= today, "批准日期不能晚于今天")
    )


def may_describe(actor: Actor, facts: AssessmentFacts) -> Decision:
    """What is asked for and why: told by the unit or its department, for finance's own line by the office."""
    if facts.finance_line:
        return require(facts.at_office and actor.role is Role.PERFORMANCE_OFFICE, "财政评估由绩效股在办理中填写")
    filing = facts.drafted and actor.role in (Role.UNIT, Role.DEPARTMENT)
    return require(
        filing or (facts.at_department and actor.role is Role.DEPARTMENT), "现在不能修改，请先由上一环节退回"
    )


def may_mark(actor: Actor, facts: AssessmentFacts) -> Decision:
    """Experts' points and the conclusion: entered by the department, or by a unit that is its own department."""
    if facts.drafted and facts.department_above:
        return Decision(("打分由主管部门组织，请先报送",))
    return may_describe(actor, facts)


def may_give(facts: AssessmentFacts, own: bool) -> Decision:
    """An expert marks himself, through his own account, as long as points are entered where the sheet lies."""
    lies = facts.at_office or facts.at_department or (facts.drafted and not facts.department_above)
    return require(own, "只能填写自己的打分") & require(lies, "这份评估现在不在打分，请与组织评估的单位联系")


def may_judge(actor: Actor, facts: AssessmentFacts, submitted_by: int | None) -> Decision:
    """建议金额 and 结论: by who assesses and then by finance, but not by who sent it to finance."""
    if not facts.at_finance:
        return may_mark(actor, facts)
    return require(actor.role in FINANCE, "财政审核由业务股室、绩效股办理") & require(
        submitted_by is None or submitted_by != actor.user_id, "不能审核自己报送的材料"
    )


def may_send(actor: Actor, *, concluded: bool, supported: bool, sent: bool, doc_no: str) -> Decision:
    """A concluded assessment that supports the budget goes to 财政评审 once, with a 文号."""
    return (
        require(actor.role in FINANCE, "送财政评审由业务股室、绩效股办理")
        & require(concluded, "还没有结论，请先审定结论")
        & require(supported, "不予支持的不送财政评审")
        & require(not sent, "已经送过财政评审，没有重复送出")
        & require(doc_no.strip(), "请填写送审文号")
    )


def may_receive(
    actor: Actor, *, waiting: bool, fen: int | None, sent_on: dt.date | None, on: dt.date, doc_no: str
) -> Decision:
    """The figure of 财政评审 is entered once, with its date and 文号."""
    return (
        require(actor.role in FINANCE, "评审结果由业务股室、绩效股登记")
        & require(waiting, "没有等待返回的财政评审，请刷新后再看")
        & require(fen is not None and fen >= 0, "请填写评审金额，不小于 0")
        & require(sent_on is None or on >= sent_on, "返回日期不能早于送审日期")
        & require(doc_no.strip(), "请填写评审文号")
    )


def came_through_department(facts: AssessmentFacts) -> Decision:
    """The department's line of a unit that has a department above it."""
    return require(not facts.finance_line and facts.department_above, "本单位没有主管部门，请直接报送财政")


def comes_directly(facts: AssessmentFacts) -> Decision:
    """The department's line of a unit that is its own department."""
    return require(not facts.finance_line and not facts.department_above, "本单位有主管部门，请先报主管部门评估")


def of_finance(facts: AssessmentFacts) -> Decision:
    """Finance's own line."""
    return require(facts.finance_line, "这是部门的评估，由部门报送")


def described(facts: AssessmentFacts) -> Decision:
    """The amount asked for is stated, and each text that the report needs."""
    return require(facts.asked is not None and facts.asked > 0, "请填写申报金额") & require(
        not facts.blank, f"请填写{'、'.join(facts.blank)}"
    )


def materials_complete(facts: AssessmentFacts) -> Decision:
    """Each needed paper of the list is attached."""
    return require(not facts.missing_materials, f"缺少必需材料：{'、'.join(facts.missing_materials)}，请附上后再报送")


def enough_experts(facts: AssessmentFacts) -> Decision:
    """As many experts as the rules demand, each with his own marks or the scan of the sheet he signed."""
    asked = f"已邀请的专家还没有打分：{'、'.join(facts.awaited)}，请等他打分，或者移出"
    few = f"至少要有 {facts.experts_minimum} 位专家打分，现有 {facts.experts} 位"
    return (
        require(not facts.awaited, asked)
        & require(facts.experts >= facts.experts_minimum, few)
        & require(not facts.unsigned, f"缺少专家签名的评分表：{'、'.join(facts.unsigned)}，请附上扫描件")
    )


def amounts_settled(facts: AssessmentFacts) -> Decision:
    """建议金额 lies between 0 and what was asked; only what is not supported gets nothing."""
    if facts.asked is None or facts.advised is None:
        return Decision(("请填写建议金额",))
    most = format_amount(facts.asked)
    decision = require(0 <= facts.advised <= facts.asked, f"建议金额应在 0 至申报金额 {most} 万元之间")
    if facts.verdict is Verdict.REFUSED:
        return decision & require(facts.advised == 0, "不予支持的，建议金额应为 0")
    return decision & require(facts.advised > 0, "予以支持或调整完善后支持的，建议金额应大于 0")


def all_dimensions_scored(facts: AssessmentFacts) -> Decision:
    """Each of the five dimensions has points."""
    return require(not facts.unscored, f"还有维度未打分：{'、'.join(facts.unscored)}")


def verdict_follows_points(facts: AssessmentFacts) -> Decision:
    """The verdict is chosen; another one than the points propose needs its reason."""
    if facts.verdict not in CONCLUSIONS or facts.total is None:
        return Decision(("请选择评估结论",))
    proposed = conclusion(facts.total, facts.rules)
    return require(
        facts.verdict is proposed or facts.reason.strip(),
        f"总分 {plain(facts.total)} 对应“{proposed.label}”，改为其他结论须写明理由",
    )


COMPLETE = (described, materials_complete)
ASSESSED = (*COMPLETE, enough_experts, all_dimensions_scored, amounts_settled, verdict_follows_points)
