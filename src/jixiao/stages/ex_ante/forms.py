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
from jixiao.registers.institutions.models import Expert
from jixiao.registers.organizations.models import User

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


class InviteForm(forms.Form):
    """Which expert of the register marks, through which account, from when until when."""

    expert = forms.ModelChoiceField(Expert.objects.none(), label="专家", empty_label="请选择")
    account = forms.ModelChoiceField(User.objects.none(), label="专家的账号", empty_label="请选择")
    since = DayField(label="自")
    until = DayField(label="至", help_text="账号只在这几天看得到这一份评估")

    def __init__(self, experts: Any, accounts: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["expert"].queryset = experts  # type: ignore[attr-defined]
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["account"].label_from_instance = lambda user: f"{user.name}（{user.login}）"  # type: ignore[attr-defined]

    def term(self) -> dict[str, Any]:
        """From when until when, as understood."""
        return {name: self.cleaned_data[name] for name in ("since", "until")}


PERSON = ("name", "organisation", "title")
UNKNOWN = "没有从专家库选的，须填写"


class ExpertForm(forms.Form):
    """Who gives points, and what he gives each; one of the register is chosen, anybody else is typed.

    An expert with an account of his own is who he is: there are only his points to fill in.
    """

    known = forms.ModelChoiceField(
        Expert.objects.none(),
        label="从专家库选",
        required=False,
        empty_label="不在库，另填",
        help_text="选了专家，姓名、单位和职称照专家库，不用另填",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False, help_text=UNKNOWN)
    organisation = forms.CharField(label="工作单位", max_length=120, required=False, help_text=UNKNOWN)
    title = forms.CharField(label="职称或职务", max_length=80, required=False, help_text=UNKNOWN)

    def __init__(
        self,
        items: Iterable[AssessmentPoint],
        expert: AssessmentExpert | None = None,
        experts: Any = None,
        data: Any = None,
    ) -> None:
        self.items = list(items)
        given = {one.item_id: one.points for one in expert.marks.all()} if expert else {}
        self.asked = expert if expert and expert.account_id else None
        stands = {name: getattr(expert, name) for name in PERSON} if expert else {}
        super().__init__(data, initial=stands | {"known": expert.expert_id if expert else None})
        if self.asked:
            for name in ("known", *PERSON):
                del self.fields[name]
        elif experts is not None:
            self.fields["known"].queryset = experts  # type: ignore[attr-defined]
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
        return [self[name] for name in ("known", *PERSON) if name in self.fields]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.asked and not values.get("known") and "known" not in self.errors:
            for name in PERSON:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写{self.fields[name].label}，或从专家库选")
        return values

    def who(self) -> dict[str, str]:
        """Who it was, as understood."""
        known = self.asked or self.cleaned_data["known"]
        return {name: getattr(known, name) if known else self.cleaned_data[name] for name in PERSON}

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
