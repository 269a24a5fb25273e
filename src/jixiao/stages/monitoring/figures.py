"""绩效运行监控: the year's last round, key monitoring over all rounds, and money taken back."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.kit.figures import Figure, RowColumn, Scope, Value, by_label, count, distinct, percent, total
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Hold

from .models import STOPPING, Attention, ReadingSheet, ReadingSheetQuerySet, Recovery, Round
from .rules import MonitoringRules, is_slow
from .workflow import RoundState

Sheets = Sequence[ReadingSheet]
COLUMNS = (
    RowColumn("轮次", lambda sheet: sheet.round.no),
    RowColumn("编码", lambda sheet: sheet.subject_year.code),
    RowColumn("名称", lambda sheet: sheet.subject_year.name),
    RowColumn("单位", lambda sheet: sheet.subject_year.unit_name),
    RowColumn("全年预算", lambda sheet: sheet.budget, "amount"),
    RowColumn("截至时点支付", lambda sheet: sheet.spent, "amount"),
    RowColumn("处置", lambda sheet: sheet.handling.label),
)
ROUND_COLUMNS = (
    RowColumn("轮次", lambda held: held.no),
    RowColumn("截止日期", lambda held: held.cutoff),
    RowColumn("用意", lambda held: held.purpose),
)
RECOVERY_COLUMNS = (
    RowColumn("编码", lambda recovery: recovery.subject_year.code),
    RowColumn("名称", lambda recovery: recovery.subject_year.name),
    RowColumn("单位", lambda recovery: recovery.subject_year.unit_name),
    RowColumn("收回金额", lambda recovery: recovery.fen, "amount"),
    RowColumn("原因", lambda recovery: recovery.reason),
    RowColumn("日期", lambda recovery: recovery.on),
)


def _rounds(scope: Scope) -> list[Round]:
    """Rounds that were opened, in their order."""
    rounds = Round.objects.visible_to(scope.actor).filter(region=scope.region, year=scope.year)
    return list(rounds.exclude(state=RoundState.DRAFT).select_related("snapshot").order_by("no"))


def _sheets(scope: Scope) -> ReadingSheetQuerySet:
    sheets: ReadingSheetQuerySet = ReadingSheet.objects.visible_to(scope.actor).filter(region=scope.region)
    return sheets.with_spent().select_related("round", "subject_year")


def _last_round(scope: Scope) -> list[ReadingSheet]:
    rounds = _rounds(scope)
    return list(_sheets(scope).projects().filter(round=rounds[-1]).order_by("subject_year__code")) if rounds else []


def _slow(scope: Scope) -> list[ReadingSheet]:
    """Judged under the rules that the round was opened with."""
    sheets = _last_round(scope)
    if not sheets:
        return []
    stopped = set(Recovery.objects.filter(region=scope.region, year=scope.year).values_list("subject_year", flat=True))
    stopped |= set(Hold.objects.filter(region=scope.region, released_on=None).values_list("subject_year", flat=True))
    rules = sheets[0].round.snapshot.policy().section(MonitoringRules)
    return [
        sheet
        for sheet in sheets
        if is_slow(
            sheet.budget,
            sheet.spent,  # type: ignore[attr-defined]
            sheet.round.cutoff,
            sheet.handling in STOPPING or sheet.subject_year_id in stopped,
            rules,
        )
    ]


def _key(scope: Scope) -> list[ReadingSheet]:
    """Each subject's latest sheet under 重点监控."""
    of_year = _sheets(scope).filter(year=scope.year, attention=Attention.KEY).exclude(round__state=RoundState.DRAFT)
    latest = {sheet.subject_year_id: sheet for sheet in of_year.order_by("round__no")}
    return sorted(latest.values(), key=lambda sheet: sheet.subject_year.code)


def _recoveries(scope: Scope) -> list[Recovery]:
    found = Recovery.objects.visible_to(scope.actor).filter(region=scope.region, year=scope.year)
    return list(found.select_related("subject_year").order_by("on", "pk"))


def _no_rows(_scope: Scope) -> tuple[()]:
    """A value of the region's rules counts nothing."""
    return ()


def _rate(rows: Sheets, _scope: Scope) -> Value:
    return percent(sum(row.spent for row in rows), sum(row.budget for row in rows))  # type: ignore[attr-defined]


def _rates(rows: Sheets, _scope: Scope) -> Value:
    return by_label((row.subject_year.name, percent(row.spent, row.budget)) for row in rows)  # type: ignore[attr-defined]


def _period(rows: Sheets, _scope: Scope) -> Value:
    return f"1-{max(row.round.cutoff for row in rows).month}" if rows else None


def _key_minimum(_rows: object, scope: Scope) -> Value:
    least = for_region(scope.region, scope.year).section(MonitoringRules).key_minimum
    return None if least is None else str(least)


_budget = total(lambda sheet: sheet.budget)
LAST = "本年度已启动的最后一轮监控"

FIGURES: tuple[Figure, ...] = (
    Figure(
        "monitoring.rounds",
        "监控轮次",
        "轮",
        "本年度已启动的监控轮次数，筹备中的不计。",
        _rounds,
        count,
        ROUND_COLUMNS,
    ),
    Figure(
        "monitoring.projects",
        "纳入监控的项目",
        "个",
        f"{LAST}的监控对象数。",
        _last_round,
        distinct(lambda sheet: sheet.subject_year_id),
        COLUMNS,
    ),
    Figure(
        "monitoring.units",
        "纳入监控的预算单位",
        "个",
        f"{LAST}的监控对象所属单位数，同一单位只计一次。",
        _last_round,
        distinct(lambda sheet: sheet.subject_year.unit_id),
        COLUMNS,
    ),
    Figure("monitoring.amount", "监控涉及资金", "万元", f"{LAST}各对象的全年预算合计。", _last_round, _budget, COLUMNS),
    Figure(
        "monitoring.spent",
        "监控对象累计支出",
        "万元",
        f"{LAST}各对象支付日期不晚于截止日期的国库支付合计；原表所印累计执行只作对照。",
        _last_round,
        total(lambda sheet: sheet.spent),
        COLUMNS,
    ),
    Figure(
        "monitoring.rate",
        "监控对象支出进度",
        "%",
        f"支出进度 = {LAST}截至截止日期的国库支付合计 ÷ 全年预算合计，四舍五入到 0.01；没有预算的不列。",
        _last_round,
        _rate,
        COLUMNS,
    ),
    Figure(
        "monitoring.slow",
        "支出进度慢的项目",
        "个",
        f"{LAST}中支出进度落后时序进度超过规则规定百分点的对象数；已收回、暂停或停止的不计，没有预算的不计。",
        _slow,
        count,
        COLUMNS,
    ),
    Figure(
        "monitoring.period",
        "监控时段",
        "月",
        f"{LAST}从 1 月到截止日期所在月；没有监控的不列。",
        _last_round,
        _period,
        COLUMNS,
    ),
    Figure(
        "monitoring.key",
        "重点监控项目",
        "个",
        "本年度任一轮次监控性质为重点监控的对象数，同一对象只计一次。",
        _key,
        count,
        COLUMNS,
    ),
    Figure(
        "monitoring.key.amount",
        "重点监控涉及资金",
        "万元",
        "重点监控对象的全年预算合计，同一对象取其最后一次重点监控。",
        _key,
        _budget,
        COLUMNS,
    ),
    Figure(
        "monitoring.key.rate",
        "重点监控项目支出进度",
        "%",
        "每个重点监控对象截至其最后一次重点监控截止日期的国库支付 ÷ 全年预算，四舍五入到 0.01；没有预算的不列。",
        _key,
        _rates,
        COLUMNS,
    ),
    Figure(
        "key.monitoring.min",
        "重点监控最低个数",
        "个",
        "本地区本年度规则规定的重点监控对象最少个数；没有规定的不列。",
        _no_rows,
        _key_minimum,
    ),
    Figure(
        "recovery.amount",
        "收回资金",
        "万元",
        "本年度收回资金台账的收回金额合计。",
        _recoveries,
        total(lambda recovery: recovery.fen),
        RECOVERY_COLUMNS,
    ),
)
