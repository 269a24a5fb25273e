"""The three addresses behind a sheet's attachments: attach, withdraw, download. A room says which sheet and who may."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision, Refused
from jixiao.kit import attachments, files
from jixiao.kit.acting import Repeated, TokenReused, acting
from jixiao.kit.models import Attachment
from jixiao.kit.uploads import UploadRefused

from . import htmx
from .acts import SignedIn, find, token
from .asking import text


def _to_everybody(_actor: Actor, _sheet: Any, _kind: str) -> bool:
    return True


@dataclass(frozen=True)
class Doors:
    """The addresses under which one kind of sheet keeps its attachments, `name`-attach, -attachment and -withdraw.

    `sheets` are all of them, with what `may` reads: may their attachments be changed now, by this actor? `page` is the
    address of one sheet and `anchor` the place on it. `kinds` are the codes of which one must be chosen. What is not
    `shown` to an actor, by its kind, is for him not there.
    """

    name: str
    sheets: Callable[[], QuerySet[Any]]
    may: Callable[[Actor, Any], Decision]
    page: str
    anchor: str = ""
    kinds: Callable[[Any], Collection[str]] | None = None
    shown: Callable[[Actor, Any, str], bool] = _to_everybody

    def paths(self, sheet: str, attachments: str) -> list[URLPattern]:
        """The three addresses, below that of one sheet and that of its kind's attachments."""
        return [
            path(f"{sheet}/attach/", self.attach, name=f"{self.name}-attach"),
            path(f"{attachments}/<int:pk>/", self.download, name=f"{self.name}-attachment"),
            path(f"{attachments}/<int:pk>/withdraw/", self.withdraw, name=f"{self.name}-withdraw"),
        ]

    def panel(self, request: SignedIn, sheet: Any, may: Decision | None = None) -> dict[str, Any]:
        """Context of components/attachments.html; `may` where the page knows it already."""
        rows = [
            {
                "kept": kept,
                "download": reverse(f"{self.name}-attachment", args=[kept.pk]),
                "withdraw": reverse(f"{self.name}-withdraw", args=[kept.pk]),
            }
            for kept in attachments.attached(sheet)
            if self.shown(request.actor, sheet, kept.kind)
        ]
        return {
            "rows": rows,
            "may": self.may(request.actor, sheet) if may is None else may,
            "attach_url": reverse(f"{self.name}-attach", args=[sheet.pk]),
            "accepted": attachments.ACCEPTED,
            "token": token(),
        }

    def attach(self, request: SignedIn, pk: int) -> HttpResponse:
        """Keep the posted `file` (with `kind` and `title`) with the sheet and go back to it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        sheet: Any = find(self.sheets(), request, pk)
        try:
            if self.kinds is not None and text(request.POST, "kind") not in self.kinds(sheet):
                raise UploadRefused("请选择材料的种类")
            posted = request.FILES.get("file")
            if posted is None:
                raise UploadRefused("请选择文件")
            messages.success(request, f"已附上 {self._keep(request, sheet, posted).filename}")
        except Repeated:
            messages.info(request, "这个文件已经附上，没有重复办理")
        except (Refused, UploadRefused, TokenReused) as refused:
            messages.error(request, str(refused))
        return self._back(request, sheet)

    def withdraw(self, request: SignedIn, pk: int) -> HttpResponse:
        """Take an attachment back; `pk` is the attachment's."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        sheet = self._sheet_of(request, pk)
        kept = _kept(sheet, pk)
        try:
            with acting(request.actor, "attachment.withdraw", token=request.POST.get("token", ""), content=[pk]) as act:
                self._judge(request, sheet)
                attachments.withdraw(kept, sheet, act)
            messages.success(request, f"已撤回 {kept.filename}")
        except Repeated:
            messages.info(request, "已经撤回，没有重复办理")
        except (Refused, TokenReused) as refused:
            messages.error(request, str(refused))
        return self._back(request, sheet)

    def download(self, request: SignedIn, pk: int) -> HttpResponse:
        """The file as it came, always as a download: nothing that somebody brought is opened on this site's behalf."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        sheet = self._sheet_of(request, pk)
        kept = _kept(sheet, pk)
        if not self.shown(request.actor, sheet, kept.kind):
            raise Http404
        content = files.fetch(settings.UPLOADS, kept.sha256)
        response = HttpResponse(content, content_type=attachments.media_type(kept.filename))
        response.headers["Content-Disposition"] = content_disposition_header(True, kept.filename) or "attachment"
        return response

    def _keep(self, request: SignedIn, sheet: Any, posted: UploadedFile) -> Attachment:
        content = posted.read()
        proof = [sheet.reference, posted.name, files.sha256(content)]
        said = {"kind": text(request.POST, "kind")[:40], "title": text(request.POST, "title")}
        with acting(request.actor, "attachment.attach", token=request.POST.get("token", ""), content=proof) as act:
            self._judge(request, sheet)
            return attachments.attach(sheet, act, posted.name or "", content, **said)

    def _judge(self, request: SignedIn, sheet: Any) -> None:
        """On the sheet as it stands now: somebody may have sent it on since it was found. Raises Refused."""
        self.may(request.actor, self.sheets().get(pk=sheet.pk)).demand()

    def _sheet_of(self, request: SignedIn, pk: int) -> Any:
        rows = self.sheets()
        kept = Attachment.objects.filter(pk=pk, sheet_type=rows.model._meta.label_lower)
        return find(rows, request, kept.values_list("sheet_id", flat=True).first() or 0)

    def _back(self, request: SignedIn, sheet: Any) -> HttpResponse:
        return htmx.redirect(request, reverse(self.page, args=[sheet.pk]) + self.anchor)


def _kept(sheet: Any, pk: int) -> Attachment:
    kept = attachments.attached(sheet).filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept
