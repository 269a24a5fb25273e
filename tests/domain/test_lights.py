"""红黄绿灯: at their borders, with their sentences, and never worse for having spent or reached more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao import policies
from jixiao.domain.checks.lights import (
    Lamp,
    LightFacts,
    LightRules,
    LineProgress,
    Tone,
    accumulates,
    judge,
    share_reached,
    worst,
)
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import IndicatorLevel1, Likelihood

RULES = policies.load("national/2020").section(LightRules)
ORDER = list(Tone)


def line(reached=None, expected=None, likelihood=None, *, accumulates=True, name="维修面积", weight=50):
    shares = [None if share is None else Fraction(share) for share in (reached, expected)]
    return LineProgress(name, Decimal(weight), accumulates, *shares, likelihood)


def facts(spent, *lines, time=50, budget=1000, stopped=False):
    return LightFacts(Fraction(time), budget, spent, stopped, lines)


def lights(seen):
    return {light.lamp: light for light in judge(seen, RULES, lambda key: f"文号 {key}")}


def tones(seen):
    return {lamp: light.tone for lamp, light in lights(seen).items()}


@pytest.mark.parametrize(
    ("spent", "tone"),
    [(300, Tone.GREEN), (299, Tone.YELLOW), (100, Tone.YELLOW), (99, Tone.RED), (900, Tone.GREEN), (-50, Tone.RED)],
)
def test_pace_changes_when_a_border_is_exceeded(spent, tone):
    assert tones(facts(spent))[Lamp.PACE] is tone


@pytest.mark.parametrize(
    ("reached", "tone"), [(30, Tone.GREEN), (29, Tone.YELLOW), (10, Tone.YELLOW), (9, Tone.RED), (None, Tone.UNCHECKED)]
)
def test_output_is_held_against_the_time_of_the_year(reached, tone):
    assert tones(facts(500, line(reached)))[Lamp.OUTPUT] is tone


def test_outputs_count_by_weight_and_each_up_to_its_target():
    seen = facts(500, line(300, weight=10), line(0, weight=30), line(0, accumulates=False, weight=60))
    assert seen.done == 25
    assert "产出完成 25%，落后 25 个百分点，超过 20 个百分点" in lights(seen)[Lamp.OUTPUT].because


@pytest.mark.parametrize(
    ("one", "tone"),
    [
        (line(expected=79, likelihood=Likelihood.CERTAIN), Tone.YELLOW),
        (line(expected=80, likelihood=Likelihood.CERTAIN), Tone.GREEN),
        (line(expected=100, likelihood=Likelihood.IMPOSSIBLE), Tone.RED),
        (line(likelihood=Likelihood.POSSIBLE), Tone.GREEN),
        (line(), Tone.UNCHECKED),
    ],
)
def test_the_outlook_is_yellow_when_short_and_red_when_impossible(one, tone):
    assert tones(facts(500, one))[Lamp.OUTLOOK] is tone


def test_an_impossible_indicator_is_named():
    because = lights(facts(500, line(likelihood=Likelihood.IMPOSSIBLE)))[Lamp.OUTLOOK].because
    assert because == "完全不可能完成：维修面积"


@pytest.mark.parametrize(
    ("spent", "reached", "tone", "words"),
    [
        (800, 50, Tone.GREEN, "没有超过 30 个百分点"),
        (801, 50, Tone.YELLOW, "钱花在前、产出在后"),
        (1000, 49, Tone.RED, "钱花在前、产出在后"),
        (200, 100, Tone.RED, "产出在前、钱没有花"),
    ],
)
def test_money_and_output_that_part_are_seen_in_both_directions(spent, reached, tone, words):
    light = lights(facts(spent, line(reached)))[Lamp.DIVERGENCE]
    assert light.tone is tone
    assert words in light.because


@pytest.mark.parametrize(("spent", "time", "tone"), [(0, 50, Tone.RED), (0, 49, Tone.GREEN), (1, 90, Tone.GREEN)])
def test_a_budget_without_a_payment_half_way_lies_idle(spent, time, tone):
    assert tones(facts(spent, time=time))[Lamp.IDLE] is tone


def test_what_cannot_be_judged_is_unchecked_and_not_green():
    assert set(tones(facts(0, budget=0)).values()) == {Tone.UNCHECKED}
    assert set(tones(facts(0, line(0), stopped=True)).values()) == {Tone.UNCHECKED}


def test_every_light_cites_the_source_of_its_threshold():
    cited = [light.citation for light in lights(facts(500, line(50))).values()]
    keys = ("pace_yellow", "output_yellow", "expected_yellow", "divergence_yellow", "idle_from")
    assert cited == [f"文号 {key}" for key in keys]


def test_a_subject_is_as_alarming_as_its_worst_light():
    assert worst(judge(facts(500, line(50, 50)), RULES, str)) is Tone.YELLOW
    assert worst(()) is Tone.UNCHECKED


@pytest.mark.parametrize(
    ("comparison", "target", "written", "unit", "share"),
    [
        (Comparison.AT_LEAST, "≥200", "50", "人", 25),
        (Comparison.AT_LEAST, "1.2万", "3000", "人", 25),
        (Comparison.EQUAL, "8", "８", "次", 100),
        (Comparison.AT_MOST, "100", "80", "万元", 100),
        (Comparison.AT_MOST, "100", "125", "万元", 80),
        (Comparison.AT_MOST, "0", "0", "次", 100),
        (Comparison.AT_MOST, "0", "3", "次", 0),
        (Comparison.AT_LEAST, "0", "3", "次", None),
        (Comparison.QUALITATIVE, "达成预期", "达成预期指标", "", 100),
        (Comparison.QUALITATIVE, "达成预期", "未完成", "", 0),
        (Comparison.QUALITATIVE, "达成预期", "进展顺利", "", None),
        (Comparison.AT_LEAST, "200", "", "人", None),
    ],
)
def test_a_value_is_a_share_of_its_target(comparison, target, written, unit, share):
    assert share_reached(comparison, target, written, unit) == share


@pytest.mark.parametrize(
    ("level1", "comparison", "target", "unit", "grows"),
    [
        (IndicatorLevel1.OUTPUT, Comparison.AT_LEAST, "200", "人", True),
        (IndicatorLevel1.OUTPUT, Comparison.AT_LEAST, "95", "%", False),
        (IndicatorLevel1.OUTPUT, Comparison.AT_LEAST, "≥95%", "", False),
        (IndicatorLevel1.OUTPUT, Comparison.AT_MOST, "10", "天", False),
        (IndicatorLevel1.SATISFACTION, Comparison.AT_LEAST, "200", "人", False),
    ],
)
def test_only_what_grows_through_the_year_is_held_against_time(level1, comparison, target, unit, grows):
    assert accumulates(level1, comparison, target, unit) is grows


shares = st.one_of(st.none(), st.fractions(0, 150, max_denominator=100))
outlooks = st.sampled_from([None, *Likelihood])
drawn_lines = st.builds(line, shares, shares, outlooks, accumulates=st.booleans(), weight=st.integers(0, 90))
drawn_facts = st.builds(
    LightFacts,
    time=st.fractions(0, 100, max_denominator=12),
    budget=st.integers(0, 1000),
    spent=st.integers(-100, 1200),
    stopped=st.just(False),
    lines=st.lists(drawn_lines, max_size=4).map(tuple),
)


def no_worse(before, after):
    return ORDER.index(after) <= ORDER.index(before)


@given(drawn_facts, st.integers(0, 1000))
def test_who_spent_more_is_never_worse_on_the_side_of_money(seen, more):
    before, after = tones(seen), tones(replace(seen, spent=seen.spent + more))
    assert no_worse(before[Lamp.PACE], after[Lamp.PACE])
    assert no_worse(before[Lamp.IDLE], after[Lamp.IDLE])
    assert before[Lamp.OUTPUT] is after[Lamp.OUTPUT]
    assert before[Lamp.OUTLOOK] is after[Lamp.OUTLOOK]


@given(drawn_facts, st.fractions(0, 100, max_denominator=100))
def test_who_reached_more_is_never_worse_on_the_side_of_results(seen, more):
    further = tuple(
        replace(
            one,
            reached=None if one.reached is None else one.reached + more,
            expected=None if one.expected is None else one.expected + more,
        )
        for one in seen.lines
    )
    before, after = tones(seen), tones(replace(seen, lines=further))
    assert no_worse(before[Lamp.OUTPUT], after[Lamp.OUTPUT])
    assert no_worse(before[Lamp.OUTLOOK], after[Lamp.OUTLOOK])
    assert before[Lamp.PACE] is after[Lamp.PACE]
    assert before[Lamp.IDLE] is after[Lamp.IDLE]
