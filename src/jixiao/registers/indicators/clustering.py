"""Variants of one indicator under one name: the same class and unit, and names that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .grams import folded

# What a name carries beside what it measures: years, ordinals, and words that add nothing.
_NUMBERED = re.compile(r"\d{4}年度?|第?[\d一二三四五六七八九十]+(?:期|批|年)(?=\D)")
_FILLING = re.compile("本年度|当年|全年|年度|项目的?|工作的?|情况|有关|相关|的")
_SAME = (
    *(("及时性", "及时率"), ("合格程度", "合格率"), ("达标程度", "达标率"), ("满意率", "满意度"), ("人员", "人")),
    *(("人数量", "人数"), ("的数量", "数"), ("数量", "数"), ("个数", "数"), ("总数", "数"), ("次数量", "次数")),
)


@dataclass(frozen=True, slots=True)
class Used:
    """An indicator as some sheets name it: its key, class, unit, how many subjects use it, and whether it is kept."""

    key: int
    level2: str
    name: str
    unit: str
    uses: int = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """One indicator and its other wordings, most used first."""

    leader: Used
    variants: tuple[Used, ...]

    @property
    def uses(self) -> int:
        return self.leader.uses + sum(one.uses for one in self.variants)


def normal_name(name: str) -> str:
    """What a name measures, without years, batches and filling words: "2022年度培训人员数量" is "培训人数"."""
    said = _FILLING.sub("", _NUMBERED.sub("", folded(name)))
    for other, usual in _SAME:
        said = said.replace(other, usual)
    return said or folded(name)


def normal_class(level2: str) -> str:
    """ "社会效益" and "社会效益指标" are one class."""
    return folded(level2).removesuffix("指标")


def normal_unit(unit: str) -> str:
    """ "％" and "%", "人次" and "人/次" are one unit."""
    plain = unit.strip().replace("％", "%").replace("/", "")
    return {"百分比": "%", "百分之": "%", "平米": "平方米", "㎡": "平方米", "公里": "千米", "km": "千米"}.get(
        plain, plain
    )


def clustered(used: Iterable[Used]) -> list[Cluster]:
    """Every indicator once. What the library already keeps leads; else the most used, then the shortest name.

    The same indicators in any order give the same clusters.
    """
    groups: dict[tuple[str, str, str], list[Used]] = {}
    for one in used:
        groups.setdefault((normal_class(one.level2), normal_name(one.name), normal_unit(one.unit)), []).append(one)
    found = []
    for members in groups.values():
        members.sort(key=lambda one: (not one.kept, -one.uses, len(one.name), one.name, one.level2, one.unit, one.key))
        found.append(Cluster(members[0], tuple(members[1:])))
    return sorted(found, key=lambda cluster: (-cluster.uses, cluster.leader.name, cluster.leader.key))
