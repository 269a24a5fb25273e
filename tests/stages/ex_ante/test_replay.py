"""青山湖's 230 projects of 2022 get exactly the triggers that its rule gives: by an oracle, and by hand."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest
from tests.factories import DEMO, actor

from jixiao.domain.vocabulary import SubjectKind, Verdict
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Clearance, SubjectYear
from jixiao.stages.ex_ante.reports.gaps import standing_of, uncleared

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo")]
QINGSHANHU, YEAR = "360111", 2022


def rows():
    with (DEMO / "qingshanhu-2022" / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["年度"] == str(YEAR) and row["对象类型"] == "项目"]


def triggers(row):
    """The rule of 2022 as it is written, in fractions of 万元: 新增 ≥ 500；延续增幅 ≥ 30 % 或增加 ≥ 500；重大政策."""
    now = Fraction(row["年初预算(万元)"]) + Fraction(row["追加调整(万元)"])
    before = Fraction(row["上年预算(万元)"])
    found = {"major"} if row["重大政策"] == "是" else set()
    if row["项目性质"] == "新增" or before == 0:
        return found | ({"new"} if now >= 500 else set())
    if now > before and (now - before) / before >= Fraction(30, 100):
        found.add("rate")
    if now - before >= 500:
        found.add("more")
    return found


WORDS = {"major": "新出台重大政策或项目", "new": "新增 ", "rate": "比上年增长", "more": "比上年增加"}


def test_every_project_has_the_triggers_of_the_oracle_and_no_other():
    subjects = {s.code: s for s in SubjectYear.objects.filter(region=QINGSHANHU, year=YEAR, kind=SubjectKind.PROJECT)}
    written = {row["项目编码"]: triggers(row) for row in rows()}
    assert len(written) == 230
    assert set(written) == set(subjects)
    for code, expected in written.items():
        reasons = standing_of(subjects[code]).due.reasons
        said = {name for name, words in WORDS.items() if any(reason.startswith(words) for reason in reasons)}
        assert (said, len(reasons)) == (expected, len(expected)), code


@pytest.mark.parametrize(
    ("code", "due", "sentence"),
    [
        ("001", True, "比上年增长 30%，达到 30%"),
        ("002", False, "新增 499 万元，未达到 500 万元，也不是新出台重大政策或项目"),
        ("003", False, "延续，上年 1,666.666666 万元，本年 1,500 万元，没有增加"),
        ("004", True, "比上年增长 31%，达到 30%"),
        ("006", False, "延续，比上年增长 10%、增加 1.09091 万元，未达到 30% 或 500 万元"),
        ("008", True, "新出台重大政策或项目；比上年增长 60%，达到 30%"),
        ("011", False, "延续，比上年增长 29%、增加 143.875969 万元，未达到 30% 或 500 万元"),
        ("014", True, "比上年增长 60%，达到 30%；比上年增加 562.5 万元，达到 500 万元"),
        ("029", True, "新增 501 万元，达到 500 万元"),
        ("052", True, "新增 500 万元，达到 500 万元"),
        ("128", True, "新出台重大政策或项目"),
    ],
)
def test_cases_checked_by_hand_say_their_sentence(code, due, sentence):
    found = standing_of(SubjectYear.objects.get(region=QINGSHANHU, year=YEAR, code=f"360111220000{code}"))
    assert (found.due.required, found.why) == (due, sentence)
    assert found.citation == "青山湖区区级财政支出事前绩效评估管理暂行办法（2022年情况说明）"


def test_the_exempted_project_passes_by_its_registered_exemption():
    found = standing_of(SubjectYear.objects.get(region=QINGSHANHU, year=YEAR, code="360111220000008"))
    assert [one.category for one in found.exemptions] == ["应急"]
    assert found.budget


def test_what_is_due_and_uncovered_is_listed_and_nothing_else():
    listed = {gap.code for gap in uncleared(actor(code=QINGSHANHU), YEAR, for_region(QINGSHANHU, YEAR))}
    given = Clearance.objects.filter(region=QINGSHANHU, subject_year__year=YEAR).exclude(verdict=Verdict.NOT_REQUIRED)
    cleared = set(given.values_list("subject_year__code", flat=True))
    due = {row["项目编码"] for row in rows() if triggers(row)}
    assert {code for code in listed if code in {row["项目编码"] for row in rows()}} == due - cleared
