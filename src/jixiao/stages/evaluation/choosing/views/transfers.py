"""转移支付 pages: what was evaluated and reported of all transfers, and one report from handing in to signing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, begun, buttons, find, take_move, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import ReportForm
from ..models import TransferReport
from ..reports import transfers as reports
from ..reports.finding import object_year_of
from ..reports.lists import sliced
from ..rules import may_attach
from ..workflow import ReportState

STANDS = [("evaluated", "已评价"), ("missing", "未评价"), ("signed", "报告已签收"), ("unsigned", "报告未签收")]


def transfers(request: SignedIn) -> HttpResponse:
    """Evaluated ÷ all by number and by money, reports with their receipts, the missing first."""
    year = request.shell.year
    usual = object_year_of(request.actor.region, year)
    object_year = number(request.GET, "object_year", usual)
    found = reports.transfers(request.actor, year, object_year)
    stands = text(request.GET, "state")
    tests = {
        "evaluated": lambda line: line.evaluation is not None,
        "missing": lambda line: line.evaluation is None,
        "signed": lambda line: line.signed,
        "unsigned": lambda line: not line.signed,
    }
    shown = [line for line in found.lines if tests.get(stands, lambda _: True)(line)]
    part = sliced(reports.rows_of(shown, request.actor), request.GET)
    context = {
        "year": year,
        "object_year": object_year,
        "years": [(str(one), f"{one} 年") for one in range(year - 4, year + 1)],
        "found": found,
        "listed": part,
        "columns": reports.COLUMNS,
        "asked": stands,
        "stands": STANDS,
    }
    return render(request, "choosing/transfers.html", context)


def open_report(request: SignedIn, pk: int) -> HttpResponse:
    """Begin the report of the work year on one transfer; `pk` is the subject-year's."""
    subject = find(SubjectYear.objects, request, pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    year = request.shell.year
    answer = begun(
        request,
        form,
        lambda spent: actions.hand_in(request.actor, subject, year, form.cleaned_data["title"], token=spent),
        lambda key: reverse("transfer-report", args=[key]),
        lambda _: "已建立，附上报告文件后报送",
    )
    if answer:
        return answer
    may = request.actor.role in (Role.UNIT, Role.DEPARTMENT)
    context = {"subject": subject, "form": form, "may": may, "token": token()}
    return render(request, "choosing/open_report.html", context, status=422 if form.errors else 200)


def report(request: SignedIn, pk: int) -> HttpResponse:
    """One report: its file, its dates, and the next step."""
    found = _found(request, pk)
    context = {
        "steps": steps_of(found),
        "attachments": FILES.panel(request, found),
        **buttons(request, found),
    }
    return render(request, "choosing/report.html", context)


def _found(request: SignedIn, pk: int) -> Any:
    return find(TransferReport.objects.select_related("subject_year"), request, pk)


def _may_attach(actor: Actor, found: TransferReport) -> Decision:
    return may_attach(actor, found.state == ReportState.DRAFT)


FILES = attaching.Doors("transfer", TransferReport.objects.all, _may_attach, "transfer-report")


def move(request: SignedIn, pk: int) -> HttpResponse:
    """报送、退回、签收."""
    back = reverse("transfer-report", args=[pk])
    return take_move(request, TransferReport.objects, pk, back, actions.after_report_step)
