"""Excel: work papers of an evaluation and an expert's own marks, out and in; nothing is saved before it was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.decisions import Refused
from jixiao.kit.columns import Problem
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import formpage, returning
from jixiao.kit.web.acts import SignedIn, token
from jixiao.kit.web.pages import render

from ..models import Mark
from ..reports.sheets import sees_points
from ..workbook import printed
from ..workbook.returned import Brought, understood
from ..writing import MARKING, PAPERS, Writing, hides_points
from .panel import marking_page, own_member
from .sheets import found_sheet

KIND = "evaluation_papers"


@require_safe
def papers_xlsx(request: SignedIn, pk: int) -> HttpResponse:
    """The work papers and points of an evaluation, for who may see its points."""
    found = found_sheet(request, pk)
    if not sees_points(request.actor, found):
        raise Http404
    content = printed.papers(found, hidden=hides_points(found))
    return returning.taken_along(content, f"{found.number}{printed.PAPERS.title}.xlsx")


def papers_returned(request: SignedIn, pk: int) -> HttpResponse:
    """Bring the filled work papers: what they say is shown before anything is saved."""
    found = found_sheet(request, pk)
    context = _page(found, "evaluation-papers", printed.PAPERS.title, PAPERS.may(request.actor, found).reasons)
    if request.method != "POST":
        return render(request, "evaluation/returned.html", context)
    try:
        file = returning.posted(request, printed.PAPERS.title)
        brought, problems = _read(file, printed.PAPERS, PAPERS, found, list(found.marks.order_by("position")))
    except UploadRefused as refused:
        return render(request, "evaluation/returned.html", context | {"refused": str(refused)}, status=422)
    kept = returning.keep(request, (found.region, found.year), KIND, found.pk, file, problems)
    shown = {"kept": kept, "brought": brought, "problems": problems}
    return render(request, "evaluation/returned.html", context | shown, status=422 if problems else 200)


@require_POST
def papers_confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what checked work papers say, all of it or nothing; `pk` is the upload's."""
    kept, key = returning.kept(request, KIND, pk)
    found = found_sheet(request, key)

    def save() -> str:
        file = (returning.content_of(kept), kept.filename)
        brought, problems = _read(file, printed.PAPERS, PAPERS, found, list(found.marks.order_by("position")))
        form = PAPERS.form(found, brought.data)
        if problems or not form.is_valid():
            raise Refused("底稿在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        PAPERS.save(found, request.actor, form, version=found.version, token=request.POST.get("token", ""))
        return f"已保存底稿，改动 {len(brought.differences)} 处"

    back = reverse("evaluation", args=[key])
    return returning.confirmed(request, kept, save, back, stale="已先一步保存，没有存入任何内容；请重新下载后再填")


def papers_marked(request: SignedIn, pk: int) -> HttpResponse:
    """The same workbook with its wrong cells marked."""
    return returning.marked(returning.kept(request, KIND, pk)[0])


@require_safe
def marking_xlsx(request: SignedIn, pk: int) -> HttpResponse:
    """An expert's own sheet of marks."""
    found = own_member(request, pk)
    return returning.taken_along(printed.marks(found), f"{found.evaluation.number}{printed.MARKS.title}.xlsx")


def marking_returned(request: SignedIn, pk: int) -> HttpResponse:
    """Bring one's own filled marks: they come back in the form, to be looked at and saved there.

    The file is not kept: uploads are read by others, and these marks are nobody else's until they are put together.
    """
    found = own_member(request, pk)
    context = _page(found, "evaluation-marking", printed.MARKS.title, MARKING.may(request.actor, found).reasons)
    if request.method != "POST":
        return render(request, "evaluation/returned.html", context)
    marks = list(found.evaluation.marks.order_by("position"))
    try:
        file = returning.posted(request, printed.MARKS.title)
        brought, problems = _read(file, printed.MARKS, MARKING, found, marks)
    except UploadRefused as refused:
        return render(request, "evaluation/returned.html", context | {"refused": str(refused)}, status=422)
    if problems or not brought.differences:
        shown = {"brought": brought, "problems": problems}
        return render(request, "evaluation/returned.html", context | shown, status=422 if problems else 200)
    said = f"文件里有 {len(brought.differences)} 处与已保存的不同，已填在下面，核对后请点“保存”；现在还没有保存。"
    page = replace(marking_page(request, found), why=(said,))
    return formpage.drawn(request, page, MARKING.form(found, brought.data), brought.version)


def _page(about: Any, name: str, title: str, reasons: tuple[str, ...]) -> dict[str, Any]:
    """Context of evaluation/returned.html before a file was brought."""
    sheet = getattr(about, "evaluation", about)
    nothing: dict[str, Any] = {"refused": "", "kept": None, "brought": None, "problems": [], "token": token()}
    places = {part: reverse(f"{name}-{part}", args=[about.pk]) for part in ("xlsx", "returned")}
    return {"sheet": sheet, "title": title, "reasons": reasons, "places": places, **nothing}


def _read(
    file: tuple[bytes, str], kind: printed.Sheet, writing: Writing, about: Any, marks: list[Mark]
) -> tuple[Brought, list[Problem]]:
    """What a file says, judged by the page's own form, with every problem at its cell. Raises UploadRefused."""
    brought, problems = understood(*file, kind, about, marks, *writing.stands(about))
    return brought, [*problems, *brought.flaws(writing.form(about, brought.data).errors)]
