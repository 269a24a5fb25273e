"""对账: what disagrees between 项目库, 预算指标, 支付 and 监控, and who may put it right. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.quantities import format_amount
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Verdict

MATCHING = frozenset({Role.PERFORMANCE_OFFICE, Role.FISCAL_DIVISION})


@dataclass(frozen=True, slots=True)
class Cleared:
    """One clearance as far as the gate asks: its verdict and the fen it covers."""

    verdict: Verdict
    covered: int


def covered(clearances: Sequence[Cleared]) -> int | None:
    """The most that the clearances cover, oldest first; None without any. A refusal ends what was given before it."""
    standing: int | None = None
    for one in clearances:
        standing = 0 if one.verdict is Verdict.REFUSED else max(one.covered, standing or 0)
    return standing


def covers(clearances: Sequence[Cleared], amount: int) -> Decision:
    """Do the clearances of a subject-year cover a budget of `amount` fen? A raise above them asks again."""
    most = covered(clearances)
    if most is None:
        return Decision(("没有事前绩效评估结论，请先完成评估或登记例外",))
    if clearances[-1].verdict is Verdict.REFUSED and amount > 0:
        return Decision(("事前绩效评估结论为“不予支持”，不能入库和安排预算",))
    more = format_amount(amount - most)
    return require(amount <= most, f"超出评估结论支持的金额 {more} 万元，请就增加部分重新评估")


@dataclass(frozen=True, slots=True)
class Joined:
    """Two subject-years of which the first shall go on in the second."""

    year: int
    projects: bool
    target_found: bool
    same: bool
    source_gone: bool
    source_took_in: bool
    target_gone: bool


def may_join(actor: Actor, facts: Joined, on: dt.date, reason: str, doc_no: str) -> Decision:
    """合并 and 改码 are the performance office's: projects of one year, in one step, with a reason and a 文号."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "合并和改码由财政绩效股办理")
        & require(facts.target_found, "没有这个并入的项目，请填同一年度项目库里的编码")
        & require(not facts.same, "不能并入自己，请填另一个项目的编码")
        & require(facts.projects, "只有计入合计的项目可以合并或改码")
        & require(not facts.source_gone, "这个项目已经并入其他项目，请先撤销")
        & require(not facts.source_took_in, "已有项目并入这个项目，请先撤销，再分别并入")
        & require(not facts.target_gone, "并入的项目自己已并入其他项目，请填最后的那个")
        & require(on.year == facts.year, f"日期应在 {facts.year} 年之内，现为 {on}")
        & require(reason.strip(), "请填写原因")
        & require(doc_no.strip(), "请填写文号")
    )


def may_part(actor: Actor, *, standing: bool, reason: str) -> Decision:
    """A link is undone by the performance office with a reason."""
    return (
        require(actor.role is Role.PERFORMANCE_OFFICE, "合并和改码由财政绩效股撤销")
        & require(standing, "已经撤销，没有重复办理")
        & require(reason.strip(), "请填写撤销的原因")
    )


class Conflict(Term):
    """对账发现的问题的种类."""

    UNMATCHED = "unmatched", "支付没有对上项目"
    NOT_REGISTERED = "not_registered", "指标有项目，项目库没有"
    OTHER_UNIT = "other_unit", "别的单位支付了本项目"
    OVERSPENT = "overspent", "支付超过预算"
    BUDGET_DIFFERS = "budget_differs", "预算指标与项目预算不等"
    PAID_EARLY = "paid_early", "预算生效前已支付"
    PAID_ON_HOLD = "paid_on_hold", "暂停期间仍支付"
    MONITORING_DIFFERS = "monitoring_differs", "监控预算与项目预算不等"
    TWO_CODES = "two_codes", "同名项目有两个编码"
    LATER_DIFFERS = "later_differs", "后来的文件内容不同"


REMEDIES: dict[Conflict, str] = {
    Conflict.UNMATCHED: "在“未对上的支付”里选项目并写明原因；项目还没入库的，导入项目库后按编码自动对上",
    Conflict.NOT_REGISTERED: "把项目导入项目库，指标随即按编码对上；编码写错的，请预算系统改正后导出调整指标",
    Conflict.OTHER_UNIT: "核对凭证上的单位和项目编码；串户的，由国库开更正凭证后导入",
    Conflict.OVERSPENT: "核对有没有追加预算未入库；确属超支的，列入监控处置",
    Conflict.BUDGET_DIFFERS: "核对追加和调减是否两边都已登记，把缺的一边补导入",
    Conflict.PAID_EARLY: "核对指标的下达日期和支付日期；日期写错的改正后导入，确属提前支付的请说明",
    Conflict.PAID_ON_HOLD: "先停止支付，再查明是否在暂停通知之前已经受理",
    Conflict.MONITORING_DIFFERS: "监控表记的是填报时的预算；之后没有调整预算的，请单位核对",
    Conflict.TWO_CODES: "同一项目请只留一个编码；支付挂错的由国库更正",
    Conflict.LATER_DIFFERS: "已入库的支付不改写：保留原行，另填一行带正负号的更正后重新导入",
}


@dataclass(frozen=True, slots=True)
class Money:
    """What the four sources say of one subject-year; amounts in fen, None where a source says nothing.

    `payers` are the unit codes that payments name with their sums; `on_hold` is what was paid during a stop.
    """

    key: int
    code: str
    name: str
    unit_path: str
    budget: int
    lines: int
    appropriated: int | None = None
    effective_on: dt.date | None = None
    spent: int = 0
    first_paid: dt.date | None = None
    payers: tuple[tuple[str, int], ...] = ()
    on_hold: int = 0
    monitored: int | None = None
    counted: bool = True

    @property
    def unit_code(self) -> str:
        """The code of its own unit: the last step of its path."""
        return self.unit_path.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Found:
    """One disagreement: of which kind, at which subject, in fen, and in words."""

    kind: Conflict
    key: int
    fen: int
    because: str


def conflicts(rows: Iterable[Money], shown: Callable[[int], str]) -> Iterator[Found]:
    """Every disagreement at a subject; `shown` writes an amount in words."""
    known: dict[tuple[str, str], Money] = {}
    for row in rows:
        yield from _budget(row, shown)
        yield from _paid(row, shown)
        twin = known.setdefault((row.name, row.unit_path), row)
        if twin is not row and twin.code != row.code:
            yield Found(Conflict.TWO_CODES, row.key, row.spent, f"与 {twin.code} 同单位、同名称")


def _budget(row: Money, shown: Callable[[int], str]) -> Iterator[Found]:
    stated = row.lines if row.appropriated is None else row.appropriated
    if stated != row.budget:
        because = f"项目库 {shown(row.budget)}，预算指标 {shown(stated)}，相差 {shown(stated - row.budget)}"
        yield Found(Conflict.BUDGET_DIFFERS, row.key, stated - row.budget, because)
    if row.monitored is not None and row.monitored != row.budget:
        because = f"项目库 {shown(row.budget)}，最近一轮监控 {shown(row.monitored)}"
        yield Found(Conflict.MONITORING_DIFFERS, row.key, row.monitored - row.budget, because)


def _paid(row: Money, shown: Callable[[int], str]) -> Iterator[Found]:
    if row.spent > row.budget:
        because = f"已支付 {shown(row.spent)}，全年预算 {shown(row.budget)}"
        yield Found(Conflict.OVERSPENT, row.key, row.spent - row.budget, because)
    if row.first_paid and row.effective_on and row.first_paid < row.effective_on:
        because = f"首笔支付 {row.first_paid}，预算自 {row.effective_on} 起生效"
        yield Found(Conflict.PAID_EARLY, row.key, row.spent, because)
    if row.on_hold:
        yield Found(Conflict.PAID_ON_HOLD, row.key, row.on_hold, f"暂停期间支付 {shown(row.on_hold)}")
    for code, fen in row.payers:
        if code and code != row.unit_code:
            because = f"单位 {code} 支付 {shown(fen)}，项目属于单位 {row.unit_code}"
            yield Found(Conflict.OTHER_UNIT, row.key, fen, because)


def may_match(actor: Actor, *, asked: int, open_now: int, years: set[int], year: int, reason: str) -> Decision:
    """May these payments be given to a project of `year`? `open_now` of the `asked` ones are still unmatched."""
    return (
        require(actor.role in MATCHING, "只有绩效股和业务股室可以对账")
        & require(asked, "请先勾选要对上的支付")
        & require(open_now == asked, "有的支付已由他人对上或不在您的范围，请刷新后重选")
        & require(years <= {year}, f"项目是 {year} 年度的，请只选这一年度的支付")
        & require(reason.strip(), "请写明对到这个项目的原因")
    )


def may_take_back(actor: Actor, *, in_force: bool, frozen: Sequence[str], reason: str) -> Decision:
    """May a match be taken back? `frozen` names the rounds whose frozen figures count the payment for the project."""
    rounds = "、".join(frozen)
    return (
        require(actor.role in MATCHING, "只有绩效股和业务股室可以撤回对账")
        & require(in_force, "这次对账已经撤回，请刷新后再看")
        & require(not frozen, f"{rounds}已按这次对账冻结数据，不能撤回；确属对错的，由国库开更正凭证后导入")
        & require(reason.strip(), "请写明撤回的原因")
    )
