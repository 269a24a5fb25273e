"""绩效评价 pages on which work is written: framework, work papers, the report's words, defects, the unit's reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.decisions import Decision
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.formpage import FormPage, answer

from .. import writing
from ..models import Evaluation
from ..writing import Writing
from .sheets import found_sheet


def page_of_form(
    request: SignedIn,
    found: Evaluation,
    allowed: Decision,
    name: str,
    heading: str,
    make: Callable[[Any], forms.Form],
    save: Callable[..., Any],
    done: str,
    **around: Any,
) -> HttpResponse:
    """One form of an evaluation; who may not use it now goes back and is told why.

    What was typed already is refused by the act, on the page and with its text.
    """
    back = reverse("evaluation", args=[found.pk])
    if request.method != "POST" and not allowed:
        messages.error(request, "；".join(allowed.reasons))
        return htmx.redirect(request, back)
    crumbs = [("部门与财政评价", reverse("evaluations")), (found.number, back), (heading, None)]
    page = FormPage(
        heading=heading,
        action=reverse(name, args=[found.pk]),
        back=back,
        sub=found.subject_year.name,
        crumbs=crumbs,
        keep=f"{name}-{found.pk}",
        **around,
    )
    return answer(request, page, make, save, done, found.version)


def _written(
    request: SignedIn, found: Evaluation, written: Writing, name: str, heading: str, done: str, **around: Any
) -> HttpResponse:
    """The page of one writing; it is saved as it is through every other door."""

    def save(form: Any, **proof: Any) -> None:
        written.save(found, request.actor, form, **proof)

    allowed = written.may(request.actor, found)
    return page_of_form(
        request, found, allowed, name, heading, lambda data: written.form(found, data), save, done, **around
    )


def framework(request: SignedIn, pk: int) -> HttpResponse:
    """套用指标体系: begin the plan with another framework."""
    return _written(
        request,
        found_sheet(request, pk),
        writing.FRAMEWORK,
        "evaluation-framework",
        "套用指标体系",
        "已套用指标体系，可以再按对象调整",
        button="套用",
    )


def items(request: SignedIn, pk: int) -> HttpResponse:
    """调整评价指标: tailor the items to the object while the plan is made."""
    return _written(
        request,
        found_sheet(request, pk),
        writing.ITEMS,
        "evaluation-items",
        "调整评价指标",
        "评价指标已保存",
        caption="评价指标",
        why=["三级指标留空的行不保存。分值合计应为 100 分，产出、效益合计不低于规定比例，报送方案时核对。"],
    )


def papers(request: SignedIn, pk: int) -> HttpResponse:
    """评价底稿: facts, evidence, calculation and points of each item."""
    found = found_sheet(request, pk)
    return _written(
        request,
        found,
        writing.PAPERS,
        "evaluation-papers",
        "复核得分" if found.recheck else "评价底稿和得分",
        "底稿已保存",
        caption="各指标的底稿",
        why=["有专家打分的，合分后取平均分填入得分；改动须写差异理由。"] if found.panel.exists() else (),
    )


def describe(request: SignedIn, pk: int) -> HttpResponse:
    """报告内容: three amounts, words of the report, problems and suggestions."""
    found = found_sheet(request, pk)
    heading = "资金、问题和报告内容"
    return _written(request, found, writing.REPORT, "evaluation-describe", heading, "报告内容已保存")


def step(request: SignedIn, pk: int) -> HttpResponse:
    """登记程序: a dated step with who took part."""
    found = found_sheet(request, pk)
    return _written(request, found, writing.STEP, "evaluation-step", "登记评价程序", "已登记", button="登记")


def defects(request: SignedIn, pk: int) -> HttpResponse:
    """答复退回意见: what was done about each defect."""
    found = found_sheet(request, pk)
    heading, done = "答复退回意见", "答复已保存"
    return _written(request, found, writing.DEFECTS, "evaluation-defects", heading, done, caption="退回意见")


def reply(request: SignedIn, pk: int) -> HttpResponse:
    """反馈意见 of the evaluated unit."""
    found = found_sheet(request, pk)
    return _written(
        request,
        found,
        writing.REPLY,
        "evaluation-reply",
        "对初步结论的反馈意见",
        "反馈意见已提交，期限内可以再改",
        button="提交反馈意见",
        caption="各指标的初步结论",
        why=[f"请在 {found.reply_by} 前反馈；逾期没有反馈的，视同没有异议。"] if found.reply_by else (),
    )


def settle(request: SignedIn, pk: int) -> HttpResponse:
    """答复异议: accepted or not, and why."""
    found = found_sheet(request, pk)
    heading, done, caption = "答复异议", "答复已保存", "被评价单位的异议"
    return _written(request, found, writing.SETTLEMENTS, "evaluation-settle", heading, done, caption=caption)
