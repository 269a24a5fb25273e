"""The gate at its borders: what may enter 项目库 and what may be budgeted, for 年初 and 追加."""

from dataclasses import replace

import pytest

from jixiao import policies
from jixiao.domain.quantities import read_amount
from jixiao.domain.vocabulary import Nature, SubjectKind, Verdict
from jixiao.registers.subjects.rules import Cleared, covered, covers
from jixiao.stages.ex_ante.gate import GateFacts, may_budget, may_enter
from jixiao.stages.ex_ante.rules import BudgetFacts, ExAnteRules, why_not_due

RULES = policies.load("qingshanhu/2022").section(ExAnteRules)
NATIONAL = policies.load("national/2020").section(ExAnteRules)


def wan(amount):
    return read_amount(amount, "万元")


def new(amount, *clearances):
    budget = BudgetFacts(SubjectKind.PROJECT, Nature.NEW, wan(amount), 0)
    return GateFacts(budget, RULES, [Cleared(verdict, wan(fen)) for verdict, fen in clearances])


SUPPORTED, REFUSED, FREE = Verdict.SUPPORTED, Verdict.REFUSED, Verdict.NOT_REQUIRED


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (new("499.99"), ""),
        (new("500"), "没有事前绩效评估结论"),
        (new("500.01"), "没有事前绩效评估结论"),
        (new("500", (SUPPORTED, "500")), ""),
        (new("500.01", (SUPPORTED, "500")), "超出评估结论支持的金额 0.01 万元"),
        (new("600", (SUPPORTED, "500"), (SUPPORTED, "600")), ""),
        (new("600", (FREE, "400")), "超出评估结论支持的金额 200 万元"),
        (new("400", (REFUSED, "0")), "不予支持"),
        (new("600", (SUPPORTED, "600"), (REFUSED, "0")), "不予支持"),
        (new("600", (REFUSED, "0"), (SUPPORTED, "600")), ""),
        (new("600", (Verdict.EXEMPT, "600")), ""),
        (new("0"), ""),
        (new("0", (REFUSED, "0")), ""),
    ],
)
def test_both_doors_ask_for_a_clearance_that_covers(facts, words):
    for door in (may_enter, may_budget):
        decision = door(facts)
        assert bool(decision) is (not words)
        assert words in "".join(decision.reasons)


def test_a_raise_within_the_year_is_judged_with_what_was_there_before():
    continuing = BudgetFacts(SubjectKind.PROJECT, Nature.CONTINUING, wan("129.99"), wan("100"))
    facts = GateFacts(continuing, RULES, [Cleared(FREE, wan("110"))])
    assert may_budget(facts)
    assert not may_budget(replace(facts, budget=replace(continuing, amount=wan("130"))))


def test_a_stop_and_a_review_under_way_keep_money_back_but_not_the_entry():
    facts = replace(new("500", (SUPPORTED, "500")), held=True, under_review=True)
    assert may_enter(facts)
    assert len(may_budget(facts).reasons) == 2


def test_a_refusal_ends_what_was_given_before_it():
    given = [Cleared(SUPPORTED, 600), Cleared(REFUSED, 0), Cleared(SUPPORTED, 400)]
    assert (covered([]), covered(given[:1]), covered(given[:2]), covered(given)) == (None, 600, 0, 400)
    assert not covers(given, 401)


@pytest.mark.parametrize(
    ("facts", "rules", "sentence"),
    [
        (
            BudgetFacts(SubjectKind.PROJECT, Nature.NEW, wan("499.99"), 0),
            RULES,
            "新增 499.99 万元，未达到 500 万元，也不是新出台重大政策或项目",
        ),
        (
            BudgetFacts(SubjectKind.PROJECT, Nature.CONTINUING, wan("129.999999"), wan("100")),
            RULES,
            "延续，比上年增长 29.99%、增加 29.999999 万元，未达到 30% 或 500 万元",
        ),
        (
            BudgetFacts(SubjectKind.PROJECT, Nature.CONTINUING, wan("90"), wan("100")),
            RULES,
            "延续，上年 100 万元，本年 90 万元，没有增加",
        ),
        (
            BudgetFacts(SubjectKind.PROJECT, Nature.CONTINUING, wan("200"), wan("100")),
            NATIONAL,
            "延续，比上年增长 100%、增加 100 万元，没有规定增幅的门槛",
        ),
        (
            BudgetFacts(SubjectKind.DEPARTMENT_OVERALL, Nature.CONTINUING, wan("200"), wan("100")),
            RULES,
            "“部门整体”不作事前评估，其资金随所属项目评估",
        ),
    ],
)
def test_what_is_not_due_says_why_with_its_own_numbers(facts, rules, sentence):
    assert why_not_due(facts, rules) == sentence
