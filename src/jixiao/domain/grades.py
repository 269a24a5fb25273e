"""等级 of a total: 优 良 中 差 (财预〔2020〕10号第十八条)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from .terms import Term


class Grade(Term):
    """绩效评价等级, best first."""

    EXCELLENT = "excellent", "优"
    GOOD = "good", "良"
    FAIR = "fair", "中"
    POOR = "poor", "差"


@dataclass(frozen=True)
class GradeRules:
    """Lower borders in 分; each border belongs to the better grade."""

    section: ClassVar[str] = "grades"

    excellent: Decimal
    good: Decimal
    fair: Decimal


def grade_of(total: Decimal, rules: GradeRules) -> Grade:
    """The grade of a total that has already been rounded to 0.01: 89.995 was rounded to 90.00 before, and is 优."""
    if total >= rules.excellent:
        return Grade.EXCELLENT
    if total >= rules.good:
        return Grade.GOOD
    return Grade.FAIR if total >= rules.fair else Grade.POOR
