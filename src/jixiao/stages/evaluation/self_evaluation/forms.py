"""What is typed on the pages of 单位自评: the years to open, a unit's values and reasons, a 免评."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.indicators import Comparison
from jixiao.domain.problems import ProblemRules
from jixiao.domain.quantities import Unreadable, amount_plain, plain, read_amount
from jixiao.kit.web.forms import reword
from jixiao.stages.monitoring.saying import read_actual

from .models import Score, SelfEvaluation
from .reports.problems import Named
from .rules import ExemptionRules, Filled, Funds, Said
from .saying import read_points, read_tier

LONGEST = 200
PARAGRAPH = 1000
FUNDS = {
    "carried_budget": "上年结转资金全年预算（万元）",
    "carried_spent": "上年结转资金全年执行（万元）",
    "other_budget": "其他资金全年预算（万元）",
    "other_spent": "其他资金全年执行（万元）",
}


class OpenForm(forms.Form):
    """Which year is evaluated."""

    object_year = forms.IntegerField(label="评价哪一年", min_value=1990, max_value=2099)


class ExemptForm(forms.Form):
    """Why a subject need not evaluate itself: one of the policy's grounds, and the reason in words."""

    category = forms.ChoiceField(label="免评的类别", required=False)
    reason = forms.CharField(label="免评的理由", max_length=200, help_text="写明依据，例如已列入哪一年的财政重点评价")

    def __init__(self, rules: ExemptionRules, data: Any = None):
        super().__init__(data)
        self.fields["category"].choices = [("", "请选择"), *((one, one) for one in rules.categories)]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator in the form: what the rule gives it now and why, and its controls.

    `lowered`: points of its own are shown open, because some stand there or are wrong.
    """

    score: Score
    target: str
    value: tuple[BoundField, ...]
    cause: BoundField
    own: tuple[BoundField, ...]

    @property
    def lowered(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.own)


class FillForm(forms.Form):
    """A unit's sheet: value and reason of each indicator, why execution was low, what it found itself."""

    achieved = forms.CharField(
        label="年度总体目标的实际完成情况", required=False, max_length=PARAGRAPH, widget=forms.Textarea({"rows": 2})
    )
    execution_cause = forms.CharField(
        label="执行率偏低的原因和改进措施", required=False, max_length=PARAGRAPH, widget=forms.Textarea({"rows": 2})
    )
    findings = forms.CharField(
        label="自查发现的问题", required=False, max_length=PARAGRAPH, widget=forms.Textarea({"rows": 3})
    )

    carried_reason = forms.CharField(label="更正上年结转的理由", required=False, max_length=300)

    def __init__(self, sheet: SelfEvaluation, scores: Iterable[Score], data: Any):
        self.scores = list(scores)
        super().__init__(data, initial=_initial(sheet))
        controls: dict[str, forms.Field] = {}
        for score in self.scores:
            controls |= _controls(score)
        self.fields |= {name: _text(label, "", 30) for name, label in FUNDS.items()}
        reword(self, sheet.subject_year.money)
        self.fields = controls | self.fields

    @property
    def money(self) -> list[tuple[str, BoundField, BoundField]]:
        """上年结转资金 and 其他资金, each with its 全年预算 and 全年执行."""
        pairs = (("上年结转资金", "carried"), ("其他资金", "other"))
        return [(label, self[f"{source}_budget"], self[f"{source}_spent"]) for label, source in pairs]

    @property
    def funded(self) -> bool:
        """Is there something to see in `money`?"""
        return any(bound.value() or bound.errors for _, *pair in self.money for bound in pair)

    @property
    def rows(self) -> list[Row]:
        """The indicators in order, each with its controls."""
        return [
            Row(
                score,
                f"{score.line.comparison.label} {score.line.target} {score.line.unit}".strip(),
                tuple(self[f"{part}-{score.pk}"] for part in ("actual", "tier") if f"{part}-{score.pk}" in self.fields),
                self[f"cause-{score.pk}"],
                tuple(self[f"{part}-{score.pk}"] for part in ("claimed", "claim")),
            )
            for score in self.scores
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for score in self.scores:
            self._read(f"actual-{score.pk}", lambda text, of=score.line: read_actual(text, of.target, of.unit), "")
            self._read(f"tier-{score.pk}", read_tier, None)
            self._read(f"claimed-{score.pk}", lambda text, of=score.line: read_points(text, of.weight), None)
        for name in FUNDS:
            self._read(name, _amount, 0)
        return values

    def _read(self, name: str, read: Any, blank: Any) -> None:
        """Put what was understood in the place of what was typed, or the reason why not at the field."""
        written = self.cleaned_data.get(name, "")
        try:
            self.cleaned_data[name] = read(written) if written else blank
        except Unreadable as error:
            self.add_error(name, str(error))

    def filled(self) -> Filled:
        """The sheet as understood."""
        values = self.cleaned_data
        said = {
            score.pk: Said(
                values[f"actual-{score.pk}"],
                values.get(f"tier-{score.pk}"),
                values[f"cause-{score.pk}"],
                values[f"claimed-{score.pk}"],
                values[f"claim-{score.pk}"],
            )
            for score in self.scores
        }
        funds = Funds(**{name: values[name] for name in FUNDS})
        return Filled(
            said,
            values["execution_cause"],
            values["findings"],
            values["achieved"],
            funds,
            values["carried_reason"],
        )


def _initial(sheet: SelfEvaluation) -> dict[str, str]:
    whole = {name: getattr(sheet, name) for name in ("achieved", "execution_cause", "findings", "carried_reason")}
    money = {name: amount_plain(getattr(sheet, name)) if getattr(sheet, name) else "" for name in FUNDS}
    return whole | money


def _amount(text: str) -> int:
    found = read_amount(text)
    if found < 0:
        raise Unreadable("不能是负数，请核对")
    return found


def _controls(score: Score) -> dict[str, forms.Field]:
    name, key = score.line.name, score.pk
    controls: dict[str, forms.Field] = {f"actual-{key}": _text(f"“{name}”完成值", score.actual)}
    if score.line.comparison is Comparison.QUALITATIVE:
        tier = "" if score.tier is None else plain(score.tier)
        controls[f"tier-{key}"] = _text(f"“{name}”完成度（%）", tier, 10)
    claimed = "" if score.claimed is None else plain(score.claimed)
    return controls | {
        f"cause-{key}": _text(f"“{name}”偏差原因及改进措施", score.cause, PARAGRAPH),
        f"claimed-{key}": _text(f"“{name}”自报得分", claimed, 10),
        f"claim-{key}": _text(f"“{name}”自报低分的理由", score.claim),
    }


def _text(label: str, initial: str, longest: int = LONGEST) -> forms.CharField:
    return forms.CharField(label=label, initial=initial, required=False, max_length=longest)


class ClassifyForm(forms.Form):
    """The classes of each problem: what was confirmed before, else what its words propose."""

    def __init__(self, problems: Iterable[Named], rules: ProblemRules, data: Any = None) -> None:
        super().__init__(data)
        self.problems = {f"kinds-{one.key}": one for one in problems}
        for no, (name, one) in enumerate(self.problems.items(), 1):
            self.fields[name] = forms.MultipleChoiceField(
                label=f"{no}. {one.text}",
                choices=rules.choices(),
                initial=list(one.classed.codes),
                widget=forms.CheckboxSelectMultiple,
                help_text="" if one.classed.confirmed else "已按词语勾选建议，请核对后保存",
                error_messages={"required": "请至少选一类，没有合适的选“其他”"},
            )

    def kinds(self) -> list[tuple[Named, list[str]]]:
        """Each problem with its classes."""
        return [(one, self.cleaned_data[name]) for name, one in self.problems.items()]
