"""运行监控 pages: one reading sheet, what its unit fills in and what finance says should follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.listing import called
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.organizations.marks import origin_mark

from .. import actions, handling
from ..forms import FillForm, HandlingForm, VisitForm, handling_form
from ..models import Attention, Reading, ReadingSheet
from ..reports.judging import Alarms, Pace, judged
from ..reports.pace import COLUMNS as PACE_COLUMNS
from ..reports.pace import pace_of
from ..reports.sheets import MONEY_COLUMNS, READING_COLUMNS, light, light_rows, money_row, reading_rows
from ..rules import may_attach, may_fill, may_handle
from ..workflow import State

FILES = attaching.Doors(
    "reading",
    lambda: ReadingSheet.objects.select_related("subject_year", "round__snapshot"),
    lambda actor, sheet: may_attach(actor, sheet.facts()),
    "reading-sheet",
)


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
        "typed_version": version_of(request) if typed else found.version,
        "money": [money_row(found, progress)],
        "money_columns": called(MONEY_COLUMNS, found.subject_year.money),
        "pace": pace_of(found),
        "pace_columns": called(PACE_COLUMNS, found.subject_year.money),
        "progress": progress,
        "light": light(found, progress),
        "lights": light_rows(Alarms.of(found.round).judge(found, readings)),
        "rows": reading_rows(readings),
        "columns": READING_COLUMNS,
        "origin": origin_mark(found.origin),
        "steps": steps_of(found),
        "visits": found.visits.order_by("-on", "-id"),
        "visit_form": VisitForm() if _visits(request, found) else None,
        "attachments": FILES.panel(request, found),
        **buttons(request, found),
    }
    return render(request, "monitoring/sheet.html", context, status=status)


def _visits(request: SignedIn, found: Any) -> bool:
    """Who visits a subject under key monitoring, or has its unit come, records it on its sheet."""
    key = found.attention is Attention.KEY and request.actor.role is Role.DEPARTMENT
    return key or request.actor.role in FINANCE


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
    return handling_form(found, actor) if allowed else None


@require_POST
def fill(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a unit filled in; what cannot be saved comes back with its text."""
    found = _judged(request, pk)
    readings = list(found.readings.select_related("line").order_by("line__position"))
    form = _fill_form(found, readings, request.POST)

    def save(**proof: Any) -> None:
        actions.fill(found, request.actor, filled=form.filled(), **proof)

    return _saved(request, found, form, save, _fill_form(found, readings), "已保存，还没有报送")


@require_POST
def handle(request: SignedIn, pk: int) -> HttpResponse:
    """Save what finance says should follow."""
    found = _judged(request, pk)
    form = handling_form(found, request.actor, request.POST)

    def save(**proof: Any) -> None:
        handling.handle(found, request.actor, **form.cleaned_data, **proof)

    return _saved(request, found, form, save, handling_form(found, request.actor), "处置意见已保存，还没有审定")


def _saved(request: SignedIn, found: Any, form: forms.Form, save: Any, stored: forms.Form, done: str) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        return _sheet_page(request, found, form, status)

    return saved(request, form, save, again, reverse("reading-sheet", args=[found.pk]), done, stored)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a reading sheet."""
    back = reverse("reading-sheet", args=[pk])
    return take_move(request, ReadingSheet.objects, pk, back, handling.after_sheet_step)
