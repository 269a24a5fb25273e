"""Form fields that read what people write as the importers do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from jixiao.domain.quantities import Unreadable, read_amount, read_date


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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, **kwargs)

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        try:
            return read_amount(written) if written else None
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None
