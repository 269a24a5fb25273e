"""指标库: entries by class, industry and state, found by two characters or initials, with what was observed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import xlsx
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.importing import ImportScope
from jixiao.kit.web import asking, htmx
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, Page, page_of
from jixiao.policies import for_region

from .. import search, starter
from ..grams import says
from ..importer import LIBRARY, load_starter
from ..models import Entry, EntryQuerySet, Observation
from ..ranges import span
from ..rules import Provenance, Scope, may_propose
from ..workflow import State

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORDERS = (Order("name", "指标", "name"), Order("level2", "二级指标", "level2"))
COLUMNS = (
    Shown("name", "三级指标", link="url", order="name", note_key="about"),
    Shown("level1", "一级指标"),
    Shown("level2", "二级指标", order="level2"),
    Shown("unit", "计量单位"),
    Shown("mark", "状态", "tag"),
    Shown("observed", "观测数", "integer"),
    Shown("years", "年度"),
    Shown("targets", "指标值范围"),
    Shown("actuals", "完成值范围"),
)
TONES = {State.PROPOSED: "warn", State.APPROVED: "ok", State.WITHDRAWN: "mute"}
EXACT = ("level1", "level2", "industry", "scope", "state")
MOST_WRITTEN = 20_000
MOST_NARROWED = 2_000
"""Of so many that the words find, those are listed that the other filters leave."""


def entries(request: SignedIn) -> HttpResponse:
    """The region's library; uses and ranges are counted over the subjects that the actor may see."""
    rows, found = _asked(request)
    listed = page_of(rows, request.GET, ORDERS)
    _observe(listed, request)
    home = Entry.objects.visible_to(request.actor)
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    context = {
        "list": listed,
        "columns": COLUMNS,
        "classes": IndicatorLevel1.choices(),
        "industries": [(name, name) for name in starter.industries()],
        "scopes": Scope.choices(),
        "states": State.choices(),
        "asked": {name: asking.text(request.GET, name) for name in ("q", *EXACT)},
        "too_many": len(found) >= _most(request),
        "near": _near(found, asking.text(request.GET, "q")),
        "proposes": may_propose(request.actor),
        "office": office,
        "starter": office and not home.filter(provenance=Provenance.STARTER).exists(),
        "token": token(),
    }
    return render(request, "indicators/list.html", context)


def _most(request: SignedIn) -> int:
    narrowed = any(asking.text(request.GET, name) for name in EXACT)
    return MOST_NARROWED if narrowed else search.MOST_FOUND


def _asked(request: SignedIn) -> tuple[EntryQuerySet, list[int]]:
    """The entries that the filters leave, and what the words found; variants stand with their leading entry."""
    rows = Entry.objects.visible_to(request.actor).filter(variant_of=None)
    rows = asking.narrowed(rows, request.GET, EXACT)
    words = asking.text(request.GET, "q")
    keys = search.matching(request.actor.region, words, _most(request)) if words else []
    if words:
        rows = rows.filter(Q(pk__in=keys) | Q(variants__in=keys)).distinct()
    return rows, keys


def _near(found: list[int], words: str) -> bool:
    """Whether the words were found only as what they may have meant."""
    best = Entry.objects.filter(pk__in=found[:1]).first()
    return best is not None and not says(best.name, words)


def _observe(listed: Page, request: SignedIn) -> None:
    """Adds to the shown entries what was observed, with one query."""
    seen: dict[int, list[tuple[int, str, str]]] = {}
    found = Observation.objects.visible_to(request.actor).filter(entry__in=[entry.pk for entry in listed.rows])
    for entry, year, target, actual in found.values_list("entry", "year", "target", "actual").order_by("year", "id"):
        seen.setdefault(entry, []).append((year, target, actual))
    for entry in listed.rows:
        observed = seen.get(entry.pk, [])
        years = sorted({year for year, _, _ in observed})
        entry.observed = len(observed)
        entry.years = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(*years)
        entry.targets = span(target for _, target, _ in observed)
        entry.actuals = span(actual for _, _, actual in observed)
        entry.url = reverse("indicator", args=[entry.pk])
        entry.about = "，".join(part for part in (entry.industry, entry.project_type) if part)
        entry.mark = Mark(entry.state.label, TONES[entry.state])


def export(request: SignedIn) -> HttpResponse:
    """The filtered entries as the table that can be brought back."""
    rows: Any = _asked(request)[0].order_by("industry", "level1", "level2", "name")[:MOST_WRITTEN]
    response = HttpResponse(xlsx.write(LIBRARY, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{LIBRARY.title}.xlsx") or ""
    return response


@require_POST
def take_starter(request: SignedIn) -> HttpResponse:
    """Take the starter library into the region."""
    scope = ImportScope(request.actor.region, request.shell.year, request.actor, for_region)
    try:
        outcome = load_starter(scope, token=request.POST.get("token", ""))
        for _, problem in outcome.problems[:3]:
            messages.error(request, str(problem))
        if not outcome.problems:
            messages.success(request, f"起始指标库已载入，写入 {outcome.changes} 个指标")
    except Repeated:
        messages.info(request, "起始指标库已经载入，没有重复载入")
    except TokenReused as reused:
        messages.error(request, str(reused))
    return htmx.redirect(request, reverse("indicators"))
