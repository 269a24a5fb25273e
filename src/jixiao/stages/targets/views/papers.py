"""What is taken along: 申报表 in Excel and Word, and the approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from jixiao.kit.web import papers
from jixiao.kit.web.acts import SignedIn, find
from jixiao.registers.organizations.models import UnitYear

from .. import documents
from ..models import TargetVersion
from ..workbook import printed
from ..workflow import State

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = papers.KINDS["docx"][1]


def form_xlsx(request: SignedIn, pk: int) -> HttpResponse:
    """申报表 as a workbook, in whatever state the version is."""
    return _form(request, pk, printed.form_xlsx, "xlsx", XLSX)


def form_docx(request: SignedIn, pk: int) -> HttpResponse:
    """申报表 in Word, in whatever state the version is."""
    return _form(request, pk, printed.form_docx, "docx", DOCX)


def _form(request: SignedIn, pk: int, written: Callable[[Any, str], bytes], ending: str, kind: str) -> HttpResponse:
    found = find(TargetVersion.objects.select_related("sheet__subject_year"), request, pk)
    subject = found.sheet.subject_year
    first = f"{subject.unit_path.split('/')[0]}/"
    above = UnitYear.objects.filter(region=subject.region, year=subject.year, path=first).first()
    response = HttpResponse(written(found, above.name if above else subject.unit_name), content_type=kind)
    name = f"{subject.name}{found.year}年{printed.TITLE}.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def approval(request: SignedIn, pk: int) -> HttpResponseBase:
    """批复文 of an approved version."""
    found = find(TargetVersion.objects.select_related("sheet__subject_year", "adjusts"), request, pk)
    back = reverse("target-sheet", args=[pk])
    if found.state not in (State.APPROVED, State.SUPERSEDED):
        messages.error(request, "还没有批复，批复后才有批复文")
        return redirect(back)
    return papers.download(request, documents.approval(found), "docx", back)
