"""绩效评价 pages: entrusting an agency, asking experts, each expert's own marks, and putting them together."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.kit.web.acts import SignedIn, find, pressed, take_move
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.kit.web.saving import version_of
from jixiao.registers.institutions.models import Agency, Expert, SelectionRecord
from jixiao.registers.organizations.models import User

from ..actions import entrusting, panel
from ..forms import DismissForm, EntrustForm, InviteForm
from ..models import Evaluation, PanelMember
from ..rules import may_organize
from ..writing import MARKING
from .sheets import found_sheet
from .working import page_of_form


def _accounts(region: str, role: Role) -> Any:
    held = User.objects.filter(is_active=True, grants__role=role, grants__region=region)
    return held.distinct().order_by("name", "pk")


def entrust(request: SignedIn, pk: int) -> HttpResponse:
    """委托第三方机构: which agency, through which accounts, from when until when."""
    found = found_sheet(request, pk)
    agencies = Agency.objects.filter(region=found.region, year=found.year).order_by("name")
    records = SelectionRecord.objects.filter(region=found.region, year=found.year).select_related("chosen")

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        term = {name: said[name] for name in ("since", "until", "fee", "selection")}
        term["year"] = found.year
        term["contract"] = f"{found.number} {found.subject_year.name}"[:200]
        entrusting.entrust(found, request.actor, said["agency"], list(said["accounts"]), term, **proof)

    return page_of_form(
        request,
        found,
        may_organize(request.actor, found.method),
        "evaluation-entrust",
        "委托第三方机构",
        lambda data: EntrustForm(agencies, _accounts(found.region, Role.AGENCY), records.order_by("-pk"), data),
        save,
        "已委托；方案、底稿和报告由机构报送，逐项审核",
        button="委托",
        why=[
            "机构的账号只在委托期内看得到这一个对象的数据。没有登记信用管理平台、核查过期、暂停选用、应当回避的机构不能选。"
        ],
    )


def dismiss(request: SignedIn, pk: int) -> HttpResponse:
    """终止委托: the agency stops before its time; another may be entrusted afterwards."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        entrusting.dismiss(found, request.actor, form.cleaned_data["because"], **proof)

    return page_of_form(
        request,
        found,
        may_organize(request.actor, found.method),
        "evaluation-dismiss",
        "终止委托",
        DismissForm,
        save,
        "委托已终止，可以另行委托",
        button="终止委托",
    )


def invite(request: SignedIn, pk: int) -> HttpResponse:
    """邀请专家: which expert marks, through which account, from when until when."""
    found = found_sheet(request, pk)
    experts = Expert.objects.filter(region=found.region, active=True).order_by("name", "pk")

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        term = {name: said[name] for name in ("since", "until", "fee")}
        term["year"] = found.year
        term["contract"] = f"{found.number} {found.subject_year.name}"[:200]
        entrusting.invite(found, request.actor, said["expert"], said["account"], term, **proof)

    return page_of_form(
        request,
        found,
        may_organize(request.actor, found.method),
        "evaluation-invite",
        "邀请专家打分",
        lambda data: InviteForm(experts, _accounts(found.region, Role.EXPERT), data),
        save,
        "已邀请；合分以前谁也看不到别人的打分",
        button="邀请",
        why=["每位专家各自打分，合分以前谁也看不到别人的打分，组织评价的一方也只看得到谁已提交。"],
    )


def own_member(request: SignedIn, pk: int) -> Any:
    """An expert's own sheet of marks; anybody else's is missing, though he may see its marks once they are closed."""
    mine = PanelMember.objects.filter(account=request.actor.user_id)
    return find(mine.select_related("evaluation__subject_year", "expert"), request, pk)


def marking(request: SignedIn, pk: int) -> HttpResponse:
    """我的打分: an expert's own sheet; `pk` is the panel member's."""
    found = own_member(request, pk)

    def save(form: Any, **proof: Any) -> None:
        MARKING.save(found, request.actor, form, **proof)

    page = marking_page(request, found)
    return answer(request, page, lambda data: MARKING.form(found, data), save, "打分已保存，还没有提交", found.version)


def marking_page(request: SignedIn, found: PanelMember) -> FormPage:
    """What stands around an expert's own marks."""
    sheet = found.evaluation
    back = reverse("evaluation", args=[sheet.pk])
    return FormPage(
        heading="我的打分",
        action=reverse("evaluation-marking", args=[found.pk]),
        back=back,
        sub=f"{sheet.subject_year.name}，保存后可以再改，提交后等待合分",
        crumbs=[("部门与财政评价", reverse("evaluations")), (sheet.number, back), ("我的打分", None)],
        caption="各指标打分",
        keep=f"panel-{found.pk}",
        why=MARKING.may(request.actor, found).reasons,
    )


def panel_move(request: SignedIn, pk: int) -> HttpResponse:
    """提交打分, or take it back while the panel is open."""
    found = own_member(request, pk)
    return take_move(request, PanelMember.objects, pk, reverse("evaluation", args=[found.evaluation_id]))


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    """合分."""
    found = found_sheet(request, pk)

    def act(spent: str) -> str:
        panel.close(found, request.actor, version=version_of(request), token=spent)
        return "已合分，各指标取专家打分的平均分"

    return pressed(request, act, reverse("evaluation", args=[pk]))


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    """移出一位专家; `pk` is the panel member's, which the organiser names without seeing his marks."""
    member = PanelMember.objects.filter(pk=pk).select_related("expert", "evaluation").first()
    if member is None or not Evaluation.objects.visible_to(request.actor).filter(pk=member.evaluation_id).exists():
        raise Http404

    def act(spent: str) -> str:
        panel.drop(member, request.actor, version=version_of(request), token=spent)
        return "已移出这位专家"

    return pressed(request, act, reverse("evaluation", args=[member.evaluation_id]))
