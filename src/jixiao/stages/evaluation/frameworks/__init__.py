"""Shipped evaluation frameworks: one TOML file per kind of object, with what is looked at and how points are given.

The weights are starting values (推断): the ministry fixes only that 产出 and 效益 make at least 60 % of a project's
framework. A region drafts its own frameworks from these on the page 评价指标体系.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import SubjectKind


class Framed(Term):
    """Which shipped framework an evaluation begins with; each is a file beside this one."""

    PROJECT = "project", "项目支出"
    POLICY = "policy", "政策和专项资金"
    DEPARTMENT = "department", "部门整体（投入、过程、产出、效果）"
    EFFICACY = "efficacy", "部门整体（履职效能）"
    SPECIAL_BOND = "special_bond", "专项债券项目"
    PARTNERSHIP = "partnership", "政府和社会资本合作项目"


@dataclass(frozen=True, slots=True)
class Item:
    """One third-level indicator: weight in 分, what is looked at or computed, and how points are given."""

    level1: str
    level2: str
    name: str
    weight: Decimal
    explanation: str
    criteria: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A framework of a kind, in order, with its source (文号) and the kinds of subject it suits."""

    title: str
    source: str
    kinds: tuple[SubjectKind, ...]
    items: tuple[Item, ...]


@cache
def shipped(kind: Framed) -> Shipped:
    """The framework of a file."""
    text = files(__name__).joinpath(f"{kind.value}.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text, parse_float=Decimal)
    items = tuple(
        Item(
            group["level1"],
            group["level2"],
            one["name"],
            Decimal(one["weight"]),
            one["explanation"],
            one["criteria"],
        )
        for group in written["groups"]
        for one in group["items"]
    )
    return Shipped(written["title"], written["source"], tuple(map(SubjectKind.read, written["kinds"])), items)


def suited(kind: SubjectKind) -> tuple[Framed, ...]:
    """The shipped frameworks for a kind of subject, the usual one first."""
    return tuple(framed for framed in Framed if kind in shipped(framed).kinds)
