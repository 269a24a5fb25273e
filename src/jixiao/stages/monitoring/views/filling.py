"""Excel 填报: a unit's sheets of a round as one workbook, out, in, and confirmed after a look at what changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit import files, xlsx
from jixiao.kit.acting import Repeated, Stale, TokenReused, acting
from jixiao.kit.models import Upload, UploadState
from jixiao.kit.tables import Problem
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.pages import render
from jixiao.registers.organizations.models import UnitYear

from .. import actions
from ..models import ReadingSheet, Round
from ..reports.judging import judged
from ..reports.live import WITH_LINES
from ..workbook.printed import TITLE, written
from ..workbook.returned import understood
from ..workflow import State

KIND = "monitoring_filling"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(request: SignedIn, pk: int) -> HttpResponse:
    """The sheets of the round that I have yet to fill, as a workbook."""
    held: Round = find(Round.objects, request, pk)
    return _printed(held, _mine(request, held).values(), f"第{held.no}轮")


def form(request: SignedIn, pk: int) -> HttpResponse:
    """One sheet as the official form, in whatever state it is."""
    rows = judged(ReadingSheet.objects).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    found = find(rows, request, pk)
    return _printed(found.round, [found], found.subject_year.name)


def _printed(held: Round, sheets: Iterable[ReadingSheet], what: str) -> HttpResponse:
    departments = UnitYear.objects.filter(region=held.region, year=held.year, level=1).values_list("path", "name")
    return _download(written(sheets, dict(departments)), f"{held.year}年{TITLE}（{what}）.xlsx")


def filling(request: SignedIn, pk: int) -> HttpResponse:
    """Bring the filled workbook: what it says is shown before anything is saved."""
    held: Round = find(Round.objects, request, pk)
    mine = _mine(request, held)
    file = request.FILES.get("file")
    nothing: dict[str, Any] = {"refused": "", "kept": None, "filled": [], "problems": [], "same": 0}
    context: dict[str, Any] = {"round": held, "mine": len(mine), "token": token(), **nothing}
    if request.method != "POST":
        return render(request, "monitoring/filling.html", context)
    try:
        if file is None:
            raise UploadRefused("请选择填好的监控表")
        content = file.read()
        filled, problems = understood(content, file.name or "", mine)
    except UploadRefused as refused:
        return render(request, "monitoring/filling.html", context | {"refused": str(refused)}, status=422)
    kept = _keep(request, held, file.name or "", content, problems)
    shown = {"kept": kept, "filled": filled, "problems": problems, "same": len(mine) - len(filled)}
    return render(request, "monitoring/filling.html", context | shown, status=422 if problems else 200)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a checked workbook says: every sheet of it or none."""
    kept, held = _kept(request, pk)
    back = reverse("monitoring-round", args=[held.pk])
    try:
        filled, problems = understood(_content(kept), kept.filename, _mine(request, held))
        if problems:
            raise Refused("监控表在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        count = actions.fill_many(request.actor, filled, token=request.POST.get("token", ""))
        Upload.objects.filter(pk=kept.pk).update(state=UploadState.CONFIRMED)
        messages.success(request, f"已保存 {count} 份监控表，还没有报送")
    except Repeated as repeated:
        messages.info(request, f"已保存过 {repeated.answer['count']} 份，没有重复保存")
    except Stale as stale:
        messages.error(request, f"{stale.who}已先一步保存其中一份，没有存入任何一份；请重新下载监控表")
    except (Refused, TokenReused, UploadRefused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)


def marked(request: SignedIn, pk: int) -> HttpResponse:
    """The same workbook with its wrong cells marked."""
    kept, _ = _kept(request, pk)
    return _download(xlsx.marked(_content(kept), kept.filename, [Problem(*p) for p in kept.problems]), "错误标注.xlsx")


def _mine(request: SignedIn, held: Round) -> dict[int, ReadingSheet]:
    """My sheets of the round that are still to be filled, by key."""
    rows = judged(ReadingSheet.objects.visible_to(request.actor).filter(round=held, state=State.DRAFT))
    found = (
        rows.select_related("subject_year", "round").prefetch_related(WITH_LINES).order_by("subject_year__code", "pk")
    )
    return {sheet.pk: sheet for sheet in found}


def _keep(request: SignedIn, held: Round, filename: str, content: bytes, problems: list[Problem]) -> Upload:
    stored = files.store(settings.UPLOADS, content)
    with acting(request.actor, "upload.check") as act:
        kept = Upload.objects.create(
            region=held.region,
            year=held.year,
            table=f"{KIND}:{held.pk}",
            filename=filename[:200],
            sha256=stored.digest,
            size=stored.size,
            stored_as=stored.path,
            state=UploadState.REFUSED if problems else UploadState.CHECKED,
            problems=[[p.sheet, p.row, p.column, p.message] for p in problems],
            user_id=request.actor.user_id,
            at=timezone.now(),
        )
        act.trace(f"upload:{stored.digest}", None, {"filename": filename, "size": stored.size})
    return kept


def _kept(request: SignedIn, pk: int) -> tuple[Upload, Round]:
    """My own upload of this kind and its round; anybody else's is missing."""
    mine = {"pk": pk, "region": request.actor.region, "user_id": request.actor.user_id}
    kept = Upload.objects.filter(**mine, table__startswith=f"{KIND}:").first()
    if kept is None:
        raise Http404
    held: Round = find(Round.objects, request, int(kept.table.split(":")[1]))
    return kept, held


def _content(kept: Upload) -> bytes:
    return files.fetch(settings.UPLOADS, kept.sha256)


def _download(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response
