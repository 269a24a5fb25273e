"""运行监控 pages: the year's rounds, one round, one reading sheet, and money taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.filing import FINANCE
from jixiao.domain.quantities import round2
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move, token
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region
from jixiao.registers.organizations.marks import origin_mark

from . import actions
from .forms import FillForm, HandlingForm, RoundForm, differences
from .models import Attention, Reading, ReadingSheet, Recovery, Round
from .reports import (
    LEFT_OUT_COLUMNS,
    MONEY_COLUMNS,
    READING_COLUMNS,
    RECOVERY_COLUMNS,
    ROUND_COLUMNS,
    SHEET_COLUMNS,
    SHEET_ORDERS,
    Alarms,
    Pace,
    judged,
    left_out_rows,
    light,
    light_rows,
    money_row,
    reading_rows,
    recovery_rows,
    round_rows,
    sheet_rows,
    sortable,
    summary,
)
from .rules import MonitoringRules, may_fill, may_handle, month_end, next_planned, time_progress
from .workflow import RoundState, State

WITH_LINES = Prefetch("readings", Reading.objects.select_related("line"))
WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name")


def rounds(request: SignedIn) -> HttpResponse:
    """The rounds of the year with their cut-offs and counts."""
    year = request.shell.year
    held = list(Round.objects.visible_to(request.actor).filter(year=year).select_related("snapshot").order_by("no"))
    rows = round_rows(held, ReadingSheet.objects.visible_to(request.actor), request.actor)
    begun = [row for row, one in zip(rows, held, strict=True) if one.state != RoundState.DRAFT]
    context = {
        "rows": rows,
        "latest": begun[-1] if begun else None,
        "columns": ROUND_COLUMNS,
        "year": year,
        "opens": _is_office(request),
    }
    return render(request, "monitoring/rounds.html", context)


def _is_office(request: SignedIn) -> bool:
    return request.actor.role is Role.PERFORMANCE_OFFICE


def open_round(request: SignedIn) -> HttpResponse:
    """新开一轮: the policy's next planned round, whose cut-off and purpose may be changed."""
    year, region = request.shell.year, request.actor.region
    policy = for_region(region, year)
    held = list(Round.objects.visible_to(request.actor).filter(year=year).values_list("no", flat=True))
    planned = next_planned(held, policy.section(MonitoringRules))
    initial: dict[str, Any] = {"no": max(held, default=0) + 1}
    if planned:
        initial = {"no": planned.no, "cutoff": month_end(year, planned.month), "purpose": planned.purpose}
    form = RoundForm(year, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            opened = actions.open_round(request.actor, year, **said, token=request.POST.get("token", ""))
            messages.success(request, f"第 {opened.no} 轮在筹备中，核对纳入的项目后启动")
            return htmx.redirect(request, reverse("monitoring-round", args=[opened.pk]))
        except Repeated as repeated:
            return htmx.redirect(request, reverse("monitoring-round", args=[repeated.answer["pk"]]))
        except (Refused, TokenReused) as refused:
            form.add_error(None, str(refused))
    source = policy.provenance(MonitoringRules.section, "rounds").source
    context = {"form": form, "planned": planned, "source": source, "year": year, "no": initial["no"], "token": token()}
    return render(request, "monitoring/open.html", context, status=422 if form.errors else 200)


def monitoring_round(request: SignedIn, pk: int) -> HttpResponse:
    """One round: what was spent against the time gone by, and who is behind."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    pace = Pace.of(held)
    mine = ReadingSheet.objects.visible_to(request.actor).filter(round=held)
    rows = narrowed(sortable(judged(mine)), request.GET, exact=("attention", "state"), within=WITHIN)
    slow_only = bool(text(request.GET, "slow"))
    if slow_only:
        rows = rows.filter(pace.slow(held))
    whole = rows.select_related("subject_year", "round").prefetch_related(WITH_LINES)
    listed = page_of(whole, request.GET, SHEET_ORDERS)
    context = {
        "round": held,
        "summary": summary(mine, held, pace),
        "time_gone": round2(time_progress(held.cutoff) * 100),
        "border": pace.rules.slow_behind,
        "citation": pace.citation,
        "listed": listed,
        "rows": sheet_rows(listed.rows, pace, Alarms.of(held), request.actor),
        "columns": SHEET_COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "attention", "state", "slow")},
        "attentions": Attention.choices(),
        "states": State.choices(),
        "office": _is_office(request),
        "ready": held.facts().sheets if held.state == RoundState.DRAFT else None,
        "left_out": [] if held.state == RoundState.CLOSED else left_out_rows(held, request.actor),
        "left_out_columns": LEFT_OUT_COLUMNS,
        "take_in_token": token(),
        **buttons(request, held),
    }
    return render(request, "monitoring/round.html", context)


def move_round(request: SignedIn, pk: int) -> HttpResponse:
    """启动 or 结束 a round."""
    back = reverse("monitoring-round", args=[pk])
    return take_move(request, Round.objects, pk, back, actions.after_round_step)


@require_POST
def take_in(request: SignedIn, pk: int) -> HttpResponse:
    """Sheets for projects whose target was approved after the round began."""
    held: Round = find(Round.objects, request, pk)
    try:
        count = actions.take_in_late(held, request.actor, token=request.POST.get("token", ""))
        messages.success(request, f"补入 {count} 个项目")
    except Repeated:
        messages.info(request, "已经补入，没有重复办理")
    except (Refused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, reverse("monitoring-round", args=[pk]))


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One reading sheet: money, indicators, causes, what follows, and its way so far."""
    return _sheet_page(request, _judged(request, pk))


def _judged(request: SignedIn, pk: int) -> Any:
    return find(judged(ReadingSheet.objects).select_related("subject_year", "round__snapshot"), request, pk)


def _sheet_page(request: SignedIn, found: Any, typed: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The sheet with the forms that its reader may use now; `typed` is a form that could not be saved."""
    progress = Pace.of(found.round).judge(found)
    readings = list(found.readings.select_related("line").order_by("line__position"))
    context = {
        "filling": typed if isinstance(typed, FillForm) else _filling(request, found, readings),
        "disposing": typed if isinstance(typed, HandlingForm) else _disposing(request, found),
        # A form that could not be saved keeps the version it began with, or it would overwrite what it never saw.
        "typed_version": _version(request) if typed else found.version,
        "money": [money_row(found, progress)],
        "money_columns": MONEY_COLUMNS,
        "progress": progress,
        "light": light(found, progress),
        "lights": light_rows(Alarms.of(found.round).judge(found, readings)),
        "rows": reading_rows(readings),
        "columns": READING_COLUMNS,
        "origin": origin_mark(found.origin),
        "steps": steps_of(found),
        **buttons(request, found),
    }
    return render(request, "monitoring/sheet.html", context, status=status)


def _filling(request: SignedIn, found: Any, readings: list[Reading]) -> FillForm | None:
    actor, drafted = request.actor, found.state == State.DRAFT
    if actor.role not in (Role.UNIT, Role.DEPARTMENT) or not drafted or not may_fill(actor, drafted, found.facts()):
        return None
    return _fill_form(found, readings)


def _fill_form(found: ReadingSheet, readings: list[Reading], data: Any = None) -> FillForm:
    earlier = Reading.objects.filter(sheet__subject_year=found.subject_year, sheet__round__no__lt=found.round.no)
    before = {read.line.lineage: read for read in earlier.select_related("line").order_by("sheet__round__no")}
    return FillForm(found, readings, before, data)


def _disposing(request: SignedIn, found: Any) -> HandlingForm | None:
    actor, reviewed = request.actor, found.state == State.FISCAL_REVIEW
    if actor.role not in FINANCE or not reviewed:
        return None
    allowed = may_handle(actor, reviewed, found.submitted_by(), found.facts())
    return _handling_form(found) if allowed else None


def _handling_form(found: ReadingSheet, data: Any = None) -> HandlingForm:
    return HandlingForm(data, initial={"handling": found.handling.value, "advice": found.advice})


@require_POST
def fill(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a unit filled in; what cannot be saved comes back with its text."""
    found = _judged(request, pk)
    readings = list(found.readings.select_related("line").order_by("line__position"))
    form = _fill_form(found, readings, request.POST)

    def save(**proof: Any) -> None:
        progress = form.cleaned_data["progress"]
        said = {"readings": form.said(), "causes": form.explanation(), "progress": progress}
        actions.fill(found, request.actor, **said, **proof)

    return _saved(request, found, form, save, _fill_form(found, readings))


@require_POST
def handle(request: SignedIn, pk: int) -> HttpResponse:
    """Save what finance says should follow."""
    found = _judged(request, pk)
    form = _handling_form(found, request.POST)

    def save(**proof: Any) -> None:
        actions.handle(found, request.actor, **form.cleaned_data, **proof)

    return _saved(request, found, form, save, _handling_form(found))


def _version(request: SignedIn) -> int:
    written = request.POST.get("version", "")
    return int(written) if written.isascii() and written.isdigit() else 0


def _saved(
    request: SignedIn, found: Any, form: forms.Form, save: Callable[..., None], stored: forms.Form
) -> HttpResponse:
    """Save a form of the sheet, or show it again with everything typed: 422 with errors, 409 beside what stands."""
    back = reverse("reading-sheet", args=[found.pk])
    if not form.is_valid():
        return _sheet_page(request, found, form, status=422)
    try:
        save(version=_version(request), token=request.POST.get("token", ""))
        messages.success(request, "已保存，还没有报送" if isinstance(form, FillForm) else "处置意见已保存，还没有审定")
    except Repeated:
        messages.info(request, "这份内容已经保存过，没有重复保存")
    except Stale as stale:
        theirs = {bound.name: bound.initial for bound in stored}
        context = {"who": stale.who, "at": stale.at, "differences": differences(form, theirs), "reload": back}
        return render(request, "409.html", context, status=409)
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return _sheet_page(request, found, form, status=422)
    return htmx.redirect(request, back)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a reading sheet."""
    back = reverse("reading-sheet", args=[pk])
    return take_move(request, ReadingSheet.objects, pk, back, actions.after_sheet_step)


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
