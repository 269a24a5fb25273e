"""质量检查 of target sheets: every rule fires on its case, is silent on its twin, and dies by its own mutations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.target_cases import cases, changed

from jixiao.domain.checks import Check, Level, Report
from jixiao.domain.checks.targets import (
    LINE_CHECKS,
    SHEET_CHECKS,
    TargetCheckRules,
    TargetSheet,
    examine,
    quality,
)
from jixiao.policies import load

RULES = load("national/2020").section(TargetCheckRules)
CHECKS = {check.code: check for check in (*SHEET_CHECKS, *LINE_CHECKS)}
CASES = [pytest.param(case, id=f"{case['file']}-{case['rule']}-{no}") for no, case in enumerate(cases())]
Mutant = Check[Any]


def reported(sheet: TargetSheet, only: Check[Any]) -> Report:
    """What one rule alone says."""
    of_sheet = only.code in {check.code for check in SHEET_CHECKS}
    return examine(sheet, RULES, (only,) if of_sheet else (), () if of_sheet else (only,))


Reported = Callable[[TargetSheet, Check[Any]], Report]


def holds(
    case: dict[str, Any],
    check: Check[Any],
    reported: Reported = reported,
    changed: Callable[[dict[str, Any]], TargetSheet] = changed,
) -> bool:
    """Whether the rule does on this case all that the case says: fire at its level, be silent, say what is unknown."""
    fires, silent = reported(changed(case["fires"]), check), reported(changed(case["silent"]), check)
    right = {found.level for found in fires.findings} == {Level.read(case["level"])} and not fires.unchecked
    right = (
        right and silent == Report((), ()) and all(case.get("says", "") in found.message for found in fires.findings)
    )
    if "unknown" not in case:
        return right
    unknown = reported(changed(case["unknown"]), check)
    return right and bool(unknown.unchecked) and not unknown.findings


def mutants(check: Check[Any]) -> Iterable[tuple[str, Mutant]]:
    """The rule broken in each of its parts."""
    turned = Level.WARNING if check.level is Level.ERROR else Level.ERROR
    yield "never fires", replace(check, judge=lambda subject: None)
    yield "always fires", replace(check, judge=lambda subject: "总是报出", applies=lambda subject: True)
    yield "turned round", replace(check, judge=lambda subject: None if check.judge(subject) else "反过来")
    yield "never applies", replace(check, applies=lambda subject: False)
    yield "of the other level", replace(check, level=turned)
    for need in check.needs:
        yield f"never finds {need.label}", replace(check, needs=(replace(need, present=lambda subject: False),))


def test_the_good_sheet_is_found_good_and_nothing_on_it_stays_unchecked() -> None:
    report = examine(changed({}), RULES)
    assert report.findings == ()
    assert {finding.code for finding in report.unchecked} <= {"BELOW_LAST_YEAR", "FAR_ABOVE_LAST_YEAR"}


def test_there_are_enough_rules_each_with_a_case() -> None:
    assert len(CHECKS) == len(SHEET_CHECKS) + len(LINE_CHECKS) >= 40
    assert {case["rule"] for case in cases()} == set(CHECKS)


@pytest.mark.parametrize("case", CASES)
def test_a_rule_fires_on_its_case_and_is_silent_on_its_twin(case: dict[str, Any]) -> None:
    assert holds(case, CHECKS[case["rule"]])


@pytest.mark.parametrize("case", CASES)
def test_a_case_notices_every_mutation_of_its_rule(case: dict[str, Any]) -> None:
    assert [name for name, mutant in mutants(CHECKS[case["rule"]]) if holds(case, mutant)] == []


@pytest.mark.parametrize("case", CASES)
def test_what_fires_is_in_the_whole_report_and_gone_without_its_rule(case: dict[str, Any]) -> None:
    sheet, code = changed(case["fires"]), case["rule"]
    kept = [tuple(check for check in checks if check.code != code) for checks in (SHEET_CHECKS, LINE_CHECKS)]
    assert code in {finding.code for finding in examine(sheet, RULES).findings}
    assert code not in {finding.code for finding in examine(sheet, RULES, *kept).findings}


@pytest.mark.parametrize("code", [code for code, check in CHECKS.items() if check.needs])
def test_a_rule_with_needs_has_a_case_without_them(code: str) -> None:
    assert any("unknown" in case for case in cases() if case["rule"] == code)


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_rule_cites_a_document_and_every_message_names_a_remedy(code: str) -> None:
    assert "〔" in CHECKS[code].citation
    case = next(case for case in cases() if case["rule"] == code)
    for finding in reported(changed(case["fires"]), CHECKS[code]).findings:
        assert "请" in finding.message or "应" in finding.message


def test_a_good_sheet_has_a_hundred_and_says_so() -> None:
    found = quality(changed({}), RULES)
    assert (found.points, found.deductions) == (100, ())
    assert found.because == "没有发现问题，得 100 分"


def test_the_score_is_explained_finding_by_finding() -> None:
    found = quality(changed({"lines": {"维修道路长度": {"unit": ""}, "道路两侧环境": {"target": "显著改善"}}}), RULES)
    assert [(d.finding.code, d.points) for d in found.deductions] == [("NO_UNIT", 10), ("TARGET_VAGUE", 3)]
    assert found.because == "满分 100 分，必须改 1 处扣 10 分，建议 1 处扣 3 分，得 87 分"


def test_one_rule_takes_no_more_than_its_limit() -> None:
    empty = {name: {"target": ""} for name in ("维修道路长度", "工程验收合格率", "沿线居民满意度")}
    taken = [d for d in quality(changed({"lines": empty}), RULES).deductions if d.finding.code == "NO_TARGET_VALUE"]
    assert [d.points for d in taken] == [10, 5, 0]
    assert taken[1].because == "扣 5 分，同类问题最多扣 15 分"


def test_a_sheet_without_indicators_has_no_score_and_much_unchecked() -> None:
    found = quality(changed({"only": []}), RULES)
    assert found.points is None
    assert found.because == "没有指标明细，不计质量分"
    assert "WEIGHT_SUM" in {finding.code for finding in found.unchecked}


@given(st.dictionaries(st.sampled_from([i.name for i in changed({}).indicators]), st.text(max_size=12)))
def test_whatever_stands_in_the_targets_the_score_is_the_rest_of_a_hundred(targets: dict[str, str]) -> None:
    sheet = changed({})
    lines = tuple(replace(i, target=targets.get(i.name, i.target)) for i in sheet.indicators)
    found = quality(replace(sheet, indicators=lines), RULES)
    assert found.points == max(Decimal(0), 100 - sum((d.points for d in found.deductions), Decimal(0)))
    assert max(Counter(d.finding.code for d in found.deductions if d.points > 0).values(), default=0) <= 5
