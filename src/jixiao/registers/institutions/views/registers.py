"""第三方机构 and 专家 pages: who may be engaged by the region, with what stands against it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.kit.web import asking, attaching
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.registers.organizations.marks import ORIGIN, origin_mark
from jixiao.registers.organizations.models import UnitYear

from .. import actions
from ..forms import AgencyForm, ExpertForm, RecusalForm
from ..models import Agency, Expert, Selection, Standing
from ..rules import may_choose

ORDERS = (Order("name", "机构名称", "name"),)
COLUMNS = (
    Shown("name", "机构名称", order="name", link="url"),
    Shown("credit_code", "统一社会信用代码"),
    Shown("lead_appraiser", "主评人"),
    Shown("platform_number", "平台登记号"),
    Shown("checked_on", "核查日期", "date"),
    Shown("selection", "选取方式"),
    ORIGIN,
)
EXPERT_COLUMNS = (
    Shown("name", "姓名", link="url", note_key="organisation"),
    Shown("title", "职称或职务"),
    Shown("field", "专业领域"),
    Shown("contact", "联系方式"),
    Shown("mark", "状态", "tag"),
)


@require_safe
def agencies(request: SignedIn) -> HttpResponse:
    """The institutions registered for the year."""
    rows = Agency.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = asking.narrowed(rows, request.GET, ("selection",), ("name", "credit_code", "lead_appraiser"))
    listed = page_of(rows, request.GET, ORDERS)
    for agency in listed.rows:
        agency.origin_mark = origin_mark(agency.origin)
        agency.url = reverse("agency", args=[agency.pk])
    context = {
        "list": listed,
        "columns": COLUMNS,
        "selections": Selection.choices(),
        "asked": {name: asking.text(request.GET, name) for name in ("q", "selection")},
        "keeps": bool(actions.may_keep(request.actor)),
    }
    return render(request, "institutions/list.html", context)


FILES = attaching.Doors("agency", Agency.objects.all, lambda actor, _: actions.may_keep(actor), "agency")


@require_safe
def agency(request: SignedIn, pk: int) -> HttpResponse:
    """One agency: whether it can be chosen and why not, who signs, relations, evidence, history."""
    found: Any = find(Agency.objects, request, pk)
    panel = FILES.panel(request, found)
    context = {
        "agency": found,
        "choosable": may_choose(actions.facts_of(found), timezone.localdate()),
        "appraisers": list(found.appraisers.order_by("pk")),
        "recusals": _relations(found),
        "history": actions.history(found),
        "engagements": _engagements(request, found),
        "attachments": panel,
        "keeps": bool(actions.may_keep(request.actor)),
    }
    return render(request, "institutions/agency.html", context)


def _engagements(request: SignedIn, party: Agency | Expert) -> list[Any]:
    """What they are and were engaged for, newest first; one that was ended or is over stays on record."""
    rows: list[Any] = list(party.engagements.visible_to(request.actor).order_by("-since", "-pk"))
    today = timezone.localdate()
    for row in rows:
        standing = row.standing(today)
        row.mark = Mark(standing.label, "ok" if standing is Standing.RUNNING else "mute")
    return rows


def _relations(party: Agency | Expert) -> list[dict[str, Any]]:
    """Declared relations with the unit's newest name."""
    rows = list(party.recusals.order_by("pk"))
    years = UnitYear.objects.filter(unit__in=[row.unit_id for row in rows]).order_by("year")
    names = dict(years.values_list("unit", "name"))
    return [{"unit": names.get(r.unit_id, ""), "relation": r.relation, "on": r.declared_on} for r in rows]


def agency_new(request: SignedIn) -> HttpResponse:
    """登记机构."""
    return _agency_form(request, None)


def agency_edit(request: SignedIn, pk: int) -> HttpResponse:
    """修改登记."""
    return _agency_form(request, find(Agency.objects, request, pk))


def _agency_form(request: SignedIn, found: Agency | None) -> HttpResponse:
    back = reverse("agency", args=[found.pk]) if found else reverse("agencies")
    page = FormPage(
        heading=f"修改 {found.name}" if found else "登记第三方机构",
        action=reverse("agency-edit", args=[found.pk]) if found else reverse("agency-new"),
        back=back,
        sub=f"{request.shell.year} 年",
        crumbs=[("第三方机构", reverse("agencies")), ("登记", None)],
        caption="主评人",
    )

    def make(data: Any) -> AgencyForm:
        return AgencyForm(found, found.appraisers.order_by("pk") if found else (), data)

    def save(form: Any, **proof: Any) -> None:
        year = found.year if found else request.shell.year
        actions.keep_agency(request.actor, year, form.said(), form.appraisers(), found, **proof)

    return answer(request, page, make, save, "机构登记已保存", found.version if found else 0)


def agency_recusal(request: SignedIn, pk: int) -> HttpResponse:
    """登记回避 of an agency."""
    return _recusal(request, find(Agency.objects, request, pk), "agency")


def expert_recusal(request: SignedIn, pk: int) -> HttpResponse:
    """登记回避 of an expert."""
    return _recusal(request, find(Expert.objects, request, pk), "expert")


def _recusal(request: SignedIn, found: Any, word: str) -> HttpResponse:
    units = UnitYear.objects.visible_to(request.actor).filter(year=request.shell.year).order_by("code")
    page = FormPage(
        heading=f"{found.name}应回避的单位",
        action=reverse(f"{word}-recusal", args=[found.pk]),
        back=reverse(word, args=[found.pk]),
        sub="登记后，这个单位的评价不能委托给它。",
    )

    def save(form: Any, *, version: int, token: str) -> None:
        said = form.cleaned_data
        actions.declare(request.actor, found, said["unit"].unit, said["relation"], said["on"], token=token)

    return answer(request, page, lambda data: RecusalForm(units, data), save, "已登记回避")


@require_safe
def experts(request: SignedIn) -> HttpResponse:
    """The region's experts."""
    rows = Expert.objects.visible_to(request.actor)
    rows = asking.narrowed(rows, request.GET, (), ("name", "organisation", "field"))
    listed = page_of(rows, request.GET, (Order("name", "姓名", "name"),))
    for row in listed.rows:
        row.url = reverse("expert", args=[row.pk])
        row.mark = Mark("在库", "ok") if row.active else Mark("已出库", "mute")
    context = {"list": listed, "columns": EXPERT_COLUMNS, "asked": asking.text(request.GET, "q")}
    context["keeps"] = bool(actions.may_keep(request.actor))
    return render(request, "institutions/experts.html", context)


@require_safe
def expert(request: SignedIn, pk: int) -> HttpResponse:
    """One expert with his relations and engagements."""
    found: Any = find(Expert.objects, request, pk)
    context = {
        "expert": found,
        "recusals": _relations(found),
        "engagements": _engagements(request, found),
        "keeps": bool(actions.may_keep(request.actor)),
    }
    return render(request, "institutions/expert.html", context)


def expert_new(request: SignedIn) -> HttpResponse:
    """登记专家."""
    return _expert_form(request, None)


def expert_edit(request: SignedIn, pk: int) -> HttpResponse:
    """修改专家."""
    return _expert_form(request, find(Expert.objects, request, pk))


def _expert_form(request: SignedIn, found: Expert | None) -> HttpResponse:
    page = FormPage(
        heading=f"修改 {found.name}" if found else "登记专家",
        action=reverse("expert-edit", args=[found.pk]) if found else reverse("expert-new"),
        back=reverse("expert", args=[found.pk]) if found else reverse("experts"),
        crumbs=[("专家", reverse("experts")), ("登记", None)],
    )

    def save(form: Any, **proof: Any) -> None:
        actions.keep_expert(request.actor, form.cleaned_data, found, **proof)

    return answer(
        request, page, lambda data: ExpertForm(found, data), save, "专家登记已保存", found.version if found else 0
    )
