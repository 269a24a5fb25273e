"""The risk of sheets with its parts, the findings of one sheet, and the rules with their hit rates."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.domain.checks.audits import TITLES
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.pages import render

from ...self_evaluation.models import SelfEvaluation
from ..models import AuditFinding, Examination
from ..reports import lists
from ..reports.risks import hits, risks_of

SHOWN = 300


def risky(request: SignedIn) -> HttpResponse:
    """The examined self-evaluations of the year, the riskiest first."""
    year, actor = request.shell.year, request.actor
    examined = list(Examination.objects.visible_to(actor).filter(year=year).select_related("subject_year"))
    found = AuditFinding.objects.visible_to(actor)
    known = risks_of(found, actor.region, year, [one.subject_year_id for one in examined])
    rows = lists.risk_rows(examined, known)
    context = {
        "year": year,
        "count": len(rows),
        "risky": sum(row["points"] > 0 for row in rows),
        "rows": rows[:SHOWN],
        "more": max(len(rows) - SHOWN, 0),
        "columns": lists.RISK_COLUMNS,
    }
    return render(request, "findings/risks.html", context)


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """The findings of one self-evaluation, its risk with the parts, and what could not be checked."""
    found = find(SelfEvaluation.objects.select_related("subject_year"), request, pk)
    mine = AuditFinding.objects.visible_to(request.actor)
    examined = Examination.objects.visible_to(request.actor).filter(self_evaluation=found).first()
    known = risks_of(mine, found.region, found.year, [found.subject_year_id])
    findings = mine.filter(self_evaluation=found).select_related("subject_year").order_by("pk")
    context = {
        "sheet": found,
        "examined": examined,
        "outdated": examined is not None and examined.sheet_version != found.version,
        "risk": known[found.subject_year_id],
        "parts": [(TITLES.get(part.code, part.code), part) for part in known[found.subject_year_id].parts],
        "rows": lists.finding_rows(findings, request.actor),
        "columns": [column for column in lists.COLUMNS if column.key != "name"],
        "unchecked": examined.unchecked.split("\n") if examined and examined.unchecked else [],
    }
    return render(request, "findings/sheet.html", context)


def rules(request: SignedIn) -> HttpResponse:
    """Every rule of the audit: what it rests on, how it is answered, and its hit rate over the years."""
    mine = AuditFinding.objects.visible_to(request.actor)
    years = mine.order_by("year").values_list("year", flat=True).distinct()
    by_year = {year: hits(mine.filter(year=year)) for year in list(years)[-3:]}
    context = {"columns": lists.RULE_COLUMNS, "rows": lists.rule_rows(hits(mine), by_year)}
    return render(request, "findings/rules.html", context)
