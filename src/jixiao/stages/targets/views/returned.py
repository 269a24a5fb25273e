"""申报表 comes back: what it changes is shown first, and saved when the filler says so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit import files
from jixiao.kit.acting import Repeated, Stale, TokenReused, acting
from jixiao.kit.columns import Problem
from jixiao.kit.models import Upload, UploadState
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import htmx
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
    file = request.FILES.get("file")
    try:
        if file is None:
            raise UploadRefused("请选择填好的申报表")
        content = file.read()
        filled, problems = understood(content, file.name or "", found)
    except UploadRefused as refused:
        return render(request, "targets/returned.html", context | {"refused": str(refused)}, status=422)
    kept = _keep(request, found, file.name or "", content, problems)
    shown = {"kept": kept, "changes": compared(found.filled, filled), "problems": problems}
    return render(request, "targets/returned.html", context | shown, status=422 if problems else 200)


def _found(request: SignedIn, pk: int) -> Any:
    return find(TargetVersion.objects.select_related("sheet__subject_year", "snapshot"), request, pk)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a checked form says."""
    mine = {"pk": pk, "region": request.actor.region, "user_id": request.actor.user_id}
    kept = Upload.objects.filter(**mine, table__startswith=f"{KIND}:").first()
    if kept is None:
        raise Http404
    found = _found(request, int(kept.table.split(":")[1]))
    try:
        filled, problems = understood(files.fetch(settings.UPLOADS, kept.sha256), kept.filename, found)
        if problems:
            raise Refused("申报表在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        actions.fill(found, request.actor, version_no=found.version, filled=filled, token=request.POST.get("token", ""))
        Upload.objects.filter(pk=kept.pk).update(state=UploadState.CONFIRMED)
        messages.success(request, "已保存，还没有报送")
    except Repeated:
        messages.info(request, "这份内容已经保存过，没有重复保存")
    except Stale as stale:
        messages.error(request, f"{stale.who}已先一步保存，没有存入；请重新下载申报表")
    except (Refused, TokenReused, UploadRefused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, reverse("target-sheet", args=[found.pk]))


def _keep(request: SignedIn, found: TargetVersion, filename: str, content: bytes, problems: list[Problem]) -> Upload:
    stored = files.store(settings.UPLOADS, content)
    with acting(request.actor, "upload.check") as act:
        kept = Upload.objects.create(
            region=found.region,
            year=found.year,
            table=f"{KIND}:{found.pk}",
            filename=filename[:200],
            sha256=stored.digest,
            size=stored.size,
            stored_as=stored.path,
            state=UploadState.REFUSED if problems else UploadState.CHECKED,
            problems=[[one.sheet, one.row, one.column, one.message] for one in problems],
            user_id=request.actor.user_id,
            at=timezone.now(),
        )
        act.trace(f"upload:{stored.digest}", None, {"filename": filename, "size": stored.size})
    return kept
