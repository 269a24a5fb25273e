"""Invariants: sentences that must be true of the stored rows at any time; `doctor` asks for every violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Subquery

from .models import Transition
from .moving import Sheet


@dataclass(frozen=True, slots=True)
class Invariant:
    """One sentence about the data. `check` yields a Chinese sentence for each place where it is not so."""

    key: str
    sentence: str
    check: Callable[[], Iterator[str]]


def sheet_models() -> list[type[Sheet]]:
    """Every model that lives by a machine."""
    return [model for model in apps.get_models() if issubclass(model, Sheet)]


def _with_last_target(model: type[Sheet]) -> Any:
    """The sheets, each with `last`, the state that its newest transition led to."""
    steps = Transition.objects.filter(
        region=OuterRef("region"), sheet_type=model._meta.label_lower, sheet_id=OuterRef("pk")
    )
    return model._default_manager.annotate(last=Subquery(steps.order_by("-id").values("target")[:1]))


def _states() -> Iterator[str]:
    for model in sheet_models():
        name, start = model._meta.verbose_name, model.machine.initial.value
        sheets = _with_last_target(model)
        for pk, state in sheets.filter(last=None).exclude(state=start).values_list("pk", "state"):
            yield f"{name} {pk} 的状态是“{_label(model, state)}”，却没有任何流转记录"
        wrong = sheets.exclude(last=None).exclude(last=F("state"))
        for pk, state, last in wrong.values_list("pk", "state", "last"):
            yield f"{name} {pk} 的状态是“{_label(model, state)}”，最后一次流转到“{_label(model, last)}”"


def _label(model: type[Sheet], code: str) -> str:
    """A state's name; a code that the machine does not know is shown as it is."""
    return next((state.label for state in model.machine.states if state.value == code), code)


INVARIANTS: tuple[Invariant, ...] = (Invariant("sheets.state", "每张单据的状态等于它最后一次流转到的状态", _states),)
