"""Frameworks of points: one TOML file per kind of object, second- and third-level points under the five dimensions.

A file gives weights within a dimension; the full points follow from the dimension totals of the region's rules, so
that they always add up to them. Another kind of object is another file and a member of `Framed`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cache
from importlib.resources import files

from jixiao.domain.terms import Term

CENT = Decimal("0.01")


class Framed(Term):
    """Which framework of points an object is assessed by; each is a file beside this one."""

    PROJECT = "project", "项目"
    POLICY = "policy", "政策"
    SPECIAL_BOND = "special_bond", "专项债券项目"


@dataclass(frozen=True, slots=True)
class Point:
    """One third-level point: where it stands, what is looked at, and its weight within its dimension."""

    dimension: str
    level2: str
    name: str
    look_at: str
    weight: int


@dataclass(frozen=True, slots=True)
class Framework:
    """The points of one kind of object, in order, and where they come from."""

    title: str
    source: str
    points: tuple[Point, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions in the order of the file."""
        return tuple(dict.fromkeys(point.dimension for point in self.points))


class FrameworkError(ValueError):
    """A framework that does not fit the region's dimensions; the Chinese message names both."""


@cache
def framework(kind: Framed) -> Framework:
    """The shipped framework of a kind."""
    written = tomllib.loads(files(__name__).joinpath(f"{kind.value}.toml").read_text(encoding="utf-8"))
    points = tuple(
        Point(dimension["name"], group["name"], name, look_at, group.get("weight", 1))
        for dimension in written["dimensions"]
        for group in dimension["groups"]
        for name, look_at in group["points"].items()
    )
    return Framework(written["title"], written["source"], points)


def full_points(chosen: Framework, dimensions: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """The full points of each point of the framework, to 0.01: those of a dimension add up to its total exactly.

    Raises FrameworkError where the region scores other dimensions than the framework has.
    """
    if set(chosen.dimensions) != set(dimensions):
        theirs, ours = "、".join(dimensions), "、".join(chosen.dimensions)
        raise FrameworkError(f"《{chosen.title}》的维度是{ours}，本地区规则的维度是{theirs}，请先统一")
    left, weights = dict(dimensions), dict.fromkeys(dimensions, 0)
    for point in chosen.points:
        weights[point.dimension] += point.weight
    found = []
    for point in chosen.points:
        name = point.dimension
        # What remains is shared among what remains, so the last point takes the rest of its dimension.
        mine = (left[name] * point.weight / weights[name]).quantize(CENT, ROUND_DOWN)
        left[name] -= mine
        weights[name] -= point.weight
        found.append(mine)
    return tuple(found)
