"""A form that was printed here comes back: kept as an upload, looked at, confirmed once, handed back marked.

The room says what a file means (`understood`) and how it is saved; the life of the upload is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from jixiao.domain.decisions import Refused
from jixiao.kit import files, xlsx
from jixiao.kit.acting import Repeated, Stale, TokenReused, acting
from jixiao.kit.columns import Problem
from jixiao.kit.models import Upload, UploadState
from jixiao.kit.uploads import UploadRefused

from . import htmx
from .acts import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def taken_along(content: bytes, filename: str) -> HttpResponse:
    """A workbook or a Word file as a download."""
    response = HttpResponse(content, content_type=DOCX if filename.endswith(".docx") else XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response


def posted(request: SignedIn, what: str) -> tuple[bytes, str]:
    """The posted file and its name. Raises UploadRefused where none was chosen."""
    file = request.FILES.get("file")
    if file is None:
        raise UploadRefused(f"请选择填好的{what}")
    return file.read(), file.name or ""


def keep(
    request: SignedIn, place: tuple[str, int], kind: str, key: int, file: tuple[bytes, str], problems: Iterable[Problem]
) -> Upload:
    """Keep a file that was looked at; `place` is its region and year, `kind` and `key` say what it was brought for."""
    content, filename = file
    found = [[one.sheet, one.row, one.column, one.message] for one in problems]
    stored = files.store(settings.UPLOADS, content)
    with acting(request.actor, "upload.check") as act:
        kept = Upload.objects.create(
            region=place[0],
            year=place[1],
            table=f"{kind}:{key}",
            filename=filename[:200],
            sha256=stored.digest,
            size=stored.size,
            stored_as=stored.path,
            state=UploadState.REFUSED if found else UploadState.CHECKED,
            problems=found,
            user_id=request.actor.user_id,
            at=timezone.now(),
        )
        act.trace(f"upload:{stored.digest}", None, {"filename": filename, "size": stored.size})
    return kept


def kept(request: SignedIn, kind: str, pk: int) -> tuple[Upload, int]:
    """My own upload of this kind and the key it was brought for; anybody else's is missing."""
    mine = {"pk": pk, "region": request.actor.region, "user_id": request.actor.user_id}
    found = Upload.objects.filter(**mine, table__startswith=f"{kind}:").first()
    if found is None:
        raise Http404
    return found, int(found.table.partition(":")[2])


def content_of(upload: Upload) -> bytes:
    """The file as it was brought."""
    return files.fetch(settings.UPLOADS, upload.sha256)


def marked(upload: Upload) -> HttpResponse:
    """The same workbook with its wrong cells marked; a Word file's errors as a list of their own."""
    book = xlsx.marked(content_of(upload), upload.filename, [Problem(*one) for one in upload.problems])
    return taken_along(book, "错误标注.xlsx")


def confirmed(
    request: SignedIn,
    upload: Upload,
    save: Callable[[], str],
    back: str,
    *,
    stale: str,
    again: Callable[[dict[str, Any]], str] = lambda _answer: "这份内容已经保存过，没有重复保存",
) -> HttpResponse:
    """Call `save`, which answers what was done, and go `back`; `stale` says what to do where somebody was first."""
    if upload.state == UploadState.CONFIRMED:
        messages.info(request, "这个文件已经确认过，没有重复保存")
        return htmx.redirect(request, back)
    try:
        done = save()
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.CONFIRMED)
        messages.success(request, done)
    except Repeated as repeated:
        messages.info(request, again(repeated.answer))
    except Stale as first:
        messages.error(request, f"{first.who}{stale}")
    except (Refused, TokenReused, UploadRefused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)
