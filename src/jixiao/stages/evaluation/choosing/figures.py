"""选评与覆盖 in numbers: coverage shares, transfers, samples, 重点项目 over the cycle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.figures import Figure, RowColumn, Scope, Value, count, percent
from jixiao.policies import for_region
from jixiao.stages.evaluation.rules import EvaluationRules

from .models import Choice, Picked
from .reports.cycle import Five, five_years
from .reports.finding import object_year_of
from .reports.transfers import Line, transfers
from .workflow import State

Rows = Callable[[Scope], Sequence[Any]]
LINE_COLUMNS = (
    RowColumn("编码", lambda line: line.subject.code),
    RowColumn("名称", lambda line: line.subject.name),
    RowColumn("单位", lambda line: line.subject.unit_name),
    RowColumn("全年预算", lambda line: line.subject.budget, "amount"),
    RowColumn("评价", lambda line: "已评价" if line.evaluation else "未评价"),
    RowColumn("签收日期", lambda line: line.report.signed_on if line.report else ""),
)
PICK_COLUMNS = (
    RowColumn("抽样", lambda pick: pick.draw.title),
    RowColumn("次序", lambda pick: pick.position),
    RowColumn("名称", lambda pick: pick.subject_year.name),
    RowColumn("单位", lambda pick: pick.subject_year.unit_name),
    RowColumn("怎样抽中", lambda pick: "必抽" if pick.certain else "随机"),
)
CHOICE_COLUMNS = (
    RowColumn("评价方式", lambda choice: choice.method.label),
    RowColumn("名称", lambda choice: choice.subject_year.name),
    RowColumn("单位", lambda choice: choice.subject_year.unit_name),
    RowColumn("选评分", lambda choice: choice.mark, "points"),
    RowColumn("理由", lambda choice: choice.reason),
)
FIVE_COLUMNS = (
    RowColumn("编码", lambda row: row[0].code),
    RowColumn("名称", lambda row: row[0].name),
    RowColumn("单位", lambda row: row[0].unit_name),
    RowColumn("评价年份", lambda row: "、".join(str(year) for year in sorted(row[1]))),
)


def _object_year(scope: Scope) -> int:
    return object_year_of(scope.region, scope.year)


def _transfers(scope: Scope) -> Sequence[Line]:
    return transfers(scope.actor, scope.year, _object_year(scope)).lines


def _evaluated_count(rows: Sequence[Line], _scope: Scope) -> Value:
    return percent(sum(line.evaluation is not None for line in rows), len(rows))


def _evaluated_funds(rows: Sequence[Line], _scope: Scope) -> Value:
    done = sum(line.subject.budget for line in rows if line.evaluation is not None)
    return percent(done, sum(line.subject.budget for line in rows))


def _signed(rows: Sequence[Line], _scope: Scope) -> Value:
    return str(sum(line.signed for line in rows))


def _picks(scope: Scope) -> Sequence[Picked]:
    rows = Picked.objects.visible_to(scope.actor).filter(draw__year=scope.year)
    return list(rows.select_related("draw", "subject_year").order_by("draw__no", "position"))


def _chosen(scope: Scope) -> Sequence[Choice]:
    rows = Choice.objects.visible_to(scope.actor).filter(year=scope.year, state__in=(State.CHOSEN, State.OPENED))
    return list(rows.exclude(method=EvaluationMethod.RECHECK).select_related("subject_year").order_by("pk"))


def _five(scope: Scope) -> Sequence[Any]:
    """Pairs of a 重点项目 and the work years in which it was evaluated."""
    rules = for_region(scope.region, scope.year).section(EvaluationRules)
    found: Five = five_years(scope.actor, scope.year, _object_year(scope), rules.cycle_years)
    return [(one, found.done.get(one.subject_id, set())) for one in found.subjects]


def _covered(rows: Sequence[Any], _scope: Scope) -> Value:
    return percent(sum(bool(years) for _, years in rows), len(rows))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "transfers.count",
        "转移支付项数",
        "项",
        "评价年度的转移支付：对象类型为转移支付，或资金层级为上级转移支付的项目；转移支付下的项目不重复计。",
        _transfers,
        count,
        LINE_COLUMNS,
    ),
    Figure(
        "transfers.evaluated.share",
        "转移支付评价项数占比",
        "%",
        "本年度已审定部门评价或财政评价的转移支付项数 ÷ 评价年度全部转移支付项数。",
        _transfers,
        _evaluated_count,
        LINE_COLUMNS,
    ),
    Figure(
        "transfers.evaluated.funds_share",
        "转移支付评价资金占比",
        "%",
        "本年度已审定部门评价或财政评价的转移支付全年预算 ÷ 评价年度全部转移支付全年预算。",
        _transfers,
        _evaluated_funds,
        LINE_COLUMNS,
    ),
    Figure(
        "transfers.reports.signed",
        "已签收的转移支付评价报告",
        "份",
        "评价年度的转移支付中，本年度评价报告已由绩效股签收的项数。",
        _transfers,
        _signed,
        LINE_COLUMNS,
    ),
    Figure(
        "recheck.drawn",
        "随机抽样抽中的抽查复核对象",
        "个",
        "本年度各次抽样抽中的对象数，必抽和随机都计。",
        _picks,
        count,
        PICK_COLUMNS,
    ),
    Figure(
        "choosing.chosen",
        "选定的部门评价和财政评价对象",
        "个",
        "本年度选定或已开展的部门评价、财政评价对象数，抽查复核另计。",
        _chosen,
        count,
        CHOICE_COLUMNS,
    ),
    Figure(
        "cycle.covered.share",
        "重点项目周期内评价覆盖率",
        "%",
        "评价年度标为重大政策、民生或重点的项目和政策中，规则规定的周期（年）内有已审定部门评价或财政评价的占比。",
        _five,
        _covered,
        FIVE_COLUMNS,
    ),
)
