"""What a cell may hold: lengths, ranges and characters, refused where they are written and not by the database."""

from __future__ import annotations

import pytest
from tests import factories

from jixiao.kit.tables import PARAGRAPH, Column, Problem, Table, read
from jixiao.overview.catalogue import IMPORTERS
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Payment

TABLE = Table(
    "things",
    "物品",
    (
        Column("code", "编码", "code"),
        Column("name", "名称", longest=5),
        Column("text", "说明", required=False, longest=PARAGRAPH),
        Column("fen", "金额", "amount", required=False),
        Column("budget", "预算", "amount", required=False, least=0),
        Column("points", "得分", "number", required=False),
        Column("count", "个数", "integer", required=False),
        Column("share", "比例", "percent", required=False),
        Column("on", "日期", "date", required=False),
    ),
)


def problems(**cells: str) -> list[Problem]:
    headers = {column.key: column.header for column in TABLE.columns}
    row = {"code": "P1", "name": "甲"} | cells
    text = f"{','.join(headers[key] for key in row)}\n{','.join(row.values())}\n"
    return read(text.encode("utf-8", "surrogatepass"), "things.csv", TABLE).problems


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "甲乙丙丁戊"),
        ("code", "1" * 40),
        ("text", "长" * PARAGRAPH),
        ("text", "𠮷㐂\ue000"),
        ("fen", "-12.5"),
        ("points", "1000"),
        ("share", "100%"),
        ("on", "1990-01-01"),
    ],
)
def test_what_keeps_within_its_bounds_is_read(key, value):
    assert problems(**{key: value}) == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("name", "甲乙丙丁戊己", "有 6 个字，最多 5 个字"),
        ("code", "1" * 41, "最多 40 个字"),
        ("text", "长" * (PARAGRAPH + 1), f"最多 {PARAGRAPH} 个字"),
        ("text", "上\x0b下", "控制字符"),
        ("code", "P\u200b1", "控制字符"),
        ("budget", "-0.01", "不能小于 0 万元"),
        ("fen", "1e99", "请"),
        ("points", "-1", "不能小于 0"),
        ("points", "1e99", "不能大于 1000"),
        ("points", "9" * 40, "不能大于 1000"),
        ("points", "9" * 400, "不是数字"),
        ("count", "1e30", "不能大于"),
        ("count", "-1", "不能小于 0"),
        ("share", "100.01%", "不能大于 100"),
        ("on", "0202-07-31", "年份不对"),
        ("on", "9999-12-31", "年份不对"),
    ],
)
def test_what_does_not_is_a_problem_of_its_cell(key, value, said):
    (problem,) = problems(**{key: value})
    assert (problem.row, problem.column) == (2, TABLE.column(key).header)
    assert said in problem.message


def test_a_null_character_refuses_the_file():
    assert "空字符" in problems(text="甲\0乙")[0].message


def told(**tables: str) -> str:
    outcome = factories.run_import({"units": factories.UNITS, "projects": factories.PROJECTS} | tables, IMPORTERS)
    assert not outcome.stored
    assert UnitYear.objects.count() == 0
    return "\n".join(problem.message for _, problem in outcome.problems)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("101001,", "101/001,", "不能含有“/”"),
        ("101001,", "1 01001,", "编码不含空格"),
        ("甲县第一小学,101,", "甲县第一小学,101001,", "互为上下级"),
    ],
)
def test_a_unit_code_that_would_break_the_tree_is_refused(before, after, said):
    assert said in told(units=factories.UNITS.replace(before, after))


@pytest.mark.django_db
def test_a_unit_below_its_own_subordinate_is_refused_also_when_the_other_was_stored_before():
    factories.stored({"units": factories.UNITS}, IMPORTERS)
    circle = "单位编码,单位名称,上级单位编码,单位类型\n101,甲县教育局,101001,部门\n"
    outcome = factories.run_import({"units": circle}, IMPORTERS)
    assert "互为上下级" in outcome.problems[0][1].message


@pytest.mark.django_db
def test_superiors_deeper_than_the_path_can_hold_are_refused():
    codes = [f"{step}{'0' * 38}" for step in range(1, 8)]
    rows = [f"{code},单位{code[0]},{above},下属单位" for code, above in zip(codes, ["", *codes], strict=False)]
    assert "层级过多" in told(units="\n".join(["单位编码,单位名称,上级单位编码,单位类型", *rows]))


@pytest.mark.django_db
def test_a_payment_of_another_year_is_stored_and_listed():
    payments = "年度,项目编码,凭证号,支付日期,金额\n2022,P1,V1,2023-01-05,100\n"
    tables = {"units": factories.UNITS, "projects": factories.PROJECTS, "payments": payments}
    outcome = factories.stored(tables, IMPORTERS)
    assert any(gap.rows == (2,) and "不在其年度之内" in gap.message for gap in outcome.gaps)
    assert Payment.objects.get().year == 2022


@pytest.mark.django_db
def test_payments_that_came_before_their_project_belong_to_it_afterwards():
    payments = "年度,项目编码,凭证号,支付日期,金额\n2022,P1,V1,2022-01-05,100\n2022,P9,V2,2022-01-05,100\n"
    factories.stored({"payments": payments}, IMPORTERS)
    assert Payment.objects.unmatched().count() == 2
    factories.stored({"units": factories.UNITS, "projects": factories.PROJECTS}, IMPORTERS)
    assert Payment.objects.get(voucher="V1").subject_year.code == "P1"
    assert Payment.objects.unmatched().get().voucher == "V2"
