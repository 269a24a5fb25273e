"""顺序泊松抽样: what a draw promises whatever the population, and that the published script draws the same."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.sources import ROOT

from jixiao.domain.sampling import (
    METHODS,
    Member,
    draw,
    draw_stratified,
    key_of,
    least_size,
    number_of,
    weight_of,
)

SCRIPT = ROOT / "docs" / "how-to" / "recompute-a-sample.py"
members = st.lists(
    st.builds(
        Member,
        identity=st.text("0123456789-PZ", min_size=1, max_size=8),
        weight=st.integers(1, 10**9),
        hits=st.integers(0, 9),
        must=st.booleans(),
        strata=st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from(("大", "小"))),
    ),
    unique_by=lambda one: one.identity,
    max_size=30,
)
sizes = st.integers(0, 40)
seeds = st.text(max_size=12)


@given(members, seeds, sizes, sizes)
def test_a_sample_has_its_size_and_nobody_twice(population, seed, size, certain):
    picked = [pick.member.identity for pick in draw(population, seed, size, certain)]
    assert len(picked) == min(size, len(population))
    assert len(set(picked)) == len(picked)


@given(members, seeds, sizes, sizes)
def test_certain_picks_are_always_in_as_far_as_they_may(population, seed, size, certain):
    must = [one for one in population if one.must]
    picked = draw(population, seed, size, certain)
    sure = [pick.member for pick in picked if pick.certain]
    assert len(sure) == min(len(must), size, certain)
    left = [one.hits for one in must if one not in sure]
    assert not sure or max(left, default=0) <= min(one.hits for one in sure)


@given(members, seeds, sizes, sizes, st.randoms(use_true_random=False))
def test_the_order_of_the_population_changes_nothing(population, seed, size, certain, chance):
    mixed = list(population)
    chance.shuffle(mixed)
    assert draw(mixed, seed, size, certain) == draw(population, seed, size, certain)


@given(seeds, st.text(max_size=8), st.integers(1, 10**12), st.integers(1, 10**12))
def test_a_greater_weight_is_never_drawn_later(seed, identity, weight, more):
    lighter, heavier = Member(identity, weight), Member(identity, weight + more)
    assert key_of(seed, heavier) < key_of(seed, lighter)


@given(members, seeds, st.integers(1, 20), st.integers(1, 10**6))
def test_who_was_drawn_is_still_drawn_with_more_weight(population, seed, size, more):
    picked = draw(population, seed, size, 0)
    for pick in picked:
        one = pick.member
        others = [other for other in population if other != one]
        raised = Member(one.identity, one.weight + more, one.hits, one.must)
        assert raised.identity in {again.member.identity for again in draw([*others, raised], seed, size, 0)}


def test_the_numbers_of_a_seed_are_those_of_the_published_definition():
    assert number_of("甲 1|00", "999999-2022-project-P1") == 1 + int(
        "37444fbd73fd76b6a829b07035caeae6d7bf2533be897a630b357bc040ca8897", 16
    )


def test_a_weight_is_money_in_ten_thousands_times_risk_and_never_nothing():
    assert weight_of(1_500_001, 30, 20) == 2 * 50
    assert weight_of(0, 0, 20) == 20
    assert weight_of(-5, 100, 20) == 120


def test_chances_follow_the_weights_over_many_seeds():
    population = [Member("a", 1), Member("b", 3)]
    first = sum(draw(population, str(seed), 1, 0)[0].member.identity == "b" for seed in range(2000))
    assert Fraction(70, 100) < Fraction(first, 2000) < Fraction(90, 100)


def test_the_script_in_the_documents_draws_the_same(tmp_path):
    population = [Member(f"M{n}", 1 + n * n % 97, n % 5, n % 5 > 2) for n in range(60)]
    rows = [f"{one.identity},{one.weight},{one.hits},{'是' if one.must else '否'}" for one in reversed(population)]
    path = tmp_path / "population.csv"
    path.write_text("\ufeff标识,权数,规则命中,必抽\n" + "\n".join(rows) + "\n", encoding="utf-8")
    said = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), "甲 17；乙 42|ab", "12", "4"], capture_output=True, check=True
    )
    picked = said.stdout.decode().split()[2:]
    drawn = METHODS["sequential-poisson/1"](population, "甲 17；乙 42|ab", 12, 4)
    assert picked == [pick.member.identity for pick in drawn]


@given(members, seeds, sizes, st.integers(0, 3))
def test_every_stratum_of_every_kind_gets_its_least_where_the_size_reaches(population, seed, certain, least):
    size = least_size(population, least)
    picked = [pick.member for pick in draw_stratified(population, seed, size, certain, least)]
    for kind in (0, 1):
        for stratum in {one.strata[kind] for one in population}:
            held = sum(one.strata[kind] == stratum for one in population)
            assert sum(one.strata[kind] == stratum for one in picked) >= min(least, held)


@given(members, seeds, sizes, sizes)
def test_a_stratified_sample_has_its_size_and_is_the_plain_one_where_no_stratum_asks(population, seed, size, certain):
    picked = [pick.member.identity for pick in draw_stratified(population, seed, size, certain, 1)]
    assert len(picked) == len(set(picked)) == min(size, len(population))
    assert draw_stratified(population, seed, size, certain, 0) == draw(population, seed, size, certain)


def test_rule_hits_come_first_within_a_stratum_and_what_is_left_goes_by_chance():
    population = [Member(f"M{n}", 10**6, strata=("甲",)) for n in range(8)]
    population += [Member("hit", 1, 5, True, ("乙",)), Member("small", 1, strata=("乙",))]
    picked = draw_stratified(population, "1|2", 4, 1, 1)
    assert [(pick.member.identity, pick.certain) for pick in picked if pick.member.strata == ("乙",)] == [("hit", True)]
    assert len(picked) == 4


def test_the_script_draws_a_stratified_sample_too(tmp_path):
    population = [Member(f"M{n}", 1 + n * n % 97, n % 5, n % 5 > 2, (f"D{n % 7}", f"S{n % 3}")) for n in range(60)]
    rows = [
        f"{m.identity},{m.weight},{m.hits},{'是' if m.must else '否'},{','.join(m.strata)}"
        for m in reversed(population)
    ]
    path = tmp_path / "population.csv"
    head = "\ufeff标识,权数,规则命中,必抽,层：主管部门,层：资金规模\n"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    asked = [sys.executable, str(SCRIPT), str(path), "甲 17；乙 42|ab", "24", "4", "2"]
    said = subprocess.run(asked, capture_output=True, check=True)
    drawn = METHODS["stratified-poisson/1"](population, "甲 17；乙 42|ab", 24, 4, 2)
    assert said.stdout.decode().split()[2:] == [pick.member.identity for pick in drawn]


def test_the_script_is_short_enough_to_be_read():
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 20
