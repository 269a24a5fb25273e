"""Excel 填报: a unit's sheets of a round as one workbook, out, in, and confirmed after a look at what changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit.models import Upload
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import returning
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
    return returning.taken_along(written(sheets, dict(departments)), f"{held.year}年{TITLE}（{what}）.xlsx")


def filling(request: SignedIn, pk: int) -> HttpResponse:
    """Bring the filled workbook: what it says is shown before anything is saved."""
    held: Round = find(Round.objects, request, pk)
    mine = _mine(request, held)
    nothing: dict[str, Any] = {"refused": "", "kept": None, "filled": [], "problems": [], "same": 0}
    context: dict[str, Any] = {"round": held, "mine": len(mine), "token": token(), **nothing}
    if request.method != "POST":
        return render(request, "monitoring/filling.html", context)
    try:
        file = returning.posted(request, TITLE)
        filled, problems = understood(*file, mine)
    except UploadRefused as refused:
        return render(request, "monitoring/filling.html", context | {"refused": str(refused)}, status=422)
    kept = returning.keep(request, (held.region, held.year), KIND, held.pk, file, problems)
    shown = {"kept": kept, "filled": filled, "problems": problems, "same": len(mine) - len(filled)}
    return render(request, "monitoring/filling.html", context | shown, status=422 if problems else 200)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what a checked workbook says: every sheet of it or none."""
    kept, held = _kept(request, pk)

    def save() -> str:
        filled, problems = understood(returning.content_of(kept), kept.filename, _mine(request, held))
        if problems:
            raise Refused("监控表在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        count = actions.fill_many(request.actor, filled, token=request.POST.get("token", ""))
        return f"已保存 {count} 份监控表，还没有报送"

    return returning.confirmed(
        request,
        kept,
        save,
        reverse("monitoring-round", args=[held.pk]),
        stale="已先一步保存其中一份，没有存入任何一份；请重新下载监控表",
        again=lambda answer: f"已保存过 {answer['count']} 份，没有重复保存",
    )


def marked(request: SignedIn, pk: int) -> HttpResponse:
    """The same workbook with its wrong cells marked."""
    return returning.marked(_kept(request, pk)[0])


def _mine(request: SignedIn, held: Round) -> dict[int, ReadingSheet]:
    """My sheets of the round that are still to be filled, by key."""
    rows = judged(ReadingSheet.objects.visible_to(request.actor).filter(round=held, state=State.DRAFT))
    found = (
        rows.select_related("subject_year", "round").prefetch_related(WITH_LINES).order_by("subject_year__code", "pk")
    )
    return {sheet.pk: sheet for sheet in found}


def _kept(request: SignedIn, pk: int) -> tuple[Upload, Round]:
    """My own upload of this kind and its round; anybody else's is missing."""
    kept, held = returning.kept(request, KIND, pk)
    return kept, find(Round.objects, request, held)
