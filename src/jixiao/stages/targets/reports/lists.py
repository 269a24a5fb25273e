"""How target sheets are listed and read: their lines in groups, their weights against the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import ORIGIN, origin_mark
from jixiao.registers.parameters.models import PolicySnapshot

from ..models import IndicatorLine, LineSource, TargetVersion
from ..rules import TargetRules
from ..workflow import State

ORDERS = (
    Order("code", "编码", "sheet__subject_year__code"),
    Order("name", "名称", "sheet__subject_year__name"),
)
SUBJECT = (
    Shown("code", "编码", order="code"),
    Shown("name", "名称", link="address", order="name"),
    Shown("unit_name", "单位"),
    Shown("year", "对象年度", "integer"),
    Shown("no", "版本", "integer"),
)
COLUMNS = (
    *SUBJECT,
    Shown("count", "指标数", "integer"),
    Shown("weight_mark", "指标分值", "tag"),
    Shown("state_mark", "状态", "tag"),
    ORIGIN,
)
OVERALL_COLUMNS = (
    Shown("name", "单位", link="address", order="name"),
    Shown("year", "对象年度", "integer"),
    Shown("goal", "总体目标"),
    Shown("count", "指标数", "integer"),
    Shown("no", "版本", "integer"),
    Shown("state_mark", "状态", "tag"),
    ORIGIN,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one 二级指标; `opens` is the number of lines of its 一级指标 where it begins, else 0."""

    level1: IndicatorLevel1
    level2: str
    lines: tuple[IndicatorLine, ...]
    opens: int
    weight: Decimal


def grouped(lines: Iterable[IndicatorLine]) -> list[Group]:
    """Lines by 一级 and 二级指标 in the official order of classes, within a class in the order of the sheet."""
    order = list(IndicatorLevel1)
    ranked = sorted(lines, key=lambda line: (order.index(line.level1), line.position))
    groups: list[Group] = []
    for level1, members in groupby(ranked, key=lambda line: line.level1):
        below: dict[str, list[IndicatorLine]] = {}
        for line in members:
            below.setdefault(line.level2, []).append(line)
        size = sum(map(len, below.values()))
        weight = sum((line.weight for found in below.values() for line in found), Decimal(0))
        for number, (level2, found) in enumerate(below.items()):
            groups.append(Group(level1, level2, tuple(found), 0 if number else size, weight))
    return groups


def wanted(line: IndicatorLine) -> str:
    """The target as the form prints it: ≥95%, 11月底前, 有效提升."""
    sign = "" if line.comparison == Comparison.QUALITATIVE else line.comparison.label
    return f"{sign}{line.target}{line.unit}" if line.target else "—"


def complete(versions: Sequence[TargetVersion]) -> None:
    """Adds to listed versions what their rows show, with two queries for all of them."""
    counted = {found["version"]: found for found in _counted([version.pk for version in versions])}
    totals = _totals({version.snapshot_id for version in versions})
    for version in versions:
        shown: Any = version
        subject_year, found = version.sheet.subject_year, counted.get(version.pk)
        shown.code, shown.name, shown.unit_name = subject_year.code, subject_year.name, subject_year.unit_name
        shown.state_mark = state_mark(version.state)
        shown.count = found["count"] if found else version.stated_lines
        shown.weight_mark = weight_mark(found["weight"], totals[version.snapshot_id]) if found else None
        shown.address = reverse("target-sheet", args=[version.pk])
        shown.origin_mark = origin_mark(version.origin)


def state_mark(state: State) -> Mark:
    """The state as a tag; approved is the one that counts."""
    return Mark(state.label, "ok" if state is State.APPROVED else "mute")


def weight_mark(weight: Decimal, total: Decimal) -> Mark:
    """The sum of the weights, and whether it is what the rules want."""
    return (
        Mark(f"{plain(weight)} 分", "ok")
        if weight == total
        else Mark(f"{plain(weight)} 分，应为 {plain(total)} 分", "warn")
    )


def _counted(ids: list[int]) -> Iterable[Any]:
    lines = IndicatorLine.objects.filter(version__in=ids, source=LineSource.TARGET).order_by()
    return lines.values("version").annotate(count=Count("id"), weight=Sum("weight"))


def _totals(digests: set[str]) -> dict[str, Decimal]:
    """指标分值合计 by snapshot: a sheet is held to the rules under which it was opened."""
    snapshots = PolicySnapshot.objects.in_bulk(digests)
    return {digest: found.policy().section(TargetRules).indicator_weight_total for digest, found in snapshots.items()}
