"""Samples that anybody can draw again: 顺序泊松抽样 with exact keys, from a seed and a population alone.

Method ``sequential-poisson/1``. Each member has a number u = HMAC-SHA256(seed, identity) + 1, read as a whole number,
and a key u ÷ weight, an exact fraction. Those with the smallest keys are drawn: twice the weight is about twice the
chance, nobody is drawn twice, and the order in which the population stands changes nothing. Members whose rule hits
reach the border are drawn first, most hits first, as far as `most_certain` reaches. Whole numbers only: no float, no
database order, no generator of a programming language.

Method ``stratified-poisson/1``. The same order, walked twice: first each stratum (a department, a band of money, one
kind of strata after the other, the strata of a kind in the order of their names) gets its first members until it has
`least`, then the order as a whole fills up. Without strata it draws what ``sequential-poisson/1`` draws.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEN_PER_STEP = 1_000_000  # one step of money is 1 万元


@dataclass(frozen=True, slots=True)
class Member:
    """One of the population. `weight` is a positive whole number, `hits` counts what rules found, `must`: 必抽.

    `strata` names where it stands, one place for each kind of strata, in the same order for every member.
    """

    identity: str
    weight: int
    hits: int = 0
    must: bool = False
    strata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """One member drawn; `certain`: by its rule hits, not by chance."""

    member: Member
    certain: bool
    key: Fraction


def weight_of(fen: int, risk: int, base: int) -> int:
    """Money times risk: whole 万元 (rounded up, at least one) × (`base` + risk points)."""
    return max(-(-fen // FEN_PER_STEP), 1) * (base + risk)


def number_of(seed: str, identity: str) -> int:
    """The number of a member under a seed, from 1 to 2²⁵⁶."""
    return int.from_bytes(hmac.digest(seed.encode(), identity.encode(), hashlib.sha256)) + 1


def key_of(seed: str, member: Member) -> Fraction:
    """Number ÷ weight: the smaller, the sooner drawn. A greater weight never makes it greater."""
    return Fraction(number_of(seed, member.identity), member.weight)


def draw(population: Iterable[Member], seed: str, size: int, most_certain: int, least: int = 0) -> tuple[Pick, ...]:
    """The sample in the order in which it is drawn; the whole population where `size` is larger. No strata."""
    return _ordered(population, seed, min(most_certain, size))[:size]


def draw_stratified(
    population: Iterable[Member], seed: str, size: int, most_certain: int, least: int = 0
) -> tuple[Pick, ...]:
    """The same with at least `least` of every stratum, as far as it has members and `size` reaches."""
    order = _ordered(population, seed, min(most_certain, size))
    taken: list[Pick] = []
    for kind in range(max((len(pick.member.strata) for pick in order), default=0)):
        for stratum in sorted({pick.member.strata[kind] for pick in order}):
            mine = [pick for pick in order if pick.member.strata[kind] == stratum]
            missing = max(least - sum(pick in taken for pick in mine), 0)
            taken += [pick for pick in mine if pick not in taken][:missing]
    taken += [pick for pick in order if pick not in taken]
    return tuple(taken[:size])


def least_size(population: Iterable[Member], least: int) -> int:
    """How many have to be drawn so that every stratum has its `least` for certain, whatever the seed."""
    held = Counter((kind, stratum) for one in population for kind, stratum in enumerate(one.strata))
    return sum(min(least, count) for count in held.values())


def _ordered(population: Iterable[Member], seed: str, most_certain: int) -> tuple[Pick, ...]:
    """Everybody: certain picks with most hits first, then the others by their keys."""
    keyed = sorted((key_of(seed, one), one.identity, one) for one in population)
    by_hits = sorted((found for found in keyed if found[2].must), key=lambda found: -found[2].hits)
    certain = by_hits[:most_certain]
    taken = {identity for _, identity, _ in certain}
    by_chance = [found for found in keyed if found[1] not in taken]
    return tuple(Pick(one, identity in taken, key) for key, identity, one in (*certain, *by_chance))


Method = Callable[[Sequence[Member], str, int, int, int], tuple[Pick, ...]]
METHODS: dict[str, Method] = {"sequential-poisson/1": draw, "stratified-poisson/1": draw_stratified}
"""Versions of the method: a correction adds ``/2``, so that every draw can be done again as it was done."""

STRATIFIED = frozenset({"stratified-poisson/1"})
"""The methods that look at strata."""
