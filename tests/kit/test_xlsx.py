"""Declared tables out: what leaves comes back the same, is safe to open, and wrong cells are shown."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.domain.terms import Term
from jixiao.kit.tables import Column, Problem, Table, read
from jixiao.kit.xlsx import marked, template, write, write_csv


class Kind(Term):
    NEW = "new", "新增"
    OLD = "old", "延续"


TABLE = Table(
    "t",
    "项目表",
    (
        Column("code", "项目编码", "code"),
        Column("name", "名称", note="全称"),
        Column("budget", "预算", "amount"),
        Column("rate", "完成率", "percent", required=False),
        Column("begun", "日期", "date", required=False),
        Column("kind", "性质", "term", choices=Kind, required=False),
        Column("secret", "民生", "flag", required=False),
        Column("year", "年度", "year", required=False),
    ),
)
ROW = {
    "code": "000123456789012345678",
    "name": "道路",
    "budget": 1_200_500_001,
    "rate": Decimal("53.5"),
    "begun": dt.date(2022, 7, 31),
    "kind": Kind.OLD,
    "secret": False,
    "year": 2022,
}
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://a.cn", "'=1"]


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


@pytest.mark.parametrize(("writer", "name"), [(write, "a.xlsx"), (write_csv, "a.csv"), (template, "a.xlsx")])
def test_what_is_written_reads_back_the_same(writer, name):
    reading = read(writer(TABLE, [ROW, ROW]), name, TABLE)
    assert reading.problems == []
    assert [row.values for row in reading.rows] == [ROW, ROW]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=20))
def test_every_amount_survives_the_way_out_and_in(amounts):
    table = Table("t", "表", (Column("amount", "金额", "amount", unit="亿元"),))
    reading = read(write_csv(table, [{"amount": fen} for fen in amounts]), "a.csv", table)
    assert [row.values["amount"] for row in reading.rows] == amounts


def test_amounts_beyond_the_digits_of_excel_survive_as_text():
    table = Table("t", "表", (Column("amount", "金额(元)", "amount"),))
    amounts = [99_999_999_999_999_999, 1, -7, 123_456_789_012_345]
    reading = read(write(table, [{"amount": fen} for fen in amounts]), "a.xlsx", table)
    assert [row.values["amount"] for row in reading.rows] == amounts


def test_the_same_rows_give_the_same_bytes():
    assert write(TABLE, [ROW]) == write(TABLE, [ROW])
    assert template(TABLE, [ROW]) == template(TABLE, [ROW])


def test_a_generator_is_streamed_and_says_the_same():
    streamed = read(write(TABLE, (ROW for _ in range(3))), "a.xlsx", TABLE)
    assert [row.values for row in streamed.rows] == [ROW] * 3


def test_objects_are_written_as_well_as_mappings():
    class Project:
        code, name, budget = "01", "桥", 100

    [row] = read(write(TABLE, [Project()]), "a.xlsx", TABLE).rows
    assert (row.values["name"], row.values["budget"], row.values["kind"]) == ("桥", 100, None)


@pytest.mark.parametrize("text", EVIL)
def test_nothing_leaves_as_a_formula(text):
    cell = opened(write(TABLE, [{**ROW, "name": text}])).active["B2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    line = write_csv(TABLE, [{**ROW, "name": text}]).decode("utf-8-sig").splitlines()[1]
    assert not line.split(",")[1].strip('"').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", EVIL[:5])
def test_the_apostrophe_against_formulas_is_taken_off_again(text):
    [row] = read(write_csv(TABLE, [{**ROW, "name": text}]), "a.csv", TABLE).rows
    assert row.values["name"] == text


def test_negative_amounts_stay_numbers():
    assert b"'-" not in write_csv(TABLE, [{**ROW, "budget": -100}])
    assert opened(write(TABLE, [{**ROW, "budget": -1_000_000}])).active["C2"].value == -1


def test_a_template_offers_the_choices_states_the_unit_and_explains_itself():
    book = opened(template(TABLE))
    sheet, notes = book["项目表"], book["填报说明"]
    assert [cell.value for cell in sheet[1]][:3] == ["项目编码", "名称", "预算（万元）"]
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {'"新增,延续"', '"是,否"'}
    told = [cell.value for row in notes.iter_rows() for cell in row if cell.value]
    assert "全称" in told
    assert any("新增、延续" in text for text in told)
    assert read(template(TABLE), "a.xlsx", TABLE).rows == []


def test_codes_are_text_cells_that_keep_their_zeros():
    cell = opened(template(TABLE, [ROW])).active["A2"]
    assert (cell.value, cell.number_format, cell.data_type) == (ROW["code"], "@", "s")


def test_the_workbook_comes_back_with_wrong_cells_marked():
    rows = [ROW, {**ROW, "code": "2"}]
    problems = [Problem("项目表", 3, "预算（万元）", "不是金额"), Problem("项目表", 3, "名称", "=1+1")]
    book = opened(marked(write(TABLE, rows), "a.xlsx", problems))
    cell = book["项目表"]["C3"]
    assert "不是金额" in cell.comment.text
    assert cell.fill.start_color.rgb == "FFFFC7CE"
    assert book["项目表"]["C2"].comment is None
    assert [cell.value for cell in book["错误清单"][2]] == ["项目表", 3, "预算（万元）", "不是金额"]
    assert book["错误清单"]["D3"].data_type == "s"


def test_a_csv_comes_back_as_a_marked_workbook():
    source = "项目编码,名称,预算\n01,桥,很多\n".encode()
    problems = read(source, "2022[项目].csv", TABLE).problems
    book = opened(marked(source, "2022[项目].csv", problems))
    assert "很多" in book.worksheets[0]["C2"].comment.text
    assert book.sheetnames == ["2022项目", "错误清单"]


def test_a_file_that_cannot_be_opened_comes_back_as_a_list_of_its_problems():
    problems = read(b"PK\x03\x04 damaged", "a.xlsx", TABLE).problems
    book = opened(marked(b"PK\x03\x04 damaged", "a.xlsx", problems))
    assert book.sheetnames == ["错误清单"]
    assert "损坏" in book.active["D2"].value
