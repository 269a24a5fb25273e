"""整改 pages: one item, what the unit did about it, and the proof."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved
from jixiao.policies import for_region

from .. import actions
from ..forms import AnswerForm
from ..models import Rectification
from ..reports import lateness
from ..rules import EscalationRules
from ..workflow import State


def rectification(request: SignedIn, pk: int) -> HttpResponse:
    """One item of 整改."""
    return _page(request, _found(request, pk))


def _found(request: SignedIn, pk: int) -> Any:
    rows = Rectification.objects.select_related("subject_year", "evaluation", "notice", "reading_sheet__round")
    return find(rows, request, pk)


def _page(request: SignedIn, found: Any, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    answers = request.actor.role in (Role.UNIT, Role.DEPARTMENT) and found.state == State.ISSUED
    context = {
        "late": lateness(found, timezone.localdate(), _escalation(request)),
        "steps": steps_of(found),
        "form": form or (_answered(found) if answers else None),
        "attachments": FILES.panel(request, found),
        **buttons(request, found),
    }
    return render(request, "rectification/sheet.html", context, status=status)


def _answered(found: Rectification) -> AnswerForm:
    """The form with what stands now."""
    said = {"measures": found.measures, "responsible": found.responsible, "done_on": found.done_on}
    return AnswerForm(initial=said)


def _escalation(request: SignedIn) -> EscalationRules:
    return for_region(request.actor.region, timezone.localdate().year).section(EscalationRules)


def _may_attach(actor: Actor, found: Rectification) -> Decision:
    """Proof hangs at an item until it is struck off; the unit and its department bring it."""
    return require(actor.role in (Role.UNIT, Role.DEPARTMENT), "佐证由单位和主管部门上传") & require(
        found.state in (State.ISSUED, State.REPLIED), "已销号的事项不再增减佐证"
    )


FILES = attaching.Doors("rectification", Rectification.objects.all, _may_attach, "rectification")


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Save what was done; what cannot be saved comes back with its text."""
    found, form = _found(request, pk), AnswerForm(request.POST)

    def save(**proof: Any) -> None:
        actions.answer(found, request.actor, **form.cleaned_data, **proof)

    def again(status: int) -> HttpResponse:
        return _page(request, found, form, status=status)

    back = reverse("rectification", args=[pk])
    return saved(request, form, save, again, back, "已保存，还没有报送", _answered(found))


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a rectification."""
    return take_move(request, Rectification.objects, pk, reverse("rectification", args=[pk]), actions.after_step)
