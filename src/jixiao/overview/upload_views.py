"""Excel as the first door: template, upload, preview of what would change, confirmation, the marked workbook."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from jixiao.kit import files, xlsx
from jixiao.kit.acting import acting
from jixiao.kit.importing import ImportScope, Outcome, Source, run
from jixiao.kit.mapping import Mapped
from jixiao.kit.models import Upload, UploadState
from jixiao.kit.tables import Problem, Table
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region

from .catalogue import IMPORTERS
from .forms import UploadForm
from .mapping import fitting, saved, values

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {UploadState.CHECKED: "warn", UploadState.CONFIRMED: "ok", UploadState.REFUSED: "bad"}
LIST = (
    Shown("filename", "文件", link="url", note_key="table"),
    Shown("at", "时间", "datetime"),
    Shown("by", "上传人"),
    Shown("mark", "状态", "tag"),
)
TABLES: dict[str, Table] = {table.key: table for importer in IMPORTERS for table in importer.tables}


def uploads(request: SignedIn) -> HttpResponse:
    """Upload a file, or see what was uploaded."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = _brought(request, file.name, file.read())
        return htmx.redirect(request, reverse("upload", args=[kept.pk]))
    rows = Upload.objects.filter(region=request.actor.region).select_related("user")
    listed = page_of(rows, request.GET, (Order("at", "时间", "id"),), size=20)
    shown = [
        {
            "filename": row.filename,
            "table": row.table,
            "url": reverse("upload", args=[row.pk]),
            "at": row.at,
            "by": row.user.name if row.user else "系统",
            "mark": Mark(row.state.label, TONES[row.state]),
        }
        for row in listed.rows
    ]
    context = {"form": form, "listed": listed, "rows": shown, "columns": LIST, "tables": TABLES.values()}
    return render(request, "overview/uploads.html", context, status=422 if form.is_bound else 200)


def _brought(request: SignedIn, filename: str, content: bytes) -> Upload:
    """Check a new file, by a saved mapping if one has its headers."""
    found = fitting(saved(request.actor.region), content, filename)
    return check(request, filename, content, values(found) if found else None)


def check(request: SignedIn, filename: str, content: bytes, mapping: Mapped | None) -> Upload:
    """Keep the file and what a trial run says of it; nothing of its rows is stored."""
    source = Source(filename, content, mapping)
    outcome = run([source], IMPORTERS, _scope(request), commit=False)
    stored = files.store(settings.UPLOADS, content)
    with acting(request.actor, "upload.check") as act:
        kept = Upload.objects.create(
            region=request.actor.region,
            year=request.shell.year,
            table="、".join(reading.table.title for reading in source.readings.values())[:40],
            filename=filename[:200],
            sha256=stored.digest,
            size=stored.size,
            stored_as=stored.path,
            state=UploadState.REFUSED if outcome.problems else UploadState.CHECKED,
            user_id=request.actor.user_id,
            at=timezone.now(),
            mapping=mapping.as_json() if mapping else None,
            **_findings(outcome),
        )
        act.trace(f"upload:{stored.digest}", None, {"filename": filename, "size": stored.size})
    return kept


def _findings(outcome: Outcome) -> dict[str, Any]:
    return {
        "counts": outcome.counts,
        "problems": [[p.sheet, p.row, p.column, p.message] for _, p in outcome.problems],
        "gaps": [{"table": gap.table, "message": gap.message, "rows": gap.rows[:200]} for gap in outcome.gaps],
    }


def upload(request: SignedIn, pk: int) -> HttpResponse:
    """What a file holds: new, changed and same rows, problems with their places, gaps."""
    row = find_upload(request, pk)
    titles = {importer.key: importer.label for importer in IMPORTERS}
    counts = [(titles.get(key, key), found) for key, found in row.counts.items()]
    context = {
        "upload": row,
        "counts": counts,
        "problems": [Problem(*p) for p in row.problems],
        "token": token(),
        "changes": sum(found["new"] + found["changed"] for found in row.counts.values()),
    }
    return render(request, "overview/upload.html", context)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Store the checked file's rows: all of them or none. What changed since the check is planned anew."""
    row = find_upload(request, pk)
    if row.state == UploadState.CHECKED:
        content = files.fetch(settings.UPLOADS, row.sha256)
        source = Source(row.filename, content, Mapped(**row.mapping) if row.mapping else None)
        outcome = run([source], IMPORTERS, _scope(request, row.year), commit=True, checked=row)
        if outcome.problems:
            found = {"state": UploadState.REFUSED, **_findings(outcome)}
            messages.error(request, "数据在检查之后有变化，没有存入任何一行，请看错误清单")
        else:
            found = {"state": UploadState.CONFIRMED, **_findings(outcome)}
            messages.success(request, f"已入库，共 {outcome.changes} 行新增或修改")
        Upload.objects.filter(pk=row.pk).update(**found)
    return htmx.redirect(request, reverse("upload", args=[pk]))


def marked(request: SignedIn, pk: int) -> HttpResponse:
    """The same workbook with the wrong cells marked and a list of errors."""
    row = find_upload(request, pk)
    content = files.fetch(settings.UPLOADS, row.sha256)
    book = xlsx.marked(content, row.filename, [Problem(*p) for p in row.problems])
    return _download(book, "错误标注.xlsx")


def original(request: SignedIn, pk: int) -> HttpResponse:
    """The file as it was uploaded."""
    row = find_upload(request, pk)
    response = HttpResponse(files.fetch(settings.UPLOADS, row.sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename=upload-{row.pk}{_ending(row.filename)}"
    return response


def template(request: SignedIn, key: str) -> HttpResponse:
    """The empty workbook of a table, with drop-downs and 填报说明."""
    table = TABLES.get(key)
    if table is None:
        raise Http404
    return _download(xlsx.template(table), f"{table.title}.xlsx")


def find_upload(request: SignedIn, pk: int) -> Upload:
    """The upload with this id in the actor's region; else 404."""
    row = Upload.objects.filter(region=request.actor.region, pk=pk).first()
    if row is None:
        raise Http404
    return row


def _scope(request: SignedIn, year: int | None = None) -> ImportScope:
    return ImportScope(request.actor.region, year or request.shell.year, request.actor, for_region)


def _ending(filename: str) -> str:
    return ".csv" if filename.lower().endswith(".csv") else ".xlsx"


def _download(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response
