"""What can be written on an evaluation: who may now, by which form, and how it is saved.

The page, the workbook and the API are doors to the same writing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision

from .actions import opening, panel, working
from .forms import (
    ChooseForm,
    DefectsForm,
    DescribeForm,
    ItemsForm,
    PanelForm,
    PapersForm,
    ReplyForm,
    SettleForm,
    StepForm,
)
from .frameworks import suited
from .models import Evaluation, PanelMember, ProcedureKind
from .rules import may_work
from .workflow import State

PLANNED = (State.DRAFT, State.PLANNING)
CONSULTED = (State.CONSULTATION,)


@dataclass(frozen=True, slots=True)
class Writing:
    """`may` this actor write it now, the `form` of what stands or was typed, and `save(sheet, actor, form, …)`.

    `save` takes version and token of the act and raises Stale, Repeated, Refused.
    """

    may: Callable[[Actor, Any], Decision]
    form: Callable[[Any, Any], Any]
    save: Callable[..., Any]

    def stands(self, sheet: Any) -> tuple[dict[str, Any], frozenset[str]]:
        """What the form begins with, by the name of its field, and the fields that nobody fills now."""
        form = self.form(sheet, None)
        begun = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        return begun, frozenset(name for name, field in form.fields.items() if field.disabled)


def _works(states: tuple[State, ...]) -> Callable[[Actor, Evaluation], Decision]:
    return lambda actor, sheet: may_work(actor, sheet.facts(), open_now=sheet.state in states)


def _choosing(sheet: Evaluation, data: Any) -> ChooseForm:
    return ChooseForm(opening.offered_frameworks(sheet.region, suited(sheet.subject_year.kind)), data)


def _choose(sheet: Evaluation, actor: Actor, form: ChooseForm, **proof: Any) -> Any:
    return working.choose_framework(sheet, actor, form.framework(), **proof)


def _tailor(sheet: Evaluation, actor: Actor, form: ItemsForm, **proof: Any) -> Any:
    return working.tailor(sheet, actor, form.items(), **proof)


def hides_points(sheet: Evaluation) -> bool:
    """Do experts mark, so that points come from them alone?"""
    return sheet.panel_closed_at is None and sheet.panel.exists()


def _papers(sheet: Evaluation, data: Any) -> PapersForm:
    return PapersForm(sheet.marks.order_by("position"), hidden=hides_points(sheet), data=data)


def _write(sheet: Evaluation, actor: Actor, form: PapersForm, **proof: Any) -> Any:
    return working.write_papers(sheet, actor, form.papers(), **proof)


def _describe(sheet: Evaluation, actor: Actor, form: DescribeForm, **proof: Any) -> Any:
    said = form.cleaned_data
    return working.describe(sheet, actor, form.said(), said["problems"], said["suggestions"], **proof)


def _note(sheet: Evaluation, actor: Actor, form: StepForm, **proof: Any) -> Any:
    said = {**form.cleaned_data, "kind": ProcedureKind(form.cleaned_data["kind"])}
    return working.note_step(sheet, actor, **said, **proof)


def _texts(form: Any, name: str) -> dict[int, str]:
    """One column of the rows, by key."""
    return {int(key): said[name] for key, said in form.told().items()}


def _answer(sheet: Evaluation, actor: Actor, form: DefectsForm, **proof: Any) -> Any:
    return working.answer_defects(sheet, actor, _texts(form, "answer"), **proof)


def _reply(sheet: Evaluation, actor: Actor, form: ReplyForm, **proof: Any) -> Any:
    return working.reply(sheet, actor, _texts(form, "objection"), form.cleaned_data["reply"], **proof)


def _settling(sheet: Evaluation, data: Any) -> SettleForm:
    return SettleForm(sheet.marks.exclude(objection="").order_by("position"), data)


def _settle(sheet: Evaluation, actor: Actor, form: SettleForm, **proof: Any) -> Any:
    return working.settle(sheet, actor, _texts(form, "settled"), **proof)


def _marking(member: PanelMember, data: Any) -> PanelForm:
    return PanelForm(member, member.evaluation.marks.order_by("position"), data)


def _mark(member: PanelMember, actor: Actor, form: PanelForm, **proof: Any) -> Any:
    points = {int(key): said["points"] for key, said in form.told().items()}
    return panel.give(member, actor, points, _texts(form, "reason"), form.cleaned_data["opinion"], **proof)


FRAMEWORK = Writing(_works(PLANNED), _choosing, _choose)
ITEMS = Writing(_works(PLANNED), lambda sheet, data: ItemsForm(sheet.marks.order_by("position"), data), _tailor)
PAPERS = Writing(_works(working.MARKED), _papers, _write)
REPORT = Writing(_works(working.DESCRIBED), DescribeForm, _describe)
DEFECTS = Writing(
    _works(working.DESCRIBED), lambda sheet, data: DefectsForm(sheet.defects.order_by("no"), data), _answer
)
REPLY = Writing(
    lambda actor, sheet: working.may_reply(actor, sheet, timezone.localdate()),
    lambda sheet, data: ReplyForm(sheet, sheet.marks.order_by("position"), data),
    _reply,
)
SETTLEMENTS = Writing(_works(CONSULTED), _settling, _settle)
STEP = Writing(working.may_note, lambda _sheet, data: StepForm(data), _note)
MARKING = Writing(panel.may_mark, _marking, _mark)
