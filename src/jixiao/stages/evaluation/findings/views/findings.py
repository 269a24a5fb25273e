"""Findings of the audit: the list and its table, one finding with its answer and judgement, and an examination."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.kit import xlsx
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, buttons, find, pressed, take_move, token
from jixiao.kit.web.asking import text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.kit.web.saving import saved, version_of

from .. import actions
from ..forms import AnswerForm
from ..models import AuditFinding, Examination
from ..reports import lists
from ..rules import may_answer
from ..workflow import WAITING, State

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def findings(request: SignedIn) -> HttpResponse:
    """The findings of the work year: the rows behind every number of the audit."""
    year = request.shell.year
    mine = AuditFinding.objects.visible_to(request.actor).filter(year=year)
    rows = lists.asked_for(mine, request.GET)
    listed = page_of(rows.select_related("subject_year"), request.GET, lists.ORDERS)
    context = {
        "year": year,
        "count": mine.exclude(state=State.CLOSED).count(),
        "waiting": mine.filter(state__in=WAITING).count(),
        "examined": Examination.objects.visible_to(request.actor).filter(year=year).count(),
        "listed": listed,
        "rows": lists.finding_rows(listed.rows, request.actor),
        "columns": lists.COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "code", "state")},
        "codes": lists.CODES,
        "states": lists.STATES,
        "office": request.actor.role is Role.PERFORMANCE_OFFICE,
        "token": token(),
    }
    return render(request, "findings/list.html", context)


@require_safe
def table(request: SignedIn) -> HttpResponse:
    """The findings that were asked for, as Excel."""
    year = request.shell.year
    rows = lists.asked_for(AuditFinding.objects.visible_to(request.actor).filter(year=year), request.GET)
    ordered = rows.select_related("subject_year").order_by("subject_year__code", "pk")
    response = HttpResponse(xlsx.write(lists.TABLE, lists.table_rows(ordered)), content_type=XLSX)
    name = f"{year}年自评疑点表.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def examine(request: SignedIn) -> HttpResponse:
    """检查: every rule on the year's filed self-evaluations."""
    year = request.shell.year

    def act(spent: str) -> str:
        count = actions.examine(request.actor, year, token=spent)
        return f"已检查 {count} 份自评" if count else f"{year} 年没有已报送的自评"

    return pressed(request, act, reverse("findings"))


def finding(request: SignedIn, pk: int) -> HttpResponse:
    """One finding: what was found by which rule, what the unit says, what was decided."""
    return _page(request, _found(request, pk))


def _found(request: SignedIn, pk: int) -> Any:
    return find(AuditFinding.objects.select_related("subject_year", "self_evaluation"), request, pk)


def _page(request: SignedIn, found: Any, typed: forms.Form | None = None, status: int = 200) -> HttpResponse:
    answers = found.waiting and request.actor.role in (Role.UNIT, Role.DEPARTMENT)
    context = {
        **buttons(request, found),
        "answer": typed or (AnswerForm(initial={"words": found.answer}) if answers else None),
        # A form that could not be saved keeps the version it began with, or it would overwrite what it never saw.
        "typed_version": version_of(request) if typed else found.version,
        "level": lists.level_mark(found.level),
        "steps": steps_of(found),
        "attachments": FILES.panel(request, found),
    }
    # The unit answers in the form, which takes the step itself.
    context["offers"] = [offer for offer in context["offers"] if offer[0].code != "answer"]
    return render(request, "findings/finding.html", context, status=status)


def _may_attach(actor: Actor, found: AuditFinding) -> Decision:
    return may_answer(actor, found.waiting)


FILES = attaching.Doors(
    "finding", lambda: AuditFinding.objects.select_related("self_evaluation"), _may_attach, "finding"
)


@require_POST
def reply(request: SignedIn, pk: int) -> HttpResponse:
    """答复: what the unit says of the finding."""
    found, form = _found(request, pk), AnswerForm(request.POST)

    def save(**proof: Any) -> None:
        actions.answer(found, request.actor, words=form.cleaned_data["words"], **proof)

    def again(status: int) -> HttpResponse:
        return _page(request, found, form, status)

    stored = AnswerForm(initial={"words": found.answer})
    return saved(request, form, save, again, reverse("finding", args=[pk]), "已答复，判断之前还可以修改", stored)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """属实, 不属实, or 重新判断."""
    return take_move(request, AuditFinding.objects, pk, reverse("finding", args=[pk]), actions.after_step)
