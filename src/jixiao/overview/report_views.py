"""The annual report as a page whose numbers open their rows, and as Word and PDF."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.kit.figures import Scope
from jixiao.kit.paper import Paper
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download

from .annual_report import compose


def _paper(request: SignedIn) -> Paper:
    scope = Scope(request.actor.region, request.shell.year, request.actor)
    return compose(scope, timezone.localdate())


@require_safe
def page(request: SignedIn) -> HttpResponse:
    """The report of the year that the shell shows."""
    paper = _paper(request)
    written = any(block.kind == "heading" for block in paper.body)
    return render(request, "overview/report.html", {"paper": paper, "written": written})


@require_safe
def docx(request: SignedIn) -> HttpResponseBase:
    """The report as a Word file, to be worked on."""
    return download(request, _paper(request), "docx", "report")


@require_safe
def pdf(request: SignedIn) -> HttpResponseBase:
    """The report as PDF; without a Chinese font back to the page, which says what to install."""
    return download(request, _paper(request), "pdf", "report")
