"""What a sheet says: cells as people write them, its JSON and back, and the differences of two states."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import Unreadable
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.stages.targets.saying import ChangeKind, Filled, Said, compared, inherited, read_target, read_weight

LEAST, MOST, WORDS = Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.QUALITATIVE
SAID = Said(IndicatorLevel1.OUTPUT, "数量指标", "资助人数", LEAST, "300", "人", Decimal(30), "l1", 7)


@pytest.mark.parametrize(
    ("written", "sign", "unit", "read"),
    [
        ("≥９０％", WORDS, "", ("90", LEAST, "%")),
        ("不低于 1,200.50", WORDS, "人", ("1,200.50", LEAST, "人")),
        ("<=5%", MOST, "%", ("5", MOST, "%")),
        ("11月底前", MOST, "", ("11月底前", MOST, "")),
        ("明显改善", WORDS, "", ("明显改善", WORDS, "")),
        ("90%", WORDS, "", ("90%", WORDS, "")),
    ],
)
def test_a_target_is_understood_as_it_was_written(written, sign, unit, read):
    assert read_target(written, sign, unit) == read


@pytest.mark.parametrize(("written", "sign", "unit"), [("≥90", MOST, ""), ("≥90%", LEAST, "人")])
def test_what_contradicts_itself_is_asked_about(written, sign, unit):
    with pytest.raises(Unreadable, match="不一致"):
        read_target(written, sign, unit)


@pytest.mark.parametrize(("written", "points"), [("", 0), ("１２．５分", Decimal("12.5")), (100, 100)])
def test_points_are_read(written, points):
    assert read_weight(written) == points


@pytest.mark.parametrize("written", ["-1", "100.01", "0.001", "很多", "nan"])
def test_points_that_cannot_be_are_refused(written):
    with pytest.raises(Unreadable):
        read_weight(written)


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=40))
def test_a_sheet_comes_back_from_its_json_as_it_was(names, goal):
    filled = Filled(goal, tuple(replace(SAID, name=name, lineage=str(n)) for n, name in enumerate(names)))
    assert Filled.of(filled.document()) == filled
    assert compared(filled, filled) == ()


def test_lines_are_compared_by_lineage_whatever_they_are_called():
    other = replace(SAID, lineage="l2", name="资助次数")
    before = Filled("甲", (SAID, other))
    after = Filled("乙", (replace(SAID, name="受助人数", weight=Decimal("30.5")), replace(SAID, lineage="")))
    changes = compared(before, after)
    assert [change.kind for change in changes] == [
        ChangeKind.CHANGED,
        ChangeKind.CHANGED,
        ChangeKind.ADDED,
        ChangeKind.REMOVED,
    ]
    assert changes[0].cells == (("总体目标", "甲", "乙"),)
    assert changes[1].cells == (("三级指标", "资助人数", "受助人数"), ("分值", "30", "30.5"))
    assert changes[3].line == "资助次数"


def test_a_lineage_that_the_sheet_does_not_know_or_that_comes_twice_is_new():
    foreign, twice = replace(SAID, lineage="x"), replace(SAID, name="又一行")
    assert [line.lineage for line in inherited((SAID, twice, foreign), {"l1": SAID})] == ["l1", "", ""]
