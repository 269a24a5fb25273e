"""Form fields that read what people write as the importers do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from jixiao.domain.quantities import Unreadable, plain, read_amount, read_date, read_number


class DayField(forms.CharField):
    """A day as people write it; blank is None."""

    widget = forms.DateInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dt.date) or not value:
            return value or None
        try:
            return read_date(value)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None


class AmountField(forms.CharField):
    """An amount in 万元, kept in fen; None where nothing is typed."""

    def __init__(self, **how: Any) -> None:
        super().__init__(max_length=30, **how)

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        try:
            return read_amount(written) if written else None
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None


class PointsField(forms.CharField):
    """分 between 0 and the full points, to 0.01; None where nothing is typed and nothing must be."""

    def __init__(self, full: Decimal, **how: Any) -> None:
        super().__init__(max_length=10, **how)
        self.full = full

    def clean(self, value: Any) -> Decimal | None:
        written = super().clean(value)
        if not written:
            return None
        try:
            points = read_number(written)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None
        if not 0 <= points <= self.full or points != round(points, 2):
            raise forms.ValidationError(f"应在 0 至 {plain(self.full)} 分之间，最多两位小数")
        return points
