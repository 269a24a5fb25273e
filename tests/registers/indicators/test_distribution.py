"""What is usual: exact quantiles whatever the values, and the words for them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import quantiles

from hypothesis import given
from hypothesis import strategies as st

from jixiao.registers.indicators.distribution import Sample, by_place, by_unit_kind, by_year, quantile, sentence, usual
from jixiao.registers.indicators.rules import LibraryRules

RULES = LibraryRules(
    usual_from=Decimal(10), usual_to=Decimal(90), least_observed=5, suggested=10, similar_projects=20, seen_in=2
)
values = st.lists(st.decimals(-1000, 1000, places=2, allow_nan=False), min_size=2, max_size=40)


@given(values)
def test_quantiles_are_those_of_the_definition_and_exact(found):
    ordered = sorted(map(Fraction, found))
    deciles = quantiles(ordered, n=10, method="inclusive")
    assert [quantile(ordered, Fraction(share, 10)) for share in range(1, 10)] == deciles


@given(values, st.fractions(0, 1), st.fractions(0, 1))
def test_quantiles_lie_within_the_values_and_grow_with_the_share(found, one, other):
    ordered = sorted(map(Fraction, found))
    low, high = sorted((one, other))
    assert ordered[0] <= quantile(ordered, low) <= quantile(ordered, high) <= ordered[-1]
    assert quantile(ordered, Fraction(0)) == ordered[0]
    assert quantile(ordered, Fraction(1)) == ordered[-1]


@given(st.lists(st.integers(0, 100), min_size=5, max_size=30), st.randoms())
def test_the_order_of_the_observations_changes_nothing(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    assert usual(map(str, mixed), RULES) == usual(map(str, found), RULES)


def test_the_sentence_names_the_usual_range_and_the_units_last_year():
    found = usual([str(number) for number in range(85, 96)], RULES, "%")
    assert found is not None
    assert sentence(found, "92", "%") == "通常 86–94%，本单位上年 92%"
    assert found.holds(Decimal(90))
    assert not found.holds(Decimal(99))


def test_too_few_numbers_are_not_called_usual_and_words_do_not_count():
    assert usual(["1", "2", "3", "4", "完成"], RULES) is None
    assert usual(["1", "2", "3", "4", "5", "按时完成"], RULES).count == 5
    assert sentence(None) == ""
    assert sentence(None, "92%", "%") == "本单位上年 92%"


def test_values_fall_apart_by_year_kind_of_unit_and_place():
    samples = [Sample(2021, "90", str(value), "部门", "甲局") for value in range(6)]
    samples += [Sample(2022, "95", str(value), "乡镇", "乙镇") for value in range(10, 13)]
    assert [(g.label, g.count, g.actuals is None) for g in by_year(samples, RULES)] == [
        ("2022 年", 3, True),
        ("2021 年", 6, False),
    ]
    assert [g.label for g in by_unit_kind(samples, RULES)] == ["乡镇", "部门"]
    assert [g.label for g in by_place(samples, RULES)] == ["甲局", "乙镇"]
