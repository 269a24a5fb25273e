"""Guards that several stages share; each asks the facts of whatever sheet moves."""

from __future__ import annotations

from typing import Protocol

from .decisions import Decision, require


class Holdable(Protocol):
    """Facts that know whether an open Hold (暂缓、停止拨款) lies on their subject and year."""

    @property
    def held(self) -> bool: ...


class Filed(Protocol):
    """Facts that know whether the filing unit has a 主管部门 above it."""

    @property
    def department_above(self) -> bool: ...


def not_held(facts: Holdable) -> Decision:
    """No open hold (中发〔2018〕34号：严重问题暂缓或停止拨款). Every move that lets money flow asks this."""
    return require(not facts.held, "该对象有未解除的暂缓或停止拨款措施，请先完成整改并解除")


def without_department(facts: Filed) -> Decision:
    """Only who has no 主管部门 files with finance directly (主管部门本级、管委会直属机构)."""
    return require(not facts.department_above, "本单位有主管部门，请先报主管部门审核")
