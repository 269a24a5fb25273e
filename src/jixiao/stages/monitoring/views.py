"""运行监控 pages: the year's rounds, one round, one reading sheet, and money taken back."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.quantities import round2
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.registers.organizations.marks import origin_mark

from .models import Attention, ReadingSheet, Recovery, Round
from .reports import (
    MONEY_COLUMNS,
    READING_COLUMNS,
    RECOVERY_COLUMNS,
    ROUND_COLUMNS,
    SHEET_COLUMNS,
    SHEET_ORDERS,
    Pace,
    judged,
    light,
    money_row,
    reading_rows,
    recovery_rows,
    round_rows,
    sheet_rows,
    sortable,
    summary,
)
from .rules import time_progress
from .workflow import State

WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name")


def rounds(request: SignedIn) -> HttpResponse:
    """The rounds of the year with their cut-offs and counts."""
    year = request.shell.year
    held = Round.objects.visible_to(request.actor).filter(year=year).select_related("snapshot").order_by("no")
    rows = round_rows(list(held), ReadingSheet.objects.visible_to(request.actor), request.actor)
    return render(request, "monitoring/rounds.html", {"rows": rows, "columns": ROUND_COLUMNS, "year": year})


def monitoring_round(request: SignedIn, pk: int) -> HttpResponse:
    """One round: what was spent against the time gone by, and who is behind."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    pace = Pace.of(held)
    mine = ReadingSheet.objects.visible_to(request.actor).filter(round=held)
    rows = narrowed(sortable(judged(mine)), request.GET, exact=("attention", "state"), within=WITHIN)
    slow_only = bool(text(request.GET, "slow"))
    if slow_only:
        rows = rows.filter(pace.slow(held))
    listed = page_of(rows.select_related("subject_year", "round"), request.GET, SHEET_ORDERS)
    context = {
        "round": held,
        "summary": summary(mine, held, pace),
        "time_gone": round2(time_progress(held.cutoff) * 100),
        "border": pace.rules.slow_behind,
        "citation": pace.citation,
        "listed": listed,
        "rows": sheet_rows(listed.rows, pace, request.actor),
        "columns": SHEET_COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "attention", "state", "slow")},
        "attentions": Attention.choices(),
        "states": State.choices(),
    }
    return render(request, "monitoring/round.html", context)


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One reading sheet: money, indicators, causes, what follows, and its way so far."""
    found: Any = find(judged(ReadingSheet.objects).select_related("subject_year", "round__snapshot"), request, pk)
    progress = Pace.of(found.round).judge(found)
    readings = found.readings.select_related("line").order_by("line__position")
    context = {
        "money": [money_row(found, progress)],
        "money_columns": MONEY_COLUMNS,
        "progress": progress,
        "light": light(found, progress),
        "rows": reading_rows(readings),
        "columns": READING_COLUMNS,
        "origin": origin_mark(found.origin),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "monitoring/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a reading sheet."""
    return take_move(request, ReadingSheet.objects, pk, reverse("reading-sheet", args=[pk]))


def recoveries(request: SignedIn) -> HttpResponse:
    """Money taken back in the year."""
    rows = Recovery.objects.visible_to(request.actor).filter(year=request.shell.year)
    listed = page_of(rows.select_related("subject_year"), request.GET, (Order("on", "日期", "on"),))
    context = {
        "listed": listed,
        "rows": recovery_rows(listed.rows),
        "columns": RECOVERY_COLUMNS,
        "sum": rows.aggregate(sum=Sum("fen"))["sum"] or 0,
        "year": request.shell.year,
    }
    return render(request, "monitoring/recoveries.html", context)
