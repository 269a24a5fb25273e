"""What is typed on the pages of 事前评估: amounts, texts, experts' points, the conclusion, exemptions, 财政评审."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.web.fields import AmountField, DayField, PointsField

from .frameworks import Framed
from .models import Assessment, AssessmentExpert, AssessmentPoint
from .rules import CONCLUSIONS

LONGEST = 4000


def _paragraph(label: str, help_text: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST, widget=forms.Textarea({"rows": 3})
    )


def _written(fen: int | None) -> str:
    return "" if fen is None else amount_plain(fen)


class OpenForm(forms.Form):
    """A new assessment: by which framework, and the amount that is asked for."""

    kind = forms.ChoiceField(label="评估指标体系")
    asked = AmountField(label="申报金额（万元）", help_text="可以改为拟申报的金额；结论按建议金额放行")

    def __init__(self, offered: Iterable[Framed], asked: int, data: Any = None) -> None:
        super().__init__(data, initial={"asked": _written(asked) if asked else ""})
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]

    def clean_kind(self) -> Framed:
        return Framed(self.cleaned_data["kind"])


class DescribeForm(forms.Form):
    """一、评估对象 of the report."""

    asked = AmountField(label="申报金额（万元）")
    background = _paragraph("背景和内容", "为什么要做、做什么、做到什么时候", True)
    goal = _paragraph("预期绩效目标", "", True)
    funding = _paragraph("资金构成", "财政拨款、上级资金、自筹各多少，分年安排", True)

    def __init__(self, sheet: Assessment, data: Any = None) -> None:
        initial = {name: getattr(sheet, name) for name in ("background", "goal", "funding")}
        super().__init__(data, initial=initial | {"asked": _written(sheet.asked)})


class JudgeForm(forms.Form):
    """Advised amount and conclusion, with the words of the report. The conclusion begins with what the points say."""

    advised = AmountField(
        label="建议金额（万元）", required=False, help_text="不超过申报金额；不予支持的填 0，核减额自动算出"
    )
    conclusion = forms.ChoiceField(
        label="评估结论", choices=[("", "请选择"), *((v.value, v.label) for v in CONCLUSIONS)]
    )
    reason = _paragraph("改变结论的理由", "结论与分数对应的不同时必须写明，写入报告")
    method = _paragraph("评估工作", "评估的目的和对象、思路和方法、程序")
    suggestions = _paragraph("相关建议")
    remarks = _paragraph("其他事项")

    def __init__(self, sheet: Assessment, proposed: Verdict | None, data: Any = None) -> None:
        initial = {name: getattr(sheet, name) for name in ("reason", "method", "suggestions", "remarks")}
        initial |= {"advised": _written(sheet.advised), "conclusion": str(sheet.conclusion or proposed or "")}
        super().__init__(data, initial=initial)

    def clean_conclusion(self) -> Verdict:
        return Verdict(self.cleaned_data["conclusion"])


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point of the framework with its control."""

    item: AssessmentPoint
    control: BoundField


class ExpertForm(forms.Form):
    """Who signed the paper, and what he gave each point."""

    name = forms.CharField(label="姓名", max_length=40)
    organisation = forms.CharField(label="工作单位", max_length=120)
    title = forms.CharField(label="职称或职务", max_length=80)

    def __init__(
        self, items: Iterable[AssessmentPoint], expert: AssessmentExpert | None = None, data: Any = None
    ) -> None:
        self.items = list(items)
        given = {one.item_id: one.points for one in expert.marks.all()} if expert else {}
        known = {name: getattr(expert, name) for name in ("name", "organisation", "title")} if expert else {}
        super().__init__(data, initial=known)
        for item in self.items:
            initial = plain(given[item.pk]) if item.pk in given else ""
            self.fields[f"points-{item.pk}"] = PointsField(item.full, label=item.name, initial=initial)

    @property
    def rows(self) -> list[PointRow]:
        """The points in order, each with its control."""
        return [PointRow(item, self[f"points-{item.pk}"]) for item in self.items]

    @property
    def person(self) -> list[BoundField]:
        """The controls of who it was."""
        return [self[name] for name in ("name", "organisation", "title")]

    def who(self) -> dict[str, str]:
        """Who it was, as understood."""
        return {name: self.cleaned_data[name] for name in ("name", "organisation", "title")}

    def points(self) -> dict[int, Decimal]:
        """What he gave, by key of the point."""
        return {item.pk: self.cleaned_data[f"points-{item.pk}"] for item in self.items}


class ExemptForm(forms.Form):
    """例外: category, reason, who allowed it, and how much it frees."""

    category = forms.ChoiceField(label="例外类别")
    fen = AmountField(label="例外所涉金额（万元）", help_text="放行到这一金额；以后增加的要重新评估")
    reason = _paragraph("理由", "", True)
    approver = forms.CharField(label="批准人岗位", max_length=80, help_text="例如：政府分管领导")
    on = DayField(label="批准日期")

    def __init__(self, categories: Iterable[str], fen: int, data: Any = None) -> None:
        super().__init__(data, initial={"fen": _written(fen) if fen else ""})
        self.fields["category"].choices = [(name, name) for name in categories]  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """To 财政评审."""

    doc_no = forms.CharField(label="送审文号", max_length=80)
    on = DayField(label="送审日期")


class ReceiveForm(forms.Form):
    """What 财政评审 returned."""

    fen = AmountField(label="评审金额（万元）", help_text="低于建议金额的，按评审金额放行")
    doc_no = forms.CharField(label="评审文号", max_length=80)
    on = DayField(label="返回日期")
    remark = _paragraph("评审说明")
