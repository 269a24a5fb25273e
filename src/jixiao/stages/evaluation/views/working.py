"""绩效评价 pages on which work is written: framework, work papers, the report's words, defects, the unit's reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.decisions import Decision
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.formpage import FormPage, answer

from ..actions import opening, working
from ..forms import ChooseForm, DefectsForm, DescribeForm, ItemsForm, PapersForm, ReplyForm, SettleForm, StepForm
from ..frameworks import suited
from ..models import Evaluation, ProcedureKind
from ..rules import may_work
from ..workflow import State
from .sheets import found_sheet

PLANNED = (State.DRAFT, State.PLANNING)


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
    """One form of an evaluation; who may not use it now goes back and is told why."""
    back = reverse("evaluation", args=[found.pk])
    if not allowed:
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


def _works(request: SignedIn, found: Evaluation, states: tuple[State, ...]) -> Decision:
    return may_work(request.actor, found.facts(), open_now=found.state in states)


def framework(request: SignedIn, pk: int) -> HttpResponse:
    """套用指标体系: begin the plan with another framework."""
    found = found_sheet(request, pk)
    offered = opening.offered_frameworks(found.region, suited(found.subject_year.kind))

    def save(form: Any, **proof: Any) -> None:
        working.choose_framework(found, request.actor, form.framework(), **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, PLANNED),
        "evaluation-framework",
        "套用指标体系",
        lambda data: ChooseForm(offered, data),
        save,
        "已套用指标体系，可以再按对象调整",
        button="套用",
    )


def items(request: SignedIn, pk: int) -> HttpResponse:
    """调整评价指标: tailor the items to the object while the plan is made."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        working.tailor(found, request.actor, form.items(), **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, PLANNED),
        "evaluation-items",
        "调整评价指标",
        lambda data: ItemsForm(found.marks.order_by("position"), data),
        save,
        "评价指标已保存",
        caption="评价指标",
        why=["三级指标留空的行不保存。分值合计应为 100 分，产出、效益合计不低于规定比例，报送方案时核对。"],
    )


def papers(request: SignedIn, pk: int) -> HttpResponse:
    """评价底稿: facts, evidence, calculation and points of each item."""
    found = found_sheet(request, pk)
    hidden = found.panel_closed_at is None and found.panel.exists()

    def save(form: Any, **proof: Any) -> None:
        working.write_papers(found, request.actor, form.papers(), **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, working.MARKED),
        "evaluation-papers",
        "复核得分" if found.recheck else "评价底稿和得分",
        lambda data: PapersForm(found.marks.order_by("position"), hidden=hidden, data=data),
        save,
        "底稿已保存",
        caption="各指标的底稿",
        why=["有专家打分的，合分后取平均分填入得分；改动须写差异理由。"] if found.panel.exists() else (),
    )


def describe(request: SignedIn, pk: int) -> HttpResponse:
    """报告内容: three amounts, words of the report, problems and suggestions."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        said = form.cleaned_data
        working.describe(found, request.actor, form.said(), said["problems"], said["suggestions"], **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, working.DESCRIBED),
        "evaluation-describe",
        "资金、问题和报告内容",
        lambda data: DescribeForm(found, data),
        save,
        "报告内容已保存",
    )


def step(request: SignedIn, pk: int) -> HttpResponse:
    """登记程序: a dated step with who took part."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        said = {**form.cleaned_data, "kind": ProcedureKind(form.cleaned_data["kind"])}
        working.note_step(found, request.actor, **said, **proof)

    allowed = working.may_note(request.actor, found)
    heading, done = "登记评价程序", "已登记"
    return page_of_form(
        request, found, allowed, "evaluation-step", heading, lambda data: StepForm(data), save, done, button="登记"
    )


def defects(request: SignedIn, pk: int) -> HttpResponse:
    """答复退回意见: what was done about each defect."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        answers = {int(key): said["answer"] for key, said in form.told().items()}
        working.answer_defects(found, request.actor, answers, **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, working.DESCRIBED),
        "evaluation-defects",
        "答复退回意见",
        lambda data: DefectsForm(found.defects.order_by("no"), data),
        save,
        "答复已保存",
        caption="退回意见",
    )


def reply(request: SignedIn, pk: int) -> HttpResponse:
    """反馈意见 of the evaluated unit."""
    found = found_sheet(request, pk)

    def save(form: Any, **proof: Any) -> None:
        objections = {int(key): said["objection"] for key, said in form.told().items()}
        working.reply(found, request.actor, objections, form.cleaned_data["reply"], **proof)

    return page_of_form(
        request,
        found,
        working.may_reply(request.actor, found, timezone.localdate()),
        "evaluation-reply",
        "对初步结论的反馈意见",
        lambda data: ReplyForm(found, found.marks.order_by("position"), data),
        save,
        "反馈意见已提交，期限内可以再改",
        button="提交反馈意见",
        caption="各指标的初步结论",
        why=[f"请在 {found.reply_by} 前反馈；逾期没有反馈的，视同没有异议。"] if found.reply_by else (),
    )


def settle(request: SignedIn, pk: int) -> HttpResponse:
    """答复异议: accepted or not, and why."""
    found = found_sheet(request, pk)
    objected = found.marks.exclude(objection="").order_by("position")

    def save(form: Any, **proof: Any) -> None:
        answers = {int(key): said["settled"] for key, said in form.told().items()}
        working.settle(found, request.actor, answers, **proof)

    return page_of_form(
        request,
        found,
        _works(request, found, (State.CONSULTATION,)),
        "evaluation-settle",
        "答复异议",
        lambda data: SettleForm(objected, data),
        save,
        "答复已保存",
        caption="被评价单位的异议",
    )
