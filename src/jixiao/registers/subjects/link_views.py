"""合并与改码: the page on which the office lets a project go on in another, and takes that back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.domain.quantities import normalize
from jixiao.kit.web.acts import SignedIn, begun, find, pressed, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.fields import DayField
from jixiao.kit.web.pages import render

from .linking import join, part
from .models import LinkKind, SubjectYear


class LinkForm(forms.Form):
    """Which project it goes on in, from when, and why."""

    kind = forms.ChoiceField(label="方式", choices=LinkKind.choices())
    code = forms.CharField(label="并入的项目编码", max_length=40, help_text="同一年度项目库里的编码；改码的填新编码")
    on = DayField(label="自", help_text="截止日期在这一天之前的监控轮次不受影响")
    reason = forms.CharField(label="原因", max_length=200)
    doc_no = forms.CharField(label="文号", max_length=80)

    def clean_kind(self) -> LinkKind:
        return LinkKind(self.cleaned_data["kind"])


def link(request: SignedIn, pk: int) -> HttpResponse:
    """What this project went into and what went into it; the form that joins it to another."""
    found: SubjectYear = find(SubjectYear.objects, request, pk)
    form = LinkForm(request.POST if request.method == "POST" else None)

    def act(spent: str) -> SubjectYear | None:
        said: dict[str, Any] = dict(form.cleaned_data)
        same = SubjectYear.objects.visible_to(request.actor).in_total().filter(year=found.year)
        target = same.filter(code=normalize(said.pop("code"))).first()
        join(found, target, request.actor, **said, token=spent)
        return target

    here = reverse("subject-link", args=[pk])
    answer = begun(request, form, act, here, lambda target: f"已并入“{target}”，今后的监控和资金都计入该项目")
    if answer:
        return answer
    links = {
        "went_into": found.went_into.select_related("target").order_by("pk"),
        "took_in": found.took_in.select_related("source").order_by("pk"),
    }
    context = {"subject": found, "form": form, "token": token(), **links}
    return render(request, "subjects/link.html", context, status=422 if form.errors else 200)


@require_POST
def unlink(request: SignedIn, pk: int) -> HttpResponse:
    """Take a link of this project back."""
    found: SubjectYear = find(SubjectYear.objects, request, pk)

    def act(spent: str) -> str:
        mine = found.went_into.filter(pk=number(request.POST, "link", 0)).first()
        if mine is None:
            raise Refused("没有这条记录，请刷新后再办")
        part(mine, request.actor, text(request.POST, "reason"), token=spent)
        return "已撤销，两个项目从现在起分别监控"

    return pressed(request, act, reverse("subject-link", args=[pk]))
