"""存量资金清理 pages: the runs and their totals, a new run, one run with its decisions, and its table and report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import REGION_WIDE, Role
from jixiao.domain.decisions import Refused
from jixiao.kit import xlsx
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, begun, buttons, find, take_move, token
from jixiao.kit.web.asking import keys, number, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.kit.web.papers import download
from jixiao.policies import for_region

from .. import actions
from ..documents import report
from ..forms import BatchForm, RunForm
from ..models import Candidate, ClearingRun
from ..reports import lists
from ..reports.finding import citing, look
from ..reports.totals import BY_YEAR, COLUMNS, by_stock, stock_rows, whole, year_rows
from ..rules import Measure, Stock, criteria, rules_in
from ..workflow import RunState, State

SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def runs(request: SignedIn) -> HttpResponse:
    """The runs of the year, and what all years came to by class."""
    year = request.shell.year
    mine = Candidate.objects.visible_to(request.actor)
    held = ClearingRun.objects.visible_to(request.actor).filter(year=year).order_by("no")
    context = {
        "rows": lists.run_rows(held, mine.filter(year=year), request.actor),
        "columns": lists.RUN_COLUMNS,
        "totals": year_rows(mine),
        "total_columns": BY_YEAR,
        "total": whole(by_stock(mine.filter(year=year)).values()),
        "year": year,
        "office": _is_office(request),
    }
    return render(request, "clearing/runs.html", context)


def _is_office(request: SignedIn) -> bool:
    return request.actor.role is Role.PERFORMANCE_OFFICE


def prepare(request: SignedIn) -> HttpResponse:
    """开展清理: a cut-off; what it would list is shown before it is opened."""
    year = request.shell.year
    form = RunForm(request.POST if request.method == "POST" else None)
    answer = begun(
        request,
        form,
        lambda spent: actions.prepare(request.actor, year, form.cleaned_data["cutoff"], token=spent),
        lambda key: reverse("clearing-run", args=[key]),
        lambda run: f"第 {run.no} 次清理在筹备中，核对要列入的项目后启动",
    )
    if answer:
        return answer
    policy = for_region(request.actor.region, year)
    rules = rules_in(policy)
    asked = list(criteria(rules, citing(policy))) if rules else []
    context = {"form": form, "criteria": asked, "year": year, "token": token()}
    return render(request, "clearing/prepare.html", context, status=422 if form.errors else 200)


def run(request: SignedIn, pk: int) -> HttpResponse:
    """One run: its candidates, what they come to, and several decided at once."""
    return _run_page(request, _run(request, pk))


def _run(request: SignedIn, pk: int) -> ClearingRun:
    found: ClearingRun = find(ClearingRun.objects.select_related("snapshot"), request, pk)
    return found


def _run_page(request: SignedIn, held: ClearingRun, form: BatchForm | None = None, status: int = 200) -> HttpResponse:
    mine = Candidate.objects.visible_to(request.actor).filter(run=held)
    totals = by_stock(mine)
    batch = _batch(request, held, form)
    rows = lists.asked_for(mine, request.GET).select_related("subject_year")
    # What can be decided stands in the batch already.
    listed = page_of(rows.filter(state=State.DECIDED) if batch["batch"] else rows, request.GET, lists.ORDERS)
    context = {
        "run": held,
        "total": whole(totals.values()),
        "totals": stock_rows(totals, {"run": held.pk}),
        "total_columns": COLUMNS,
        "listed": listed,
        "rows": lists.candidate_rows(listed.rows, request.actor),
        "columns": lists.COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "stock", "measure", "state")},
        "stocks": Stock.choices(),
        "measures": Measure.choices(),
        "states": lists.STATES,
        "reads_all": request.actor.role in REGION_WIDE,
        "chosen": set(keys(request.POST, "candidate")),
        **_preview(request, held),
        **batch,
        **buttons(request, held),
    }
    return render(request, "clearing/run.html", context, status=status)


def _preview(request: SignedIn, held: ClearingRun) -> dict[str, Any]:
    """What a run in preparation would list, for who will open it."""
    if held.state != RunState.DRAFT or not _is_office(request):
        return {"examined": held.examined, "preview": None}
    examined, found = look(held)
    return {"examined": examined, "preview": lists.listed_rows(found), "preview_columns": lists.LISTED_COLUMNS}


def _batch(request: SignedIn, held: ClearingRun, form: BatchForm | None) -> dict[str, Any]:
    """The undecided candidates with their boxes, for who decides."""
    if held.state != RunState.OPEN or not _is_office(request):
        return {"batch": None}
    mine = Candidate.objects.visible_to(request.actor).filter(run=held).exclude(state=State.DECIDED)
    asked = lists.asked_for(mine, request.GET).select_related("subject_year").order_by("-idle", "pk")
    waiting, count = list(asked[:SHOWN]), asked.count()
    rows = lists.candidate_rows(waiting, request.actor)
    listed = {"waiting": list(zip(waiting, rows, strict=True)), "left": count, "more": max(count - SHOWN, 0)}
    return {"batch": form or BatchForm(), **listed, "batch_token": token()}


def move(request: SignedIn, pk: int) -> HttpResponse:
    """启动 or 结束 a run."""
    back = reverse("clearing-run", args=[pk])
    return take_move(request, ClearingRun.objects, pk, back, actions.after_run_step)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Several candidates of a run under one 文号; what cannot be decided comes back with its text."""
    held, form, back = _run(request, pk), BatchForm(request.POST), reverse("clearing-run", args=[pk])
    if not form.is_valid():
        return _run_page(request, held, form, status=422)
    versions = {key: number(request.POST, f"version-{key}", 0) for key in keys(request.POST, "candidate")}
    try:
        spent = request.POST.get("token", "")
        count = actions.decide_many(held, request.actor, versions, form.ruling(), token=spent)
        messages.success(request, f"已处理 {count} 个项目")
    except Repeated as repeated:
        messages.info(request, f"已处理 {repeated.answer['count']} 个项目，没有重复办理")
    except Stale as stale:
        differences = [("处理理由", stale.stands, form.cleaned_data["opinion"])]
        context = {"who": stale.who, "at": stale.at, "differences": differences, "reload": back}
        return render(request, "409.html", context, status=409)
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return _run_page(request, held, form, status=422)
    return htmx.redirect(request, back)


@require_safe
def table(request: SignedIn, pk: int) -> HttpResponse:
    """The run's candidates as Excel, as far as I see them."""
    held = _run(request, pk)
    mine = Candidate.objects.visible_to(request.actor).filter(run=held).select_related("subject_year")
    content = xlsx.write(lists.TABLE, lists.table_rows(mine.order_by("subject_year__code", "pk")))
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{held.title}.xlsx") or "attachment"
    return response


@require_safe
def report_page(request: SignedIn, pk: int) -> HttpResponse:
    """清理情况报告 as a page, the same as its Word file."""
    held = _run(request, pk)
    context = {"run": held, "paper": report(held, request.actor, timezone.localdate())}
    return render(request, "clearing/report.html", context)


@require_safe
def report_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """清理情况报告 as a Word file."""
    paper = report(_run(request, pk), request.actor, timezone.localdate())
    return download(request, paper, "docx", reverse("clearing-report", args=[pk]))
