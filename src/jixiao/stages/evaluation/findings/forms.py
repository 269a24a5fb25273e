"""What is typed on the pages of 自评审核: a unit's answer to a finding."""

from __future__ import annotations

from django import forms


class AnswerForm(forms.Form):
    """The answer to one finding."""

    words = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="说明实际情况和依据；有错的写明怎样改正。判断之前可以修改，材料附在下面",
    )
