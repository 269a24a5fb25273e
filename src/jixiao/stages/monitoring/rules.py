"""绩效运行监控: how far the year has gone, who is behind, and what a reading must say."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import FINANCE, files
from jixiao.domain.money_words import SPENDING, MoneyWords
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import format_amount, plain, round2
from jixiao.domain.terms import Term


class Handling(Term):
    """处置: what follows from a reading (财预〔2019〕136号；中发〔2018〕34号：严重问题暂缓或停止拨款)."""

    CONTINUE = "continue", "继续执行"
    URGE = "urge", "督促整改"
    INTERVIEW = "interview", "约谈"
    ADJUST = "adjust", "调整目标或预算"
    REDUCE = "reduce", "调减预算"
    TRANSFER = "transfer", "调剂到其他项目"
    SUSPEND = "suspend", "暂停或停止"
    RECOVER = "recover", "收回资金"


WITH_AMOUNT = (Handling.REDUCE, Handling.TRANSFER, Handling.RECOVER)
OF_MONEY = (*WITH_AMOUNT, Handling.SUSPEND)


@dataclass(frozen=True)
class HandlingRules:
    """Which handlings a round of each purpose (用意) offers; a purpose that is not named offers all of them."""

    section: ClassVar[str] = "handling"

    offered: dict[str, tuple[Handling, ...]]


def offered_handlings(purpose: str, rules: HandlingRules | None, *, money: bool = True) -> tuple[Handling, ...]:
    """What a round of this purpose may decide, in order of severity.

    Without `money` nothing is stopped, reduced or taken back: 部门整体 leaves it to its projects, revenue is not spent.
    """
    named = rules.offered.get(purpose) if rules else None
    allowed = [handling for handling in Handling if named is None or handling in named]
    return tuple(handling for handling in allowed if money or handling not in OF_MONEY)


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """One round of the year: looks at the months up to the end of `month`, for this purpose (用意)."""

    no: int
    month: int
    purpose: str


@dataclass(frozen=True)
class MonitoringRules:
    """`slow_behind`: percent points behind the time of the year beyond which spending is slow."""

    section: ClassVar[str] = "monitoring"

    slow_behind: Percent
    rounds: tuple[PlannedRound, ...]
    key_minimum: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Spending against time, in percent points; `rate` is None without a budget."""

    rate: Decimal | None
    expected: Decimal
    slow: bool
    because: str


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """One subject's sheet in one round; `without_value` and `without_outlook` name indicators left blank.

    `due_on` is the last day to file, extensions counted; None: until the round closes. `unspent`: fen of the budget
    that were neither spent nor taken back. `moved_to` names the project that gets what is transferred, `barred` says
    why it may not.
    """

    round_open: bool
    department_above: bool
    without_value: tuple[str, ...]
    without_outlook: tuple[str, ...]
    unexplained: tuple[str, ...]
    slow: bool
    cause: str
    disposal: str
    due_on: dt.date | None = None
    asked_on: dt.date | None = None
    handling: Handling = Handling.CONTINUE
    handling_fen: int | None = None
    handling_doc_no: str = ""
    moved_to: str = ""
    barred: str = ""
    unspent: int = 0
    offered: tuple[Handling, ...] = tuple(Handling)
    money: MoneyWords = SPENDING


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round itself: `sheets`, before it opens the sheets it would make; `open_sheets` are not concluded."""

    sheets: int
    open_sheets: int


def time_progress(cutoff: dt.date) -> Fraction:
    """The share of the year gone by at the end of `cutoff`: month/12 at a month's end, days within a month between."""
    days = calendar.monthrange(cutoff.year, cutoff.month)[1]
    return Fraction(cutoff.month - 1 + Fraction(cutoff.day, days), 12)


def judge_progress(
    budget: int, spent: int, cutoff: dt.date, *, stopped: bool, rules: MonitoringRules, citation: str
) -> Progress:
    """Is spending slow at the cut-off? Amounts in fen. `citation`: the source of `slow_behind` in the policy.

    Slow means strictly more than `slow_behind` points behind; a stopped or recovered subject and one without a
    budget are not slow.
    """
    gone = time_progress(cutoff) * 100
    expected = round2(gone)
    time_sentence = f"截至{cutoff.year}年{cutoff.month}月{cutoff.day}日时序进度 {plain(expected)}%"
    if budget <= 0:
        return Progress(None, expected, False, f"{time_sentence}；全年预算为 0，不计算支出进度")
    rate = Fraction(spent * 100, budget)
    behind = gone - rate
    sums = f"支出 {format_amount(spent)} 万元 ÷ 预算 {format_amount(budget)} 万元 = {plain(round2(rate))}%"
    limit = f"{plain(rules.slow_behind)} 个百分点（{citation}）"
    slow = behind > Fraction(rules.slow_behind)
    if slow and stopped:
        verdict = f"落后超过 {limit}，但项目已停止或资金已收回，不列为进度慢"
    elif slow:
        verdict = f"落后 {plain(round2(behind))} 个百分点，超过 {limit}，列为进度慢"
    else:
        verdict = f"落后没有超过 {limit}"
    return Progress(round2(rate), expected, slow and not stopped, f"{time_sentence}；{sums}；{verdict}")


def is_slow(budget: int, spent: int, cutoff: dt.date, stopped: bool, rules: MonitoringRules) -> bool:
    """The verdict of `judge_progress` without its sentence, for whole rounds."""
    return (
        not stopped
        and budget > 0
        and time_progress(cutoff) * 100 - Fraction(spent * 100, budget) > Fraction(rules.slow_behind)
    )


def planned_round(no: int, rules: MonitoringRules) -> PlannedRound | None:
    """The plan of the policy for round `no`, with its purpose; None if the region plans no such round."""
    return next((planned for planned in rules.rounds if planned.no == no), None)


def next_planned(held: Collection[int], rules: MonitoringRules) -> PlannedRound | None:
    """The first round of the plan whose number was not held yet; None when the year's plan is done."""
    return next((planned for planned in sorted(rules.rounds, key=lambda p: p.no) if planned.no not in held), None)


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month, the cut-off of a round that looks at the months up to it."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def cutoff_in_year(cutoff: dt.date, year: int) -> Decision:
    """A round looks at its own budget year."""
    return require(cutoff.year == year, f"截止日期应在 {year} 年之内，现为 {cutoff}")


def due_after(cutoff: dt.date, due_on: dt.date | None) -> Decision:
    """Nobody can file before what he files about is over."""
    return require(due_on is None or due_on > cutoff, f"报送期限应在截止日期 {cutoff} 之后")


def round_is_open(facts: ReadingFacts) -> Decision:
    """Sheets move only while their round is open."""
    return require(facts.round_open, "本轮监控未开始或已结束，请联系财政绩效股")


def every_indicator_read(facts: ReadingFacts) -> Decision:
    """Each indicator has a value so far and an outlook (确定能、有可能、完全不可能)."""
    return require(not facts.without_value, f"还有指标没有填写执行情况：{'、'.join(facts.without_value)}") & require(
        not facts.without_outlook, f"还有指标没有选择完成目标可能性：{'、'.join(facts.without_outlook)}"
    )


def deviation_explained(facts: ReadingFacts) -> Decision:
    """Slow spending has a cause, and so has each indicator that can no longer be reached (财预〔2019〕136号)."""
    return require(not facts.slow or facts.cause.strip(), facts.money.say("支出进度慢，请填写偏差原因")) & require(
        not facts.unexplained, f"完全不可能完成的指标要说明原因：{'、'.join(facts.unexplained)}"
    )


def disposal_given(facts: ReadingFacts) -> Decision:
    """The reviewer says what follows: go on, correct, adjust, suspend, recover."""
    return require(facts.disposal.strip(), "请填写处置意见")


def handling_offered(facts: ReadingFacts) -> Decision:
    """The purpose of the round decides what may follow from it."""
    names = "、".join(handling.label for handling in facts.offered)
    return require(facts.handling in facts.offered, f"本轮的用意只办理：{names}；“{facts.handling.label}”请另行办理")


def amount_stated(facts: ReadingFacts) -> Decision:
    """What is taken back or reduced has an amount, not more than is unspent, and a document that says so."""
    if facts.handling not in WITH_AMOUNT:
        return require(facts.handling_fen is None, f"“{facts.handling.label}”没有金额，请清空金额")
    what, fen = facts.handling.label, facts.handling_fen
    if fen is None or fen <= 0:
        return Decision((f"请填写{what}的金额",))
    named = require(facts.handling is not Handling.TRANSFER or facts.moved_to, "请填写调剂到哪个项目的编码")
    left = f"{what} {format_amount(fen)} 万元，超过没有支出的 {format_amount(max(facts.unspent, 0))} 万元，请核对金额"
    return (
        require(fen <= facts.unspent, left)
        & require(facts.handling_doc_no.strip(), f"请填写{what}的文号")
        & named
        & require(not facts.barred, facts.barred)
    )


def may_release(actor: Actor, standing: bool, reason: str, doc_no: str) -> Decision:
    """A stop ends by the performance office, with a reason and a document."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "暂停和收回由财政绩效股解除")
        & require(standing, "这项措施已经解除")
        & require(reason.strip(), "请填写解除的理由")
        & require(doc_no.strip(), "请填写解除的文号")
    )


def office_opens(actor: Actor) -> Decision:
    """Rounds are the performance office's."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "监控轮次由财政绩效股开启")


def may_fill(actor: Actor, drafted: bool, facts: ReadingFacts) -> Decision:
    """Who files the sheet fills it: the unit, or a department that has none above it; until it is sent on."""
    return (
        require(files(actor, facts.department_above), "监控表由项目单位填报")
        & require(drafted, "监控表已经报送，退回后才能修改")
        & round_is_open(facts)
    )


def may_handle(actor: Actor, reviewed: bool, submitted_by: int | None, facts: ReadingFacts) -> Decision:
    """Finance says what follows while the sheet lies before it; nobody on what he himself filed."""
    own = submitted_by is not None and submitted_by == actor.user_id
    return (
        require(actor.role in FINANCE, "处置意见由财政填写")
        & require(reviewed, "监控表在财政审核时才填写处置意见")
        & require(not own, "不能审核自己报送的材料")
        & round_is_open(facts)
    )


def filed_in_time(facts: ReadingFacts) -> Decision:
    """The last day itself is still in time; afterwards the performance office must give more of it, with a reason."""
    late = facts.due_on is not None and facts.asked_on is not None and facts.asked_on > facts.due_on
    return require(not late, f"报送期限 {facts.due_on} 已过，请联系财政绩效股申请延期")


def leave_allowed(actor: Actor, reason: str, due_on: dt.date, today: dt.date) -> Decision:
    """More time or a reopening is the performance office's to give, with a reason, and for days still to come."""
    return (
        office_opens(actor)
        & require(reason.strip(), "请填写理由，例如：系统故障、资料补正")
        & require(due_on >= today, f"延长到的日期 {due_on} 已经过去，请填今天或以后的日期")
    )


def key_chosen(actor: Actor, reason: str) -> Decision:
    """重点监控 is chosen by the performance office, with a reason."""
    return require(actor.role is Role.PERFORMANCE_OFFICE, "重点监控由财政绩效股选定") & require(
        reason.strip(), "请填写选为重点的理由"
    )


def visit_recorded(actor: Actor, people: str, findings: str, on: dt.date, today: dt.date) -> Decision:
    """A visit or an interview names its day, its people and what came of it; finance and departments hold them."""
    visitors = (*FINANCE, Role.DEPARTMENT)
    return (
        require(actor.role in visitors, "现场核查和约谈由财政或主管部门登记")
        & require(people.strip(), "请填写参加人员")
        & require(findings.strip(), "请填写情况和结果")
        & require(on <= today, f"日期 {on} 还没有到，请核对")
    )


def may_attach(actor: Actor, facts: ReadingFacts) -> Decision:
    """Evidence and photos hang at a sheet while its round is open; who reads only brings none."""
    bringing = (Role.UNIT, Role.DEPARTMENT, *FINANCE)
    return require(actor.role in bringing, "佐证材料由单位、主管部门和财政上传") & round_is_open(facts)


def has_sheets(facts: RoundFacts) -> Decision:
    """A round opens with at least one subject."""
    return require(facts.sheets, "没有可以纳入的对象：要有批复的绩效目标，且没有暂停或收回")


def every_sheet_concluded(facts: RoundFacts) -> Decision:
    """A round closes when all of its sheets are concluded."""
    return require(not facts.open_sheets, f"还有 {facts.open_sheets} 份监控表没有审定")


COMPLETE = (round_is_open, every_indicator_read, deviation_explained)
