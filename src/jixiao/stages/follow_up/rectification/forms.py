"""What is typed on the pages of 整改: a new notice, and what a unit did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from jixiao.kit.web.fields import DayField

PARAGRAPH = forms.Textarea({"rows": 3})


class NoticeForm(forms.Form):
    """A notice for one unit: its number, time limit and words, and a requirement for each item."""

    number = forms.CharField(label="文号", max_length=60, help_text="例如：西财绩〔2022〕5号")
    due_on = DayField(label="整改期限")
    basis = forms.CharField(label="依据", max_length=300, required=False)
    materials = forms.CharField(label="报送材料", max_length=300, required=False)
    contact = forms.CharField(label="联系人", max_length=120, required=False)

    def __init__(self, sheets: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = list(sheets)
        for sheet in self.sheets:
            label = f"{sheet.subject_year.name}：整改要求"
            self.fields[f"requirement-{sheet.pk}"] = forms.CharField(
                label=label, max_length=1000, initial=sheet.advice, widget=PARAGRAPH
            )

    def requirements(self) -> dict[int, str]:
        """What is asked, by the key of the sheet."""
        return {sheet.pk: self.cleaned_data[f"requirement-{sheet.pk}"] for sheet in self.sheets}


class AnswerForm(forms.Form):
    """What the unit did about one item."""

    measures = forms.CharField(label="整改措施和结果", max_length=2000, widget=PARAGRAPH)
    responsible = forms.CharField(label="责任人", max_length=80, required=False)
    done_on = DayField(label="完成日期", required=False, help_text="还没有完成的先不填，在措施里说明原因和计划")
