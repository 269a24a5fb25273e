"""Form fields that read what people write as the importers do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from jixiao.domain.quantities import Unreadable, read_date


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
