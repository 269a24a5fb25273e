"""绩效目标: one version — what it says, what stands beside it, and the forms that its reader may use now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Decision
from jixiao.domain.filing import FINANCE, files
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, buttons, find, take_move
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.registers.indicators.models import Entry
from jixiao.registers.indicators.suggesting import Group, suggestions
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.findings import findings_of
from jixiao.registers.subjects.models import BudgetPhase

from .. import actions, reviewing
from ..forms.sheets import LEVEL2, AdjustForm, ApprovalForm, Beside, DisclosedForm, ReviewForm, TargetForm
from ..models import Horizon, LineSource, TargetVersion
from ..quality import verdicts
from ..reports.comparing import dates_of, last_year
from ..reports.lists import grouped, wanted, weight_mark
from ..rules import COMPLETE, TargetFacts, TargetRules, may_adjust, may_fill
from ..saying import Filled, Said, compared
from ..workflow import State

FILING = (Role.UNIT, Role.DEPARTMENT)


SUGGESTED = 6


def sheet(request: SignedIn, pk: int) -> HttpResponse:
    """One version: goal, indicators in groups, weights against the rules, moves, history and other versions."""
    return sheet_page(request, _found(request, pk))


def _found(request: SignedIn, pk: int) -> Any:
    return find(TargetVersion.objects.select_related("sheet__subject_year", "snapshot", "adjusts"), request, pk)


def sheet_page(
    request: SignedIn, found: Any, typed: forms.Form | None = None, *, status: int = 200, unsaved: bool = False
) -> HttpResponse:
    """The version with its forms; `typed` is a form that could not be saved, or has more rows now."""
    facts, lines = found.facts(), list(found.lines.order_by("position"))
    for line in lines:
        line.wanted = wanted(line)
    opinions, versions = list(found.opinions.order_by("party", "id")), list(found.sheet.versions.order_by("-no"))
    steps = steps_of(found)
    typing = _forms(request, found, facts, typed, any(one.state in actions.UNDERWAY for one in versions))
    context = {
        **buttons(request, found),
        **typing,
        "suggested": _suggested(request, found, lines) if typing["filling"] else (),
        # A form that could not be saved keeps the saving it began with, or it would overwrite what it never saw.
        "typed_version": version_of(request) if typed else found.version,
        "unsaved": unsaved,
        **_weights(found, facts),
        **_planned(found, lines),
        "subject": found.sheet.subject_year,
        "groups": grouped(lines),
        "count": len(lines),
        "framework": facts.framework,
        "transcribed": sum(1 for line in lines if line.source == LineSource.EVALUATION),
        "missing": _missing(facts),
        "quality": verdicts(found, lines),
        "versions": versions,
        "findings": findings_of(found.sheet.subject_year, request.actor),
        "steps": steps,
        "dates": dates_of(found, steps),
        "numbered": list(found.department_approvals.order_by("on", "pk")),
        "opinions": opinions,
        "asked_for": reviewing.asked_for(opinions),
        "follows": facts.results.consequences[facts.result].label if facts.results and facts.result else "",
        "changes": compared(found.adjusts.filled, found.filled) if found.adjusts_id else (),
        "turns": found.turns.count(),
        "origin": origin_mark(found.origin),
        "back": "overall-targets" if found.sheet.subject_year.kind == SubjectKind.DEPARTMENT_OVERALL else "targets",
    }
    return render(request, "targets/sheet.html", context, status=status)


def _suggested(request: SignedIn, found: Any, lines: list[Any]) -> list[Group]:
    """Entries of the library for this project by the way they were found, without those that the sheet has."""
    chosen = [line.entry_id for line in lines if line.entry_id]
    groups = suggestions(request.actor, found.sheet.subject_year, chosen=chosen)
    return [replace(group, suggestions=group.suggestions[:SUGGESTED]) for group in groups if group.suggestions]


def _planned(found: Any, lines: list[Any]) -> dict[str, Any]:
    """The plan where its type of object has one, and the names of the indicators that serve each duty."""
    served_by: dict[int, list[str]] = {}
    for line in lines:
        if line.duty is not None:
            served_by.setdefault(line.duty, []).append(line.name)
    return {"plan": found.plan, "served_by": served_by}


def _weights(found: Any, facts: TargetFacts) -> dict[str, Any]:
    """The sum of the points against what the rules want, and where they say so."""
    weight, total = sum((line.weight for line in facts.lines), Decimal(0)), facts.rules.indicator_weight_total
    return {
        "weight": weight,
        "total": total,
        "weight_mark": weight_mark(weight, total) if facts.annual else None,
        "citation": found.snapshot.policy().provenance(TargetRules.section, "indicator_weight_total").source,
    }


def _forms(
    request: SignedIn, found: Any, facts: TargetFacts, typed: forms.Form | None, underway: bool
) -> dict[str, Any]:
    """Each form that this reader may use now, None where he may not; `typed` in the place of its kind."""
    actor, approved = request.actor, found.state == State.APPROVED
    drafted = actor.role in FILING and found.state == State.DRAFT
    may: dict[str, tuple[type[forms.Form], bool, Callable[[], forms.Form]]] = {
        "filling": (
            TargetForm,
            drafted and bool(may_fill(actor, True, facts)),
            lambda: fill_form(found, found.filled, facts),
        ),
        "reviewing": (
            ReviewForm,
            found.state != State.DRAFT and bool(reviewing.reviewable(found, actor)),
            lambda: _review_form(request, found),
        ),
        "adjusting": (
            AdjustForm,
            actor.role in FILING and bool(may_adjust(actor, approved, underway, facts)),
            lambda: _adjust_form(found),
        ),
        "numbering": (
            ApprovalForm,
            approved and actor.role is Role.PERFORMANCE_OFFICE,
            lambda: ApprovalForm(initial={"doc_no": found.doc_no}),
        ),
        "disclosing": (
            DisclosedForm,
            approved and actor.role is Role.PERFORMANCE_OFFICE and not found.sheet.subject_year.withheld,
            lambda: DisclosedForm(initial={"on": found.disclosed_on}),
        ),
    }
    mine = {
        name: typed if isinstance(typed, kind) else made() if ok else None for name, (kind, ok, made) in may.items()
    }
    return mine | {"level2": LEVEL2, "files": files(actor, facts.department_above)}


def fill_form(found: Any, filled: Filled, facts: TargetFacts, data: Any = None, **drawn: Any) -> TargetForm:
    """The grid of a version, with last year and the opinions beside its lines."""
    beside = Beside(
        last_year(found.sheet.subject_year, Horizon(found.sheet.horizon)),
        reviewing.asked_for(list(found.opinions.filter(answered_at=None).order_by("id"))),
    )
    return TargetForm(filled, facts.rules.offered_classes, beside, data, annual=facts.annual, **drawn)


def _review_form(request: SignedIn, found: Any, data: Any = None) -> ReviewForm:
    actor = request.actor
    expert = text(data, "expert") if data is not None else ""
    mine = found.opinions.filter(name=expert or actor.name, answered_at=None)
    lines = list(found.lines.filter(source=LineSource.TARGET).order_by("position"))
    initial = {"result": found.result, "words": found.result_words}
    return ReviewForm(lines, {one.lineage: one for one in mine}, actor.role in FINANCE, data, initial=initial)


def _adjust_form(found: Any, data: Any = None) -> AdjustForm:
    lines = found.sheet.subject_year.budget_lines.filter(phase=BudgetPhase.ADDED).order_by("-effective_on", "-id")
    return AdjustForm(list(lines), data)


@require_POST
def fill(request: SignedIn, pk: int) -> HttpResponse:
    """Save the grid, or draw it with more rows or an entry of the library (`add`: its key); nothing typed is lost."""
    found = _found(request, pk)
    facts, stored = found.facts(), found.filled
    if "more" in request.POST or "add" in request.POST:
        form = fill_form(found, stored, facts, request.POST, more=True, added=_added(request))
        allowed = may_fill(request.actor, found.state == State.DRAFT, facts)
        if not allowed:
            messages.error(request, "；".join(allowed.reasons))
            return htmx.redirect(request, reverse("target-sheet", args=[pk]))
        return sheet_page(request, found, form, unsaved=True)
    form = fill_form(found, stored, facts, request.POST)

    def save(**proof: Any) -> None:
        actions.fill(found, request.actor, filled=form.filled(), **proof)

    return _saved(request, found, form, save, fill_form(found, stored, facts), "已保存，还没有报送")


def _added(request: SignedIn) -> Said | None:
    """The library's entry that was asked for, as a line without target; one of another region is none."""
    asked = number(request.POST, "add", 0)
    entry = Entry.objects.visible_to(request.actor).filter(pk=asked).first() if asked else None
    if entry is None:
        return None
    comparison = entry.comparison or Comparison.AT_LEAST
    return Said(entry.level1, entry.level2, entry.name, comparison, "", entry.unit, Decimal(0), entry=entry.pk)


@require_POST
def review(request: SignedIn, pk: int) -> HttpResponse:
    """Keep what a reviewer thinks of the lines."""
    found = _found(request, pk)
    form = _review_form(request, found, request.POST)

    def save(**proof: Any) -> None:
        reviewing.review(found, request.actor, reviewed=form.reviewed(), **proof)

    return _saved(request, found, form, save, _review_form(request, found), "审核意见已保存")


@require_POST
def adjust(request: SignedIn, pk: int) -> HttpResponse:
    """Begin an adjustment."""
    found = _found(request, pk)
    form = _adjust_form(found, request.POST)
    made: list[TargetVersion] = []

    def save(**proof: Any) -> None:
        made.append(actions.adjust(found, request.actor, work_year=request.shell.year, **form.cleaned_data, **proof))

    answer = _saved(request, found, form, save, _adjust_form(found), "已开出调整稿，原目标在新版批复前继续有效")
    return htmx.redirect(request, reverse("target-sheet", args=[made[0].pk])) if made else answer


@require_POST
def number_approval(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the number of the approval."""
    found, form = _found(request, pk), ApprovalForm(request.POST)

    def save(**proof: Any) -> None:
        actions.number_approval(found, request.actor, doc_no=form.cleaned_data["doc_no"], **proof)

    return _saved(request, found, form, save, ApprovalForm(initial={"doc_no": found.doc_no}), "已保存")


@require_POST
def disclosed(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the day on which the target was made public."""
    found, form = _found(request, pk), DisclosedForm(request.POST)

    def save(**proof: Any) -> None:
        actions.mark_public(found, request.actor, on=form.cleaned_data["on"], **proof)

    return _saved(request, found, form, save, DisclosedForm(initial={"on": found.disclosed_on}), "已保存")


def _saved(
    request: SignedIn, found: Any, form: forms.Form, save: Callable[..., None], stored: forms.Form, done: str
) -> HttpResponse:
    def again(status: int) -> HttpResponse:
        return sheet_page(request, found, form, status=status)

    def versioned(version: int, token: str) -> None:
        save(version_no=version, token=token)

    return saved(request, form, versioned, again, reverse("target-sheet", args=[found.pk]), done, stored)


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take the posted step."""
    back = reverse("target-sheet", args=[pk])
    return take_move(request, TargetVersion.objects, pk, back, actions.after_step)


def _missing(facts: TargetFacts) -> tuple[str, ...]:
    """What the rules still ask for; lists no reason for lines that were never handed over."""
    decision = Decision()
    for guard in COMPLETE if facts.lines else ():
        decision &= guard(facts)
    return decision.reasons
