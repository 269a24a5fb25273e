"""绩效运行监控: how far the year has gone, who is behind, and what a reading must say."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.policy import Percent
from jixiao.domain.quantities import format_amount, plain, round2


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
    """One subject's sheet in one round; `without_value` and `without_outlook` name indicators left blank."""

    round_open: bool
    department_above: bool
    without_value: tuple[str, ...]
    without_outlook: tuple[str, ...]
    unexplained: tuple[str, ...]
    slow: bool
    cause: str
    disposal: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round itself; `open_sheets` counts sheets that are not concluded."""

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


def enough_key_subjects(count: int, rules: MonitoringRules) -> Decision:
    """重点监控 reaches the region's minimum number."""
    least = rules.key_minimum
    return require(least is None or count >= least, f"重点监控应不少于 {least} 个，现为 {count} 个")


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
    return require(not facts.slow or facts.cause.strip(), "支出进度慢，请填写偏差原因") & require(
        not facts.unexplained, f"完全不可能完成的指标要说明原因：{'、'.join(facts.unexplained)}"
    )


def disposal_given(facts: ReadingFacts) -> Decision:
    """The reviewer says what follows: go on, correct, adjust, suspend, recover."""
    return require(facts.disposal.strip(), "请填写处置意见")


def has_sheets(facts: RoundFacts) -> Decision:
    """A round opens with at least one subject."""
    return require(facts.sheets, "本轮还没有选定监控对象")


def every_sheet_concluded(facts: RoundFacts) -> Decision:
    """A round closes when all of its sheets are concluded."""
    return require(not facts.open_sheets, f"还有 {facts.open_sheets} 份监控表没有审定")


COMPLETE = (round_is_open, every_indicator_read, deviation_explained)
