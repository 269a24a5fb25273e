"""列对应: a file of another system is shown by its headers, and the office says which of them is which."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.kit import files
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.mapping import Headings, Mapped, headings, proposed
from jixiao.kit.tables import Table
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render

from .mapping import save, saved, values
from .mapping_forms import MappingForm, initial_of
from .upload_views import TABLES, check, find_upload


@dataclass(frozen=True, slots=True)
class _Suggestion:
    """What the form starts with: a saved mapping that fits, or the columns that bear our names already."""

    table: Table
    mapping: Mapped
    name: str = ""


def mapping(request: SignedIn, pk: int) -> HttpResponse:
    """Show the file's columns and take what they are; the file is then checked anew, and nothing is stored yet."""
    row = find_upload(request, pk)
    content = files.fetch(settings.UPLOADS, row.sha256)
    try:
        sheets = headings(content, row.filename)
    except UploadRefused as refusal:
        messages.error(request, str(refusal))
        return htmx.redirect(request, reverse("upload", args=[pk]))
    sheet = max(sheets, key=lambda one: len(one.columns), default=Headings("", 0, ()))
    headers = [column.header for column in sheet.columns]
    start = _start(request, headers)
    initial = initial_of(start.mapping, start.name)
    form = MappingForm(start.table, headers, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        mapped = form.mapping()
        try:
            save(request.actor, form.cleaned_data["name"], mapped, token=request.POST.get("token", ""))
        except Repeated:
            messages.info(request, "这一步已经办理过，没有重复办理")
        except TokenReused as reused:
            messages.error(request, str(reused))
            return htmx.redirect(request, reverse("upload-mapping", args=[pk]))
        checked = check(request, row.filename, content, mapped)
        return htmx.redirect(request, reverse("upload", args=[checked.pk]))
    context = {
        "upload": row,
        "sheet": sheet,
        "form": form,
        "table": start.table,
        "tables": [(table.key, table.title) for table in TABLES.values()],
        "from_saved": start.name,
        "token": token(),
    }
    return render(request, "overview/mapping.html", context, status=422 if form.is_bound else 200)


def _start(request: SignedIn, headers: list[str]) -> _Suggestion:
    """The table asked for or the likeliest one, with what is known of its columns."""
    asked = TABLES.get(text(request.POST, "table") or text(request.GET, "table"))
    kept = [row for row in saved(request.actor.region) if row.table in TABLES and values(row).fits(headers)]
    for row in kept:
        if asked is None or row.table == asked.key:
            return _Suggestion(TABLES[row.table], values(row), row.name)
    table = asked or max(TABLES.values(), key=lambda one: len(proposed(one, headers)))
    return _Suggestion(table, Mapped(table.key, proposed(table, headers)))
