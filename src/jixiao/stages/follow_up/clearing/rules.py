"""存量资金清理: what makes a subject a candidate, and what its decision must say."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.grades import Grade
from jixiao.domain.policy import Percent, Policy
from jixiao.domain.quantities import format_amount, plain, round2
from jixiao.domain.terms import Term
from jixiao.stages.monitoring.rules import time_progress

Cite = Callable[[str], str]
"""Where a key of [clearing] comes from, in words."""


class Stock(Term):
    """存量资金的类别, gravest first: who meets several criteria is listed under the first, with every reason."""

    VOID = "void", "无效"
    IDLE = "idle", "闲置"
    LOW = "low", "低效"


class Measure(Term):
    """清理措施."""

    RECOVER = "recover", "收回"
    REDUCE = "reduce", "调减"
    KEEP = "keep", "保留"


WITH_AMOUNT = (Measure.RECOVER, Measure.REDUCE)


@dataclass(frozen=True)
class ClearingRules:
    """Criteria of the three classes; a key that is 无, false or an empty list asks nothing.

    `idle_months` without any payment since the money could be used, `unmoved_months` without a further one: idle.
    Spent less than `low_execution` and more than `low_behind` points behind the time of the year, or one of
    `low_grades`: low. Stopped, at least `void_impossible` of the indicators impossible, or `void_grades`: void.
    """

    section: ClassVar[str] = "clearing"

    idle_months: int | None
    unmoved_months: int | None
    low_execution: Percent | None
    low_behind: Percent
    low_grades: tuple[Grade, ...]
    void_stopped: bool
    void_impossible: Percent | None
    void_grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """One subject at the cut-off; amounts in fen.

    `available_on`: since when there was money to spend; `last_paid`: the day of the last payment. `stop`: a stop in
    force, in words. `indicators`, `impossible`: how many the last monitoring sheet read, and how many of these can no
    longer be reached. `grade` was given by `graded`.
    """

    budget: int
    spent: int
    recovered: int
    cutoff: dt.date
    available_on: dt.date
    last_paid: dt.date | None = None
    stop: str = ""
    indicators: int = 0
    impossible: int = 0
    grade: Grade | None = None
    graded: str = ""

    @property
    def idle(self) -> int:
        """Neither spent nor taken back; negative where more was spent than there was."""
        return self.budget - self.spent - self.recovered


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: its class, and every criterion that it meets as a sentence."""

    stock: Stock
    reasons: tuple[str, ...]


def candidate_of(facts: CandidateFacts, rules: ClearingRules, cite: Cite) -> Found | None:
    """Is there money to be cleared? None where nothing is left, or no criterion is met.

    Monotone: whoever spent more, and not earlier, is no candidate where he was none.
    """
    if facts.idle <= 0:
        return None
    met = [*_void(facts, rules, cite), *_idle(facts, rules, cite), *_low(facts, rules, cite)]
    return Found(met[0][0], tuple(f"{stock.label}：{words}" for stock, words in met)) if met else None


def _void(facts: CandidateFacts, rules: ClearingRules, cite: Cite) -> Iterator[tuple[Stock, str]]:
    if rules.void_stopped and facts.stop:
        words = f"{facts.stop}，仍有 {format_amount(facts.idle)} 万元没有支出（{cite('void_stopped')}）"
        yield Stock.VOID, words
    border = rules.void_impossible
    if border is not None and facts.impossible * 100 >= Fraction(border) * facts.indicators > 0:
        read = f"最近一轮监控 {facts.indicators} 个指标中 {facts.impossible} 个完全不可能完成"
        yield Stock.VOID, f"{read}，达到 {plain(border)}%（{cite('void_impossible')}）"
    if facts.grade in rules.void_grades and facts.grade is not None:
        yield Stock.VOID, f"{facts.graded}等级为“{facts.grade.label}”（{cite('void_grades')}）"


def _idle(facts: CandidateFacts, rules: ClearingRules, cite: Cite) -> Iterator[tuple[Stock, str]]:
    until = f"截至{_day(facts.cutoff)}满"
    months = rules.idle_months
    # The cut-off counts whole: six months from 1 January are over at the end of 30 June.
    over = facts.cutoff + dt.timedelta(days=1)
    if months is not None and facts.spent <= 0 and over >= months_after(facts.available_on, months):
        since = f"预算自{_day(facts.available_on)}起可以使用"
        yield Stock.IDLE, f"{since}，{until} {months} 个月没有支出（{cite('idle_months')}）"
        return
    # What was paid before there was a budget does not make the waiting longer.
    months, last = rules.unmoved_months, max(facts.last_paid or facts.available_on, facts.available_on)
    if months is not None and facts.cutoff >= months_after(last, months):
        yield Stock.IDLE, f"{_day(last)}以后没有新的支出，{until} {months} 个月（{cite('unmoved_months')}）"


def _low(facts: CandidateFacts, rules: ClearingRules, cite: Cite) -> Iterator[tuple[Stock, str]]:
    # Where money came back without a budget there is no rate to compare.
    rate = Fraction(facts.spent * 100, facts.budget) if facts.budget > 0 else None
    behind = time_progress(facts.cutoff) * 100 - (rate or 0)
    border = rules.low_execution
    if border is not None and rate is not None and rate < Fraction(border) and behind > Fraction(rules.low_behind):
        low = f"执行率 {plain(round2(rate))}%，低于 {plain(border)}%"
        late = f"落后时间进度 {plain(round2(behind))} 个百分点，超过 {plain(rules.low_behind)} 个百分点"
        sources = dict.fromkeys((cite("low_execution"), cite("low_behind")))
        yield Stock.LOW, f"{low}，{late}（{'；'.join(sources)}）"
    if facts.grade in rules.low_grades and facts.grade is not None:
        yield Stock.LOW, f"{facts.graded}等级为“{facts.grade.label}”（{cite('low_grades')}）"


def criteria(rules: ClearingRules, cite: Cite) -> Iterator[tuple[Stock, str]]:
    """The criteria that are asked, as sentences with their sources."""
    if rules.void_stopped:
        yield Stock.VOID, f"已暂停、停止或收回而仍有资金没有支出（{cite('void_stopped')}）"
    if rules.void_impossible is not None:
        share = f"完全不可能完成的指标达到 {plain(rules.void_impossible)}%"
        yield Stock.VOID, f"最近一轮监控中{share}（{cite('void_impossible')}）"
    if rules.void_grades:
        yield Stock.VOID, f"最近一次评价等级为{_grades(rules.void_grades)}（{cite('void_grades')}）"
    if rules.idle_months is not None:
        yield Stock.IDLE, f"预算可以使用后满 {rules.idle_months} 个月没有支出（{cite('idle_months')}）"
    if rules.unmoved_months is not None:
        yield Stock.IDLE, f"最后一次支出后满 {rules.unmoved_months} 个月没有新的支出（{cite('unmoved_months')}）"
    if rules.low_execution is not None:
        behind = f"落后时间进度超过 {plain(rules.low_behind)} 个百分点"
        yield Stock.LOW, f"执行率低于 {plain(rules.low_execution)}%，且{behind}（{cite('low_execution')}）"
    if rules.low_grades:
        yield Stock.LOW, f"最近一次评价等级为{_grades(rules.low_grades)}（{cite('low_grades')}）"


def _grades(grades: tuple[Grade, ...]) -> str:
    return "、".join(f"“{grade.label}”" for grade in grades)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, the last of its month where that is shorter: 31 August + 6 is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def rules_in(policy: Policy) -> ClearingRules | None:
    """The criteria of this policy; None for rules that were frozen before there were any."""
    return policy.section(ClearingRules) if ClearingRules.section in policy.settings else None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run itself: whether its rules have criteria, and how many candidates are undecided."""

    has_rules: bool
    undecided: int


@dataclass(frozen=True, slots=True)
class RulingFacts:
    """What is decided on one candidate. `limit`: fen that may be taken, the lesser of listed and still unspent."""

    run_open: bool
    measure: Measure | None
    fen: int | None
    doc_no: str
    opinion: str
    limit: int
    recovered_today: bool = False


def criteria_known(facts: RunFacts) -> Decision:
    """A run lists by the criteria of its own rules."""
    return require(facts.has_rules, "这次清理的规则快照里没有清理标准（[clearing]），请在规则参数中补充后另开一次")


def every_candidate_decided(facts: RunFacts) -> Decision:
    """A run closes when all of its candidates are decided."""
    return require(not facts.undecided, f"还有 {facts.undecided} 个项目没有处理")


def run_is_open(facts: RulingFacts) -> Decision:
    """Candidates are answered and decided while their run is open."""
    return require(facts.run_open, "这次清理还没有启动或已经结束")


def ruling_stated(facts: RulingFacts) -> Decision:
    """A measure has its reason; what is recovered or reduced also a document, and an amount up to the limit."""
    measure = facts.measure
    if measure is None:
        return Decision(("请选择清理措施",))
    reason = require(facts.opinion.strip(), f"请填写{measure.label}的理由")
    if measure not in WITH_AMOUNT:
        return reason & require(facts.fen is None, f"“{measure.label}”没有金额，请清空金额")
    if facts.fen is None or facts.fen <= 0:
        return reason & Decision((f"请填写{measure.label}的金额",))
    left = f"{measure.label} {format_amount(facts.fen)} 万元，超过可以清理的 {format_amount(max(facts.limit, 0))} 万元"
    return (
        reason
        & require(facts.fen <= facts.limit, f"{left}（列入时的闲置金额与现在没有支出的金额取小），请核对金额")
        & require(facts.doc_no.strip(), f"请填写{measure.label}的文号")
        & require(
            measure is not Measure.RECOVER or not facts.recovered_today,
            "这个项目今天已经登记过一笔收回，一天登记一笔，请明天再办",
        )
    )


def may_prepare(actor: Actor, cutoff: dt.date, year: int, today: dt.date, held: bool) -> Decision:
    """The performance office begins a run, for a day of its year that is over, once for each cut-off."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "存量资金清理由财政绩效股开展")
        & require(cutoff.year == year, f"截止日期应在 {year} 年之内，现为 {cutoff}")
        & require(cutoff <= today, f"截止日期 {cutoff} 还没有到，请填今天或以前的日期")
        & require(not held, f"截至 {cutoff} 的清理已经有了，请换一个截止日期")
    )


def may_speak(actor: Actor, run_open: bool, decided: bool) -> Decision:
    """The unit or its department speaks, and brings what proves it, before the decision."""
    return (
        require(actor.role in (Role.UNIT, Role.DEPARTMENT), "情况说明由预算单位或主管部门填写")
        & require(run_open, "这次清理还没有启动或已经结束")
        & require(not decided, "这个项目已经处理，说明不能再改")
    )


def may_reply(actor: Actor, run_open: bool, decided: bool, view: str) -> Decision:
    """A view has words; what was said may be put better until the decision."""
    return may_speak(actor, run_open, decided) & require(view.strip(), "请填写情况说明")
