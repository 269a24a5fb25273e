"""Frameworks as data: one file a type of object, its classes and its core indicators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Count

from jixiao.domain.frameworks import framework_of, shipped
from jixiao.domain.indicators import Comparison
from jixiao.domain.money_words import SPENDING
from jixiao.domain.vocabulary import Extension, FundBook, IndicatorLevel1, SubjectKind
from jixiao.policies import for_region
from jixiao.stages.targets.models import LineSource, TargetVersion
from jixiao.stages.targets.rules import TargetFacts, TargetLine, TargetRules, core_indicators_clear
from jixiao.stages.targets.workbook.printed import form_docx, form_xlsx
from jixiao.stages.targets.workbook.returned import understood

TYPES = {
    *("project/1", "programme_policy/1", "department_overall/1", "special_fund/1", "transfer/1", "income/1"),
    *("public_private_partnership/1", "procurement/1", "purchased_services/1", "government_debt/1"),
    *("government_fund/1", "social_insurance/1", "state_capital/1"),
    *("department_overall/2", "special_fund/2", "transfer/2"),
}


def test_every_type_of_object_has_its_file_with_core_indicators_and_a_source():
    assert set(shipped()) == TYPES
    assert all(framework.core and framework.source and framework.required_classes for framework in shipped().values())


@pytest.mark.parametrize(
    ("kind", "book", "extension", "key"),
    [
        (SubjectKind.PROJECT, "", "", "project/1"),
        (SubjectKind.PROJECT, FundBook.GENERAL, "", "project/1"),
        (SubjectKind.PROJECT, FundBook.GOVERNMENT_FUND, "", "government_fund/1"),
        (SubjectKind.SPECIAL_FUND, FundBook.GOVERNMENT_FUND, "", "special_fund/2"),
        (SubjectKind.TRANSFER, "", "", "transfer/2"),
        (SubjectKind.PROJECT, FundBook.GENERAL, Extension.PROCUREMENT, "procurement/1"),
        (SubjectKind.DEPARTMENT_OVERALL, "", "", "department_overall/2"),
    ],
)
def test_an_object_finds_its_framework_by_extension_then_budget_then_kind(kind, book, extension, key):
    assert framework_of(kind, book, extension).key == key


def test_income_is_planned_as_receivable_and_carried_out_as_received():
    words = shipped()["income/1"].money
    assert (words.planned, words.carried_out, words.whole, words.rate) == ("应收", "实收", "全年应收", "收入完成率")
    assert not words.spent
    assert shipped()["project/1"].money == SPENDING


def facts(*lines, framework="project/1"):
    rules = for_region("999999", 2022).section(TargetRules)
    return TargetFacts(
        held=False,
        department_above=True,
        goal="目标",
        lines=lines,
        rules=rules,
        framework=shipped()[framework],
        vague=frozenset({"较好", "提升"}),
    )


NUMBER = TargetLine(IndicatorLevel1.OUTPUT, "数量指标", "资助人数", "300", Decimal(50), Comparison.AT_LEAST)
EFFECT = TargetLine(IndicatorLevel1.BENEFIT, "社会效益", "不因贫失学", "全部入学", Decimal(40), Comparison.QUALITATIVE)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((NUMBER, EFFECT), ""),
        ((EFFECT,), "缺少核心指标“产出数量”"),
        ((NUMBER,), "缺少核心指标“项目效益”"),
        ((replace(NUMBER, target="若干"), EFFECT), "“产出数量”没有量化的指标值"),
        ((replace(NUMBER, target="若干"), replace(NUMBER, name="次数"), EFFECT), ""),
        ((NUMBER, replace(EFFECT, target="提升")), "“项目效益”的指标值空泛"),
        ((NUMBER, replace(EFFECT, target=" ")), "“项目效益”的指标值空泛"),
        ((replace(NUMBER, level2="质量指标", name="合格率"), EFFECT), "缺少核心指标“产出数量”"),
    ],
)
def test_a_missing_or_vague_core_indicator_is_named(lines, said):
    reasons = core_indicators_clear(facts(*lines)).reasons
    assert said in "；".join(reasons)
    assert bool(reasons) is bool(said)


def test_a_sheet_from_before_frameworks_is_asked_for_none():
    assert core_indicators_clear(replace(facts(), framework=None))


def test_the_targets_of_a_whole_district_pass_what_their_frameworks_ask(demo):
    rows = TargetVersion.objects.filter(region="411323", year=2022, state="approved", stated_lines=None)
    rows = rows.filter(lines__source=LineSource.TARGET).distinct().select_related("sheet__subject_year", "snapshot")
    missing = []
    for version in rows:
        subject = version.sheet.subject_year
        version.framework = framework_of(subject.kind, subject.book, subject.extension).key
        missing += core_indicators_clear(version.facts()).reasons
    assert rows.count() == 510
    assert missing == []


@pytest.mark.parametrize(("name", "written"), [("a.xlsx", form_xlsx), ("a.docx", form_docx)])
def test_the_project_with_sixteen_indicators_prints_on_its_form_and_comes_back_whole(demo, name, written):
    rows = TargetVersion.objects.filter(region="360111", lines__source=LineSource.TARGET)
    largest = rows.annotate(count=Count("lines")).select_related("sheet__subject_year").get(count=16)
    filled, problems = understood(written(largest, "青山湖区"), name, largest)
    assert problems == []
    assert filled == largest.filled
