"""选评: what speaks for evaluating a subject, how much each criterion counts, and who may choose and draw.

A criterion is one pure function in CRITERIA; its weight stands in the policy under its name, so one can be added or
left out without touching the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Fen, Percent
from jixiao.domain.quantities import amount_plain, format_amount, plain, round2
from jixiao.domain.sampling import METHODS, STRATIFIED
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind

FULL = Fraction(1)
NONE = Fraction(0)


class Concern(Term):
    """社会关注度 as the office or the department judges it."""

    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


class Stratum(Term):
    """分层: by what a draw is divided so that none of its parts is passed over."""

    DEPARTMENT = "department", "主管部门"
    DIVISION = "division", "归口股室"
    SIZE = "size", "资金规模"


@dataclass(frozen=True)
class ChoosingRules:
    """Marks of candidates. `weights` in 分 by criterion; `concern` in % of the weight; `reach_full` people count fully.

    `risk_points` by sign of risk, capped at 100; `suggest_from`: the mark from which a candidate is suggested.
    `cycle_minimum`: the share of 重点项目 that is to be evaluated within the cycle.
    """

    section: ClassVar[str] = "choosing"

    weights: dict[str, Decimal]
    concern: dict[Concern, Percent]
    reach_full: int
    risk_points: dict[str, int]
    high_score: Decimal
    low_execution: Percent
    suggest_from: Decimal
    cycle_minimum: Percent | None


@dataclass(frozen=True)
class SamplingRules:
    """抽样. `certain_hits`: rule hits from which a sheet is drawn for certain, at most `certain_share` of a draw.

    `risk_base` is added to a sheet's risk points before they multiply its money, so that no sheet has no chance.
    `strata`: of each part by these at least `least_each` are drawn; none: the draw is not divided. `size_bands`: the
    amounts in fen at which a new band of 资金规模 begins.
    """

    section: ClassVar[str] = "sampling"

    method: str
    certain_hits: int
    certain_share: Percent
    risk_base: int
    strata: tuple[Stratum, ...]
    size_bands: tuple[Fen, ...]
    least_each: int

    @property
    def stratified(self) -> bool:
        """Does the method look at strata?"""
        return self.method in STRATIFIED


@dataclass(frozen=True, slots=True)
class Risk:
    """Signs of risk in words with their points, and how many rules were hit."""

    signs: tuple[tuple[str, int], ...] = ()
    hits: int = 0

    @property
    def points(self) -> int:
        return min(sum(points for _, points in self.signs), 100)


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """One candidate. `budget` in fen, `rank` 1 = most money of `among`; years are those of evaluation work."""

    budget: int
    rank: int
    among: int
    concern: Concern | None
    concern_basis: str
    reach: int | None
    risk: Risk
    last_evaluated: int | None
    work_year: int
    object_year: int
    first_year: int | None
    last_year: int | None
    cycle_years: int
    midterm_from_years: int


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion judged: points of `weight`, and the fact as a sentence."""

    criterion: str
    weight: Decimal
    points: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A candidate's mark with its parts; the mark is the sum of the parts."""

    parts: tuple[Part, ...]

    @property
    def mark(self) -> Decimal:
        return sum((part.points for part in self.parts), Decimal(0))

    @property
    def because(self) -> str:
        return "\n".join(f"{p.criterion} {plain(p.points)}/{plain(p.weight)}：{p.sentence}" for p in self.parts)


Judged = tuple[Fraction, str]
"""How much of the weight a criterion gives, from 0 to 1, and the fact as a sentence."""


def _concern(facts: CandidateFacts, rules: ChoosingRules) -> Judged:
    if facts.concern is None:
        return NONE, "没有填写社会关注度"
    basis = f"，{facts.concern_basis}" if facts.concern_basis else ""
    return Fraction(rules.concern.get(facts.concern, Decimal(0))) / 100, f"社会关注度{facts.concern.label}{basis}"


def _reach(facts: CandidateFacts, rules: ChoosingRules) -> Judged:
    if facts.reach is None:
        return NONE, "没有填写受益人数"
    return min(Fraction(facts.reach, max(rules.reach_full, 1)), FULL), f"受益 {facts.reach} 人"


def _money(facts: CandidateFacts, _rules: ChoosingRules) -> Judged:
    part = Fraction(facts.among - facts.rank + 1, facts.among) if facts.among else NONE
    words = f"全年预算 {format_amount(facts.budget)} 万元，在同类 {facts.among} 个中列第 {facts.rank}"
    return (part if facts.budget > 0 else NONE), words


def _risk(facts: CandidateFacts, _rules: ChoosingRules) -> Judged:
    signs = "、".join(f"{sign} {points}" for sign, points in facts.risk.signs)
    return Fraction(facts.risk.points, 100), f"风险分 {facts.risk.points}（{signs}）" if signs else "没有发现风险信号"


def _since(facts: CandidateFacts, _rules: ChoosingRules) -> Judged:
    if facts.last_evaluated is None:
        return FULL, "系统里没有部门评价或财政评价的记录"
    years = max(facts.work_year - facts.last_evaluated, 0)
    return min(Fraction(years, max(facts.cycle_years, 1)), FULL), f"{facts.last_evaluated} 年评过，距今 {years} 年"


def _duration(facts: CandidateFacts, _rules: ChoosingRules) -> Judged:
    due = due_for(facts)
    if facts.first_year is None:
        return NONE, "没有填写实施期"
    until = f"至 {facts.last_year} 年" if facts.last_year else "起"
    years = (min(facts.last_year or facts.object_year, facts.object_year)) - facts.first_year + 1
    words = f"实施期 {facts.first_year} 年{until}，已实施 {max(years, 0)} 年"
    return (FULL, f"{words}，应开展{due}") if due else (NONE, words)


Criterion = Callable[[CandidateFacts, ChoosingRules], Judged]
CRITERIA: dict[str, Criterion] = {
    "社会关注度": _concern,
    "覆盖面": _reach,
    "金额": _money,
    "风险": _risk,
    "多年未评": _since,
    "实施期": _duration,
}
"""The criteria by the names under which the policy weighs them."""


def due_for(facts: CandidateFacts) -> str:
    """中期评价 or 实施期后评价 where the period is long enough to ask for it (财预〔2020〕10号), else ""."""
    if facts.first_year is None:
        return ""
    ended = facts.last_year is not None and facts.last_year <= facts.object_year
    last = facts.last_year if facts.last_year is not None else facts.object_year
    if last - facts.first_year + 1 < facts.midterm_from_years:
        return ""
    return "实施期后评价" if ended else "中期评价"


def judge(facts: CandidateFacts, rules: ChoosingRules) -> Marked:
    """The mark of a candidate: each criterion that the policy weighs, rounded to 0.01 before they are added."""
    parts = []
    for name, weight in rules.weights.items():
        criterion = CRITERIA.get(name)
        part, sentence = criterion(facts, rules) if criterion else (NONE, "规则参数里的这一条，系统不认识，不计分")
        parts.append(Part(name, weight, round2(part * Fraction(weight)), sentence))
    return Marked(tuple(parts))


WHO = {
    EvaluationMethod.DEPARTMENT: Role.DEPARTMENT,
    EvaluationMethod.RECHECK: Role.PERFORMANCE_OFFICE,
    EvaluationMethod.KEY: Role.PERFORMANCE_OFFICE,
}
"""Who chooses for each 评价方式: a department among its own, the performance office among all."""

KINDS = {
    EvaluationMethod.DEPARTMENT: tuple(kind for kind in SubjectKind if kind is not SubjectKind.DEPARTMENT_OVERALL),
    EvaluationMethod.RECHECK: tuple(SubjectKind),
    EvaluationMethod.KEY: tuple(SubjectKind),
}
"""What each 评价方式 may choose: the 部门整体 of a department is not evaluated by itself."""


def may_choose(actor: Actor, method: EvaluationMethod) -> Decision:
    """Only who conducts the evaluation chooses for it."""
    who = WHO.get(method)
    return require(who is not None, "单位自评按范围开展，不用选评") & require(
        who is None or actor.role is who, f"{method.label}的对象由{who.label if who else ''}选定"
    )


def may_describe(actor: Actor) -> Decision:
    """选评信息 is filled in by the department or the performance office."""
    return require(actor.role in (Role.DEPARTMENT, Role.PERFORMANCE_OFFICE), "选评信息由主管部门或绩效股填写")


def reasoned(reason: str) -> Decision:
    """Chosen or not: both have a reason."""
    return require(reason.strip(), "请填写选或不选的理由")


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What a draw is asked for; `before` counts the draws of this kind in the work year, `left` the population.

    `least`: so many have to be drawn that every stratum gets its own.
    """

    size: int
    left: int
    parties: str
    before: int
    reason: str
    least: int = 0


def may_draw(actor: Actor, facts: DrawFacts, rules: SamplingRules) -> Decision:
    """The office draws; a second draw needs a reason, so that nobody draws until he likes the result."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "抽查复核由财政绩效股抽取")
        & require(rules.method in METHODS, f"规则参数里的抽样方法“{rules.method}”系统没有，请改为 {'、'.join(METHODS)}")
        & require(
            rules.stratified or not rules.strata,
            f"规则参数要求分层，抽样方法“{rules.method}”不分层，请改为 {'、'.join(sorted(STRATIFIED))}，或清空分层",
        )
        & require(facts.left, "没有可以抽取的对象：本年要有已审定的自评，且还没有列入抽查复核")
        & require(facts.size > 0, "抽取个数至少为 1")
        & require(facts.size <= facts.left, f"抽样总体只有 {facts.left} 个，请改小抽取个数")
        & require(
            facts.size >= facts.least,
            f"规则要求按{'、'.join(one.label for one in rules.strata)}分层、每层至少 {rules.least_each} 个，"
            f"抽取个数至少 {facts.least} 个才都能抽到",
        )
        & require(facts.parties.strip(), "请填写参加抽取的人各报的数字")
        & require(not facts.before or facts.reason.strip(), "本年这一类已经抽过，再抽须写明理由")
    )


def band_of(fen: int, bands: tuple[int, ...]) -> str:
    """The band of 资金规模 in words; its border belongs to the band above. The words sort as the bands do."""
    borders = sorted(bands)
    place = sum(fen >= border for border in borders)
    low, high = borders[place - 1] if place else None, borders[place] if place < len(borders) else None
    parts = [
        f"{amount_plain(low)} 万元起" if low is not None else "",
        f"不足 {amount_plain(high)} 万元" if high is not None else "",
    ]
    return f"{place + 1}. {'，'.join(part for part in parts if part) or '不分档'}"


def most_certain(size: int, rules: SamplingRules) -> int:
    """How many of a draw may be certain picks, whole numbers rounded down."""
    return int(size * Fraction(rules.certain_share) / 100)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report on a transfer: is its file attached?"""

    attached: bool


def report_attached(facts: ReportFacts) -> Decision:
    """A report is sent with its file."""
    return require(facts.attached, "请先附上评价报告文件")


def may_hand_in(actor: Actor, transfer: bool, title: str, begun: bool) -> Decision:
    """Who spends a transfer hands in its report, once a year."""
    return (
        require(actor.role in (Role.UNIT, Role.DEPARTMENT), "转移支付评价报告由单位或主管部门报送")
        & require(transfer, "这个对象不是转移支付，不用报送转移支付评价报告")
        & require(title.strip(), "请填写报告名称")
        & require(not begun, "本年的报告已经建立，请在那一份里办理")
    )


def may_remind(actor: Actor, missing: int, due_on: dt.date, today: dt.date) -> Decision:
    """Who receives a report on a transfer asks for it again, with a day that is still to come."""
    return (
        require(actor.role in (Role.PERFORMANCE_OFFICE, Role.FISCAL_DIVISION), "转移支付评价报告由绩效股或归口股室催报")
        & require(missing, "没有要催报的，报告都已报送")
        & require(due_on >= today, "报送期限不能早于今天")
    )


def may_attach(actor: Actor, drafted: bool) -> Decision:
    """Files are changed by who hands in, before the report is sent."""
    return require(actor.role in (Role.UNIT, Role.DEPARTMENT), "报告文件由报送单位附上") & require(
        drafted, "报告已经报送，退回后才能更换文件"
    )
