"""绩效评价 pages: the report and the notice, on the page and as Word."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.kit.paper import Paper
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download

from .. import documents
from .sheets import found_sheet


def _report(request: SignedIn, pk: int) -> Paper:
    return documents.report(found_sheet(request, pk), request.actor, timezone.localdate())


def _notice(request: SignedIn, pk: int) -> Paper:
    return documents.notice(found_sheet(request, pk), timezone.localdate())


@require_safe
def report_page(request: SignedIn, pk: int) -> HttpResponse:
    """绩效评价报告 as a page, the same as its Word file."""
    return _page(request, pk, _report(request, pk), "评价报告", "evaluation-report-docx")


@require_safe
def report_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """绩效评价报告 as a Word file."""
    return download(request, _report(request, pk), "docx", reverse("evaluation-report", args=[pk]))


@require_safe
def notice_page(request: SignedIn, pk: int) -> HttpResponse:
    """评价通知书 as a page."""
    return _page(request, pk, _notice(request, pk), "评价通知", "evaluation-notice-docx")


@require_safe
def notice_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """评价通知书 as a Word file."""
    return download(request, _notice(request, pk), "docx", reverse("evaluation-notice", args=[pk]))


def _page(request: SignedIn, pk: int, paper: Paper, heading: str, word: str) -> HttpResponse:
    context = {"sheet": found_sheet(request, pk), "paper": paper, "heading": heading, "word": reverse(word, args=[pk])}
    return render(request, "evaluation/paper.html", context)
