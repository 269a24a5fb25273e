"""事前评估 pages: one assessment, what its unit and its assessors fill in, its papers and its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.domain.filing import FINANCE
from jixiao.kit.web import attaching
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.parameters.reports import chapter
from jixiao.registers.subjects.findings import findings_of

from .. import actions
from ..forms import DescribeForm, JudgeForm, ReceiveForm, SendForm
from ..models import Assessment, AssessmentExpert
from ..reports.sheets import (
    blinded,
    complete,
    dimension_rows,
    kinds_of,
    material_rows,
    named,
    proposal,
    review_of,
    shows_names,
)
from ..rules import SUPPORTING, AssessmentFacts, ExAnteRules, conclusion, may_describe, may_give, may_judge, may_mark
from ..workflow import State

WORKING = (Role.UNIT, Role.DEPARTMENT, *FINANCE)


@require_safe
def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One assessment: what is asked for, points, experts, papers, the conclusion and why, its way so far."""
    return sheet_page(request, found_sheet(request, pk))


def found_sheet(request: SignedIn, pk: int) -> Any:
    """The assessment with what its page reads, or 404."""
    rows = Assessment.objects.select_related("subject_year", "snapshot", "review").prefetch_related("scores")
    return find(rows, request, pk)


def sheet_page(request: SignedIn, found: Any, typed: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The assessment with the forms that its reader may use now; `typed` is one that could not be saved."""
    policy = found.snapshot.policy()
    rules = policy.section(ExAnteRules)
    complete(found, request.actor)
    suggested = None if found.total is None else conclusion(found.total, rules)
    blind = blinded(request.actor, found)
    lines = found.point_lines() if found.framework and not blind else []
    context = {
        **buttons(request, found),
        "blind": blind,
        "own": _own(request, found),
        "dimensions": [] if blind else dimension_rows(found, rules),
        "full": sum(rules.dimensions.values()),
        "suggested": suggested,
        "sentence": found.because or (proposal(found.total, suggested, rules) if suggested else ""),
        "rules": rules,
        "rule_lines": chapter(policy, ExAnteRules.section).lines,
        "lines": [(named(line.item.dimension, found), line) for line in lines],
        **_experts(found, blind),
        "names_shown": shows_names(request.actor, found),
        "materials": material_rows(found) if found.framework else [],
        "findings": findings_of(found.subject_year, request.actor),
        "steps": steps_of(found),
        "review": review_of(found),
        # A form that could not be saved keeps the version it began with, or it would overwrite what it never saw.
        "typed_version": version_of(request) if typed else found.version,
        **_forms(request, found, typed, suggested),
    }
    return render(request, "ex_ante/sheet.html", context, status=status)


def _experts(found: Any, blind: bool) -> dict[str, list[AssessmentExpert]]:
    """Who gave points, and who was asked and has not; a paper's expert is entered with his points."""
    known = list(found.experts.prefetch_related("marks").order_by("id")) if found.framework and not blind else []
    marked = [expert for expert in known if expert.marks.all()]
    return {"experts": marked, "awaited": [expert for expert in known if expert not in marked]}


def _own(request: SignedIn, found: Any) -> AssessmentExpert | None:
    """The reader as an expert who marks this assessment, with whether he may do so now."""
    if request.actor.role is not Role.EXPERT:
        return None
    mine: AssessmentExpert | None = found.experts.filter(account=request.actor.user_id).first()
    return mine if mine and may_give(found.facts(), own=True) else None


def _forms(request: SignedIn, found: Any, typed: forms.Form | None, suggested: Any) -> dict[str, Any]:
    """What this reader may do now: fill, judge, mark, attach, send to 财政评审 or enter its answer."""
    actor, concluded = request.actor, found.state == State.CONCLUDED
    facts = found.facts() if not concluded and actor.role in WORKING else None
    describes = facts is not None and may_describe(actor, facts)
    judges = facts is not None and may_judge(actor, facts, found.submitted_by() if facts.at_finance else None)
    review = review_of(found)
    sends = concluded and actor.role in FINANCE and review is None and found.conclusion in SUPPORTING
    receives = actor.role in FINANCE and review is not None and review.returned_on is None
    offered: tuple[tuple[str, type[forms.Form], Any], ...] = (
        ("describing", DescribeForm, DescribeForm(found) if describes else None),
        ("judging", JudgeForm, JudgeForm(found, suggested) if judges else None),
        ("sending", SendForm, SendForm() if sends and found.framework else None),
        ("receiving", ReceiveForm, ReceiveForm() if receives else None),
    )
    shown = {name: typed if isinstance(typed, kind) else form for name, kind, form in offered}
    attaches = Decision() if facts is not None and may_attach(actor, facts) else Decision(("现在不能附材料",))
    panel = FILES.panel(request, found, attaches)
    kinds = kinds_of(found) if found.framework else []
    marks = facts is not None and bool(may_mark(actor, facts))
    return {**shown, "marks": marks, "attachments": panel, "kinds": kinds}


def may_attach(actor: Actor, facts: AssessmentFacts) -> Decision:
    """Papers by who tells what is asked for; signed sheets by who enters the points."""
    describes, marks = may_describe(actor, facts), may_mark(actor, facts)
    return describes if describes else marks


@require_POST
def describe(request: SignedIn, pk: int) -> HttpResponse:
    """Save what is asked for and why."""
    found = found_sheet(request, pk)
    form = DescribeForm(found, request.POST)

    def save(**proof: Any) -> None:
        actions.describe(found, request.actor, said=form.cleaned_data, **proof)

    return _saved(request, found, form, save, "已保存，还没有报送", DescribeForm(found))


@require_POST
def judge(request: SignedIn, pk: int) -> HttpResponse:
    """Save the advised amount, the conclusion and the words of the report."""
    found = found_sheet(request, pk)
    form = JudgeForm(found, None, request.POST)

    def save(**proof: Any) -> None:
        actions.judge(found, request.actor, said=form.cleaned_data, **proof)

    return _saved(request, found, form, save, "评估意见已保存，还没有审定", JudgeForm(found, None))


def _saved(request: SignedIn, found: Any, form: forms.Form, save: Any, done: str, stored: forms.Form) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        return sheet_page(request, found, form, status)

    return saved(request, form, save, again, reverse("ex-ante-sheet", args=[found.pk]), done, stored)


FILES = attaching.Doors(
    "ex-ante",
    Assessment.objects.all,
    lambda actor, sheet: may_attach(actor, sheet.facts()),
    "ex-ante-sheet",
    kinds=lambda sheet: dict(kinds_of(sheet)),
)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take the posted step."""
    return take_move(request, Assessment.objects, pk, reverse("ex-ante-sheet", args=[pk]), actions.after_step)
