"""存量资金清理: how much of the year's money was found idle, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jixiao.domain.quantities import amount_plain
from jixiao.kit.figures import Figure, RowColumn, Scope, by_label, count, total

from .models import Candidate
from .rules import Measure, Stock
from .workflow import State

COLUMNS = (
    RowColumn("编码", lambda one: one.subject_year.code),
    RowColumn("名称", lambda one: one.subject_year.name),
    RowColumn("单位", lambda one: one.subject_year.unit_name),
    RowColumn("清理", lambda one: f"第{one.run.no}次，截至{one.run.cutoff}"),
    RowColumn("类别", lambda one: one.stock.label),
    RowColumn("闲置金额", lambda one: one.idle, "amount"),
    RowColumn("措施", lambda one: one.measure.label if one.measure else ""),
    RowColumn("处理金额", lambda one: one.fen, "amount"),
    RowColumn("文号", lambda one: one.doc_no),
)


def _listed(scope: Scope) -> list[Candidate]:
    """Every candidate of the work year's runs."""
    rows = Candidate.objects.visible_to(scope.actor).filter(region=scope.region, year=scope.year)
    return list(rows.select_related("subject_year", "run").order_by("run__no", "subject_year__code"))


def _decided(scope: Scope) -> list[Candidate]:
    return [one for one in _listed(scope) if one.state == State.DECIDED]


def _recovered(scope: Scope) -> list[Candidate]:
    return [one for one in _decided(scope) if one.measure is Measure.RECOVER]


def _reduced(scope: Scope) -> list[Candidate]:
    return [one for one in _decided(scope) if one.measure is Measure.REDUCE]


def _by_stock(rows: Sequence[Any], _scope: Scope) -> dict[str, str]:
    return by_label((stock.label, sum(one.stock is stock for one in rows)) for stock in Stock)


def _money_by_stock(rows: Sequence[Any], _scope: Scope) -> dict[str, str]:
    sums = ((stock.label, sum(one.idle for one in rows if one.stock is stock)) for stock in Stock)
    return by_label((label, amount_plain(fen, "万元")) for label, fen in sums)


FIGURES: tuple[Figure, ...] = (
    Figure(
        "clearing.candidates",
        "列入清理的项目",
        "个",
        "本年度各次存量资金清理列入的项目数，同一项目只列一次。",
        _listed,
        count,
        COLUMNS,
    ),
    Figure(
        "clearing.candidates_by_class",
        "列入清理的项目，按类别",
        "个",
        "列入清理的项目数，按无效、闲置、低效；同时符合几类的计入前一类。",
        _listed,
        _by_stock,
        COLUMNS,
    ),
    Figure(
        "clearing.idle",
        "清理出的闲置资金",
        "万元",
        "列入清理的项目截至各自截止日期的全年预算减累计支出、已收回金额的合计。",
        _listed,
        total(lambda one: one.idle),
        COLUMNS,
    ),
    Figure(
        "clearing.idle_by_class",
        "清理出的闲置资金，按类别",
        "万元",
        "清理出的闲置资金，按无效、闲置、低效。",
        _listed,
        _money_by_stock,
        COLUMNS,
    ),
    Figure(
        "clearing.recovered",
        "清理收回的资金",
        "万元",
        "清理中决定收回的金额合计，不含监控处置收回的。",
        _recovered,
        total(lambda one: one.fen or 0),
        COLUMNS,
    ),
    Figure(
        "clearing.reduced",
        "清理调减的预算",
        "万元",
        "清理中决定调减的金额合计。",
        _reduced,
        total(lambda one: one.fen or 0),
        COLUMNS,
    ),
    Figure(
        "clearing.kept",
        "清理后保留的资金",
        "万元",
        "已处理的项目闲置金额减收回、调减后留给项目的合计。",
        _decided,
        total(lambda one: one.kept),
        COLUMNS,
    ),
)
