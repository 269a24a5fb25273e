"""The analysis of one round: as a page beside its drawings, and as Word and PDF."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.domain.checks.lights import Lamp
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.charts import scatter
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download
from jixiao.registers.organizations.models import UnitYear

from ..documents import material_of, report
from ..models import Round
from ..reports.live import dots, heat, sentence
from ..rules import time_progress


@require_safe
def analysis(request: SignedIn, pk: int) -> HttpResponse:
    """What a round found, in words, drawings and tables; the same as its Word file."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    found = material_of(held, request.actor).standings
    units = UnitYear.objects.filter(region=held.region, year=held.year, level=1).values_list("path", "name")
    context = {
        "round": held,
        "paper": report(held, request.actor, timezone.localdate()),
        "chart": scatter(dots(found), float(time_progress(held.cutoff) * 100)),
        "sentence": sentence(found),
        "heat": heat(found, dict(units)),
        "lamps": Lamp.choices(),
    }
    return render(request, "monitoring/analysis.html", context)


@require_safe
def analysis_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """The analysis as a Word file."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    paper = report(held, request.actor, timezone.localdate())
    return download(request, paper, "docx", reverse("round-analysis", args=[pk]))
