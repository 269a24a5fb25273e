"""事前评估 pages: the assessments of the year, what is to be assessed, amounts side by side, and the list in Excel."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jixiao.domain.actors import Role
from jixiao.kit import xlsx
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.policies import for_region
from jixiao.registers.parameters.reports import COLUMNS as RULE_COLUMNS
from jixiao.registers.parameters.reports import chapter

from ..marks import cut
from ..models import Assessment, Assessor, Exemption
from ..reports.gaps import uncleared
from ..reports.sheets import AMOUNT_COLUMNS, COLUMNS, ORDERS, TABLE, VERDICTS, by_verdict, complete, table_rows
from ..rules import CONCLUSIONS, ExAnteRules
from ..workflow import State

GAPS_SHOWN = 200
FILTERS = ("q", "conclusion", "assessor", "state")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPENING = (Role.UNIT, Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)


def _asked(request: SignedIn) -> Any:
    mine = Assessment.objects.visible_to(request.actor).filter(year=request.shell.year)
    return asking.narrowed(mine, request.GET, FILTERS[1:], ("number", "subject_year__name", "subject_year__code"))


@require_safe
def sheets(request: SignedIn) -> HttpResponse:
    """The assessments made in the working year, the thresholds they follow, gaps and exemptions."""
    year, actor = request.shell.year, request.actor
    policy = for_region(actor.region, year)
    listed = page_of(_asked(request).select_related("subject_year", "review"), request.GET, ORDERS)
    for sheet in listed.rows:
        complete(sheet, actor)
    gaps = uncleared(actor, year, policy)
    running = Assessment.objects.visible_to(actor).exclude(state=State.CONCLUDED)
    context = {
        "list": listed,
        "columns": COLUMNS,
        "verdicts": [(code, verdict.label) for code, verdict in zip(VERDICTS, CONCLUSIONS, strict=True)],
        "assessors": Assessor.choices(),
        "states": State.choices(),
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
        "found": by_verdict(Assessment.objects.visible_to(actor).filter(year=year)),
        "rules": chapter(policy, ExAnteRules.section),
        "rule_columns": RULE_COLUMNS,
        "gaps": gaps,
        "gaps_shown": GAPS_SHOWN,
        "running": dict(running.filter(subject_year__year=year).values_list("subject_year_id", "pk")),
        "opens": actor.role in OPENING,
        "exempts": actor.role is Role.PERFORMANCE_OFFICE,
        "exemptions": Exemption.objects.visible_to(actor)
        .filter(year=year)
        .select_related("subject_year")
        .order_by("on"),
        "query": request.GET.urlencode(),
    }
    return render(request, "ex_ante/list.html", context)


@require_safe
def amounts(request: SignedIn) -> HttpResponse:
    """申报、评估建议、评审 amounts of the year's assessments side by side, with their sums."""
    rows = _asked(request).exclude(asked=None).select_related("subject_year", "review")
    listed = page_of(rows, request.GET, ORDERS)
    for sheet in listed.rows:
        complete(sheet, request.actor)
    every = list(rows.filter(state=State.CONCLUDED))
    context = {
        "list": listed,
        "columns": AMOUNT_COLUMNS,
        "count": len(every),
        "asked_sum": sum(sheet.asked or 0 for sheet in every),
        "advised_sum": sum(sheet.advised or 0 for sheet in every),
        "cut_sum": sum(cut(sheet.asked, sheet.advised) or 0 for sheet in every),
    }
    return render(request, "ex_ante/amounts.html", context)


@require_safe
def table(request: SignedIn) -> HttpResponse:
    """The list as Excel, as filtered, as far as I see it."""
    rows = _asked(request).select_related("subject_year", "review").prefetch_related("scores").order_by("number")
    response = HttpResponse(xlsx.write(TABLE, table_rows(rows)), content_type=XLSX)
    filename = f"{request.shell.year}年{TABLE.title}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response
