"""Bound Django fields as data that the macros in components/form.html draw, without Django's own form templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.widgets import ChoiceWidget

from jixiao.domain.money_words import MoneyWords
from jixiao.domain.quantities import normalize


def reword(form: forms.Form, money: MoneyWords) -> None:
    """The form's own labels and hints in the words of an object's money; before what people named joins them."""
    for field_of in form.fields.values():
        field_of.label, field_of.help_text = money.say(str(field_of.label or "")), money.say(str(field_of.help_text))


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    id: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One field: `kind` is an input's type, or textarea, select, checkbox, radio, checkboxes."""

    kind: str
    id: str
    name: str
    label: str
    value: str = ""
    required: bool = False
    disabled: bool = False
    checked: bool = False
    multiple: bool = False
    help: str = ""
    errors: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attrs: dict[str, str] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        """Ids of the help and of the errors, for aria-describedby."""
        return " ".join([f"{self.id}-help"] * bool(self.help) + [f"{self.id}-error"] * bool(self.errors))

    @property
    def anchor(self) -> str:
        """Where the error summary's link leads: the field, or the first of a group of choices."""
        return self.choices[0].id if self.kind in ("radio", "checkboxes") and self.choices else self.id


def control(bound: BoundField) -> Control:
    """The bound field as its macro needs it, with what was typed, not what was understood."""
    widget = bound.field.widget
    own = {"required", "disabled", "type", "id", "name", "value", "checked", "multiple"}
    kept = {**widget.attrs, **bound.field.widget_attrs(widget)}
    element = bound.id_for_label if not isinstance(widget, forms.RadioSelect) else bound.auto_id
    return Control(
        kind=_kind(bound),
        id=element or bound.html_name,
        name=bound.html_name,
        label=str(bound.label),
        value=_value(bound),
        required=bound.field.required,
        disabled=bound.field.disabled,
        checked=isinstance(widget, forms.CheckboxInput) and widget.check_test(bound.value()),
        multiple=bool(getattr(widget, "allow_multiple_selected", False)),
        help=str(bound.help_text or ""),
        errors=tuple(str(error) for error in bound.errors),
        choices=_choices(bound),
        attrs={name: str(value) for name, value in kept.items() if name not in own and value not in (None, False)},
    )


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    if isinstance(widget, (forms.Select, forms.SelectMultiple)):
        return "select"
    if type(widget) is forms.DateInput:
        # A browser empties type=date when the text is no date; the person must see what was typed.
        return "date" if _is_day(_value(bound)) else "text"
    return str(getattr(widget, "input_type", None) or "text")


def _is_day(text: str) -> bool:
    try:
        return not text or bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _value(bound: BoundField) -> str:
    value = bound.value()
    if value is None or isinstance(bound.field.widget, (forms.FileInput, forms.PasswordInput, forms.CheckboxInput)):
        return ""
    # type=date wants ISO, whatever the language's own order of day and month.
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _choices(bound: BoundField) -> tuple[Choice, ...]:
    widget = bound.field.widget
    if not isinstance(widget, ChoiceWidget):
        return ()
    chosen = widget.format_value(bound.value())
    options = (option for _, group, _ in widget.optgroups(bound.html_name, chosen) for option in group)
    return tuple(
        Choice(str(o["value"]), str(o["label"]), f"{bound.auto_id}_{n}", bool(o["selected"]))
        for n, o in enumerate(options)
    )


def differences(form: forms.Form, stored: forms.Form) -> list[tuple[str, str, str]]:
    """Label, what stands and what was typed, where the two differ; `stored` is the same form with what stands now."""
    theirs = {bound.name: bound.value() for bound in stored}
    found = []
    for bound in (bound for bound in form if not bound.is_hidden):
        labels = dict(getattr(bound.field, "choices", ()))
        stands, typed = (_shown_value(value, labels) for value in (theirs.get(bound.name), bound.value()))
        if stands != typed:
            found.append((str(bound.label), stands, typed))
    return found


def _shown_value(value: Any, labels: Mapping[Any, Any]) -> str:
    if isinstance(value, list | tuple):
        return "、".join(_shown_value(part, labels) for part in value)
    text = normalize(value)
    return str(labels.get(text, text)) if text else "（未填）"
