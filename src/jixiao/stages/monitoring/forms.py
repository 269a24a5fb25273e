"""What is typed on the monitoring pages: a new round, a unit's readings, what finance says should follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import Unreadable, amount_plain, normalize
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.web.fields import AmountField, DayField
from jixiao.kit.web.forms import reword
from jixiao.registers.subjects.models import SubjectYear, SubjectYearQuerySet

from .models import LeaveKind, Reading, ReadingSheet, VisitKind
from .rules import Handling, cutoff_in_year
from .saying import Cause, Filled, Read, read_actual, read_causes, write_causes

LONGEST = 200
SEPARATORS = re.compile(r"[\s,，、;；]+")
OPEN = [("", "请选择")]


class RoundForm(forms.Form):
    """A new round; the number comes from the plan, the cut-off and the purpose may be changed."""

    no = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99)
    cutoff = DayField(label="截止日期", help_text="支出和完成情况看到这一天为止")
    due_on = DayField(label="报送期限", required=False, help_text="最后一天仍算按时；不填则到结束这一轮为止")
    purpose = forms.CharField(label="用意", max_length=40)

    def __init__(self, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_cutoff(self) -> dt.date:
        cutoff: dt.date = self.cleaned_data["cutoff"]
        for reason in cutoff_in_year(cutoff, self.year).reasons:
            raise forms.ValidationError(reason)
        return cutoff


class LeaveForm(forms.Form):
    """An exception for units of a round: which, until when, why."""

    kind = forms.ChoiceField(label="办理", choices=LeaveKind.choices())
    codes = forms.CharField(
        label="单位编码",
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
        required=False,
        help_text="几个单位用顿号、逗号或换行隔开，含其下属单位；不填表示所有还没有报送的单位（只用于延期）",
    )
    due_on = DayField(label="延长至")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, units: Mapping[str, Any], waiting: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.waiting = units, list(waiting)

    def clean_kind(self) -> LeaveKind:
        return LeaveKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        codes = [code for code in SEPARATORS.split(normalize(values.get("codes", ""))) if code]
        unknown = [code for code in codes if code not in self.units]
        if unknown:
            self.add_error("codes", f"没有这些单位编码：{'、'.join(unknown[:10])}，请到预算单位页核对")
        if not codes and values.get("kind") is LeaveKind.REOPENING:
            self.add_error("codes", "重新开放要指明单位，请填写单位编码")
        values["units"] = [self.units[code] for code in codes if code in self.units] or self.waiting
        return values


class KeyForm(forms.Form):
    """Which sheets come under 重点监控, and why."""

    reason = forms.CharField(label="选为重点的理由", max_length=200, help_text="例如：资金量大、群众关注、上轮红灯")


class VisitForm(forms.Form):
    """现场核查或约谈记录."""

    kind = forms.ChoiceField(label="方式", choices=VisitKind.choices())
    on = DayField(label="日期")
    people = forms.CharField(label="参加人员", max_length=200)
    findings = forms.CharField(label="情况和结果", max_length=2000, widget=forms.Textarea({"rows": 3}))

    def clean_kind(self) -> VisitKind:
        return VisitKind(self.cleaned_data["kind"])


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator in the form: what it aims at, what the last round said, and its controls.

    `explained`: its causes and remark are shown open, because something stands there or is wrong.
    """

    reading: Reading
    target: str
    before: str
    values: tuple[BoundField, ...]
    reasons: tuple[BoundField, ...]

    @property
    def headed(self) -> list[tuple[BoundField, str]]:
        """The values with the headings of their columns."""
        return list(zip(self.values, ("截至完成值", "全年预计", "完成可能性"), strict=True))

    @property
    def explained(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.reasons)


def _controls(reading: Reading, said: Reading) -> dict[str, forms.Field]:
    """The fields of one indicator, beginning with what `said` says."""
    name, (classes, words) = reading.line.name, read_causes(said.causes)
    return {
        f"actual-{reading.pk}": _text(f"“{name}”截至完成值", said.actual),
        f"expected-{reading.pk}": _text(f"“{name}”全年预计", said.expected),
        f"likelihood-{reading.pk}": forms.ChoiceField(
            label=f"“{name}”完成可能性",
            choices=OPEN + Likelihood.choices(),
            required=False,
            initial=str(said.likelihood or ""),
        ),
        f"causes-{reading.pk}": _causes(f"“{name}”偏差原因", classes),
        f"words-{reading.pk}": _text(f"“{name}”原因说明", words, 1000),
        f"remark-{reading.pk}": _text(f"“{name}”备注", said.remark),
    }


VALUES = ("actual", "expected", "likelihood")
REASONS = ("causes", "words", "remark")


def _causes(label: str, classes: Iterable[Cause], help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=Cause.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        initial=list(classes),
    )


def _text(label: str, initial: str, longest: int = LONGEST) -> forms.CharField:
    return forms.CharField(label=label, initial=initial, required=False, max_length=longest)


class FillForm(forms.Form):
    """A unit's sheet: the controls of each indicator, the state of the goal, and why the money deviates.

    What was never filled begins with what the last round said.
    """

    progress = forms.CharField(label="绩效目标完成情况", required=False, max_length=LONGEST, strip=True)
    expected_spent = AmountField(label="全年预计执行（万元）", required=False)
    causes = _causes("支出偏差的原因", (), "支出进度慢的必须说明；指标的偏差原因写在各指标下面")
    words = forms.CharField(
        label="支出偏差的说明", required=False, max_length=1000, widget=forms.Textarea({"rows": 3}), strip=True
    )

    def __init__(self, sheet: ReadingSheet, readings: Iterable[Reading], before: Mapping[str, Reading], data: Any):
        self.readings = list(readings)
        self.before = before
        classes, words = read_causes(sheet.causes)
        initial = {"causes": list(classes), "words": words, "progress": sheet.progress}
        if sheet.expected_spent is not None:
            initial["expected_spent"] = amount_plain(sheet.expected_spent)
        super().__init__(data, initial=initial)
        controls: dict[str, forms.Field] = {}
        for reading in self.readings:
            last = before.get(reading.line.lineage)
            untouched = reading.said == Read()
            controls |= _controls(reading, last if last and untouched else reading)
        reword(self, sheet.subject_year.money)
        self.fields = controls | self.fields

    @property
    def rows(self) -> list[Row]:
        """The indicators in order, each with its controls."""
        rows = []
        for reading in self.readings:
            line, last = reading.line, self.before.get(reading.line.lineage)
            values, reasons = (tuple(self[f"{part}-{reading.pk}"] for part in parts) for parts in (VALUES, REASONS))
            target = f"{line.comparison.label} {line.target} {line.unit}".strip()
            rows.append(Row(reading, target, last.actual if last else "", values, reasons))
        return rows

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for reading in self.readings:
            for part in ("actual", "expected"):
                name = f"{part}-{reading.pk}"
                try:
                    values[name] = read_actual(values.get(name, ""), reading.line.target, reading.line.unit)
                except Unreadable as error:
                    self.add_error(name, str(error))
        return values

    def filled(self) -> Filled:
        """The sheet as understood."""
        values = self.cleaned_data
        readings = {reading.pk: self._read(f"-{reading.pk}") for reading in self.readings}
        return Filled(readings, values["progress"], self._explained(""), values["expected_spent"])

    def _read(self, of: str) -> Read:
        values, outlook = self.cleaned_data, self.cleaned_data[f"likelihood{of}"]
        likelihood = Likelihood(outlook) if outlook else ""
        said = (values[f"actual{of}"], values[f"expected{of}"], likelihood)
        return Read(*said, self._explained(of), values[f"remark{of}"])

    def _explained(self, of: str) -> str:
        """偏差原因 as it is kept."""
        return write_causes([Cause(code) for code in self.cleaned_data[f"causes{of}"]], self.cleaned_data[f"words{of}"])


class HandlingForm(forms.Form):
    """处置 and its reasons."""

    handling = forms.ChoiceField(label="处置", choices=Handling.choices())
    fen = AmountField(
        label="金额（万元）", required=False, help_text="只在调减、调剂、收回时填写，不超过没有支出的金额"
    )
    doc_no = forms.CharField(label="文号", required=False, max_length=80, help_text="调减、调剂、收回须有文号")
    to = forms.CharField(
        label="调剂到的项目编码", required=False, max_length=40, help_text="只在调剂时填写，同一年度项目库里的编码"
    )
    advice = forms.CharField(label="处置意见", max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, offered: Iterable[Handling], projects: SubjectYearQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = projects
        self.fields["handling"].choices = [(handling.value, handling.label) for handling in offered]  # type: ignore[attr-defined]

    def clean_to(self) -> SubjectYear | None:
        code = normalize(self.cleaned_data["to"])
        found: SubjectYear | None = self.projects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(f"没有编码为 {code} 的项目，请到项目库核对")
        return found

    def clean_handling(self) -> Handling:
        return Handling(self.cleaned_data["handling"])


def handling_form(found: ReadingSheet, actor: Actor, data: Any = None) -> HandlingForm:
    """The form with what the sheet says now; money moves to projects of the year that the actor sees."""
    projects = SubjectYear.objects.visible_to(actor).in_total().filter(year=found.year)
    fen = "" if found.handling_fen is None else amount_plain(found.handling_fen, "万元")
    initial = {"handling": found.handling.value, "advice": found.advice, "fen": fen, "doc_no": found.handling_doc_no}
    initial["to"] = found.handling_to.code if found.handling_to else ""
    return HandlingForm(found.offered(), projects, data, initial=initial)
