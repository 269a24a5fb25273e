"""Samples that anybody can draw again: 顺序泊松抽样 with exact keys, from a seed and a population alone.

Method ``sequential-poisson/1``. Each member has a number u = HMAC-SHA256(seed, identity) + 1, read as a whole number,
and a key u ÷ weight, an exact fraction. Those with the smallest keys are drawn: twice the weight is about twice the
chance, nobody is drawn twice, and the order in which the population stands changes nothing. Members whose rule hits
reach the border are drawn first, most hits first, as far as `most_certain` reaches. Whole numbers only: no float, no
database order, no generator of a programming language.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEN_PER_STEP = 1_000_000  # one step of money is 1 万元


@dataclass(frozen=True, slots=True)
class Member:
    """One of the population. `weight` is a positive whole number, `hits` counts what rules found, `must`: 必抽."""

    identity: str
    weight: int
    hits: int = 0
    must: bool = False


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


def draw(population: Iterable[Member], seed: str, size: int, most_certain: int) -> tuple[Pick, ...]:
    """The sample in the order in which it is drawn; the whole population where `size` is larger."""
    keyed = sorted((key_of(seed, one), one.identity, one) for one in population)
    by_hits = sorted((found for found in keyed if found[2].must), key=lambda found: -found[2].hits)
    certain = [one for _, _, one in by_hits[: min(most_certain, size)]]
    taken = {one.identity for one in certain}
    by_chance = [one for _, _, one in keyed if one.identity not in taken][: size - len(certain)]
    keys = {identity: key for key, identity, _ in keyed}
    return tuple(Pick(one, one.identity in taken, keys[one.identity]) for one in (*certain, *by_chance))


Method = Callable[[Sequence[Member], str, int, int], tuple[Pick, ...]]
METHODS: dict[str, Method] = {"sequential-poisson/1": draw}
"""Versions of the method: a correction adds ``/2``, so that every draw can be done again as it was done."""
