"""全年支出预计: from the past where there is one, from the own pace where there is none, and never beyond reason."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.forecast import Forecast, ForecastRules, PastYear, forecast
from jixiao.policies import load

RULES = load("national/2020").section(ForecastRules)
JULY = Fraction(7, 12)

amounts = st.integers(0, 10**12)
past_years = st.builds(PastYear, by_then=amounts, in_all=amounts, budget=st.integers(1, 10**12))
pasts = st.lists(past_years, max_size=30)
times = st.fractions(0, 1)


def past(share: int, count: int) -> list[PastYear]:
    """Years in which `share` percent of the budget were still spent after this point."""
    return [PastYear(40, 40 + share, 100)] * count


def test_with_enough_past_years_their_middle_is_added_to_what_is_spent():
    peers = [PastYear(50, 50 + share, 100) for share in (10, 20, 30, 40, 50, 60, 70, 80, 90)]
    found = forecast(1000, 100, JULY, [], peers, RULES)
    assert found is not None
    assert (found.expected, found.low, found.high) == (100 + 500, 100 + 180, 100 + 820)
    assert "同类 9 个" in found.because
    assert "50%" in found.because


def test_without_enough_past_years_the_own_pace_goes_on_and_everything_stays_possible():
    found = forecast(1200, 350, JULY, past(50, 3), past(50, 4), RULES)
    assert (found.expected, found.low, found.high) == (600, 350, 1200)
    assert "只有 7 个，不足 8 个" in found.because


def test_own_years_count_with_those_of_the_peers():
    found = forecast(1000, 100, JULY, past(20, 2), past(40, 6), RULES)
    assert found.expected == 500
    assert "本对象 2 个年度、同类 6 个" in found.because


def test_nobody_is_expected_to_spend_more_than_the_budget_or_less_than_he_has():
    assert forecast(1000, 900, JULY, [], past(50, 9), RULES).expected == 1000
    over = forecast(1000, 1100, JULY, [], past(50, 9), RULES)
    assert (over.low, over.expected, over.high) == (1100, 1100, 1100)


def test_a_year_that_is_over_is_what_it_was():
    assert forecast(1000, 310, Fraction(1), [], past(50, 9), RULES) == Forecast(310, 310, 310, "全年已过，按实际支出")


@pytest.mark.parametrize("budget", [0, -5])
def test_without_a_budget_nothing_is_expected(budget):
    assert forecast(budget, 0, JULY, [], past(50, 9), RULES) is None


def test_money_corrected_later_does_not_make_the_past_negative():
    assert PastYear(500, 300, 1000).still_spent == 0


@given(st.integers(1, 10**12), amounts, times, pasts, pasts)
def test_the_expectation_lies_in_its_interval_and_the_interval_in_what_is_possible(budget, spent, time, own, peers):
    found = forecast(budget, spent, time, own, peers, RULES)
    assert spent <= found.low <= found.expected <= found.high <= max(budget, spent)


@given(st.integers(1, 10**12), amounts, amounts, times, pasts)
def test_more_spent_never_lowers_the_expectation(budget, spent, more, time, peers):
    less, then = (forecast(budget, s, time, [], peers, RULES) for s in (spent, spent + more))
    assert (less.low, less.expected, less.high) <= (then.low, then.expected, then.high)
    assert less.expected <= then.expected
    assert less.high <= then.high
