"""等级: the border belongs to the better grade, after rounding."""

from decimal import Decimal

import pytest

from jixiao.domain.grades import Grade, GradeRules, grade_of
from jixiao.domain.quantities import round2
from jixiao.policies import load

RULES = load("national/2020").section(GradeRules)


@pytest.mark.parametrize(
    ("total", "label"),
    [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"), ("59.99", "差"), ("0", "差")],
)
def test_a_border_belongs_to_the_better_grade(total, label):
    assert grade_of(Decimal(total), RULES) is Grade.read(label)


def test_a_total_is_rounded_before_it_is_graded():
    assert grade_of(round2(Decimal("89.995")), RULES) is Grade.EXCELLENT


def test_every_total_has_a_grade():
    assert {grade_of(Decimal(cents) / 100, RULES) for cents in range(10001)} == set(Grade)
