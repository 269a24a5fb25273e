"""How the money of an object is called: a sentence about spending, said of revenue."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from jixiao.domain.checks.lights import LightFacts, LightRules, judge
from jixiao.domain.frameworks import framework_of, shipped
from jixiao.domain.money_words import SPENDING, MoneyWords
from jixiao.domain.scoring import ScoringRules, score_execution
from jixiao.domain.scoring.rules import Flag
from jixiao.domain.vocabulary import Extension, SubjectKind
from jixiao.policies import for_region

REVENUE = shipped()["income/1"].money
SPENDING_WORDS = ("预算", "支出", "执行", "支付", "闲置", "花")
POLICY = for_region("999999", 2022)


@pytest.mark.parametrize(
    ("spending", "revenue"),
    [
        ("全年预算", "全年应收"),
        ("全年预算数", "全年应收数"),
        ("年初预算", "应收"),
        ("上年预算", "上年应收"),
        ("2022年预算", "2022年应收"),
        ("累计支出", "累计实收"),
        ("预计全年支出", "预计全年实收"),
        ("执行率", "收入完成率"),
        ("累计执行率", "累计收入完成率"),
        ("预算执行率低于 60%", "收入完成率低于 60%"),
        ("支出 1 万元 ÷ 预算 2 万元 = 50%", "实收 1 万元 ÷ 应收 2 万元 = 50%"),
        ("项目支出绩效自评表", "项目收入绩效自评表"),
        ("部门整体支出绩效目标执行监控表", "部门整体收入绩效目标执行监控表"),
        ("1—7月执行数", "1—7月实收数"),
        ("完成可能性", "完成可能性"),
        ("", ""),
    ],
)
def test_a_sentence_about_spending_is_said_of_revenue(spending, revenue):
    assert REVENUE.say(spending) == revenue


def test_spending_says_every_sentence_as_it_is_written():
    assert SPENDING.plain
    assert SPENDING.say("全年预算、支出、执行率") == "全年预算、支出、执行率"
    assert SPENDING.marked("助学金") == "助学金"
    assert set(SPENDING.notes.values()) == {""}


def test_a_list_of_several_objects_notes_the_words_of_those_that_differ():
    assert REVENUE.notes == {"whole_word": "全年应收", "carried_word": "实收", "rate_word": "收入完成率"}
    assert REVENUE.marked("非税收入") == "非税收入（全年应收、实收、收入完成率）"
    bought = framework_of(SubjectKind.PROJECT, "", Extension.PROCUREMENT).money
    assert bought.notes == {"whole_word": "", "carried_word": "采购支出", "rate_word": ""}


@pytest.mark.parametrize("key", sorted(shipped()))
def test_the_words_of_every_type_are_said_once_and_never_again(key):
    money = shipped()[key].money
    for own in (money.planned, money.whole, money.rate):
        assert money.say(own) == own


def test_a_word_that_no_type_has_is_refused_when_the_file_is_read():
    with pytest.raises(TypeError):
        MoneyWords.read({"planned": "应收", "received": "实收"})


@pytest.mark.parametrize(("spent", "flags"), [(90, ()), (100, ()), (101, ())])
def test_revenue_that_exceeds_its_plan_needs_no_explanation(spent, flags):
    rules = POLICY.section(ScoringRules)
    found = score_execution(100, spent, Decimal(10), rules, REVENUE)
    assert found.flags == flags
    assert "收入完成率" in found.because
    assert not any(word in found.because for word in SPENDING_WORDS)
    plain = score_execution(100, spent, Decimal(10), rules)
    assert (found.points, found.attainment) == (plain.points, plain.attainment)
    assert (Flag.EXECUTION_OVER_100 in plain.flags) is (spent > 100)


@pytest.mark.parametrize(("budget", "spent"), [(0, 0), (1000, 0), (1000, 10), (1000, 990)])
@pytest.mark.parametrize("time", [10, 60])
def test_the_lights_of_revenue_speak_of_revenue(budget, spent, time):
    facts = LightFacts(Fraction(time), budget, spent, False, (), REVENUE)
    for light in judge(facts, POLICY.section(LightRules), lambda key: ""):
        said = light.name + light.because
        assert not any(word in said for word in SPENDING_WORDS), said
