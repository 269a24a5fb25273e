"""上年结转: what last year's row of the same subject leaves for the year that is evaluated."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from jixiao.domain.quantities import format_amount
from jixiao.domain.vocabulary import Extension, SubjectKind
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import Hold, HoldKind, Payment, SubjectYear
from jixiao.registers.subjects.spending import LINKED, spent
from jixiao.stages.monitoring.models import Recovery

from ..models import SelfEvaluation
from ..rules import Leftover, carried_over
from ..workflow import State
from .money import full_budgets

ENDING = (HoldKind.STOPPED, HoldKind.RECOVERED)


@dataclass(frozen=True, slots=True)
class Carried:
    """What is carried over in fen, None where nobody can tell, and the sentence that says where it comes from."""

    fen: int | None
    source: str


def carried(subjects: Iterable[SubjectYear]) -> dict[int, Carried]:
    """By key of the subject-year, all of one year; in a number of queries that does not grow with them.

    Where last year was self-evaluated, its money is what the sheet says; else it is that of the registers. A 部门整体
    and income carry nothing over of their own.
    """
    listed = [one for one in subjects if one.kind is not SubjectKind.DEPARTMENT_OVERALL]
    listed = [one for one in listed if one.extension != Extension.INCOME]
    if not listed:
        return {}
    region, year = listed[0].region, listed[0].year - 1
    owners = {one.subject_id: one.pk for one in listed}
    end = dt.date(year, 12, 31)
    rows: Any = SubjectYear.objects.filter(region=region, year=year, subject__in=owners)
    before = list(rows.annotate(paid=spent("pk", {"paid_on__lte": end}, in_force(LINKED, end))).order_by("pk"))
    known = _Known(region, year, before)
    return {owners[one.subject_id]: known.of(one) for one in before}


class _Known:
    """What is on record of last year's rows."""

    def __init__(self, region: str, year: int, before: list[Any]) -> None:
        keys = [one.pk for one in before]
        self._year = year
        self._budgets = full_budgets(before)
        self._paying = Payment.objects.filter(region=region, year=year).exists()
        sums = Recovery.objects.filter(subject_year__in=keys).values_list("subject_year").annotate(Sum("fen"))
        self._recovered = defaultdict(int, sums.order_by())
        holds = Hold.objects.filter(subject_year__in=keys, kind__in=ENDING, released_on=None).order_by("since", "pk")
        self._ended = {hold.subject_year_id: hold for hold in holds}
        sheets = SelfEvaluation.objects.filter(subject_year__in=keys, state=State.CONCLUDED).exclude(spent=None)
        self._sheets = {sheet.subject_year_id: sheet for sheet in sheets.order_by("year")}

    def of(self, last: Any) -> Carried:
        sheet, year = self._sheets.get(last.pk), f"{self._year} 年"
        if sheet is not None:
            budget, paid = sheet.budget - sheet.other_budget, (sheet.spent or 0) - sheet.other_spent
            source = f"{year}自评表"
        elif self._paying:
            budget, paid, source = self._budgets[last.pk], last.paid, f"{year}项目库和国库支付"
        else:
            return Carried(None, f"{year}没有自评表，也没有国库支付，请按决算填写")
        hold, back = self._ended.get(last.pk), self._recovered[last.pk]
        left = carried_over(Leftover(budget, paid, back, hold is not None))
        said = f"{source}：全年预算 {format_amount(budget)} 万元，支付 {format_amount(paid)} 万元"
        said += f"，已收回 {format_amount(back)} 万元" if back else ""
        said += f"，{hold.since} 起{hold.kind.label}，不结转" if hold is not None else ""
        return Carried(left, f"{said}；结转 {format_amount(left)} 万元")
