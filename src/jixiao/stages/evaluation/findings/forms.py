"""What is typed on the pages of 自评审核: a unit's answer to a finding, and what a recheck says of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from jixiao.kit.web.rows import RowsForm, words

from .models import AuditFinding
from .reports.lists import hit_words
from .rules import Hits, Verdict


class AnswerForm(forms.Form):
    """The answer to one finding."""

    words = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="说明实际情况和依据；有错的写明怎样改正。判断之前可以修改，材料附在下面",
    )


class JudgeForm(RowsForm):
    """What a recheck says of each finding that nobody has judged: so, or not so and why; empty for later."""

    facts = ("疑点", "事实", "单位答复", "这条规则的命中率")
    heads = {"verdict": "判断", "reason": "理由"}
    SO, NOT_SO = "confirm", "reject"

    def __init__(self, findings: Iterable[AuditFinding], known: Mapping[str, Hits], data: Any = None) -> None:
        super().__init__(data)
        choices = [("", "以后再判断"), (self.SO, "属实"), (self.NOT_SO, "不属实")]
        for one in findings:
            if one.waiting:
                facts = (str(one), one.message, one.answer or "单位还没有答复", hit_words(known.get(one.code)))
                self.add(
                    one.pk,
                    facts,
                    str(one),
                    verdict=forms.ChoiceField(choices=choices, required=False),
                    reason=words(longest=500),
                )

    def clean(self) -> Any:
        for key, said in self.told().items():
            if said["verdict"] == self.NOT_SO and not said["reason"]:
                self.add_error(f"reason-{key}", "判为不属实的请写理由")
            if said["reason"] and not said["verdict"] and f"verdict-{key}" not in self.errors:
                self.add_error(f"verdict-{key}", "写了理由，请选择属实或不属实")
        if not self.errors and not self.verdicts():
            raise forms.ValidationError("请至少判断一条疑点")
        return super().clean()

    def verdicts(self) -> dict[int, Verdict]:
        """By key of the finding; those left for later are not among them."""
        return {
            int(key): Verdict(said["verdict"] == self.SO, said["reason"] or "")
            for key, said in self.told().items()
            if said["verdict"]
        }
