"""Exports of other systems: any names, any order, title rows above, other units; read by what the office said."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from jixiao.domain.vocabulary import FundBook
from jixiao.kit.mapping import Mapped, headings, proposed, read_with
from jixiao.kit.tables import Column, Table

TABLE = Table(
    "payments",
    "国库支付",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code"),
        Column("paid_on", "支付日期", "date"),
        Column("fen", "金额", "amount", unit="元"),
        Column("book", "预算类型", "term", required=False, choices=FundBook, default=""),
        Column("summary", "摘要", required=False),
    ),
)
COLUMNS = {"code": "预算项目", "paid_on": "清算日", "fen": "支付额"}
MAPPED = Mapped("payments", COLUMNS, {"year": "2022"}, "万元")


def export(*rows: tuple[object, ...]) -> bytes:
    book, buffer = Workbook(), BytesIO()
    for row in (("2022 年支付明细表",), ("制表单位", "国库股"), *rows):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


HEAD = ("序号", "支付额", "清算日", "经办", "预算项目")
FILE = export(HEAD, (1, 1.5, "2022-03-01", "张三", "P1"), (2, "-0.25", "2022年4月2日", "", "P2"))


def test_an_export_is_read_by_its_mapping():
    reading = read_with(MAPPED, FILE, "导出.xlsx", TABLE)
    assert reading.problems == []
    assert [(row.number, row.values["code"], row.values["fen"]) for row in reading.rows] == [
        (4, "P1", 1_500_000),
        (5, "P2", -250_000),
    ]
    assert {row.values["year"] for row in reading.rows} == {2022}
    assert reading.table is TABLE
    assert reading.rows[0].values["summary"] == ""


def test_a_wrong_cell_is_told_at_the_column_of_the_file():
    reading = read_with(MAPPED, export(HEAD, (1, "很多", "2022-03-01", "", "P1")), "导出.xlsx", TABLE)
    [problem] = reading.problems
    assert (problem.row, problem.column) == (4, "支付额")


def test_headers_are_shown_with_their_first_values():
    [shown] = headings(FILE, "导出.xlsx")
    assert shown.row == 3
    assert [column.header for column in shown.columns] == list(HEAD)
    assert shown.columns[1].values == ("1.5", "-0.25")


def test_columns_of_our_names_are_proposed():
    assert proposed(TABLE, ["金额（万元）", "项目编码", "别的"]) == {"code": "项目编码", "fen": "金额（万元）"}


def test_a_header_given_to_another_column_is_not_read_twice():
    swapped = Mapped("payments", {**COLUMNS, "summary": "年度"}, {"year": "2022"})
    content = export((*HEAD, "年度"), (1, 1.5, "2022-03-01", "", "P1", "说明文字"))
    [row] = read_with(swapped, content, "导出.xlsx", TABLE).rows
    assert (row.values["year"], row.values["summary"], row.values["fen"]) == (2022, "说明文字", 150)


@pytest.mark.parametrize(
    ("mapping", "key", "why"),
    [
        (Mapped("payments", COLUMNS), "year", "必填"),
        (Mapped("payments", {**COLUMNS, "year": "清算日"}), "year", "只能用一次"),
        (Mapped("payments", COLUMNS, {"year": "去年"}), "year", "不是数字"),
        (Mapped("payments", COLUMNS, {"year": "2022", "fen": "1"}), "fen", "只能选一样"),
        (Mapped("payments", COLUMNS, {"year": "2022", "book": "没有"}), "book", "没有"),
        (Mapped("payments", COLUMNS, {"year": "2022"}, "千元"), "money", "万元"),
    ],
)
def test_a_mapping_that_cannot_be_read_with_says_why(mapping, key, why):
    assert why in mapping.problems(TABLE)[key]
    reading = read_with(mapping, FILE, "导出.xlsx", TABLE)
    assert not reading.rows
    assert "列对应不完整" in reading.problems[0].message


def test_two_statements_of_the_unit_are_refused():
    content = export(("支付额（元）", *HEAD[2:]), (1.5, "2022-03-01", "张三", "P1"))
    reading = read_with(MAPPED, content, "导出.xlsx", TABLE)
    assert "请核对" in reading.problems[0].message


def test_a_file_without_a_mapped_column_says_which():
    content = export(("支付额", "清算日"), (1, "2022-03-01"))
    [problem] = read_with(MAPPED, content, "导出.xlsx", TABLE).problems
    assert "预算项目" in problem.message


def test_a_mapping_fits_the_headers_it_names():
    assert MAPPED.fits([*HEAD, "更多"])
    assert not MAPPED.fits(HEAD[:3])
    assert not Mapped("payments").fits(HEAD)
