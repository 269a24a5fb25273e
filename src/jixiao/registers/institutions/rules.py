"""Who may be engaged, and how an agency's work is judged (财监〔2021〕4号). Pure: today is an argument."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from jixiao.domain.decisions import Decision, require
from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


class AgencyGrade(Term):
    """机构考核等次."""

    A = "a", "A"
    B = "b", "B"
    C = "c", "C"


@dataclass(frozen=True)
class InstitutionRules:
    """What the region asks of agencies: days a check on the 信用管理平台 stands, and an appraiser's least years."""

    section: ClassVar[str] = "institutions"

    check_days: int
    working_years: int
    evaluating_years: int
    record_years: int


@dataclass(frozen=True)
class AgencyQualityRules:
    """机构考核: full points of each item (分), the least totals of A and B, and how many C in a row suspend."""

    section: ClassVar[str] = "agency_quality"

    items: dict[str, Decimal]
    grade_a: Decimal
    grade_b: Decimal
    suspend_after: int


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """One agency on the day it is chosen; `refused_by` names declared relations with the units concerned."""

    name: str
    credit_code: str
    platform_number: str
    checked_on: dt.date | None
    evidence: bool
    qualified_appraisers: int
    suspended_until: dt.date | None
    clean_record: bool
    refused_by: tuple[str, ...]
    rules: InstitutionRules


def credit_code_fits(code: str) -> bool:
    """统一社会信用代码: eighteen signs of which the last checks the others (GB 32100-2015)."""
    if len(code) != LENGTH or any(sign not in SIGNS for sign in code):
        return False
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:-1]))
    return SIGNS[(31 - total % 31) % 31] == code[-1]


def appraiser_qualified(working: int, evaluating: int, qualification: str, rules: InstitutionRules) -> Decision:
    """主评人: a title or certificate, years of work and of evaluating (财监〔2021〕4号)."""
    return (
        require(qualification.strip(), "请填写中高级职称或执业资格")
        & require(working >= rules.working_years, f"主评人应从业 {rules.working_years} 年以上")
        & require(evaluating >= rules.evaluating_years, f"主评人应从事绩效评价 {rules.evaluating_years} 年以上")
    )


def may_choose(agency: AgencyFacts, today: dt.date) -> Decision:
    """An agency can be chosen: registered and checked on the 信用管理平台, qualified, not suspended, not related."""
    checked, days = agency.checked_on, agency.rules.check_days
    fresh = checked is not None and dt.timedelta(0) <= today - checked <= dt.timedelta(days=days)
    free = agency.suspended_until is None or agency.suspended_until < today
    return (
        require(credit_code_fits(agency.credit_code), f"{agency.name}的统一社会信用代码不完整或校验位不对，请核对")
        & require(agency.platform_number.strip(), f"{agency.name}没有登记信用管理平台的登记号，不能选用")
        & require(fresh, f"{agency.name}没有 {days} 天内的信用管理平台核查记录，请重新核查")
        & require(agency.evidence, f"{agency.name}没有附上信用管理平台的核查凭证，请附上截图或打印件")
        & require(agency.qualified_appraisers, f"{agency.name}没有符合条件的主评人，请先登记")
        & require(agency.clean_record, f"{agency.name}近 {agency.rules.record_years} 年内有重大违法记录，不能选用")
        & require(free, f"{agency.name}已暂停选用至 {agency.suspended_until}")
        & require(not agency.refused_by, f"{agency.name}应回避：{'；'.join(agency.refused_by)}")
    )


def term_stands(since: dt.date, until: dt.date) -> Decision:
    """An engagement has a first and a last day."""
    return require(since <= until, "委托的截止日期不能早于开始日期")


def drawn(names: Iterable[str], seed: str) -> tuple[str, ...]:
    """The order of a random draw: by SHA-256 of seed and name, which anybody can compute again."""
    return tuple(sorted(names, key=lambda name: (hashlib.sha256(f"{seed}|{name}".encode()).hexdigest(), name)))


def quality_within(points: Mapping[str, Decimal], rules: AgencyQualityRules) -> Decision:
    """Each item of the rules is marked between 0 and its full points."""
    decision = require(points.keys() == rules.items.keys(), "考核项目与本地区规则不同，请刷新后重新填写")
    for name, full in rules.items.items():
        given = points.get(name)
        fits = given is not None and 0 <= given <= full
        decision &= require(fits, f"“{name}”应在 0 至 {plain(full)} 分之间")
    return decision


def agency_grade(total: Decimal, rules: AgencyQualityRules) -> AgencyGrade:
    """A, B or C; each border belongs to the better side."""
    if total >= rules.grade_a:
        return AgencyGrade.A
    return AgencyGrade.B if total >= rules.grade_b else AgencyGrade.C


def suspends(grades: Sequence[AgencyGrade], rules: AgencyQualityRules) -> bool:
    """Were the last grades, newest last, all C?"""
    last = grades[-rules.suspend_after :]
    return len(last) == rules.suspend_after and all(grade is AgencyGrade.C for grade in last)
