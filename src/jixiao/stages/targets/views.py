"""绩效目标: the target sheets of a working year, one version with its indicators, and 部门整体 with its pilots."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.decisions import Decision
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import COUNTED_UP_TO, page_of
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of

from .models import LineSource, Pilot, TargetVersion
from .quality import verdicts
from .reports import COLUMNS, ORDERS, OVERALL_COLUMNS, complete, grouped, wanted, weight_mark
from .rules import COMPLETE, TargetFacts, TargetRules
from .workflow import State

SEARCHED = ("sheet__subject_year__name", "sheet__subject_year__code", "sheet__subject_year__unit_name")
FILTERS = ("q", "state", "year")
OVERALL = {"sheet__subject_year__kind": SubjectKind.DEPARTMENT_OVERALL}


def sheets(request: SignedIn) -> HttpResponse:
    """Versions set in the working year, of projects, policies and funds."""
    return render(
        request, "targets/list.html", _listed(request, _mine(request).exclude(**OVERALL)) | {"columns": COLUMNS}
    )


def overall(request: SignedIn) -> HttpResponse:
    """Overall targets set in the working year, and the pilots that began by then."""
    pilots = Pilot.objects.visible_to(request.actor).filter(year__lte=request.shell.year).order_by("year", "unit_path")
    context = _listed(request, _mine(request).filter(**OVERALL))
    return render(request, "targets/overall.html", context | {"columns": OVERALL_COLUMNS, "pilots": pilots})


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One version: goal, indicators in groups, weights against the rules, moves, history and other versions."""
    rows = TargetVersion.objects.select_related("sheet__subject_year", "snapshot")
    found = find(rows, request, pk)
    facts, lines = found.facts(), list(found.lines.order_by("position"))
    for line in lines:
        line.wanted = wanted(line)
    weight = sum((line.weight for line in facts.lines), Decimal(0))
    rules_of_weight = found.snapshot.policy().provenance(TargetRules.section, "indicator_weight_total")
    context = {
        **buttons(request, found),
        "subject": found.sheet.subject_year,
        "groups": grouped(lines),
        "count": len(lines),
        "weight": weight,
        "total": facts.rules.indicator_weight_total,
        "weight_mark": weight_mark(weight, facts.rules.indicator_weight_total),
        "citation": rules_of_weight.source,
        "transcribed": sum(1 for line in lines if line.source == LineSource.EVALUATION),
        "missing": _missing(facts),
        "quality": verdicts(found, lines),
        "versions": found.sheet.versions.order_by("-no"),
        "findings": findings_of(found.sheet.subject_year, request.actor),
        "steps": steps_of(found),
        "origin": origin_mark(found.origin),
        "back": "overall-targets" if found.sheet.subject_year.kind == SubjectKind.DEPARTMENT_OVERALL else "targets",
    }
    return render(request, "targets/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take the posted step."""
    return take_move(request, TargetVersion.objects, pk, reverse("target-sheet", args=[pk]))


def _missing(facts: TargetFacts) -> tuple[str, ...]:
    """What the rules still ask for; lists no reason for lines that were never handed over."""
    decision = Decision()
    for guard in COMPLETE if facts.lines else ():
        decision &= guard(facts)
    return decision.reasons


def _mine(request: SignedIn) -> QuerySet[Any]:
    """What the actor may see: of the working year in which it was set, or of the object year asked for."""
    rows = TargetVersion.objects.visible_to(request.actor)
    year = asking.number(request.GET, "year", 0)
    return rows.filter(year=year) if year else rows.filter(work_year=request.shell.year)


def _listed(request: SignedIn, rows: QuerySet[Any]) -> dict[str, Any]:
    rows = asking.narrowed(rows, request.GET, ("state",), SEARCHED)
    listed = page_of(rows.select_related("sheet__subject_year"), request.GET, ORDERS)
    complete(listed.rows)
    year = request.shell.year
    return {
        "list": listed,
        "count": f"{listed.count:,}" if listed.count <= COUNTED_UP_TO else f"超过 {COUNTED_UP_TO:,}",
        "states": State.choices(),
        "years": [(known, f"{known} 年") for known in range(year + 1, year - 3, -1)],
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
    }
