"""Checks with history and peers: every rule fires on its case, is silent on its twin, and says what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.domain.audit_cases import RULES, cases, changed

from jixiao.domain.checks import Check, Level, Report
from jixiao.domain.checks.audits import (
    CATALOGUE,
    LINE_CHECKS,
    SHEET_CHECKS,
    TITLES,
    RiskRules,
    SheetRecord,
    examine,
    risk_of,
)
from jixiao.domain.checks.audits.against import chance
from jixiao.domain.checks.audits.copying import Copies, essence, likeness, pieces
from jixiao.policies import load

CHECKS = {check.code: check for check in (*SHEET_CHECKS, *LINE_CHECKS)}
CASES = [pytest.param(case, id=f"{case['file']}-{case['rule']}-{no}") for no, case in enumerate(cases())]
RISK = load("national/2020").section(RiskRules)


def reported(sheet: SheetRecord, only: Check[Any]) -> Report:
    """What one rule alone says."""
    of_sheet = only.code in {check.code for check in SHEET_CHECKS}
    return examine(sheet, RULES, (only,) if of_sheet else (), () if of_sheet else (only,))


def holds(case: dict[str, Any], check: Check[Any]) -> bool:
    """Whether the rule does on this case all that the case says: fire at its level, be silent, say what is unknown."""
    fires, silent = reported(changed(case["fires"]), check), reported(changed(case["silent"]), check)
    right = {found.level for found in fires.findings} == {Level.read(case["level"])} and not silent.findings
    if "unknown" not in case:
        return right
    unknown = reported(changed(case["unknown"]), check)
    return right and bool(unknown.unchecked) and not unknown.findings


def mutants(check: Check[Any]) -> Iterable[tuple[str, Check[Any]]]:
    """The rule broken in each of its parts."""
    yield "never fires", replace(check, judge=lambda subject: None)
    yield "always fires", replace(check, judge=lambda subject: "总是报出", needs=(), applies=lambda subject: True)
    yield "turned round", replace(check, judge=lambda subject: None if check.judge(subject) else "反过来")
    yield "never applies", replace(check, applies=lambda subject: False)
    yield "of the other level", replace(check, level=Level.ERROR)


def test_nothing_is_found_on_the_good_sheet() -> None:
    assert examine(changed({"others": 5, "last": {"维修道路长度": {"actual": "50"}}}), RULES).findings == ()


def test_every_rule_has_a_case_a_title_a_source_and_says_how_to_answer() -> None:
    assert {case["rule"] for case in cases()} == set(CHECKS)
    assert set(TITLES) == set(CATALOGUE) >= set(CHECKS)
    assert all("〔" in check.citation for check in CHECKS.values())
    assert all(check.answer.endswith("。") for check in CATALOGUE.values())


@pytest.mark.parametrize("case", CASES)
def test_a_rule_fires_on_its_case_and_is_silent_on_its_twin(case: dict[str, Any]) -> None:
    assert holds(case, CHECKS[case["rule"]])


@pytest.mark.parametrize("case", CASES)
def test_a_case_notices_every_mutation_of_its_rule(case: dict[str, Any]) -> None:
    assert [name for name, mutant in mutants(CHECKS[case["rule"]]) if holds(case, mutant)] == []


@pytest.mark.parametrize("code", [code for code, check in CHECKS.items() if check.needs])
def test_a_rule_with_needs_says_unchecked_where_it_lacks_them(code: str) -> None:
    assert any("unknown" in case for case in cases() if case["rule"] == code) or code == "COPIED_CAUSE"


def test_names_numbers_and_punctuation_make_no_text_another() -> None:
    one = essence("甲局农村道路维修，因雨推后 2 周。", ("甲局", "农村道路维修"))
    assert one == essence("乙局桥梁养护因雨推后３周", ("乙局", "桥梁养护")) == "因雨推后周"


def test_copies_finds_what_comparing_every_pair_finds() -> None:
    texts = [(no, f"{'雨季路基返工推后交付' * 2}{'甲乙丙丁戊己庚辛'[: no % 9]}{'完' * (no % 4)}") for no in range(60)]
    found, border = Copies(texts, Fraction(80)), Fraction(80)
    for owner, text in texts:
        slow = {no for no, other in texts if no != owner and likeness(pieces(text), pieces(other)) >= border}
        assert {one.owner for one in found.of(owner, text)} == slow


def test_a_chance_is_exact() -> None:
    assert chance(2, 2, Fraction(1, 3)) == Fraction(1, 9)
    assert chance(0, 7, Fraction(1, 3)) == 1


def test_a_risk_is_the_sum_of_its_parts_each_limited() -> None:
    findings = [("EVIDENCE_MISSING", Level.WARNING)] * 9 + [("TOTAL_MISMATCH", Level.ERROR)]
    risk = risk_of(findings, RISK)
    assert (risk.points, [part.points for part in risk.parts]) == (Decimal(45), [Decimal(30), Decimal(15)])
    assert risk.because == "缺少佐证 9 处 30 分，总分不等于各项之和 1 处 15 分；合计 45 分"


def test_a_risk_is_never_above_a_hundred_and_nothing_found_is_none() -> None:
    assert risk_of([(code, Level.ERROR) for code in CATALOGUE], RISK).points == 100
    assert risk_of([], RISK).because == "没有发现疑点，0 分"
    assert risk_of([("COPIED_ACTUALS", Level.WARNING)], RISK).points == RISK.error
