"""Problems are told apart in a text, words propose their classes, and what was confirmed stands."""

from __future__ import annotations

import pytest

from jixiao.domain.problems import OTHER, ProblemClass, ProblemRules, classed, passages, written

RULES = ProblemRules({"slow": ProblemClass("进度慢", ("滞后",)), "money": ProblemClass("资金闲置", ("沉淀",))})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("无", ()),
        ("暂无。", ()),
        ("进度滞后\n资金沉淀\n", ("进度滞后", "资金沉淀")),
        ("1.进度滞后；2.资金沉淀。", ("进度滞后", "资金沉淀。")),
        ("1、进度滞后 2、资金沉淀", ("进度滞后", "资金沉淀")),
        ("（一）进度滞后。（二）资金沉淀。", ("进度滞后。", "资金沉淀。")),
        ("一是进度滞后；二是资金沉淀", ("进度滞后", "资金沉淀")),
        ("一、进度滞后\n\n二、资金沉淀", ("进度滞后", "资金沉淀")),
        ("支付率只有 60.5%，比计划低 2.5 个点", ("支付率只有 60.5%，比计划低 2.5 个点",)),
        ("工期推后 3 个月", ("工期推后 3 个月",)),
        ("同一句\n同一句", ("同一句",)),
    ],
)
def test_a_text_is_parted_by_its_lines_and_numbers(text, found):
    assert passages(text) == found


def test_words_propose_and_a_person_confirms():
    assert classed("进度滞后，资金沉淀", "", RULES).codes == ("slow", "money")
    assert not classed("进度滞后", "", RULES).confirmed
    assert classed("进度滞后", "other", RULES).codes == (OTHER,)
    assert classed("进度滞后", "other", RULES).confirmed
    assert classed("没有装订", "", RULES).codes == (OTHER,)


def test_confirmed_classes_are_stored_once_in_the_order_of_the_rules_and_unknown_ones_not_at_all():
    assert written(["other", "money", "slow", "money", "gone"], RULES) == "slow money other"


def test_a_class_that_the_rules_dropped_shows_its_code():
    assert (RULES.name("slow"), RULES.name("gone"), RULES.name(OTHER)) == ("进度慢", "gone", "其他")
