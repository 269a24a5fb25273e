"""The starter library: large enough, every entry measurable, none the other's twin, no invented standard."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import combinations

import pytest

from jixiao.domain.indicators import Comparison, indicator_class
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.registers.indicators import starter
from jixiao.registers.indicators.forms import LEVEL2
from jixiao.registers.indicators.grams import folded
from jixiao.registers.indicators.rules import EntryFacts, class_fits, measured

ROWS = list(csv.DictReader(io.StringIO(starter.content().decode("utf-8-sig"))))
SOURCES = {"统计部门数据", "权威机构调查", "部门统计年鉴", "业务统计", "业务记录", "业务评判", "问卷报告", "媒体舆论"}
ALIKE = 0.6


def stripped(row):
    """Name and method without the nouns of the industry."""
    words = {row["行业"], *starter.industries().get(row["行业"], ())} - {""}
    text = row["三级指标"] + row["计算方法"]
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return folded(text)


def pairs(text):
    return {text[at : at + 2] for at in range(len(text) - 1)}


def alike(one, other):
    return len(one & other) / max(len(one | other), 1)


def test_it_holds_at_least_600_entries_of_at_least_20_industries():
    per_industry = Counter(row["行业"] for row in ROWS if row["行业"])
    assert len(ROWS) >= 600
    assert len(per_industry) >= 20
    assert min(per_industry.values()) >= 15
    assert set(per_industry) == set(starter.industries())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["三级指标"])
def test_an_entry_can_be_measured_and_stands_in_its_class(row):
    level1 = IndicatorLevel1.read(row["一级指标"])
    sign = Comparison.of(row["指标性质"])
    facts = EntryFacts(row["三级指标"], level1, row["二级指标"], sign, row["计量单位"], row["计算方法"])
    assert class_fits(facts)
    assert measured(facts)
    assert indicator_class("", row["二级指标"]) is level1
    assert row["二级指标"] in LEVEL2
    assert row["数据来源"] in SOURCES
    assert row["佐证资料"] or row["数据来源"]
    assert len(row["计算方法"]) >= 8


def test_names_are_their_own():
    assert [name for name, n in Counter(row["三级指标"] for row in ROWS).items() if n > 1] == []


def test_no_two_entries_differ_only_by_a_noun():
    texts = [(pairs(stripped(row)), row["三级指标"]) for row in ROWS]
    twins = [(a, b) for (one, a), (other, b) in combinations(texts, 2) if alike(one, other) >= ALIKE]
    assert twins == []


def test_a_template_with_another_noun_would_be_caught():
    method = "完成维修的{0}设施数÷计划维修的{0}设施数×100%"
    made = [
        {"行业": industry, "三级指标": f"{noun}设施维修完成率", "计算方法": method.format(noun)}
        for industry, noun in (("教育", "学校"), ("卫生健康", "医院"))
    ]
    one, other = (pairs(stripped(row)) for row in made)
    assert alike(one, other) >= ALIKE


def test_no_standard_value_is_invented():
    assert not {"指标值", "标准值"} & set(ROWS[0])


def test_templates_name_entries_of_the_library():
    names = {row["三级指标"] for row in ROWS}
    assert {name for one in starter.templates() for name in one.indicators} <= names
    assert len({one.name for one in starter.templates()}) == len(starter.templates()) >= 15


@pytest.mark.parametrize(
    ("texts", "found"),
    [(("甲县教育局", "校舍维修项目"), {"教育"}), (("三农",), {"农业农村"}), (("办公室",), set())],
)
def test_units_and_projects_show_their_industry(texts, found):
    assert starter.industries_of(*texts) == found
