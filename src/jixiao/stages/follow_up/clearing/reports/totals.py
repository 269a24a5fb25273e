"""Totals of clearing by year and class; each opens the rows that it adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from jixiao.kit.web.listing import Shown

from ..rules import Stock

COLUMNS = (
    Shown("label", "类别", link="url"),
    Shown("count", "项目", "integer"),
    Shown("idle", "闲置金额", "amount"),
    Shown("recovered", "收回", "amount", link="recovered_url"),
    Shown("reduced", "调减", "amount", link="reduced_url"),
    Shown("kept", "保留", "amount", link="kept_url"),
    Shown("waiting", "尚未处理", "amount", link="waiting_url"),
)
BY_YEAR = (Shown("year", "年度"), *COLUMNS)


@dataclass(frozen=True, slots=True)
class Total:
    """Candidates of one group; fen. idle = recovered + reduced + kept + waiting."""

    count: int = 0
    decided: int = 0
    idle: int = 0
    recovered: int = 0
    reduced: int = 0
    waiting: int = 0

    @property
    def kept(self) -> int:
        """What decisions left with the subjects, of those that kept all and of those that gave a part."""
        return self.idle - self.recovered - self.reduced - self.waiting

    def __add__(self, other: Total) -> Total:
        mine, theirs = ((t.count, t.decided, t.idle, t.recovered, t.reduced, t.waiting) for t in (self, other))
        return Total(*(a + b for a, b in zip(mine, theirs, strict=True)))


def total_of(row: dict[str, Any]) -> Total:
    """One group of `CandidateQuerySet.totalled`."""
    keys = ("count", "decided_count", "idle_sum", "recovered", "reduced", "waiting")
    return Total(*(row[key] for key in keys))


def by_stock(rows: Any) -> dict[Stock, Total]:
    """Each class of these candidates, gravest first; classes without one are left out."""
    found = {row["stock"]: total_of(row) for row in rows.totalled("stock")}
    return {stock: found[stock] for stock in Stock if stock in found}


def whole(totals: Iterable[Total]) -> Total:
    """Their sum."""
    return sum(totals, Total())


def year_rows(rows: Any) -> list[dict[str, Any]]:
    """Year by year, the last first, its classes and their sum."""
    grouped: dict[int, dict[Stock, Total]] = {}
    for row in rows.totalled("year", "stock"):
        grouped.setdefault(row["year"], {})[row["stock"]] = total_of(row)
    return [
        shown
        for year in sorted(grouped, reverse=True)
        for shown in stock_rows({s: grouped[year][s] for s in Stock if s in grouped[year]}, {"year": year})
    ]


def stock_rows(totals: dict[Stock, Total], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The classes and, of several, their sum; `asked` narrows the list of candidates to what is added up here."""
    rows = [_row(stock.label, total, asked | {"stock": stock.value}) for stock, total in totals.items()]
    return [*rows, _row("合计", whole(totals.values()), asked)] if len(rows) > 1 else rows


def _row(label: str, total: Total, asked: dict[str, Any]) -> dict[str, Any]:
    def at(**more: str) -> str:
        return f"{reverse('clearing-candidates')}?{urlencode(asked | more)}"

    return {
        "year": str(asked.get("year", "")),
        "label": label,
        "url": at(),
        "count": total.count,
        "idle": total.idle,
        "recovered": total.recovered,
        "recovered_url": at(measure="recover"),
        "reduced": total.reduced,
        "reduced_url": at(measure="reduce"),
        "kept": total.kept,
        "kept_url": at(state="decided"),
        "waiting": total.waiting,
        "waiting_url": at(state="open"),
    }
