"""逐月支出: how a subject's spending grew up to a cut-off, and what it will have spent by the year's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractMonth

from jixiao.domain.forecast import Forecast, ForecastRules
from jixiao.domain.quantities import plain, share
from jixiao.kit.web.charts import Curve, curve
from jixiao.kit.web.listing import Shown
from jixiao.registers.subjects.spending import payments_of

from ..models import ReadingSheet
from ..rules import month_end, time_progress
from .judging import light_facts
from .live import Past, between

COLUMNS = (
    Shown("month", "月", "integer"),
    Shown("paid", "当月支出", "amount"),
    Shown("spent", "累计支出", "amount"),
    Shown("rate", "累计执行率", "percent"),
    Shown("time", "时序进度", "percent"),
)


@dataclass(frozen=True, slots=True)
class Pace:
    """The months up to the cut-off, their drawing, a sentence, and the expectation."""

    rows: list[dict[str, Any]]
    chart: Curve
    sentence: str
    forecast: Forecast | None
    between: str


def pace_of(sheet: ReadingSheet) -> Pace:
    """The pace of a sheet that came through `judged`."""
    held = sheet.round
    paid = payments_of(sheet.subject_year, held.cutoff).up_to(held.cutoff, held.known_until)
    months = paid.order_by().annotate(month=ExtractMonth("paid_on")).values_list("month").annotate(Sum("fen"))
    rows = _months(dict(months), sheet.budget, held.cutoff)
    policy = held.snapshot.policy()
    expected = None
    if ForecastRules.section in policy.settings:
        past = Past.of(held.region, held.year, held.cutoff, policy)
        expected = past.expect(sheet.subject_year, light_facts(sheet, ()))
    drawing = curve([float(row["rate"] or 0) for row in rows])
    return Pace(rows, drawing, sheet.subject_year.money.say(_sentence(rows)), expected, between(expected))


def _months(paid: dict[int, int], budget: int, cutoff: dt.date) -> list[dict[str, Any]]:
    rows, spent = [], 0
    for month in range(1, cutoff.month + 1):
        spent += paid.get(month, 0)
        end = min(month_end(cutoff.year, month), cutoff)
        gone = share(time_progress(end).numerator, time_progress(end).denominator)
        rows.append(
            {"month": month, "paid": paid.get(month, 0), "spent": spent, "rate": share(spent, budget), "time": gone}
        )
    return rows


def _sentence(rows: list[dict[str, Any]]) -> str:
    idle = [row["month"] for row in rows if not row["paid"]]
    last = rows[-1]
    rate = plain(last["rate"] or Decimal(0))
    words = f"到 {last['month']} 月累计执行 {rate}%，时序进度 {plain(last['time'])}%"
    if len(idle) == len(rows):
        return f"{words}；至今没有支出。"
    return f"{words}；{'每月都有支出' if not idle else f'有 {len(idle)} 个月没有支出'}。"
