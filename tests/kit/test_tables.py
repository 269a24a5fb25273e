"""Reading declared tables: what people really hand in is understood, or refused with place and remedy."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.quantities import Unreadable, read_amount
from jixiao.domain.terms import Term
from jixiao.kit.cells import amount_reader
from jixiao.kit.tables import Column, Problem, Table, read, read_workbook


class Sign(Term):
    AT_LEAST = "at_least", "≥"
    QUALITATIVE = "qualitative", "定性"


PROJECTS = Table(
    "projects",
    "项目表",
    (
        Column("code", "项目编码", "code"),
        Column("name", "项目名称", aliases=("名称",)),
        Column("budget", "年初预算(万元)", "amount"),
        Column("livelihood", "民生", "flag", required=False, default=False),
        Column("begun", "开工日期", "date", required=False),
        Column("goal", "绩效目标", required=False),
    ),
    aliases=("projects2022",),
)
PAYMENTS = Table("payments", "支付表", (Column("voucher", "凭证号", "code"), Column("amount", "金额(元)", "amount")))
ANY = Table(
    "any",
    "杂表",
    (
        Column("name", "名称"),
        Column("rate", "完成率", "percent", required=False),
        Column("count", "数量", "number", required=False),
        Column("sign", "符号", "term", choices=Sign, required=False),
        Column("year", "年度", "year", required=False),
        Column("month", "月份", "month", required=False),
    ),
)


def workbook(*rows, title="项目表", styles=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for place, number_format in (styles or {}).items():
        sheet[place].number_format = number_format
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def values(reading):
    assert reading.problems == []
    return [row.values for row in reading.rows]


def test_a_csv_row_becomes_typed_values():
    source = '项目编码,项目名称,年初预算(万元),民生,开工日期\n411323220000425000001,道路,"1,200.5",是,2022/7/31\n'
    [row] = values(read(source.encode("utf-8-sig"), "projects.csv", PROJECTS))
    assert row == {
        "code": "411323220000425000001",
        "name": "道路",
        "budget": 1_200_500_000,
        "livelihood": True,
        "begun": dt.date(2022, 7, 31),
        "goal": "",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encodings_and_tabs_of_csv_are_recognized(encoding, delimiter):
    lines = [("项目编码", "项目名称", "年初预算"), ("0101", "桥梁", "3")]
    source = "\n".join(delimiter.join(line) for line in lines).encode(encoding)
    [row] = values(read(source, "a.csv", PROJECTS))
    assert (row["code"], row["name"], row["budget"]) == ("0101", "桥梁", 3_000_000)


@pytest.mark.parametrize(
    "header", ["年初预算(万元)", "年初预算（万元）", "年初预算", " 年初 预算\n（万元）", "*年初预算（万元）"]
)
def test_a_header_is_found_whatever_its_brackets_blanks_and_unit(header):
    [row] = values(read(workbook(["名称", "项目编码", header], ["桥", "01", 2]), "a.xlsx", PROJECTS))
    assert row["budget"] == 2_000_000


@pytest.mark.parametrize(
    ("header", "line_above", "fen"),
    [
        ("年初预算（元）", "", 200),
        ("年初预算", "单位：元", 200),
        ("年初预算(万元)", "单位：元", 2_000_000),
        ("年初预算", "", 2_000_000),
    ],
)
def test_the_unit_comes_from_the_header_then_from_a_line_above_then_from_the_declaration(header, line_above, fen):
    source = workbook(["2022年项目表"], ["", line_above], ["项目编码", "项目名称", header], ["01", "桥", 2])
    assert values(read(source, "a.xlsx", PROJECTS))[0]["budget"] == fen


def test_a_declared_header_in_yuan_keeps_its_unit_when_the_file_states_none():
    assert values(read("凭证号,金额\n1,5.25\n".encode(), "a.csv", PAYMENTS))[0]["amount"] == 525


def test_titles_above_unknown_columns_and_numbered_blank_rows_are_tolerated():
    source = workbook(
        ["某县2022年项目绩效目标申报表"],
        ["填报单位：财政局"],
        ["序号", "项目编码", "项目名称", "年初预算", "经办人"],
        [1, "01", "桥", 2, "张三"],
        [None, None, None, None, None],
        [2, "02", "路", 3, "李四"],
        [3, None, None, None, None],
    )
    reading = read(source, "a.xlsx", PROJECTS)
    assert [row["code"] for row in values(reading)] == ["01", "02"]
    assert [row.number for row in reading.rows] == [4, 6]
    assert reading.ignored == ("序号", "经办人")
    assert reading.header_row == 3


@pytest.mark.parametrize("ending", ["合计", "合　计", "总计：", "小计", "填报人：张三", "注：金额为年初数"])
def test_data_stops_at_a_total_or_a_signature(ending):
    source = workbook(["项目编码", "项目名称", "年初预算"], ["01", "桥", 2], [ending, None, 2], ["审核人：李四"])
    assert len(values(read(source, "a.xlsx", PROJECTS))) == 1


def test_rows_after_a_total_are_reported_not_lost():
    source = workbook(["项目编码", "项目名称", "年初预算"], ["合计", None, 2], ["01", "桥", 2])
    [problem] = read(source, "a.xlsx", PROJECTS).problems
    assert problem.row == 3
    assert "合计" in problem.message


def test_every_unreadable_cell_is_named_by_sheet_row_and_column():
    source = workbook(
        ["项目编码", "项目名称", "年初预算（万元）"], ["01", "桥", "很多"], [None, "路", 3], ["03", "渠", 1]
    )
    reading = read(source, "a.xlsx", PROJECTS)
    assert [(p.sheet, p.row, p.column) for p in reading.problems] == [
        ("项目表", 2, "年初预算（万元）"),
        ("项目表", 3, "项目编码"),
    ]
    assert [row.values["code"] for row in reading.rows] == ["03"]
    assert str(reading.problems[1]) == "“项目表”第3行“项目编码”：没有填写，请补填"


def test_missing_columns_are_one_problem_that_names_them():
    [problem] = read("项目名称\n桥\n".encode(), "a.csv", PROJECTS).problems
    assert "项目编码" in problem.message
    assert "年初预算(万元)" in problem.message


def test_a_doubled_header_is_a_problem():
    [problem] = read("项目编码,项目名称,名称,年初预算\n1,a,b,2\n".encode(), "a.csv", PROJECTS).problems
    assert (problem.row, problem.column) == (1, "名称")


def test_a_file_without_the_header_is_a_problem():
    [problem] = read("甲,乙\n1,2\n".encode(), "a.csv", PROJECTS).problems
    assert "没有找到“项目表”的表头" in problem.message


def test_a_code_that_excel_made_a_number_is_refused_beyond_15_digits():
    source = workbook(["项目编码", "项目名称", "年初预算"], [411323220000425000001, "桥", 1], [101.0, "路", 1])
    reading = read(source, "a.xlsx", PROJECTS)
    assert "文本" in reading.problems[0].message
    assert reading.problems[0].row == 2
    assert reading.rows[0].values["code"] == "101"


def test_noise_of_binary_numbers_is_not_taken_for_digits():
    source = workbook(["项目编码", "项目名称", "年初预算"], ["1", "桥", 260.01300000000003], ["2", "路", 0.1 + 0.2])
    assert [row["budget"] for row in values(read(source, "a.xlsx", PROJECTS))] == [260_013_000, 300_000]


def test_a_cell_shown_as_a_percentage_is_read_as_shown():
    source = workbook(["名称", "完成率"], [0.9, 0.535], ["b", 53.5], styles={"A2": "0%", "B2": "0.0%"})
    assert [(row["name"], row["rate"]) for row in values(read(source, "a.xlsx", ANY))] == [
        ("90%", Decimal("53.5")),
        ("b", Decimal("53.5")),
    ]


def test_a_table_may_begin_anywhere_and_its_sheet_may_have_any_name():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "damaged"
    for place, value in {"C4": "名称", "D4": "完成率", "C5": "a", "D5": 0.5, "C6": "b", "D6": "=1/0"}.items():
        sheet[place] = value
    sheet["D5"].number_format = "0%"
    out = BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "a.xlsx", ANY)
    assert [(row.number, row.values["rate"]) for row in reading.rows] == [(5, Decimal(50))]
    assert [(p.sheet, p.row, p.column) for p in reading.problems] == [("damaged", 6, "完成率")]


@pytest.mark.parametrize("cell", ["=A1+1", "#REF!"])
def test_formulas_without_a_result_and_formula_errors_are_never_blanks(cell):
    [problem] = read(workbook(["名称", "数量"], ["a", cell]), "a.xlsx", ANY).problems
    assert (problem.row, problem.column) == (2, "数量")
    assert "公式" in problem.message


def test_terms_years_and_months_are_read_as_people_write_them():
    source = "名称,符号,年度,月份\na,≥,2022年度,7月\nb,定性,２０２２,12\n"
    assert [(row["sign"], row["year"], row["month"]) for row in values(read(source.encode(), "a.csv", ANY))] == [
        (Sign.AT_LEAST, 2022, 7),
        (Sign.QUALITATIVE, 2022, 12),
    ]


def test_an_unknown_term_lists_what_is_accepted():
    [problem] = read("名称,符号\na,大约\n".encode(), "a.csv", ANY).problems
    assert "≥、定性" in problem.message


def test_true_is_not_taken_for_a_one_read_before():
    source = workbook(["名称", "数量"], ["a", 1], ["b", True])
    reading = read(source, "a.xlsx", ANY)
    assert reading.rows[0].values["count"] == 1
    assert [p.row for p in reading.problems] == [3]


def test_a_workbook_with_several_tables_is_read_sheet_by_sheet():
    book = openpyxl.Workbook()
    book.active.title = "说明"
    for title, rows in {
        "Sheet2": [("凭证号", "金额(元)"), ("7", 1)],
        "项目表": [("项目编码", "项目名称", "年初预算"), ("01", "桥", 2)],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    found = read_workbook(out.getvalue(), "全部.xlsx", [PROJECTS, PAYMENTS, ANY])
    assert set(found) == {"projects", "payments"}
    assert values(found["payments"]) == [{"voucher": "7", "amount": 100}]
    assert found["projects"].sheet == "项目表"


def test_a_refused_workbook_is_a_problem_of_every_table():
    found = read_workbook(b"<html></html>", "a.xlsx", [PROJECTS, PAYMENTS])
    assert all("网页" in reading.problems[0].message for reading in found.values())


def test_problems_found_later_name_the_header_as_it_stands_in_the_file():
    reading = read(workbook(["项目编码", "名称", "年初预算（万元）"], ["01", "桥", 2]), "a.xlsx", PROJECTS)
    assert reading.problem(reading.rows[0], "name", "重名") == Problem("项目表", 2, "名称", "重名")


def test_a_thousand_problems_are_listed_and_all_are_counted():
    source = "名称,数量\n" + "a,很多\n" * 5000
    problems = read(source.encode(), "a.csv", ANY).problems
    assert len(problems) == 1001
    assert "共有 5000 处问题，只列出前 1000 处" in problems[-1].message


@given(
    st.one_of(
        st.decimals(allow_nan=False, min_value=-(10**11), max_value=10**11, places=4).map(str),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text("0123456789.,- 万元１", max_size=12),
    ),
    st.sampled_from(["元", "万元", "亿元"]),
)
def test_the_short_way_for_amounts_agrees_with_the_long_way(cell, unit):
    try:
        expected = read_amount(cell, unit)
    except Unreadable:
        with pytest.raises(Unreadable):
            amount_reader(unit)(cell)
    else:
        assert amount_reader(unit)(cell) == expected
