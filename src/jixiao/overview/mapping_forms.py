"""The form by which an office says which of a file's columns is which of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from jixiao.kit.columns import Column
from jixiao.kit.mapping import UNITS, Mapped
from jixiao.kit.tables import Table


class MappingForm(forms.Form):
    """For each column of the table: a header of the file, or one value for all rows."""

    name = forms.CharField(
        label="保存为", max_length=40, help_text="下次表头相同的文件自动按它读，命令行也用这个名字；同名的会替换"
    )
    money = forms.ChoiceField(
        label="金额单位",
        required=False,
        choices=[("", "以表头所写为准"), *((unit, unit) for unit in UNITS)],
        help_text="表头和“单位：”行都没有写单位时按这里读",
    )

    def __init__(self, table: Table, headers: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        choices = [("", "不在文件里"), *((header, header) for header in dict.fromkeys(headers))]
        for column in table.columns:
            self.fields[f"column_{column.key}"] = forms.ChoiceField(
                label=f"{column.header}对应的列", required=False, choices=choices
            )
            self.fields[f"fixed_{column.key}"] = forms.CharField(
                label=f"{column.header}的固定值", required=False, max_length=200
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            for key, why in self.mapping().problems(self.table).items():
                self.add_error("money" if key == "money" else f"column_{key}", why)
        return values

    def mapping(self) -> Mapped:
        """What was filled in, as values."""
        said = self.cleaned_data
        keys = [column.key for column in self.table.columns]
        columns = {key: said[f"column_{key}"] for key in keys if said.get(f"column_{key}")}
        fixed = {key: said[f"fixed_{key}"] for key in keys if said.get(f"fixed_{key}")}
        return Mapped(self.table.key, columns, fixed, said.get("money", ""))

    def lines(self) -> list[tuple[Column, Any, Any]]:
        """Each column of the table with its two fields, as the page draws them."""
        return [(c, self[f"column_{c.key}"], self[f"fixed_{c.key}"]) for c in self.table.columns]


def initial_of(mapping: Mapped, name: str) -> dict[str, str]:
    """A mapping as the form shows it."""
    columns = {f"column_{key}": header for key, header in mapping.columns.items()}
    return {"name": name, "money": mapping.money, **columns, **{f"fixed_{k}": v for k, v in mapping.fixed.items()}}
