"""事前评估 pages: asking an expert of the register, and the points of one, his own or entered from his paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.kit.web import formpage, htmx
from jixiao.kit.web.acts import SignedIn, pressed, token
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.institutions.models import Expert
from jixiao.registers.organizations.models import User

from .. import actions
from ..forms import ExpertForm, InviteForm
from ..models import Assessment, AssessmentExpert
from ..reports.sheets import named
from ..rules import may_give, may_mark
from .sheets import found_sheet


def add(request: SignedIn, pk: int) -> HttpResponse:
    """Another expert with his points; `pk` is the assessment's."""
    return _expert(request, found_sheet(request, pk), None)


def edit(request: SignedIn, pk: int) -> HttpResponse:
    """An expert's own points, or what was entered of one; `pk` is the expert's."""
    expert = _found(pk)
    sheet = found_sheet(request, expert.assessment_id)
    if request.actor.role is Role.EXPERT and expert.account_id != request.actor.user_id:
        raise Http404
    return _expert(request, sheet, expert)


def invite(request: SignedIn, pk: int) -> HttpResponse:
    """邀请专家: who of the register marks himself, through which account, from when until when."""
    found = found_sheet(request, pk)
    back = reverse("ex-ante-sheet", args=[found.pk])
    allowed = may_mark(request.actor, found.facts())
    if not allowed:
        messages.error(request, "；".join(allowed.reasons))
        return htmx.redirect(request, back)
    held = User.objects.filter(is_active=True, grants__role=Role.EXPERT, grants__region=found.region)
    page = formpage.FormPage(
        heading="邀请专家打分",
        action=reverse("ex-ante-expert-invite", args=[found.pk]),
        back=back,
        button="邀请",
        sub=found.subject_year.name,
        crumbs=[("事前评估", reverse("ex-ante")), (found.number, back), ("邀请专家", None)],
        why=["专家用自己的账号打分，只看得到这一份评估，看不到别人的打分。与评估对象的单位有利害关系的专家应当回避。"],
    )

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        actions.invite(found, request.actor, said["expert"], said["account"], form.term(), **proof)

    accounts = held.distinct().order_by("name", "pk")
    return formpage.answer(
        request, page, lambda data: InviteForm(_register(found), accounts, data), save, "已邀请", found.version
    )


def _register(found: Assessment) -> Any:
    return Expert.objects.filter(region=found.region, active=True).order_by("name", "pk")


def _found(pk: int) -> AssessmentExpert:
    expert = AssessmentExpert.objects.filter(pk=pk).first()
    if expert is None:
        raise Http404
    return expert


def _expert(request: SignedIn, found: Assessment, expert: AssessmentExpert | None) -> HttpResponse:
    own = expert is not None and expert.account_id is not None and expert.account_id == request.actor.user_id
    allowed = may_give(found.facts(), own) if own else may_mark(request.actor, found.facts())
    back = reverse("ex-ante-sheet", args=[found.pk])
    if not allowed:
        messages.error(request, "；".join(allowed.reasons))
        return htmx.redirect(request, back)
    items, experts = list(found.items.order_by("position")), _register(found)
    stored = ExpertForm(items, expert, experts)
    if request.method != "POST":
        return _page(request, found, stored, expert)
    form = ExpertForm(items, expert, experts, request.POST)

    def save(**proof: Any) -> None:
        if own and expert is not None:
            actions.give(expert, request.actor, form.points(), **proof)
        else:
            actions.mark(found, request.actor, who=form.who(), points=form.points(), expert=expert, **proof)

    def again(status: int) -> HttpResponse:
        return _page(request, found, form, expert, status)

    done = "打分已保存，审定以前可以再改" if own else "打分已保存，请附上签名的评分表扫描件"
    return saved(request, form, save, again, back, done, stored)


def _page(
    request: SignedIn, found: Assessment, form: ExpertForm, expert: AssessmentExpert | None, status: int = 200
) -> HttpResponse:
    rows = [(named(row.item.dimension, found), row) for row in form.rows]
    context = {"sheet": found, "form_of": form, "rows": rows, "expert": expert, "token": token()}
    own = expert if expert and form.asked else None
    stands = own.version if own else found.version
    context["own"] = own is not None and own.account_id == request.actor.user_id
    context["typed_version"] = version_of(request) if request.method == "POST" else stands
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
