"""What is typed on the pages of the register: agencies, experts, selections, terms, deliverables, appraisals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from jixiao.domain.quantities import plain
from jixiao.kit.web.fields import AmountField, DayField, PointsField
from jixiao.kit.web.rows import RowsForm, words
from jixiao.registers.organizations.models import UnitYear

from .actions import AGENCY
from .models import Agency, Appraiser, Deliverable, Engagement, Expert, Selection
from .rules import AgencyQualityRules

SPARE = 3


def _line(longest: int, **how: Any) -> forms.CharField:
    return forms.CharField(max_length=longest, required=False, **how)


class AgencyForm(RowsForm):
    """An agency and its 主评人; a row without a name falls out."""

    heads = {
        "name": "主评人",
        "qualification": "职称或执业资格",
        "working_years": "从业年限",
        "evaluating_years": "绩效评价年限",
    }

    def __init__(self, agency: Agency | None, appraisers: Iterable[Appraiser], data: Any = None) -> None:
        super().__init__(data, {name: getattr(agency, name) for name in AGENCY} if agency else None)
        self.fields["name"] = forms.CharField(label="机构名称", max_length=120)
        self.fields["credit_code"] = _line(18, label="统一社会信用代码")
        self.fields["platform_number"] = _line(60, label="信用管理平台登记号", help_text="没有登记号的不能选用")
        self.fields["checked_on"] = DayField(label="平台核查日期", required=False)
        self.fields["violation"] = _line(200, label="近年重大违法记录", help_text="没有的不填；填了的不能选用")
        self.fields["contact"] = _line(120, label="联系方式")
        self.fields["suspended_until"] = DayField(label="暂停选用至", required=False)
        self.fields["suspension"] = _line(200, label="暂停原因")
        known = list(appraisers)
        for n in range(len(known) + SPARE):
            one = known[n] if n < len(known) else None
            years: dict[str, Any] = {"min_value": 0, "max_value": 70, "required": False}
            self.add(
                n,
                (),
                f"第 {n + 1} 行",
                name=_line(40, initial=one.name if one else ""),
                qualification=_line(120, initial=one.qualification if one else ""),
                working_years=forms.IntegerField(**years, initial=one.working_years if one else None),
                evaluating_years=forms.IntegerField(**years, initial=one.evaluating_years if one else None),
            )

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).strip().upper()

    def clean(self) -> Any:
        for key, said in self.told().items():
            for name in ("qualification", "working_years", "evaluating_years"):
                if said["name"] and said[name] in (None, "") and f"{name}-{key}" not in self.errors:
                    self.add_error(f"{name}-{key}", "请填写")
        names = [said["name"] for said in self.told().values() if said["name"]]
        if len(set(names)) < len(names):
            self.add_error(None, "同一位主评人请只填一行")
        return super().clean()

    def appraisers(self) -> list[dict[str, Any]]:
        return [said for said in self.told().values() if said["name"]]

    def said(self) -> dict[str, Any]:
        return {bound.name: self.cleaned_data[bound.name] for bound in self.own}


class ExpertForm(forms.Form):
    """An expert of the register."""

    name = forms.CharField(label="姓名", max_length=40)
    organisation = forms.CharField(label="工作单位", max_length=120)
    title = forms.CharField(label="职称或职务", max_length=80)
    field = forms.CharField(label="专业领域", max_length=120)
    contact = forms.CharField(label="联系方式", max_length=120, required=False)
    active = forms.BooleanField(label="在库", required=False, initial=True)

    def __init__(self, expert: Expert | None, data: Any = None) -> None:
        names = ("name", "organisation", "title", "field", "contact", "active")
        super().__init__(data, initial={name: getattr(expert, name) for name in names} if expert else None)


class RecusalForm(forms.Form):
    """A relation with a unit."""

    unit = forms.ModelChoiceField(UnitYear.objects.none(), label="应回避的单位", empty_label="请选择")
    relation = forms.CharField(label="利害关系", max_length=200, help_text="例如：近三年为该单位提供咨询服务")
    on = DayField(label="声明日期")

    def __init__(self, units: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SelectForm(RowsForm):
    """How an agency was selected: who took part; a draw needs only its seed."""

    facts = ("机构",)
    heads = {"takes": "参选", "fen": "报价（万元）", "points": "评审得分"}

    def __init__(self, agencies: Iterable[Agency], data: Any = None) -> None:
        super().__init__(data)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["purpose"] = forms.CharField(label="选取事项", max_length=200)
        self.fields["way"] = forms.ChoiceField(label="选取方式", choices=Selection.choices())
        self.fields["chosen"] = forms.ChoiceField(
            label="选定机构",
            required=False,
            choices=[("", "随机抽取的由种子定"), *((key, agency.name) for key, agency in self.agencies.items())],
        )
        self.fields["seed"] = _line(
            60, label="随机种子", help_text="随机抽取必填，如公证号或当日开奖号；任何人可据此重算"
        )
        self.fields["reason"] = words(label="选定理由")
        for key, agency in self.agencies.items():
            self.add(
                key,
                (agency.name,),
                agency.name,
                takes=forms.BooleanField(required=False),
                fen=AmountField(required=False),
                points=PointsField(Decimal(100), required=False),
            )

    def bids(self) -> list[dict[str, Any]]:
        return [
            {"agency": self.agencies[key], "fen": said["fen"], "points": said["points"]}
            for key, said in self.told().items()
            if said["takes"]
        ]

    def chosen(self) -> Agency | None:
        return self.agencies.get(self.cleaned_data["chosen"])


class TermForm(forms.Form):
    """From when until when an engagement opens data."""

    since = DayField(label="委托自")
    until = DayField(label="委托至", help_text="提前到昨天即为立即终止")

    def __init__(self, engagement: Engagement, data: Any = None) -> None:
        super().__init__(data, initial={"since": engagement.since, "until": engagement.until})


class DeliverablesForm(RowsForm):
    """What is owed by when, and when it came."""

    heads = {"name": "交付成果", "due_on": "应交日期", "delivered_on": "实交日期"}

    def __init__(self, rows: Iterable[Deliverable], data: Any = None) -> None:
        super().__init__(data)
        known = list(rows)
        for n in range(len(known) + SPARE):
            one = known[n] if n < len(known) else None
            self.add(
                n,
                (),
                f"第 {n + 1} 行",
                name=_line(120, initial=one.name if one else ""),
                due_on=DayField(required=False, initial=one.due_on if one else None),
                delivered_on=DayField(required=False, initial=one.delivered_on if one else None),
            )

    def clean(self) -> Any:
        for key, said in self.told().items():
            if said["name"] and said["due_on"] is None and f"due_on-{key}" not in self.errors:
                self.add_error(f"due_on-{key}", "请填写")
        return super().clean()

    def deliverables(self) -> list[dict[str, Any]]:
        return [said for said in self.told().values() if said["name"]]


class JudgeForm(RowsForm):
    """机构考核: points of each item of the region's rules."""

    facts = ("考核项目", "满分")
    heads = {"points": "得分"}

    def __init__(self, rules: AgencyQualityRules, data: Any = None) -> None:
        super().__init__(data)
        self.names = list(rules.items)
        self.fields["remark"] = words(label="考核意见")
        for n, (name, full) in enumerate(rules.items.items()):
            self.add(n, (name, plain(full)), name, points=PointsField(full))

    def points(self) -> dict[str, Decimal]:
        return {self.names[int(key)]: said["points"] for key, said in self.told().items()}
