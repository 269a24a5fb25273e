"""The annual report as a page whose numbers open their rows, and as Word and PDF."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.kit import docx as word
from jixiao.kit import pdf as portable
from jixiao.kit.figures import Scope
from jixiao.kit.paper import Paper, PaperRefused
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render

from .annual_report import compose

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _paper(request: SignedIn) -> Paper:
    scope = Scope(request.actor.region, request.shell.year, request.actor)
    return compose(scope, timezone.localdate())


def _download(content: bytes, paper: Paper, ending: str, kind: str) -> FileResponse:
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{paper.title}.{ending}", content_type=kind)


@require_safe
def page(request: SignedIn) -> HttpResponse:
    """The report of the year that the shell shows."""
    paper = _paper(request)
    written = any(block.kind == "heading" for block in paper.body)
    return render(request, "overview/report.html", {"paper": paper, "written": written})


@require_safe
def docx(request: SignedIn) -> FileResponse:
    """The report as a Word file, to be worked on."""
    paper = _paper(request)
    return _download(word.render(paper), paper, "docx", WORD)


@require_safe
def pdf(request: SignedIn) -> HttpResponseBase:
    """The report as PDF; without a Chinese font back to the page, which says what to install."""
    paper = _paper(request)
    try:
        content = portable.render(paper)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("report")
    return _download(content, paper, "pdf", "application/pdf")
