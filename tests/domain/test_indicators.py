"""Indicators as tables write them: signs, classes, values with words around them, dates."""

import pytest

from jixiao.domain.indicators import Comparison, indicator_class, is_output
from jixiao.domain.scoring.values import Wording, read_value
from jixiao.domain.terms import UnknownTerm
from jixiao.domain.vocabulary import IndicatorLevel1


@pytest.mark.parametrize(
    ("written", "sign"),
    [("≥", "at_least"), (">=", "at_least"), ("＜", "less"), ("≤", "at_most"), ("＝", "equal"), (">", "more")],
)
def test_a_sign_is_read_however_it_is_typed(written, sign):
    assert Comparison.of(written) == sign


def test_a_blank_sign_stands_before_a_qualitative_indicator():
    assert Comparison.of("") is Comparison.of(None) is Comparison.of("定性") is Comparison.QUALITATIVE


def test_an_unknown_sign_is_refused_with_those_that_exist():
    with pytest.raises(UnknownTerm, match="≥"):
        Comparison.of("约")


@pytest.mark.parametrize(
    ("level1", "level2", "kind"),
    [
        ("产出", "数量", IndicatorLevel1.OUTPUT),
        ("产出指标", "时效指标", IndicatorLevel1.OUTPUT),
        ("产出", "成本", IndicatorLevel1.COST),
        ("成本指标", "经济成本", IndicatorLevel1.COST),
        ("成本指标", "生态环境成本", IndicatorLevel1.COST),
        ("效益", "社会效益", IndicatorLevel1.BENEFIT),
        ("社会效益", "", IndicatorLevel1.BENEFIT),
        ("履职效果", "可持续影响", IndicatorLevel1.BENEFIT),
        ("效益指标", "服务对象满意度", IndicatorLevel1.SATISFACTION),
        ("满意度", "", IndicatorLevel1.SATISFACTION),
        ("决策", "项目立项", None),
    ],
)
def test_the_class_is_recognised_however_it_is_worded(level1, level2, kind):
    assert indicator_class(level1, level2) is kind


def test_a_cost_under_outputs_is_not_an_output():
    assert is_output("产出", "质量")
    assert not is_output("产出", "成本")


@pytest.mark.parametrize(
    ("written", "unit", "number"),
    [
        ("200余", "", 200),
        ("200余人", "人", 200),
        (">=266", "", 266),
        ("≥95％", "%", 95),
        ("95%以上", "%", 95),
        ("１，２００", "人", 1200),
        ("1,200.5", "", 1200.5),
        ("1.2万人", "人", 12000),
        ("1.2万人", "万人", 1.2),
        ("72890元", "万元", 7.289),
        ("50万元", "元", 500000),
        ("230㎡", "㎡", 230),
        ("12个月", "", 12),
        ("-3.5", "", -3.5),
        ("已完成12个", "个", 12),
    ],
)
def test_one_number_with_words_around_it_is_that_number(written, unit, number):
    value = read_value(written, unit)
    assert value.num / value.den == number


@pytest.mark.parametrize("written", ["3个村5个组", "90-95%", "未完成12个", "不足100", "三场", "11/12", "9" * 60])
def test_what_is_not_one_number_is_not_guessed(written):
    assert not read_value(written).is_number


@pytest.mark.parametrize("written", [None, "", " ", "/", "—", "无"])
def test_a_blank_cell_has_no_value(written):
    assert read_value(written) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("11月底前", (0, 11, 30)),
        ("2022年6月30日前", (2022, 6, 30)),
        ("2022-06-30", (2022, 6, 30)),
        ("2022/6/30", (2022, 6, 30)),
        ("12月31日之前完成", (0, 12, 31)),
        ("2022年10月中旬", (2022, 10, 20)),
        ("2023年2月", (2023, 2, 28)),
        ("2022年底", (2022, 12, 31)),
        ("2022年第三季度", (2022, 9, 30)),
        ("上半年", (0, 6, 30)),
        ("2022年", (2022, 12, 31)),
    ],
)
def test_a_deadline_is_its_last_day(written, day):
    assert read_value(written).day == day


@pytest.mark.parametrize("written", ["2月30日", "13月底前", "2022-02-30"])
def test_a_day_that_does_not_exist_is_no_date(written):
    assert read_value(written).day is None


@pytest.mark.parametrize(
    ("written", "wording"),
    [
        ("达成预期指标", Wording.REACHED),
        ("已完成", Wording.REACHED),
        ("部分达成预期指标并具有一定效果", Wording.PARTLY),
        ("未达成预期指标且效果较差", Wording.MISSED),
        ("基本达成预期", None),
        ("显著提升", None),
    ],
)
def test_only_the_three_wordings_name_a_tier(written, wording):
    assert read_value(written).wording is wording
