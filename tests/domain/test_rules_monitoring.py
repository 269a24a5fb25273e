"""The judgements and guards of 绩效运行监控, at their borders."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao import policies
from jixiao.stages.monitoring import rules as monitoring

QINGSHANHU, NATIONAL = policies.load("qingshanhu/2022"), policies.load("national/2020")
SPEED = NATIONAL.section(monitoring.MonitoringRules)
JULY = dt.date(2022, 7, 31)


@pytest.mark.parametrize(
    ("day", "gone"),
    [
        (dt.date(2022, 1, 31), Fraction(1, 12)),
        (dt.date(2022, 2, 28), Fraction(2, 12)),
        (dt.date(2024, 2, 28), Fraction(1 + Fraction(28, 29), 12)),
        (dt.date(2024, 2, 29), Fraction(2, 12)),
        (JULY, Fraction(7, 12)),
        (dt.date(2022, 8, 20), Fraction(7 + Fraction(20, 31), 12)),
        (dt.date(2022, 12, 31), Fraction(1)),
    ],
)
def test_the_year_is_gone_by_months_and_days(day: dt.date, gone: Fraction) -> None:
    assert monitoring.time_progress(day) == gone


@given(st.dates(dt.date(2020, 1, 1), dt.date(2020, 12, 30)))
def test_time_only_moves_on(day: dt.date) -> None:
    assert 0 < monitoring.time_progress(day) < monitoring.time_progress(day + dt.timedelta(days=1)) <= 1


@pytest.mark.parametrize(
    ("spent", "cutoff", "slow"),
    [
        (600, dt.date(2022, 9, 30), False),  # 75 − 60 = 15
        (550, dt.date(2022, 9, 30), False),  # exactly 20 points behind
        (549, dt.date(2022, 9, 30), True),
        (383, JULY, True),  # 58.333… − 38.3 = 20.033…
        (384, JULY, False),
        (0, dt.date(2022, 1, 31), False),
        (0, dt.date(2022, 3, 31), True),
        (800, dt.date(2022, 12, 31), False),
        (799, dt.date(2022, 12, 31), True),
        (1200, dt.date(2022, 12, 31), False),
        (-5, JULY, True),
    ],
)
def test_slow_is_strictly_more_than_twenty_points_behind(spent: int, cutoff: dt.date, slow: bool) -> None:
    assert monitoring.is_slow(1000, spent, cutoff, False, SPEED) is slow
    assert not monitoring.is_slow(1000, spent, cutoff, True, SPEED)


@given(st.integers(0, 10**12), st.integers(-(10**9), 10**12), st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)))
def test_the_sentence_and_the_verdict_agree(total: int, spent: int, cutoff: dt.date) -> None:
    for stopped in (False, True):
        progress = monitoring.judge_progress(total, spent, cutoff, stopped=stopped, rules=SPEED, citation="某号")
        assert progress.slow is monitoring.is_slow(total, spent, cutoff, stopped, SPEED)
        assert ("列为进度慢" in progress.because and "不列为" not in progress.because) is progress.slow


def test_the_sentence_shows_how_the_verdict_came_about() -> None:
    citation = NATIONAL.provenance("monitoring", "slow_behind").source
    progress = monitoring.judge_progress(
        2_475_000_000, 1_163_700_000, dt.date(2021, 10, 31), stopped=False, rules=SPEED, citation=citation
    )
    assert (progress.rate, progress.expected, progress.slow) == (Decimal("47.02"), Decimal("83.33"), True)
    assert progress.because == (
        "截至2021年10月31日时序进度 83.33%；支出 1,163.7 万元 ÷ 预算 2,475 万元 = 47.02%；"
        "落后 36.32 个百分点，超过 20 个百分点（财预〔2019〕136号），列为进度慢"
    )


def test_without_a_budget_there_is_no_rate_and_no_red_light() -> None:
    progress = monitoring.judge_progress(0, 0, JULY, stopped=False, rules=SPEED, citation="某号")
    assert (progress.rate, progress.slow) == (None, False)
    assert "全年预算为 0" in progress.because


def test_a_stopped_project_is_not_called_slow_but_the_sentence_says_why() -> None:
    progress = monitoring.judge_progress(1000, 0, JULY, stopped=True, rules=SPEED, citation="某号")
    assert not progress.slow
    assert "已停止或资金已收回" in progress.because


def test_the_purpose_follows_the_round() -> None:
    rules = QINGSHANHU.section(monitoring.MonitoringRules)
    planned = monitoring.planned_round(3, rules)
    assert planned is not None
    assert (planned.month, planned.purpose) == (9, "纠偏调整")
    assert monitoring.planned_round(7, rules) is None


def test_a_reading_says_what_is_missing() -> None:
    facts = monitoring.ReadingFacts(True, False, (), (), (), False, "", "继续执行")
    assert all(guard(facts) for guard in (*monitoring.COMPLETE, monitoring.disposal_given))
    assert not monitoring.round_is_open(replace(facts, round_open=False))
    missing = replace(facts, without_value=("甲",), without_outlook=("乙", "丙"))
    assert [len(r) > 0 for r in monitoring.every_indicator_read(missing).reasons] == [True, True]
    assert not monitoring.deviation_explained(replace(facts, slow=True))
    assert monitoring.deviation_explained(replace(facts, slow=True, cause="招标推迟"))
    assert not monitoring.deviation_explained(replace(facts, unexplained=("甲",)))
    assert not monitoring.disposal_given(replace(facts, disposal=" "))


def test_a_round_opens_with_sheets_and_closes_when_all_are_concluded() -> None:
    assert not monitoring.has_sheets(monitoring.RoundFacts(0, 0))
    assert monitoring.has_sheets(monitoring.RoundFacts(1, 1))
    assert not monitoring.every_sheet_concluded(monitoring.RoundFacts(2, 1))
    assert monitoring.every_sheet_concluded(monitoring.RoundFacts(2, 0))
