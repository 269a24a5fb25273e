"""部门整体试点: a unit, the year in which it began, and the dates of its three steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from jixiao.kit.web.fields import DayField
from jixiao.registers.organizations.models import UnitYear

from ..models import Pilot
from ..rules import PilotSteps


class PilotForm(forms.Form):
    """One pilot; unit and year of one that is there stay as they are."""

    unit = forms.ChoiceField(label="试点单位")
    framework_on = DayField(label="指标体系构建日期", required=False)
    targets_on = DayField(label="目标设置日期", required=False)
    self_evaluated_on = DayField(label="自评日期", required=False)

    def __init__(self, units: Iterable[UnitYear], pilot: Pilot | None = None, data: Any = None) -> None:
        self.known = {str(place.unit_id): place for place in units}
        dates = ("framework_on", "targets_on", "self_evaluated_on")
        initial = {name: getattr(pilot, name) for name in dates} if pilot else {}
        super().__init__(data, initial=initial | ({"unit": str(pilot.unit_id)} if pilot else {}))
        choices = [(key, f"{place.code} {place.name}") for key, place in self.known.items()]
        self.fields["unit"].choices = choices if pilot else [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def place(self) -> UnitYear:
        return self.known[self.cleaned_data["unit"]]

    def steps(self) -> PilotSteps:
        return PilotSteps(*(self.cleaned_data[name] for name in ("framework_on", "targets_on", "self_evaluated_on")))
