"""Forms of rows: a table in which every row has the same controls, e.g. points and reasons for each indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what stands fixed, and its controls in the order of the headings."""

    facts: tuple[str, ...]
    controls: tuple[BoundField, ...]


class RowsForm(forms.Form):
    """Fields of the whole form first; `add` appends rows. A field of a row is called name-key.

    `tall` rows have more to write than a line of a table holds: each is drawn as a block of its own, headed by its
    facts, which are its name, a value and what to look at.
    """

    tall: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = ()
    heads: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._rows: list[tuple[str, tuple[str, ...]]] = []

    def add(self, key: object, facts: tuple[str, ...], named: str, **fields: forms.Field) -> None:
        """A row under a key; `named` is how its errors call it."""
        self._rows.append((str(key), facts))
        for name, field in fields.items():
            field.label = f"{named}：{self.heads[name]}" if named else self.heads[name]
            self.fields[f"{name}-{key}"] = field

    @property
    def rows(self) -> list[Row]:
        """The rows as the page draws them."""
        return [
            Row(facts, tuple(self[f"{name}-{key}"] for name in self.heads if f"{name}-{key}" in self.fields))
            for key, facts in self._rows
        ]

    @property
    def own(self) -> list[BoundField]:
        """The fields of the whole form."""
        inside = {f"{name}-{key}" for key, _ in self._rows for name in self.heads}
        return [bound for bound in self if bound.name not in inside]

    def told(self) -> dict[str, dict[str, Any]]:
        """What was typed, row by row, as understood."""
        return {
            key: {name: self.cleaned_data.get(f"{name}-{key}") for name in self.heads if f"{name}-{key}" in self.fields}
            for key, _ in self._rows
        }


def words(required: bool = False, rows: int = 2, longest: int = 4000, **how: Any) -> forms.CharField:
    """A paragraph of text."""
    return forms.CharField(required=required, max_length=longest, widget=forms.Textarea({"rows": rows}), **how)
