"""存量资金清理 pages: the candidates behind a total, and one candidate with what is said and decided of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.kit.web.saving import saved, version_of

from .. import actions
from ..forms import ReplyForm, RulingForm
from ..models import Candidate
from ..reports import lists
from ..reports.totals import by_stock, whole
from ..rules import Measure, Stock, may_speak
from ..workflow import RunState, State


def candidates(request: SignedIn) -> HttpResponse:
    """The candidates of a year or of a run: the rows behind every total."""
    asked = request.GET
    rows = Candidate.objects.visible_to(request.actor)
    run = number(asked, "run", 0)
    rows = rows.filter(run=run) if run else rows.filter(year=number(asked, "year", request.shell.year))
    rows = lists.asked_for(rows, asked)
    listed = page_of(rows.select_related("subject_year"), asked, lists.ORDERS)
    context = {
        "total": whole(by_stock(rows).values()),
        "listed": listed,
        "rows": lists.candidate_rows(listed.rows, request.actor),
        "columns": lists.COLUMNS,
        "asked": {name: text(asked, name) for name in ("q", "stock", "measure", "state", "run", "year")},
        "stocks": Stock.choices(),
        "measures": Measure.choices(),
        "states": lists.STATES,
    }
    return render(request, "clearing/candidates.html", context)


def candidate(request: SignedIn, pk: int) -> HttpResponse:
    """One candidate: why it is listed, its money, what the unit says, what was decided."""
    return _page(request, _found(request, pk))


def _found(request: SignedIn, pk: int) -> Any:
    return find(Candidate.objects.select_related("subject_year", "run"), request, pk)


def _page(request: SignedIn, found: Any, typed: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The candidate with the form that its reader may use now; `typed` is one that could not be saved."""
    open_still = found.run.state == RunState.OPEN and found.state != State.DECIDED
    role = request.actor.role
    answers = open_still and role in (Role.UNIT, Role.DEPARTMENT)
    decides = open_still and role is Role.PERFORMANCE_OFFICE
    context = {
        "sheet": found,
        "reply": typed
        if isinstance(typed, ReplyForm)
        else ReplyForm(initial={"view": found.view})
        if answers
        else None,
        "ruling": typed if isinstance(typed, RulingForm) else RulingForm(found.limit) if decides else None,
        # A form that could not be saved keeps the version it began with, or it would overwrite what it never saw.
        "typed_version": version_of(request) if typed else found.version,
        "steps": steps_of(found),
        "attachments": FILES.panel(request, found),
        "token": token(),
    }
    return render(request, "clearing/candidate.html", context, status=status)


def _may_attach(actor: Actor, found: Candidate) -> Decision:
    return may_speak(actor, found.run.state == RunState.OPEN, found.state == State.DECIDED)


FILES = attaching.Doors("clearing", lambda: Candidate.objects.select_related("run"), _may_attach, "clearing-candidate")


@require_POST
def reply(request: SignedIn, pk: int) -> HttpResponse:
    """说明情况: what the unit says before it is decided."""
    found, form = _found(request, pk), ReplyForm(request.POST)

    def save(**proof: Any) -> None:
        actions.reply(found, request.actor, view=form.cleaned_data["view"], **proof)

    return _saved(
        request, found, form, save, "情况说明已提交，决定之前还可以修改", ReplyForm(initial={"view": found.view})
    )


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """处理: recover, reduce or keep; what follows happens at once."""
    found = _found(request, pk)
    form = RulingForm(found.limit, request.POST)

    def save(**proof: Any) -> Candidate:
        return actions.decide(found, request.actor, form.ruling(), **proof)

    return _saved(request, found, form, save, _ruled, RulingForm(found.limit, initial=_stands(found)))


def _stands(candidate: Candidate) -> dict[str, Any]:
    return {"measure": str(candidate.measure or ""), "doc_no": candidate.doc_no, "opinion": candidate.opinion}


def _ruled(candidate: Candidate) -> str:
    return f"已处理：{candidate.measure.label}"


def _saved(request: SignedIn, found: Any, form: forms.Form, save: Any, done: Any, stored: forms.Form) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        return _page(request, found, form, status=status)

    return saved(request, form, save, again, reverse("clearing-candidate", args=[found.pk]), done, stored)
