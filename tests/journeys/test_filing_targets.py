"""An accountant files next year's target from last year's, and the sheet goes out, comes back and goes out again."""

from __future__ import annotations

import re

import pytest
from docx import Document

pytestmark = pytest.mark.browser
SHEET = re.compile(r"/targets/\d+/$")
PASTE = """([cell, text]) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  document.querySelector(cell).dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
}"""


class Counted:
    """A person whose clicks and typed fields are counted."""

    def __init__(self, person):
        self.person, self.page = person, person.page
        self.clicks = self.typed = 0

    def click(self, target):
        self.clicks += 1
        target.click()

    def fill(self, selector, words):
        self.typed += 1
        self.page.fill(selector, words)


def test_from_home_to_submitted_from_last_year_in_few_clicks_and_few_fields(signed_in, site):
    person = signed_in("targets")
    one = Counted(person)
    page = person.page
    one.click(page.get_by_role("link", name="绩效目标", exact=True).first)
    one.click(page.get_by_role("link", name="编制目标"))
    assert person.barriers() == []
    one.click(page.locator("tr", has_text=site.scene["targets"]).get_by_role("button", name="从上年带入"))
    page.wait_for_url(SHEET)
    assert person.barriers() == []
    assert page.locator("[data-grid] tr").count() == 11, "eight indicators and three blank rows"
    for number in range(8):
        if re.fullmatch(r"\d+", stands := page.input_value(f"#id_target-{number}")):
            one.fill(f"#id_target-{number}", stands)
    one.fill("#id_goal", "按时足额发放各类补助，改善办学条件，保障困难学生就学，群众满意。")
    one.click(page.get_by_role("button", name="保存", exact=True).first)
    page.get_by_text("已保存，还没有报送").wait_for()
    assert "质量分" in person.text
    one.click(page.get_by_role("button", name="报送", exact=True))
    page.get_by_text("现为“待主管部门审核”").wait_for()
    assert (one.clicks <= 9, one.typed <= 12) == (True, True)
    print(f"clicks {one.clicks}, fields {one.typed}")


def test_the_reviewer_returns_two_cells_and_the_accountant_answers_them(signed_in, site):
    department = signed_in("xixia-department")
    department.page.get_by_role("link", name=site.scene["targets"]).first.click()
    department.page.wait_for_url(SHEET)
    assert department.barriers() == []
    for number, words in ((1, "请按在册人数核定"), (2, "请写明面积")):
        department.page.select_option(f"#id_kind-{number}", "change")
        department.page.fill(f"#id_said-{number}", words)
        department.page.locator(f"input[name='cells-{number}'][value='target']").check()
    department.page.get_by_role("button", name="保存意见").click()
    department.page.get_by_text("审核意见已保存").wait_for()
    department.page.get_by_label("意见", exact=True).fill("两处请改")
    department.page.get_by_role("button", name="退回").click()
    department.page.get_by_text("现为“编制中”").wait_for()

    unit = signed_in("targets")
    unit.page.get_by_role("link", name=site.scene["targets"]).first.click()
    assert "2 处需改" in unit.text
    assert unit.barriers() == []
    unit.page.get_by_role("link", name=re.compile(".+")).and_(unit.page.locator(".problems a")).first.click()
    assert unit.page.evaluate("document.activeElement.id || location.hash.slice(1)") == "id_target-0"
    unit.page.fill("#id_target-0", "4000")
    unit.page.fill("#id_target-1", "2100")
    unit.page.get_by_role("button", name="保存", exact=True).first.click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    for size in ((390, 800), (1280, 900)):
        assert unit.at(size).sideways() <= 0
    unit.page.get_by_role("button", name="报送", exact=True).click()
    unit.page.get_by_text("现为“待主管部门审核”").wait_for()
    assert "重新报送" in unit.text


def test_a_block_from_a_spreadsheet_is_pasted_taken_back_and_survives_a_closed_page(signed_in, site):
    department = signed_in("xixia-department")
    department.page.get_by_role("link", name=site.scene["targets"]).first.click()
    department.page.get_by_label("意见", exact=True).fill("再改一次")
    department.page.get_by_role("button", name="退回").click()
    department.page.get_by_text("现为“编制中”").wait_for()

    unit = signed_in("targets")
    unit.page.get_by_role("link", name=site.scene["targets"]).first.click()
    page = unit.page
    rows = page.locator("[data-grid] tr")
    block = '产出指标\t时效指标\t按期"完成"率\t>=\t98\t%\t5\r\n' * 5
    page.evaluate(PASTE, ["#id_level1-8", block])
    assert rows.count() == 13
    assert page.input_value("#id_name-12") == '按期"完成"率'
    assert page.input_value("#id_comparison-12") == "at_least"
    assert page.input_value("#id_level1-12") == "output"
    page.get_by_role("button", name="撤销粘贴").click()
    assert page.input_value("#id_name-8") == ""
    page.focus("#id_target-0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_target-1"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "id_target-0"
    page.get_by_role("button", name="加五行").click()
    page.fill("#id_name-17", "最后一行的新指标")
    page.reload()
    page.get_by_role("button", name="带回来").click()
    assert page.input_value("#id_name-17") == "最后一行的新指标"
    assert unit.barriers() == []


def test_the_form_in_word_is_the_official_one(signed_in, site, tmp_path):
    unit = signed_in("targets")
    unit.page.get_by_role("link", name=site.scene["targets"]).first.click()
    with unit.page.expect_download() as waiting:
        unit.follow("申报表（Word）")
    waiting.value.save_as(tmp_path / "form.docx")
    table = Document(tmp_path / "form.docx").tables[0]
    assert table.rows[0].cells[1].text == site.scene["targets"]
    assert [cell.text for cell in table.rows[7].cells][:3] == ["一级指标", "二级指标", "三级指标"]
