"""What is typed on the pages of 存量资金清理: a cut-off, a unit's view, a decision."""

from __future__ import annotations

from typing import Any

from django import forms

from jixiao.domain.quantities import format_amount
from jixiao.kit.web.fields import AmountField, DayField

from .actions import Ruling
from .rules import Measure

PARAGRAPH = forms.Textarea({"rows": 3})


class RunForm(forms.Form):
    """A new run."""

    cutoff = DayField(label="截止日期", help_text="预算、支出、监控都看到这一天为止，同一天只清理一次")


class ReplyForm(forms.Form):
    """What the unit says of its candidate."""

    view = forms.CharField(
        label="情况说明",
        max_length=2000,
        widget=PARAGRAPH,
        help_text="为什么没有支出、还要不要用、准备什么时候用；决定之前可以修改",
    )


class BatchForm(forms.Form):
    """One decision for several candidates; what is recovered or reduced is the whole of what may be taken."""

    measure = forms.ChoiceField(label="清理措施", choices=[("", "请选择"), *Measure.choices()])
    doc_no = forms.CharField(label="文号", required=False, max_length=80, help_text="收回、调减须有文号")
    opinion = forms.CharField(label="处理理由", max_length=1000, widget=PARAGRAPH)

    def clean_measure(self) -> Measure:
        return Measure(self.cleaned_data["measure"])

    def ruling(self) -> Ruling:
        """The decision as understood."""
        return Ruling(**self.cleaned_data)


class RulingForm(BatchForm):
    """The decision on one candidate, with its amount; `limit`: fen that may be taken."""

    fen = AmountField(label="金额（万元）", required=False)
    field_order = ("measure", "fen", "doc_no", "opinion")

    def __init__(self, limit: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = format_amount(max(limit, 0))
        self.fields["fen"].help_text = f"收回、调减时填写，最多 {most} 万元；保留的不填"
