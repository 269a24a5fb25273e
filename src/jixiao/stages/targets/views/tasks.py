"""部门整体: 部门职责、年度主要任务 and which indicators serve which duty, filled beside the sheet's own grid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of

from .. import actions
from ..forms.tasks import PlanForm
from ..models import TargetVersion
from ..rules import may_fill
from ..workflow import State


def tasks(request: SignedIn, pk: int) -> HttpResponse:
    """Fill in what the department is there for and what it does this year, or see it drawn again with more rows."""
    found: Any = find(TargetVersion.objects.select_related("sheet__subject_year", "snapshot"), request, pk)
    if not found.takes_tasks:
        raise Http404
    back = reverse("target-sheet", args=[pk])
    allowed = may_fill(request.actor, found.state == State.DRAFT, found.facts())
    if not allowed:
        messages.error(request, "；".join(allowed.reasons))
        return htmx.redirect(request, back)
    stored = found.filled
    if request.method != "POST":
        return _page(request, found, PlanForm(stored), 200)
    if "more" in request.POST:
        return _page(request, found, PlanForm(stored, request.POST, more=True), 200)
    form = PlanForm(stored, request.POST)

    def save(version: int, token: str) -> None:
        filled = replace(stored, plan=form.plan)
        actions.fill(found, request.actor, version_no=version, filled=filled, token=token)

    def again(status: int) -> HttpResponse:
        return _page(request, found, form, status)

    return saved(request, form, save, again, back, "职责和任务已保存，还没有报送", PlanForm(stored))


def _page(request: SignedIn, found: Any, form: PlanForm, status: int) -> HttpResponse:
    typed = request.method == "POST"
    context = {
        "sheet": found,
        "subject": found.sheet.subject_year,
        "filling": form,
        "typed_version": version_of(request) if typed else found.version,
        "unsaved": typed,
        "token": token(),
    }
    return render(request, "targets/tasks.html", context, status=status)
