"""事前绩效评估: when an assessment is due, what its points conclude, and which amounts a clearance covers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Fen, Percent
from jixiao.domain.quantities import format_amount, plain, share
from jixiao.domain.vocabulary import Nature, SubjectKind, Verdict


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
    """One assessment sheet; `unscored` names dimensions without points, `total` is the sum of the points."""

    held: bool
    total: Decimal | None
    unscored: tuple[str, ...]
    verdict: Verdict | None
    rules: ExAnteRules


def assessment_due(facts: BudgetFacts, rules: ExAnteRules) -> Due:
    """Does this budget need an assessment first? A registered exemption (应急、救灾等) of a listed category frees."""
    if facts.kind not in (SubjectKind.PROJECT, SubjectKind.PROGRAMME_POLICY, SubjectKind.SPECIAL_FUND):
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


def covers(cleared: int | None, amount: int) -> Decision:
    """A clearance of `cleared` fen covers a budget of `amount` fen; None = no clearance. A raise asks again."""
    if cleared is None:
        return Decision(("没有事前绩效评估结论，请先完成评估或登记例外",))
    more = format_amount(amount - cleared)
    return require(amount <= cleared, f"超出评估结论支持的金额 {more} 万元，请就增加部分重新评估")


def all_dimensions_scored(facts: AssessmentFacts) -> Decision:
    """Each of the five dimensions has points."""
    return require(not facts.unscored, f"还有维度未打分：{'、'.join(facts.unscored)}")


def verdict_follows_points(facts: AssessmentFacts) -> Decision:
    """The verdict is chosen and is not better than the points allow."""
    order = (Verdict.REFUSED, Verdict.ADJUSTED, Verdict.SUPPORTED)
    if facts.verdict not in order or facts.total is None:
        return Decision(("请选择评估结论",))
    allowed = conclusion(facts.total, facts.rules)
    return require(
        order.index(facts.verdict) <= order.index(allowed),
        f"总分 {plain(facts.total)} 对应“{allowed.label}”，结论不能高于得分",
    )
