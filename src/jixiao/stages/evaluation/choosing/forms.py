"""What is typed on the pages of 选评: a reason, what is known of a candidate, a draw, the title of a report."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from jixiao.domain.decisions import require
from jixiao.domain.policy import Policy
from jixiao.kit.web.fields import DayField, PointsField
from jixiao.policies import names
from jixiao.policies.trial import LONGEST, read, trial

from .actions import Asked, Described, Reminding
from .rules import Concern

EARLIEST, LATEST = 1990, 2099
HUNDRED = Decimal(100)
CAP = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*[%％]?\s*[:：]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?")


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


class RemindForm(forms.Form):
    """催报: which units' missing reports, and until when."""

    unit_path = forms.ChoiceField(label="催哪些", required=False)
    due_on = DayField(label="报送期限")
    words = forms.CharField(label="催报说明", required=False, max_length=200)

    def __init__(self, units: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_path"].choices = units  # type: ignore[attr-defined]

    def asked(self) -> Reminding:
        """The reminder as understood."""
        return Reminding(**self.cleaned_data)


class TrialForm(forms.Form):
    """Rules to be tried: shipped ones, with what a TOML text or file sets and with single values changed."""

    policy = forms.ChoiceField(label="从哪套规则出发", choices=[(name, name) for name in names()])
    excellent = PointsField(HUNDRED, label="优的下限（分）", required=False)
    good = PointsField(HUNDRED, label="良的下限（分）", required=False)
    fair = PointsField(HUNDRED, label="中的下限（分）", required=False)
    execution_weight = PointsField(HUNDRED, label="预算执行率分值（分）", required=False)
    over_deduction = PointsField(HUNDRED, label="超额完成扣分（分）", required=False)
    caps = forms.CharField(
        label="执行率封顶",
        required=False,
        max_length=200,
        help_text="“执行率低于:最高得分”，几档用分号隔开，如 80%:89；60%:79；不封顶写“无”",
    )
    variant = forms.CharField(
        label="规则文件内容（TOML）",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="如 [grades] 一行、excellent = 95 一行；写法与“规则参数”相同",
    )
    file = forms.FileField(label="或选择规则文件（.toml）", required=False)

    GRADES = ("excellent", "good", "fair")
    SCORING = ("execution_weight", "over_deduction")

    def __init__(self, standing: Policy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].initial = standing.name
        for section, keys in (("grades", self.GRADES), ("scoring", self.SCORING)):
            for key in keys:
                self.fields[key].help_text = f"现为 {standing.settings[section][key].value}"

    def clean_caps(self) -> list[dict[str, str]] | None:
        written = self.cleaned_data["caps"].strip()
        if not written:
            return None
        parts = [] if written == "无" else re.split(r"[;；]", written.strip(";； "))
        found = [CAP.fullmatch(part.strip()) for part in parts]
        if not all(found):
            raise forms.ValidationError("写法应如 80%:89；60%:79")
        return [{"below": f"{cap[1]}%", "total": cap[2]} for cap in found if cap]

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        try:
            return str(file.read(LONGEST * 4).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("不是 UTF-8 文本，请另存为 UTF-8 后重新选择") from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("file") and (said.get("variant") or "").strip():
            self.add_error("file", "粘贴和文件只用一种，请清空一种")
        return said

    def policy_tried(self) -> Policy:
        """The rules as understood. Raises PolicyError."""
        said = self.cleaned_data
        text = said["file"] or said["variant"]
        changed = {
            "grades": {key: said[key] for key in self.GRADES if said[key] is not None},
            "scoring": {key: said[key] for key in self.SCORING if said[key] is not None},
        }
        if said["caps"] is not None:
            changed["scoring"]["execution_caps"] = said["caps"]
        documents = [read(text)] if text.strip() else []
        single = {section: values for section, values in changed.items() if values}
        return trial(said["policy"], *documents, *([single] if single else []))


class ReportForm(forms.Form):
    """A new report on a transfer."""

    title = forms.CharField(label="报告名称", max_length=200)
