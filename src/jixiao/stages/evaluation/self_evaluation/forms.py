"""What is typed on the pages of 单位自评: the years to open, a unit's values and reasons, a 免评."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import Unreadable, plain, read_number, read_percent
from jixiao.stages.monitoring.saying import read_actual

from .models import Score, SelfEvaluation
from .rules import Filled, Said

LONGEST = 200
PARAGRAPH = 1000


class OpenForm(forms.Form):
    """Which year is evaluated."""

    object_year = forms.IntegerField(label="评价哪一年", min_value=1990, max_value=2099)


class ExemptForm(forms.Form):
    """Why a subject need not evaluate itself."""

    reason = forms.CharField(label="免评的理由", max_length=200, help_text="例如：财政重点评价、项目未实施、资金收回")


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

    execution_cause = forms.CharField(
        label="执行率偏低的原因和改进措施", required=False, max_length=PARAGRAPH, widget=forms.Textarea({"rows": 2})
    )
    findings = forms.CharField(
        label="自查发现的问题", required=False, max_length=PARAGRAPH, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, sheet: SelfEvaluation, scores: Iterable[Score], data: Any):
        self.scores = list(scores)
        super().__init__(data, initial={"execution_cause": sheet.execution_cause, "findings": sheet.findings})
        controls: dict[str, forms.Field] = {}
        for score in self.scores:
            controls |= _controls(score)
        self.fields = controls | self.fields

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
            self._read(f"tier-{score.pk}", _tier, None)
            self._read(f"claimed-{score.pk}", lambda text, of=score.line: _points(text, of.weight), None)
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
        return Filled(said, values["execution_cause"], values["findings"])


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


def _tier(text: str) -> Decimal:
    found = read_percent(text)
    if not 0 <= found <= 100:
        raise Unreadable(f"完成度应在 0 到 100 之间，现为 {plain(found)}")
    return _to_hundredths(found, "完成度")


def _points(text: str, weight: Decimal) -> Decimal:
    found = read_number(text)
    if not 0 <= found <= weight:
        raise Unreadable(f"得分应在 0 到 {plain(weight)} 之间，现为 {plain(found)}")
    return _to_hundredths(found, "得分")


def _to_hundredths(found: Decimal, what: str) -> Decimal:
    if found != round(found, 2):
        raise Unreadable(f"{what}最多两位小数，现为 {plain(found)}")
    return found
