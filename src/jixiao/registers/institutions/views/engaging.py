"""第三方机构 pages: selections, and engagements with their term, deliverables and appraisal."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import DeliverablesForm, JudgeForm, SelectForm, TermForm
from ..models import Agency, AgencyScore, Engagement, SelectionRecord, Standing
from ..rules import AgencyQualityRules

COLUMNS = (
    Shown("purpose", "选取事项", link="url"),
    Shown("way", "选取方式"),
    Shown("chosen", "选定机构"),
    Shown("on", "选定日期", "date"),
)


@require_safe
def selections(request: SignedIn) -> HttpResponse:
    """How the year's agencies were selected."""
    rows = SelectionRecord.objects.visible_to(request.actor).filter(year=request.shell.year).select_related("chosen")
    listed = page_of(rows, request.GET, (Order("on", "选定日期", "on"),))
    for row in listed.rows:
        row.url = reverse("selection", args=[row.pk])
    context = {"list": listed, "columns": COLUMNS, "keeps": bool(actions.may_keep(request.actor))}
    return render(request, "institutions/selections.html", context)


@require_safe
def selection(request: SignedIn, pk: int) -> HttpResponse:
    """One selection: who took part with what, the seed of a draw, and why."""
    found = find(SelectionRecord.objects.select_related("chosen"), request, pk)
    bids = list(found.bids.select_related("agency").order_by("rank", "pk"))
    return render(request, "institutions/selection.html", {"record": found, "bids": bids})


def select(request: SignedIn) -> HttpResponse:
    """登记选取."""
    year = request.shell.year
    rows = Agency.objects.visible_to(request.actor).filter(year=year).order_by("name")
    page = FormPage(
        heading="登记机构选取",
        action=reverse("selection-new"),
        back=reverse("selections"),
        sub="随机抽取按种子与机构名称的 SHA-256 排序，第一位中选，任何人可以重算。",
        crumbs=[("机构选取", reverse("selections")), ("登记", None)],
        caption="参选机构",
    )

    def save(form: Any, *, version: int, token: str) -> None:
        said = {name: form.cleaned_data[name] for name in ("purpose", "way", "seed", "reason")}
        actions.select(request.actor, year, said, form.bids(), form.chosen(), token=token)

    return answer(request, page, lambda data: SelectForm(rows, data), save, "选取记录已保存")


def _found(request: SignedIn, pk: int) -> Any:
    return find(Engagement.objects.select_related("agency", "expert", "selection"), request, pk)


@require_safe
def engagement(request: SignedIn, pk: int) -> HttpResponse:
    """One engagement: what it opens, from when until when, what is owed, how the work was."""
    found = _found(request, pk)
    today = timezone.localdate()
    standing = found.standing(today)
    score = AgencyScore.objects.filter(engagement=found).first()
    context = {
        "engagement": found,
        "subjects": _subjects(request, found),
        "accounts": list(found.accounts.order_by("name", "pk")),
        "deliverables": list(found.deliverables.order_by("due_on", "pk")),
        "score": score,
        "marks": list(score.marks.order_by("pk")) if score else [],
        "today": today,
        "standing": (standing.label, "ok" if standing is Standing.RUNNING else "mute"),
        "running": standing is Standing.RUNNING,
        "keeps": bool(actions.may_keep(request.actor)),
    }
    return render(request, "institutions/engagement.html", context)


def _subjects(request: SignedIn, found: Engagement) -> list[Any]:
    """What it opens, as far as the reader sees it himself."""
    mine = found.subjects.filter(subject_year__in=SubjectYear.objects.visible_to(request.actor))
    return list(mine.select_related("subject_year").order_by("pk"))


def _page(found: Engagement, name: str, heading: str, **around: Any) -> FormPage:
    back = reverse("engagement", args=[found.pk])
    return FormPage(heading=heading, action=reverse(name, args=[found.pk]), back=back, sub=found.name, **around)


def term(request: SignedIn, pk: int) -> HttpResponse:
    """改变委托期."""
    found = _found(request, pk)

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        actions.change_term(found, request.actor, said["since"], said["until"], **proof)

    page = _page(found, "engagement-term", "改变委托期")
    return answer(request, page, lambda data: TermForm(found, data), save, "委托期已改，即时生效", found.version)


def deliverables(request: SignedIn, pk: int) -> HttpResponse:
    """交付成果: what is owed by when, and when it came."""
    found = _found(request, pk)

    def save(form: Any, **proof: Any) -> None:
        actions.keep_deliverables(found, request.actor, form.deliverables(), **proof)

    def make(data: Any) -> DeliverablesForm:
        return DeliverablesForm(found.deliverables.order_by("due_on", "pk"), data)

    page = _page(found, "engagement-deliverables", "交付成果", caption="交付成果")
    return answer(request, page, make, save, "交付成果已保存", found.version)


def judge(request: SignedIn, pk: int) -> HttpResponse:
    """机构考核."""
    found = _found(request, pk)
    rules = for_region(found.region, found.year).section(AgencyQualityRules)

    def save(form: Any, **proof: Any) -> None:
        actions.judge(found, request.actor, form.points(), form.cleaned_data["remark"], **proof)

    page = _page(found, "engagement-judge", "考核机构工作质量", caption="考核项目", button="提交考核")
    return answer(request, page, lambda data: JudgeForm(rules, data), save, "考核已提交", found.version)
