"""事前绩效评估: assessments of the year, one assessment, and what should have been assessed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import SubjectKind, Verdict
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region
from jixiao.registers.organizations.marks import ORIGIN, origin_mark
from jixiao.registers.parameters.reports import COLUMNS as RULE_COLUMNS
from jixiao.registers.parameters.reports import chapter
from jixiao.registers.subjects.findings import findings_of

from .models import Assessment, Assessor, Dimension, Exemption
from .reports import uncleared
from .rules import ExAnteRules, conclusion
from .workflow import State

GAPS_SHOWN = 200
ORDERS = (
    Order("number", "编号", "number"),
    Order("name", "评估对象", "subject_year__name"),
)
COLUMNS = (
    Shown("number", "编号", order="number"),
    Shown("subject_name", "评估对象", link="address", order="name"),
    Shown("unit_name", "单位"),
    Shown("trigger", "触发原因"),
    Shown("assessor_mark", "评估主体", "tag"),
    Shown("total", "得分", "number"),
    Shown("verdict_mark", "结论", "tag"),
    Shown("state_mark", "状态", "tag"),
    ORIGIN,
)
VERDICTS = {Verdict.SUPPORTED: "ok", Verdict.ADJUSTED: "warn", Verdict.REFUSED: "bad"}
FILTERS = ("q", "conclusion", "assessor", "state")


def sheets(request: SignedIn) -> HttpResponse:
    """The assessments made in the working year, the thresholds they follow, gaps and exemptions."""
    year, actor = request.shell.year, request.actor
    policy = for_region(actor.region, year)
    mine = Assessment.objects.visible_to(actor).filter(year=year)
    rows = asking.narrowed(mine, request.GET, FILTERS[1:], ("number", "subject_year__name", "subject_year__code"))
    listed = page_of(rows.select_related("subject_year"), request.GET, ORDERS)
    for sheet in listed.rows:
        _complete(sheet)
    context = {
        "list": listed,
        "columns": COLUMNS,
        "verdicts": [(code, Verdict(code).label) for code in VERDICTS],
        "assessors": Assessor.choices(),
        "states": State.choices(),
        "asked": {name: asking.text(request.GET, name) for name in FILTERS},
        "found": _by_verdict(mine),
        "rules": chapter(policy, ExAnteRules.section),
        "rule_columns": RULE_COLUMNS,
        "gaps": uncleared(actor, year, policy),
        "gaps_shown": GAPS_SHOWN,
        "exemptions": Exemption.objects.visible_to(actor)
        .filter(year=year)
        .select_related("subject_year")
        .order_by("on"),
    }
    return render(request, "ex_ante/list.html", context)


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One assessment: points by dimension, the conclusion and why, its moves and its history."""
    found = find(Assessment.objects.select_related("subject_year", "snapshot").prefetch_related("scores"), request, pk)
    rules = found.snapshot.policy().section(ExAnteRules)
    _complete(found)
    context = {
        **buttons(request, found),
        "dimensions": _dimensions(found, rules),
        "full": sum(rules.dimensions.values()),
        "suggested": None if found.total is None else conclusion(found.total, rules),
        "rules": rules,
        "rule_lines": chapter(found.snapshot.policy(), ExAnteRules.section).lines,
        "findings": findings_of(found.subject_year, request.actor),
        "steps": steps_of(found),
    }
    return render(request, "ex_ante/sheet.html", context)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take the posted step."""
    return take_move(request, Assessment.objects, pk, reverse("ex-ante-sheet", args=[pk]))


def _complete(sheet: Assessment) -> None:
    """What a list row and the head of a sheet show beside the stored fields."""
    shown: Any = sheet
    shown.address = reverse("ex-ante-sheet", args=[sheet.pk])
    shown.subject_name, shown.unit_name = sheet.subject_year.name, sheet.subject_year.unit_name
    shown.verdict_mark = verdict_mark(sheet.conclusion)
    shown.state_mark = Mark(sheet.state.label, "ok" if sheet.state is State.CONCLUDED else "mute")
    shown.assessor_mark = Mark(sheet.assessor.label)
    shown.origin_mark = origin_mark(sheet.origin)


def verdict_mark(verdict: Any) -> Mark | None:
    """The conclusion in its colour; None before there is one."""
    return Mark(Verdict(verdict).label, VERDICTS.get(Verdict(verdict), "mute")) if verdict else None


def _by_verdict(rows: Any) -> list[tuple[Mark, int]]:
    counts = dict(rows.order_by().values_list("conclusion").annotate(Count("id")))
    return [(Mark(Verdict(code).label, tone), counts[code]) for code, tone in VERDICTS.items() if counts.get(code)]


def _dimensions(sheet: Assessment, rules: ExAnteRules) -> list[dict[str, Any]]:
    """Dimension, full points and points; a policy's dimensions bear their own names."""
    points = {score.dimension: score.points for score in sheet.scores.all()}
    policy = sheet.subject_year.kind == SubjectKind.PROGRAMME_POLICY
    return [
        {
            "name": _named(dimension, policy),
            "full": rules.dimensions.get(dimension.label),
            "points": points.get(dimension),
        }
        for dimension in Dimension
    ]


def _named(dimension: Term, policy: bool) -> str:
    return dimension.aliases[0] if policy else dimension.label
