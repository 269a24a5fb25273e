"""指标库: what an entry must say before it enters the library, and the parameters of finding and judging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.indicators import Comparison, indicator_class
from jixiao.domain.policy import Percent
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1


class Scope(Term):
    """共性 indicators fit any project, 个性 ones those of their industry."""

    COMMON = "common", "共性"
    OWN = "own", "个性"


class Provenance(Term):
    """Where an entry comes from."""

    STARTER = "starter", "起始指标库"
    LEARNED = "learned", "从目标表学得"
    PROPOSED = "proposed", "单位或部门申报"
    IMPORTED = "imported", "表格导入"


class StandardKind(Term):
    """指标值的设定依据（财预〔2021〕101号：计划、行业、历史、预算支出标准）."""

    PLAN = "plan", "计划标准"
    INDUSTRY = "industry", "行业标准"
    HISTORY = "history", "历史标准"
    SPENDING = "spending", "预算支出标准"


class Way(Term):
    """选指标五法（青山湖）."""

    PRECISE = "precise", "精准推荐"
    CASES = "cases", "案例推荐"
    TEMPLATES = "templates", "模板推荐"
    HISTORY = "history", "历年推荐"
    SEARCH = "search", "快捷搜索"


@dataclass(frozen=True)
class LibraryRules:
    """How the library speaks and suggests.

    `usual_from` and `usual_to`: the quantiles between which a value is 通常. `least_observed`: with fewer readable
    values nothing is called usual. `suggested`: entries of each way. `similar_projects`: how many projects a case
    recommendation looks at. `seen_in`: a learned indicator is put forward once that many subjects used it.
    """

    section: ClassVar[str] = "indicator_library"

    usual_from: Percent
    usual_to: Percent
    least_observed: int
    suggested: int
    similar_projects: int
    seen_in: int


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry as its guards see it; `standards` are pairs of a value and where it comes from."""

    name: str
    level1: IndicatorLevel1
    level2: str
    comparison: Comparison | None
    unit: str
    method: str
    standards: tuple[tuple[str, str], ...] = ()


def class_fits(facts: EntryFacts) -> Decision:
    """三级指标 stands under the 一级指标 to which its 二级指标 belongs."""
    belongs = indicator_class("", facts.level2)
    return require(
        belongs in (None, facts.level1), f"二级指标“{facts.level2}”不属于{facts.level1.label}，请改正一级或二级指标"
    )


def measured(facts: EntryFacts) -> Decision:
    """An approved indicator can be measured: it has a sign, a unit where it is a number, and a method."""
    number = facts.comparison is not None and facts.comparison is not Comparison.QUALITATIVE
    return (
        require(facts.comparison is not None, "请填写指标性质（≥、≤、=、定性）")
        & require(bool(facts.unit.strip()) or not number, "定量指标请填写计量单位")
        & require(bool(facts.method.strip()), "请填写计算方法：怎样算、分子分母是什么")
    )


def named_standards_sourced(facts: EntryFacts) -> Decision:
    """A standard without its source is an opinion."""
    bare = [value for value, source in facts.standards if not source.strip()]
    return require(not bare, f"标准值 {'、'.join(bare)} 没有出处，请补充文件名称或文号")


def may_propose(actor: Actor) -> Decision:
    """Who fills or checks target sheets may propose."""
    roles = (Role.UNIT, Role.DEPARTMENT, Role.FISCAL_DIVISION, Role.PERFORMANCE_OFFICE)
    return require(actor.role in roles, "申报指标由单位、主管部门和财政部门办理")


def may_edit(actor: Actor, *, proposed: bool, own: bool) -> Decision:
    """The performance office edits what it keeps; whoever proposed may put it right until it is decided."""
    office = actor.role is Role.PERFORMANCE_OFFICE
    return require(office or (proposed and own), "已入库的指标由绩效股修改；待入库的由申报人修改")
