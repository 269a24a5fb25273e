"""绩效评价 pages: the region's own frameworks and the shipped ones they begin from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from jixiao.kit.web.acts import SignedIn, begun, buttons, find, take_move, token
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.kit.web.history import state_mark, steps_of
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of

from ..actions import frameworks as actions
from ..forms import DraftForm, FrameworkForm
from ..frameworks import Framed, shipped
from ..models import Framework
from ..workflow import FrameworkState

COLUMNS = (
    Shown("title", "名称", link="url", note_key="source"),
    Shown("kind", "适用"),
    Shown("edition", "版次", "integer"),
    Shown("mark", "状态", "tag"),
)
LIST = ("评价指标体系", "evaluation-frameworks")


@require_safe
def frameworks(request: SignedIn) -> HttpResponse:
    """The region's own frameworks, and those that come with the system."""
    rows = Framework.objects.visible_to(request.actor)
    listed = page_of(rows, request.GET, (Order("title", "名称", "title"),))
    shown = [
        {
            "title": row.title,
            "url": reverse("evaluation-framework-sheet", args=[row.pk]),
            "source": row.source,
            "kind": row.kind,
            "edition": row.edition,
            "mark": state_mark(row, request.actor),
        }
        for row in listed.rows
    ]
    ready = [(kind, shipped(kind)) for kind in Framed]
    context = {"listed": listed, "rows": shown, "columns": COLUMNS, "ready": ready}
    context["drafts"] = bool(actions.may_draft(request.actor))
    return render(request, "evaluation/frameworks.html", context)


def draft(request: SignedIn) -> HttpResponse:
    """起草: from a shipped framework, or the next edition of an own one (`of`)."""
    before = None
    if request.GET.get("of", "").isdigit():
        before = find(Framework.objects, request, int(request.GET["of"]))
    form = _drafting(request, before)

    def act(spent: str) -> Framework:
        said = form.cleaned_data
        how: dict[str, Any] = {"before": before, "token": spent}
        return actions.draft(request.actor, request.shell.year, Framed(said["kind"]), said["title"], **how)

    answer = begun(
        request,
        form,
        act,
        lambda key: reverse("evaluation-framework-edit", args=[key]),
        lambda _: "已建立草稿，请调整条目、分值和评分标准",
    )
    if answer:
        return answer
    here = reverse("evaluation-framework-draft") + (f"?of={before.pk}" if before else "")
    page = {
        "heading": "修订新版" if before else "起草评价指标体系",
        "sub": "批准前不影响任何评价；批准须由另一人办理。",
        "crumbs": [(LIST[0], reverse(LIST[1])), ("起草", None)],
        "form_of": form,
        "caption": "",
        "action": here,
        "button": "建立草稿",
        "back": reverse(LIST[1]),
        "keep": "",
        "why": (),
        "typed_version": None,
        "token": token(),
    }
    return render(request, "rows.html", page, status=422 if form.errors else 200)


def _drafting(request: SignedIn, before: Framework | None) -> DraftForm:
    """What is drafted; a new edition is of the same framework, whose name and use are not chosen again."""
    form = DraftForm(request.POST if request.method == "POST" else None)
    if before is not None:
        form.initial = {"kind": before.kind, "title": before.title}
        for known in form.fields.values():
            known.disabled = True
    return form


@require_safe
def framework(request: SignedIn, pk: int) -> HttpResponse:
    """One framework with its items and its way to approval."""
    found = find(Framework.objects, request, pk)
    items = list(found.items.order_by("position"))
    context = {
        **buttons(request, found),
        "items": items,
        "facts": found.facts(),
        "steps": steps_of(found),
        "edits": found.state == FrameworkState.DRAFT and bool(actions.may_draft(request.actor)),
        "revises": found.state == FrameworkState.APPROVED and bool(actions.may_draft(request.actor)),
    }
    return render(request, "evaluation/framework.html", context)


def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Name, source and items of a draft."""
    found = find(Framework.objects, request, pk)
    back = reverse("evaluation-framework-sheet", args=[pk])
    page = FormPage(
        heading=f"修改 {found.title}",
        action=reverse("evaluation-framework-edit", args=[pk]),
        back=back,
        sub="三级指标留空的行不保存；提请批准时核对分值合计和产出、效益占比。",
        crumbs=[(LIST[0], reverse(LIST[1])), (found.title, back), ("修改", None)],
        caption="评价指标",
        keep=f"framework-{pk}",
    )

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        actions.edit(found, request.actor, said["title"], said["source"], form.items(), **proof)

    def make(data: Any) -> FrameworkForm:
        return FrameworkForm(found, found.items.order_by("position"), data)

    return answer(request, page, make, save, "指标体系已保存，还没有提请批准", found.version)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with a framework."""
    return take_move(request, Framework.objects, pk, reverse("evaluation-framework-sheet", args=[pk]))
