"""免评: a unit applies with its reason and files, the performance office grants or refuses, or exempts of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, Refused, require
from jixiao.domain.filing import files
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import attaching, htmx
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move, token
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import ExemptForm
from ..models import Exemption, ExemptionRequest, SelfEvaluation
from ..rules import ExemptionRules
from ..workflow import ExemptionState, State


def exempt(request: SignedIn, pk: int) -> HttpResponse:
    """免评 of one subject: granted by the office at once, applied for by who files its sheet."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    work_year, office = request.shell.year, request.actor.role is Role.PERFORMANCE_OFFICE
    rules = for_region(request.actor.region, work_year).section(ExemptionRules)
    form = ExemptForm(rules, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            back = _exempted(request, subject, form.cleaned_data) if office else _applied(request, subject, form)
            return htmx.redirect(request, back)
        except (Refused, TokenReused) as refused:
            form.add_error(None, str(refused))
    place = {"subject_year": subject, "year": work_year}
    context = {
        "subject": subject,
        "form": form,
        "office": office,
        "granted": Exemption.objects.filter(**place).first(),
        "asked": ExemptionRequest.objects.filter(**place).order_by("-pk").first(),
        "may": _may_still(subject, work_year, request),
        "token": token(),
    }
    return render(request, "self_evaluation/exempt.html", context, status=422 if form.errors else 200)


def _may_still(subject: SubjectYear, work_year: int, request: SignedIn) -> Decision:
    """Is there anything to apply for or to grant?"""
    filed = SelfEvaluation.objects.filter(subject_year=subject, year=work_year).exclude(state=State.DRAFT)
    may = require(not filed.exists(), "自评表已经报送，不能再免评")
    if request.actor.role is Role.PERFORMANCE_OFFICE:
        return may
    return may & require(files(request.actor, subject.department_above), "免评由项目单位申请")


def _exempted(request: SignedIn, subject: SubjectYear, said: dict[str, Any]) -> str:
    try:
        actions.exempt(request.actor, subject, request.shell.year, **said, token=request.POST.get("token", ""))
        messages.success(request, f"“{subject.name}”免评")
    except Repeated:
        messages.info(request, "已经核定，没有重复办理")
    return f"{reverse('self-evaluation-coverage')}?object_year={subject.year}"


def _applied(request: SignedIn, subject: SubjectYear, form: ExemptForm) -> str:
    try:
        said = {**form.cleaned_data, "token": request.POST.get("token", "")}
        key = actions.apply(request.actor, subject, request.shell.year, **said).pk
        messages.success(request, "申请已保存，可附上材料，再点“提交申请”")
    except Repeated as repeated:
        key = repeated.answer["pk"]
    return reverse("exemption-request", args=[key])


def application(request: SignedIn, pk: int) -> HttpResponse:
    """One application: ground, reason, files, its way so far."""
    found = _found(request, pk)
    context = {
        "subject": found.subject_year,
        "steps": steps_of(found),
        "attachments": FILES.panel(request, found),
        **buttons(request, found),
    }
    return render(request, "self_evaluation/application.html", context)


def _found(request: SignedIn, pk: int) -> Any:
    return find(ExemptionRequest.objects.select_related("subject_year"), request, pk)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Hand an application in, grant or refuse it."""
    back = reverse("exemption-request", args=[pk])
    return take_move(request, ExemptionRequest.objects, pk, back, actions.after_application)


def _may_attach(actor: Actor, found: ExemptionRequest) -> Decision:
    own = require(files(actor, found.subject_year.department_above), "申请材料由项目单位附上")
    return own & require(found.state == ExemptionState.DRAFT, "申请已经提交，不能再改材料")


FILES = attaching.Doors(
    "exemption", lambda: ExemptionRequest.objects.select_related("subject_year"), _may_attach, "exemption-request"
)
