"""放行 as the gate reads it: what ex-ante assessment gave each subject-year, oldest first."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from .models import Clearance
from .rules import Cleared


def given(*conditions: Any, **which: Any) -> dict[int, list[Cleared]]:
    """The clearances by subject-year, in the order of their days; those without a day were recorded and come first."""
    rows = Clearance.objects.filter(*conditions, **which).order_by(F("on").asc(nulls_first=True), "pk")
    found: dict[int, list[Cleared]] = {}
    for subject, verdict, fen in rows.values_list("subject_year_id", "verdict", "covered"):
        found.setdefault(subject, []).append(Cleared(verdict, fen))
    return found
