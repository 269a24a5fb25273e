"""转移支付 pages: what was evaluated and reported of all transfers, and one report from handing in to signing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.kit import xlsx
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, begun, buttons, find, pressed, take_move, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.returning import taken_along
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import RemindForm, ReportForm
from ..models import TransferReport
from ..reports import transfers as reports
from ..reports.finding import object_year_of
from ..reports.lists import sliced
from ..rules import may_attach
from ..workflow import RECEIVERS, ReportState

STANDS = [
    ("evaluated", "已评价"),
    ("missing", "未评价"),
    ("signed", "报告已签收"),
    ("unsigned", "报告未签收"),
    ("unsent", "报告未报送"),
]


TESTS: dict[str, Callable[[reports.Line], bool]] = {
    "evaluated": lambda line: line.evaluation is not None,
    "missing": lambda line: line.evaluation is None,
    "signed": lambda line: line.signed,
    "unsigned": lambda line: not line.signed,
    "unsent": lambda line: line.missing,
}


def transfers(request: SignedIn) -> HttpResponse:
    """Evaluated ÷ all by number and by money, reports with their receipts, the missing first."""
    return _page(request)


def _asked(request: SignedIn) -> tuple[int, reports.Transfers, list[reports.Line]]:
    """The evaluated year, all its transfers, and those that the list was narrowed to."""
    year = request.shell.year
    object_year = number(request.GET, "object_year", object_year_of(request.actor.region, year))
    found = reports.transfers(request.actor, year, object_year)
    wanted = TESTS.get(text(request.GET, "state"), lambda _: True)
    return object_year, found, [line for line in found.lines if wanted(line)]


def _page(request: SignedIn, form: RemindForm | None = None, status: int = 200) -> HttpResponse:
    year, stands = request.shell.year, text(request.GET, "state")
    object_year, found, shown = _asked(request)
    part = sliced(reports.rows_of(shown, request.actor, timezone.localdate()), request.GET)
    context = {
        "year": year,
        "object_year": object_year,
        "years": [(str(one), f"{one} 年") for one in range(year - 4, year + 1)],
        "found": found,
        "listed": part,
        "columns": reports.COLUMNS,
        "asked": stands,
        "stands": STANDS,
        "remind": form or (RemindForm(_units(found)) if _reminds(request.actor) and found.missing else None),
        "token": token(),
    }
    return render(request, "choosing/transfers.html", context, status=status)


def _reminds(actor: Actor) -> bool:
    return actor.role in RECEIVERS


def _units(found: reports.Transfers) -> list[tuple[str, str]]:
    """Whose missing reports can be asked for again."""
    counted = Counter((line.subject.unit_path, line.subject.unit_name) for line in found.missing)
    units = [(path, f"{name}（{count} 项）") for (path, name), count in sorted(counted.items())]
    return [("", f"全部没有报送的（{len(found.missing)} 项）"), *units]


@require_POST
def remind(request: SignedIn) -> HttpResponse:
    """催报: ask again for the reports that were not handed in."""
    object_year, found, _ = _asked(request)
    form = RemindForm(_units(found), request.POST)
    if not form.is_valid():
        return _page(request, form, 422)

    def act(spent: str) -> str:
        count = actions.remind(request.actor, request.shell.year, object_year, form.asked(), token=spent)
        return f"已催报 {count} 项，单位在待办里看到"

    return pressed(request, act, f"{reverse('transfers')}?object_year={object_year}")


@require_safe
def table(request: SignedIn) -> HttpResponse:
    """The transfers as Excel, as the list is narrowed."""
    object_year, _, shown = _asked(request)
    content = xlsx.write(reports.TABLE, reports.table_rows(shown))
    return taken_along(content, f"{object_year}年度转移支付评价.xlsx")


def open_report(request: SignedIn, pk: int) -> HttpResponse:
    """Begin the report of the work year on one transfer; `pk` is the subject-year's."""
    subject = find(SubjectYear.objects, request, pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    year = request.shell.year
    known = TransferReport.objects.visible_to(request.actor).filter(subject_year=subject, year=year).first()
    if known and request.method != "POST":
        return redirect("transfer-report", known.pk)
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
