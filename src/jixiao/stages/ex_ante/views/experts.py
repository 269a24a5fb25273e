"""事前评估 pages: the points of one expert, entered from the paper that he signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, pressed, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of

from .. import actions
from ..forms import ExpertForm
from ..models import Assessment, AssessmentExpert
from ..reports.sheets import named
from ..rules import may_mark
from .sheets import found_sheet


def add(request: SignedIn, pk: int) -> HttpResponse:
    """Another expert with his points; `pk` is the assessment's."""
    return _expert(request, found_sheet(request, pk), None)


def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Correct what was entered of one expert; `pk` is the expert's."""
    expert = _found(pk)
    return _expert(request, found_sheet(request, expert.assessment_id), expert)


def _found(pk: int) -> AssessmentExpert:
    expert = AssessmentExpert.objects.filter(pk=pk).first()
    if expert is None:
        raise Http404
    return expert


def _expert(request: SignedIn, found: Assessment, expert: AssessmentExpert | None) -> HttpResponse:
    allowed = may_mark(request.actor, found.facts())
    back = reverse("ex-ante-sheet", args=[found.pk])
    if not allowed:
        messages.error(request, "；".join(allowed.reasons))
        return htmx.redirect(request, back)
    items = list(found.items.order_by("position"))
    stored = ExpertForm(items, expert)
    if request.method != "POST":
        return _page(request, found, stored, expert)
    form = ExpertForm(items, expert, request.POST)

    def save(**proof: Any) -> None:
        actions.mark(found, request.actor, who=form.who(), points=form.points(), expert=expert, **proof)

    def again(status: int) -> HttpResponse:
        return _page(request, found, form, expert, status)

    return saved(request, form, save, again, back, "打分已保存，请附上签名的评分表扫描件", stored)


def _page(
    request: SignedIn, found: Assessment, form: ExpertForm, expert: AssessmentExpert | None, status: int = 200
) -> HttpResponse:
    rows = [(named(row.item.dimension, found), row) for row in form.rows]
    context = {"sheet": found, "form_of": form, "rows": rows, "expert": expert, "token": token()}
    context["typed_version"] = version_of(request) if request.method == "POST" else found.version
    return render(request, "ex_ante/expert.html", context, status=status)


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    """Take out an expert who was entered by mistake; `pk` is the expert's."""
    expert = _found(pk)
    found = found_sheet(request, expert.assessment_id)

    def act(spent: str) -> str:
        actions.drop(found, request.actor, expert, version=version_of(request), token=spent)
        return f"已移出 {expert.name} 和他的打分"

    return pressed(request, act, reverse("ex-ante-sheet", args=[found.pk]))
