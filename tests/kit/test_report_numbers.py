"""The reader that holds a printed report against its sources must itself miss nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.papers import report
from tests.kit.report_numbers import han_value, numbers_in, numbers_of, unresolved

from jixiao.kit.docx import render


def kinds(text: str, **options: object) -> list[tuple[str, str]]:
    return [(one.text, one.kind) for one in numbers_in(text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("资金37,580.6万元", "37580.6", "万元"),
        ("占比53.51%", "53.51", "%"),
        ("占比５３．５％", "53.5", "%"),
        ("下降-3.2个百分点", "-3.2", "个百分点"),
        ("共一百二十个", "120", ""),
        ("两项政策", "2", ""),
        ("百分之三十", "30", ""),
        ("约三万五千元", "35000", ""),
        ("受益12万人", "12", "万"),
    ],
)
def test_a_number_is_found_with_its_value_and_unit(text: str, value: str, unit: str):
    (one,) = numbers_in(text)
    assert (one.kind, one.value, one.unit) == ("number", Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "found", "kind"),
    [
        ("依据〔2022〕132号", "〔2022〕132号", "document"),
        ("按办法第十三条执行", "第十三条", "document"),
        ("于2022年12月31日", "2022年12月31日", "date"),
        ("2022年度工作", "2022年度", "date"),
        ("截至7月底", "7月底", "date"),
        ("开展1—7月监控", "1—7月", "date"),
        ("委托第三方机构", "第三方", "name"),
        ("一般公共预算", "一般公共预算", "name"),
    ],
)
def test_what_is_no_quantity_is_told_apart(text: str, found: str, kind: str):
    assert kinds(text) == [(found, kind)]


def test_a_document_number_keeps_its_agency_out_of_the_quantities():
    assert kinds("根据湖财字〔2022〕132号，安排3个") == [("〔2022〕132号", "document"), ("3", "number")]


def test_an_ordinal_counts_as_one_only_in_headings():
    assert kinds("（一）目标", heading=True) == [("（一）", "ordinal")]
    assert kinds("（一）目标") == [("一", "number")]
    assert kinds("2.3个", heading=True) == [("2.3", "number")]


def test_proper_names_may_be_added():
    assert kinds("三里桥乡12个", names=("三里桥乡",)) == [("三里桥乡", "name"), ("12", "number")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二〇二二", "2022"),
        ("十", "10"),
        ("二十一", "21"),
        ("一千零五", "1005"),
        ("三点五", "3.5"),
        ("两亿三千万", "230000000"),
    ],
)
def test_han_numbers_have_their_value(text: str, value: str):
    assert han_value(text) == Decimal(value)


@given(st.integers(0, 10**9), st.sampled_from(["万元", "个", "%", ""]))
def test_any_number_in_digits_is_found(number: int, unit: str):
    (one,) = numbers_in(f"共计{number:,}{unit}。")
    assert one.value == number


def everything() -> dict[str, object]:
    rows = [f"{n}.5" for n in range(30)] + [str(n) for n in range(30)]
    codes = [str(n) for n in range(30)] + ["51092324", "0123456789", "9", "0"]
    return {
        "figures": [number.text for number in report().numbers()] + rows + codes,
        "documents": ["西财绩〔2022〕132号", "中发〔2018〕34号"],
        "dates": ["2022年12月31日", "8月20日"],
    }


def strangers(docx: bytes, **known: object) -> list[str]:
    return [one.text for one in unresolved(numbers_of(docx, names=["0123456789abcdef" * 4]), **known)]  # type: ignore[arg-type]


def test_a_true_report_resolves_wholly():
    assert strangers(render(report()), **everything()) == []


def test_a_number_out_of_nowhere_is_found_wherever_it_stands():
    assert strangers(render(report(remark="另有7654321个")), **everything()).count("7654321") >= 9


def test_a_false_document_or_date_is_found():
    known = everything() | {"documents": ["中发〔2018〕34号"], "dates": ["2022年12月31日"]}
    assert strangers(render(report()), **known) == ["〔2022〕132号", "8月20日"]


def test_a_month_is_not_taken_for_the_end_of_another():
    (one,) = numbers_in("截至1月")
    assert unresolved([one], [], dates=["2022年11月30日"]) == [one]
