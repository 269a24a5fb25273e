"""Excel 填报: a unit's self-evaluations in the official form, out, in, and confirmed after a look at what changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.kit.uploads import UploadRefused
from jixiao.kit.web import returning
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.pages import render
from jixiao.registers.organizations.models import UnitYear

from .. import actions
from ..models import Score, SelfEvaluation
from ..rules import may_fill
from ..workbook.printed import TITLE, printed, written
from ..workbook.returned import understood
from ..workflow import State

KIND = "self_evaluation_form"
WITH_SCORES = Prefetch("scores", Score.objects.select_related("line").order_by("position"))


def workbook(request: SignedIn) -> HttpResponse:
    """The sheets of the work year that I have yet to fill, a worksheet each."""
    year = request.shell.year
    content = written(_mine(request.actor, year).values(), _departments(request.actor.region, year, year - 1))
    return returning.taken_along(content, f"{year}年{TITLE}.xlsx")


def form_xlsx(request: SignedIn, pk: int) -> HttpResponse:
    """One sheet as the official form, in whatever state it is."""
    found = _found(request, pk)
    return returning.taken_along(written([found], _departments_of(found)), f"{_named(found)}.xlsx")


def form_docx(request: SignedIn, pk: int) -> HttpResponse:
    """The same in Word, to be signed."""
    found = _found(request, pk)
    return returning.taken_along(printed([found], _departments_of(found)), f"{_named(found)}.docx")


def _found(request: SignedIn, pk: int) -> SelfEvaluation:
    rows = SelfEvaluation.objects.select_related("subject_year", "target_version").prefetch_related(WITH_SCORES)
    found: SelfEvaluation = find(rows, request, pk)
    return found


def _named(found: SelfEvaluation) -> str:
    return f"{found.subject_year.name}{found.subject_year.year}年{TITLE}"


def _departments_of(found: SelfEvaluation) -> Mapping[str, str]:
    return _departments(found.region, found.year, found.subject_year.year)


def _departments(region: str, *years: int) -> Mapping[str, str]:
    """Names of the units of the first level by path; where two years differ the later one given counts."""
    rows = UnitYear.objects.filter(region=region, year__in=years, level=1).values_list("year", "path", "name")
    return {path: name for _, path, name in sorted(rows, key=lambda row: years.index(row[0]))}


def returned(request: SignedIn) -> HttpResponse:
    """Bring the filled forms: what they say is shown before anything is saved."""
    year = request.shell.year
    mine = _mine(request.actor, year)
    nothing: dict[str, Any] = {"refused": "", "kept": None, "filled": [], "problems": [], "same": 0}
    context: dict[str, Any] = {"year": year, "mine": len(mine), "token": token(), **nothing}
    if request.method != "POST":
        return render(request, "self_evaluation/returned.html", context)
    try:
        file = returning.posted(request, TITLE)
        filled, problems = understood(*file, mine)
    except UploadRefused as refused:
        return render(request, "self_evaluation/returned.html", context | {"refused": str(refused)}, status=422)
    kept = returning.keep(request, (request.actor.region, year), KIND, year, file, problems)
    shown = {"kept": kept, "filled": filled, "problems": problems, "same": len(mine) - len(filled)}
    return render(request, "self_evaluation/returned.html", context | shown, status=422 if problems else 200)


@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """Save what checked forms say: every sheet of them or none."""
    kept, year = returning.kept(request, KIND, pk)

    def save() -> str:
        filled, problems = understood(returning.content_of(kept), kept.filename, _mine(request.actor, year))
        if problems:
            raise Refused("自评表在检查之后与系统中的内容有了出入，没有保存，请重新下载后再填")
        count = actions.fill_many(request.actor, filled, token=request.POST.get("token", ""))
        return f"已保存 {count} 份自评表并计算得分，还没有报送"

    return returning.confirmed(
        request,
        kept,
        save,
        reverse("self-evaluations"),
        stale="已先一步保存其中一份，没有存入任何一份；请重新下载自评表",
        again=lambda answer: f"已保存过 {answer['count']} 份，没有重复保存",
    )


def marked(request: SignedIn, pk: int) -> HttpResponse:
    """The same workbook with its wrong cells marked."""
    return returning.marked(returning.kept(request, KIND, pk)[0])


def _mine(actor: Actor, year: int) -> dict[int, SelfEvaluation]:
    """The sheets of the work year that the actor may fill now, by key."""
    rows = SelfEvaluation.objects.visible_to(actor).filter(year=year, state=State.DRAFT)
    found = rows.select_related("subject_year", "target_version", "snapshot").prefetch_related(WITH_SCORES)
    listed = found.order_by("subject_year__code", "pk")
    return {one.pk: one for one in listed if may_fill(actor, True, one.subject_year.department_above)}
