"""申报表 comes back: what it changes is shown first, and saved when the filler says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import returning
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.pages import render

from .. import actions
from ..models import TargetVersion
from ..rules import may_fill
from ..saying import compared
from ..workbook.returned import understood
from ..workflow import State

KIND = "target_form"


def returned(request: SignedIn, pk: int) -> HttpResponse:
    """Bring the filled form: what it says is shown before anything is saved."""
    found = _found(request, pk)
    may_now = may_fill(request.actor, found.state == State.DRAFT, found.facts())
    nothing: dict[str, Any] = {"refused": "；".join(may_now.reasons), "kept": None, "changes": (), "problems": []}
    context = {"sheet": found, "subject": found.sheet.subject_year, "token": token(), **nothing}
    if request.method != "POST" or not may_now:
        return render(request, "targets/returned.html", context, status=200 if may_now else 422)
    try:
        file = returning.posted(request, "申报表")
        filled, problems = understood(*file, found)
    except UploadRefused as refused:
        return render(request, "targets/returned.html", context | {"refused": str(refused)}, status=422)
    kept = returning.keep(request, (found.region, found.year), KIND, found.pk, file, problems)
    shown = {"kept": kept, "changes": compared(found.filled, filled), "problems": problems}
    return render(request, "targets/returned.html", context | shown, status=422 if problems else 200)


def _found(request: SignedIn, pk: int) -> Any:
    return find(TargetVersion.objects.select_related("sheet__subject_year", "snapshot"), request, pk)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a checked form says."""
    kept, key = returning.kept(request, KIND, pk)
    found = _found(request, key)

    def save() -> str:
        filled, problems = understood(returning.content_of(kept), kept.filename, found)
        if problems:
            raise Refused("申报表在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        actions.fill(found, request.actor, version_no=found.version, filled=filled, token=request.POST.get("token", ""))
        return "已保存，还没有报送"

    back = reverse("target-sheet", args=[found.pk])
    return returning.confirmed(request, kept, save, back, stale="已先一步保存，没有存入；请重新下载申报表")
