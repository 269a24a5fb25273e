"""A workbook with an error comes back with the cell named and marked; the right one is confirmed and stored."""

from __future__ import annotations

import re

import pytest
from openpyxl import load_workbook

pytestmark = pytest.mark.browser
ROW = {"年度": 2022, "项目编码": "411323229990001", "项目名称": "图书馆修缮项目", "单位编码": "101", "对象类型": "项目"}
INITIAL = "年初预算（万元）"


def filled(template, target, initial):
    """The template with one row."""
    book = load_workbook(template)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[1]}
    for header, value in {**ROW, INITIAL: initial}.items():
        page.cell(2, places[header], value)
    book.save(target)
    return target, page.cell(2, places[INITIAL]).coordinate


def test_a_workbook_with_an_error_is_marked_and_the_right_one_is_stored(signed_in, tmp_path):
    office = signed_in("xixia-office")
    office.follow("数据导入")
    with office.page.expect_download() as waiting:
        office.page.locator("main").get_by_role("link", name="项目库", exact=True).click()
    template = tmp_path / "template.xlsx"
    waiting.value.save_as(template)

    wrong, cell = filled(template, tmp_path / "wrong.xlsx", "很多")
    office.page.get_by_label("文件").set_input_files(wrong)
    office.page.get_by_role("button", name="上传并检查").click()
    assert office.title == "有错误，没有存入任何一行"
    assert "第 2 行" in office.text
    assert INITIAL in office.text
    assert office.barriers() == []
    with office.page.expect_download() as waiting:
        office.follow("下载标出错误的表格")
    waiting.value.save_as(tmp_path / "marked.xlsx")
    assert load_workbook(tmp_path / "marked.xlsx").worksheets[0][cell].fill.fgColor.rgb not in ("00000000", None)

    right, _ = filled(template, tmp_path / "right.xlsx", 12.5)
    office.follow("重新上传")
    office.page.get_by_label("文件").set_input_files(right)
    office.page.get_by_role("button", name="上传并检查").click()
    assert office.title == "检查通过，等您确认入库"
    assert office.barriers() == []
    office.page.get_by_role("button", name="确认入库").click()
    office.page.get_by_text(re.compile(r"已入库，共 \d+ 行新增或修改")).wait_for()
    office.open(f"/subjects/?q={ROW['项目编码']}")
    assert "图书馆修缮项目" in office.text
    assert "12.50" in office.text
