"""The three views behind a sheet's attachments: attach, withdraw, download. A room says which sheet and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from jixiao.domain.decisions import Decision, Refused
from jixiao.kit import attachments, files
from jixiao.kit.acting import Repeated, TokenReused, acting
from jixiao.kit.models import Attachment
from jixiao.kit.moving import Sheet
from jixiao.kit.uploads import UploadRefused

from . import htmx
from .acts import SignedIn, token
from .asking import text

May = Callable[[Any], Decision]
"""May this sheet's attachments be changed now, by the one who asks? Judged again inside the act."""


def panel(
    sheet: Sheet, may: Decision, attach_url: str, download: Callable[[int], str], withdraw: Callable[[int], str]
) -> dict[str, Any]:
    """Context of components/attachments.html."""
    rows = [
        {"kept": kept, "download": download(kept.pk), "withdraw": withdraw(kept.pk)}
        for kept in attachments.attached(sheet)
    ]
    return {"rows": rows, "may": may, "attach_url": attach_url, "accepted": attachments.ACCEPTED, "token": token()}


def attach(request: SignedIn, sheet: Sheet, may: May, back: str) -> HttpResponse:
    """Keep the posted `file` (with `kind` and `title`) with the sheet and go back."""
    posted = request.FILES.get("file")
    try:
        if posted is None:
            raise UploadRefused("请选择文件")
        content = posted.read()
        proof = [sheet.reference, posted.name, files.sha256(content)]
        with acting(request.actor, "attachment.attach", token=request.POST.get("token", ""), content=proof) as act:
            may(sheet).demand()
            said = {"kind": text(request.POST, "kind")[:40], "title": text(request.POST, "title")}
            kept = attachments.attach(sheet, act, posted.name or "", content, **said)
        messages.success(request, f"已附上 {kept.filename}")
    except Repeated:
        messages.info(request, "这个文件已经附上，没有重复办理")
    except (Refused, UploadRefused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)


def withdraw(request: SignedIn, sheet: Sheet, pk: int, may: May, back: str) -> HttpResponse:
    """Take one attachment of the sheet back."""
    kept = _kept(sheet, pk)
    try:
        with acting(request.actor, "attachment.withdraw", token=request.POST.get("token", ""), content=[pk]) as act:
            may(sheet).demand()
            attachments.withdraw(kept, sheet, act)
        messages.success(request, f"已撤回 {kept.filename}")
    except Repeated:
        messages.info(request, "已经撤回，没有重复办理")
    except (Refused, TokenReused) as refused:
        messages.error(request, str(refused))
    return htmx.redirect(request, back)


def download(sheet: Sheet, pk: int) -> HttpResponse:
    """The file as it came, always as a download: nothing that somebody brought is opened on this site's behalf."""
    kept = _kept(sheet, pk)
    content = files.fetch(settings.UPLOADS, kept.sha256)
    response = HttpResponse(content, content_type=attachments.media_type(kept.filename))
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.filename) or "attachment"
    return response


def _kept(sheet: Sheet, pk: int) -> Attachment:
    kept = attachments.attached(sheet).filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept
