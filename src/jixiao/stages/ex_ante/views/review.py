"""事前评估 pages: to 财政评审 and back, and the report of one assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download
from jixiao.kit.web.saving import saved

from .. import reviewing
from ..documents import report
from ..forms import ReceiveForm, SendForm
from .sheets import found_sheet, sheet_page


@require_POST
def send(request: SignedIn, pk: int) -> HttpResponse:
    """送财政评审."""
    found, form = found_sheet(request, pk), SendForm(request.POST)

    def save(**proof: Any) -> None:
        reviewing.send(found, request.actor, **form.cleaned_data, **proof)

    return _saved(request, found, form, save, "已送财政评审，返回前不能安排预算", SendForm())


@require_POST
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """登记评审结果."""
    found, form = found_sheet(request, pk), ReceiveForm(request.POST)

    def save(**proof: Any) -> None:
        reviewing.receive(found, request.actor, **form.cleaned_data, **proof)

    return _saved(request, found, form, save, "已登记财政评审结果", ReceiveForm())


def _saved(request: SignedIn, found: Any, form: forms.Form, save: Any, done: str, stored: forms.Form) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        return sheet_page(request, found, form, status)

    return saved(request, form, save, again, reverse("ex-ante-sheet", args=[found.pk]), done, stored)


@require_safe
def report_page(request: SignedIn, pk: int) -> HttpResponse:
    """事前绩效评估报告 as a page, the same as its Word file."""
    found = found_sheet(request, pk)
    paper = report(found, request.actor, timezone.localdate())
    return render(request, "ex_ante/report.html", {"sheet": found, "paper": paper})


@require_safe
def report_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """事前绩效评估报告 as a Word file."""
    paper = report(found_sheet(request, pk), request.actor, timezone.localdate())
    return download(request, paper, "docx", reverse("ex-ante-report", args=[pk]))
