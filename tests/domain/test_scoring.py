"""计分 beyond the hand-computed suite: properties, sentences, flags, refusals."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.grades import GradeRules
from jixiao.domain.scoring import (
    METHODS,
    Comparison,
    Flag,
    LineFacts,
    ScoringRules,
    SheetFacts,
    UnknownMethod,
    score_execution,
    score_line,
    score_sheet,
)
from jixiao.policies import load

RULES = load("national/2020").section(ScoringRules)
GRADES = load("national/2020").section(GradeRules)
LINE = LineFacts("培训人次", "产出指标", "数量指标", Comparison.AT_LEAST, "4000", "3420", Decimal(20))
NUMBERS = st.integers(0, 10**6).map(str) | st.decimals(0, 10**4, places=2).map(str)
WEIGHTS = st.decimals("0.5", 50, places=1)
SIGNS = st.sampled_from([sign for sign in Comparison if sign is not Comparison.QUALITATIVE])
LINES = st.builds(
    LineFacts,
    name=st.just("指标"),
    level1=st.sampled_from(["产出", "效益", "满意度指标", "成本指标"]),
    level2=st.just(""),
    comparison=SIGNS,
    target=NUMBERS,
    actual=NUMBERS,
    weight=WEIGHTS,
    unit=st.sampled_from(["", "%", "人"]),
)


def test_the_sentence_shows_the_computation():
    assert score_line(LINE, RULES).because == "3,420÷4,000＝85.50%，20×85.50%＝17.10"


def test_the_sentence_says_where_it_rounds():
    score = score_line(replace(LINE, target="855", actual="812", weight=Decimal(18)), RULES)
    assert score.because == "812÷855≈94.97%，18×812÷855≈17.09"


def test_a_reached_target_says_so():
    assert score_line(replace(LINE, actual="4000"), RULES).because == "达到指标值，得满分"


def test_a_number_taken_out_of_words_is_said_and_flagged():
    score = score_line(replace(LINE, target="200", actual="200余人", unit="人"), RULES)
    assert (score.points, score.flags) == (Decimal("20.00"), (Flag.TRANSCRIBED,))
    assert "“200余人”按200计" in score.because


def test_far_more_than_the_target_is_flagged_and_not_punished():
    score = score_line(replace(LINE, target="10", actual="13"), RULES)
    assert (score.points, score.flags) == (Decimal("20.00"), (Flag.OVER_FULFILLED,))
    assert score_line(replace(LINE, target="100", actual="129"), RULES).flags == ()


def test_execution_above_the_budget_is_capped_and_flagged():
    score = score_execution(10000, 10259, Decimal(10), RULES)
    assert (score.points, score.attainment, score.flags) == (
        Decimal("10.00"),
        Decimal("102.59"),
        (Flag.EXECUTION_OVER_100,),
    )


def test_an_unknown_method_is_refused_with_those_that_exist():
    with pytest.raises(UnknownMethod, match="proportional/1"):
        score_line(replace(LINE, method="proportional/9"), RULES)
    with pytest.raises(UnknownMethod):
        score_line(LINE, replace(RULES, methods=dict.fromkeys(Comparison, "none/1")))


def test_every_method_is_named_with_its_version():
    assert all(name.partition("/")[2].isdigit() for name in METHODS)
    assert set(RULES.methods) == set(Comparison)


@given(line=LINES)
def test_points_lie_between_nothing_and_the_weight(line):
    score = score_line(line, RULES)
    whole = score_line(replace(LINE, actual="4000", weight=line.weight), RULES).points
    assert Decimal(0) <= score.low <= score.high <= whole
    assert score.points is not None
    assert score.because


@given(line=LINES, more=st.integers(0, 10**6))
def test_more_never_earns_less_where_more_is_better(line, more):
    line = replace(line, comparison=Comparison.AT_LEAST, unit="")
    better = replace(line, actual=str(Decimal(line.actual) + more))
    assert score_line(better, RULES).points >= score_line(line, RULES).points


@given(line=LINES, more=st.integers(0, 10**6))
def test_more_never_earns_more_where_less_is_better(line, more):
    line = replace(line, comparison=Comparison.AT_MOST, unit="")
    worse = replace(line, actual=str(Decimal(line.actual) + more))
    assert score_line(worse, RULES).points <= score_line(line, RULES).points


@given(lines=st.lists(LINES, max_size=8).map(tuple), budget=st.integers(1, 10**12), spent=st.integers(0, 10**12))
def test_the_total_is_the_sum_of_the_rounded_points(lines, budget, spent):
    score = score_sheet(SheetFacts(budget, spent, Decimal(10), lines), RULES, GRADES)
    assert score.total == score.execution.points + sum(line.points for line in score.lines)
    assert all(line.points == line.points.quantize(Decimal("0.01")) for line in score.lines)


def test_one_open_line_leaves_total_and_grade_open():
    lines = (LINE, replace(LINE, actual=None))
    score = score_sheet(SheetFacts(100, 100, Decimal(10), lines), RULES, GRADES)
    assert (score.total, score.grade) == (None, None)
    assert (score.low, score.high) == (Decimal("27.10"), Decimal("47.10"))


def test_a_sheet_without_execution_adds_its_lines_alone():
    score = score_sheet(SheetFacts(None, None, None, (LINE,)), RULES, GRADES)
    assert (score.execution, score.execution_rate, score.total) == (None, None, Decimal("17.10"))


def test_the_old_and_the_new_satisfaction_rule_stand_beside_each_other():
    new = load("national/2021").section(ScoringRules)
    line = replace(LINE, level1="满意度指标", level2="", target="95", actual="92", weight=Decimal(10), unit="%")
    assert score_line(line, RULES).points == Decimal("9.68")
    assert score_line(line, new).points == Decimal("10.00")
