"""What is typed on the pages of 选评: a reason, what is known of a candidate, a draw, the title of a report."""

from __future__ import annotations

from typing import Any

from django import forms

from jixiao.domain.decisions import require

from .actions import Asked, Described
from .rules import Concern

EARLIEST, LATEST = 1990, 2099


class ReasonForm(forms.Form):
    """Why these are chosen or not."""

    reason = forms.CharField(
        label="选或不选的理由", required=False, max_length=200, help_text="选定、不选都须写理由；开展评价不用填"
    )


class DescribeForm(forms.Form):
    """选评信息 of one subject."""

    concern = forms.ChoiceField(label="社会关注度", required=False, choices=[("", "没有填写"), *Concern.choices()])
    concern_basis = forms.CharField(
        label="关注度依据", required=False, max_length=200, help_text="如人大建议、政协提案、热线投诉、媒体报道"
    )
    reach = forms.IntegerField(label="受益人数", required=False, min_value=0, max_value=2_000_000_000)
    first_year = forms.IntegerField(label="实施起始年", required=False, min_value=EARLIEST, max_value=LATEST)
    last_year = forms.IntegerField(
        label="实施截止年", required=False, min_value=EARLIEST, max_value=LATEST, help_text="长期实施的不填"
    )

    def clean_concern(self) -> Concern | None:
        written = self.cleaned_data["concern"]
        return Concern(written) if written else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first_year"), said.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", "实施截止年早于起始年，请核对")
        if said.get("concern") and not require(said.get("concern_basis"), ""):
            self.add_error("concern_basis", "请写明判断关注度的依据")
        return said

    def said(self) -> Described:
        """The description as understood."""
        return Described(**self.cleaned_data)


class DrawForm(forms.Form):
    """A draw of 抽查复核."""

    group = forms.ChoiceField(label="抽哪一类", choices=[("projects", "项目"), ("overall", "部门整体")])
    size = forms.IntegerField(label="抽取个数", min_value=1, max_value=10_000)
    parties = forms.CharField(
        label="各方数字",
        max_length=200,
        help_text="在场各方各报一个数，写明谁报的，如“监督股 4172；纪检组 8830”；系统再加一段随机数，合为种子",
    )
    reason = forms.CharField(label="再抽的理由", required=False, max_length=200, help_text="同一类本年第一次抽取不用填")

    def asked(self) -> Asked:
        """The draw as understood."""
        said = self.cleaned_data
        return Asked(said["group"] == "overall", said["size"], said["parties"], said["reason"])


class ReportForm(forms.Form):
    """A new report on a transfer."""

    title = forms.CharField(label="报告名称", max_length=200)
