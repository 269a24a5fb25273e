"""Before the money: a blocked project is assessed and let through; targets pass three desks, and four, and change."""

from __future__ import annotations

import re

import pytest
from docx import Document

pytestmark = pytest.mark.browser
SHEET = re.compile(r"/targets/\d+/$")
ASSESSMENT = re.compile(r"/ex-ante/\d+/$")
PDF = {"name": "材料.pdf", "mimeType": "application/pdf"}
EXPERTS = ("王一", "李二", "张三")


def opened(person, name):
    """The person's new sheet for this object, from last year's."""
    person.follow("绩效目标")
    person.follow("编制目标")
    person.page.locator("tr", has_text=name).get_by_role("button", name="从上年带入").click()
    person.page.wait_for_url(SHEET)
    return person.page.url


def at(person, site, address):
    person.open(address.removeprefix(site.address))
    return person


def takes(person, button, stands, words=""):
    """Take a step on the page that is open; the sheet then stands where it should."""
    if words:
        person.page.get_by_label("意见", exact=True).fill(words)
    person.page.get_by_role("button", name=button, exact=True).click()
    person.page.get_by_text(f"现为“{stands}”").wait_for()


@pytest.fixture(scope="module")
def addresses():
    """Where the sheets of this module's story are, once somebody opened them."""
    return {}


def test_a_target_passes_unit_department_division_and_office_and_is_blocked_for_want_of_an_assessment(
    signed_in, site, addresses
):
    unit = signed_in("filing")
    target = addresses["target"] = opened(unit, site.scene["to_assess"])
    unit.page.fill("#id_goal", "按标准供应营养餐，改善学生营养状况，家长和学生满意。")
    unit.page.get_by_role("button", name="保存", exact=True).first.click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    takes(unit, "报送", "待主管部门审核")
    takes(at(signed_in("xixia-department"), site, target), "审核通过并转报", "待业务股室审核")
    division = at(signed_in("xixia-division"), site, target)
    assert division.barriers() == []
    takes(division, "审核通过并转报", "待绩效股审核")
    office = at(signed_in("xixia-office"), site, target)
    takes(office, "财政审核通过", "待批复")
    button = office.page.get_by_role("button", name="批复", exact=True)
    assert button.get_attribute("aria-disabled") == "true" or button.is_disabled()
    assert "事前" in office.text
    assert office.barriers() == []
    office.follow(site.scene["to_assess"])
    assert "须事前评估" in office.text
    assert "不得安排预算" in office.text
    assert "新出台重大政策或项目" in office.text
    assert office.barriers() == []


def test_the_unit_asks_for_an_assessment_with_its_materials(signed_in, site, addresses):
    unit = at(signed_in("filing"), site, addresses["target"])
    unit.follow(site.scene["to_assess"])
    unit.follow("开展评估")
    assert unit.barriers() == []
    assert unit.page.get_by_label("申报金额（万元）").input_value() == "20"
    unit.page.get_by_role("button", name="开展评估").click()
    unit.page.wait_for_url(ASSESSMENT)
    addresses["assessment"] = unit.page.url
    for label, words in (
        ("背景和内容", "落实营养改善计划新政策"),
        ("预期绩效目标", "学生每餐营养达标"),
        ("资金构成", "县级财政拨款 20 万元"),
    ):
        unit.page.get_by_label(label).fill(words)
    unit.page.get_by_role("button", name="保存", exact=True).click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    assert "报送" in unit.text
    missing = unit.page.get_by_text("缺", exact=True)
    for left in range(missing.count(), 0, -1):
        unit.page.get_by_label("选择文件").set_input_files([PDF | {"buffer": b"%PDF-1.4 " + str(left).encode()}])
        named = unit.page.locator("tr", has=missing.first).locator("td").first.inner_text()
        unit.page.get_by_label("种类").select_option(label=f"{named}（必需）")
        unit.page.get_by_role("button", name="附上").click()
        unit.page.locator("tr", has_text=named).get_by_text("已附 1 份").wait_for()
    assert missing.count() == 0
    for size in ((390, 800), (1280, 900)):
        assert unit.at(size).sideways() <= 0
    assert unit.barriers() == []
    takes(unit, "报送", "待主管部门评估")


def test_the_department_enters_its_experts_and_finance_returns_it_once(signed_in, site, addresses):
    department = at(signed_in("xixia-department"), site, addresses["assessment"])
    page = department.page
    for number, name in enumerate(EXPERTS):
        department.follow("录入一位专家的打分")
        assert number or department.barriers() == []
        for label, words in (("姓名", name), ("工作单位", "省财经大学"), ("职称或职务", "教授")):
            page.get_by_label(re.compile(f"^{label}")).fill(words)
        for control in page.locator("input[name^='points-']").all():
            control.fill(str(4 + number * 0.5))
        page.get_by_role("button", name="保存打分").click()
        page.get_by_text("打分已保存").wait_for()
        page.get_by_label("选择文件").set_input_files([PDF | {"buffer": b"%PDF-1.4 " + name.encode()}])
        page.get_by_label("种类").select_option(label=f"{name}签名的评分表")
        page.get_by_role("button", name="附上").click()
        page.locator("#attachments").get_by_text(f"{name}签名的评分表，").wait_for()
    assert "极差" in department.text
    page.get_by_label("建议金额（万元）").fill("10")
    page.get_by_label("评估工作").fill("查阅资料、座谈、现场调研")
    page.get_by_role("button", name="保存评估意见").click()
    page.get_by_text("评估意见已保存").wait_for()
    assert department.barriers() == []
    takes(department, "出具评估意见", "待财政审核")

    office = at(signed_in("xixia-office"), site, addresses["assessment"])
    takes(office, "退回", "待主管部门评估", "建议金额低于测算，请复核")
    at(department, site, addresses["assessment"])
    assert "建议金额低于测算，请复核" in department.text
    page.get_by_label("建议金额（万元）").fill("20")
    page.get_by_role("button", name="保存评估意见").click()
    page.get_by_text("评估意见已保存").wait_for()
    takes(department, "出具评估意见", "待财政审核")


def test_finance_concludes_the_gate_opens_for_what_is_covered_and_the_report_is_taken_along(
    signed_in, site, addresses, tmp_path
):
    office = at(signed_in("xixia-office"), site, addresses["assessment"])
    takes(office, "审定结论", "已有结论")
    assert "予以支持" in office.title
    office.follow("评估报告")
    with office.page.expect_download() as waiting:
        office.follow("下载 Word")
    waiting.value.save_as(tmp_path / "report.docx")
    assert "事前绩效评估报告" in "".join(p.text for p in Document(tmp_path / "report.docx").paragraphs)
    at(office, site, addresses["target"])
    takes(office, "批复", "已批复")
    office.follow(site.scene["to_assess"])
    assert "可以安排预算" in office.text
    assert "已放行 20 万元" in office.text
    assert office.barriers() == []


def test_a_department_without_anyone_above_files_past_three_desks(signed_in, site):
    department = signed_in("xixia-department")
    target = opened(department, site.scene["of_department"])
    department.page.fill("#id_goal", "补助按时足额发放，改善办学条件，群众满意。")
    department.page.get_by_role("button", name="保存", exact=True).first.click()
    department.page.get_by_text("已保存，还没有报送").wait_for()
    takes(department, "直接报送财政", "待业务股室审核")
    division = at(signed_in("xixia-division"), site, target)
    takes(division, "审核通过并转报", "待绩效股审核")
    office = at(signed_in("xixia-office"), site, target)
    takes(office, "财政审核通过", "待批复")
    takes(office, "批复", "已批复")
    at(department, site, target)
    assert department.page.get_by_role("button", name="保存", exact=True).count() == 0
    assert department.barriers() == []


def test_an_approved_target_is_adjusted_with_the_budget_and_the_difference_is_shown(signed_in, site):
    before = f"/targets/{site.scene['adjusted']}/"
    unit = signed_in("filing")
    unit.open(before)
    assert unit.barriers() == []
    unit.page.get_by_label("调整理由").fill("年中追加预算，扩大供餐范围")
    unit.page.get_by_label("对应的预算调整").select_option(index=1)
    unit.page.get_by_role("button", name="开出调整稿").click()
    unit.page.get_by_text("已开出调整稿").wait_for()
    target = unit.page.url
    name = unit.page.input_value("#id_name-0")
    unit.page.fill("#id_target-0", "98765")
    unit.page.get_by_role("button", name="保存", exact=True).first.click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    changes = unit.page.locator("section.card", has_text="在本版批复前继续有效")
    assert name in changes.inner_text()
    assert "98765" in changes.inner_text()
    assert unit.barriers() == []
    takes(unit, "报送", "待主管部门审核")
    for login, button, stands in (
        ("xixia-department", "审核通过并转报", "待业务股室审核"),
        ("xixia-division", "审核通过并转报", "待绩效股审核"),
        ("xixia-office", "财政审核通过", "待批复"),
    ):
        takes(at(signed_in(login), site, target), button, stands)
    takes(at(signed_in("xixia-office"), site, target), "批复", "已批复")
    unit.open(before)
    assert "现为 已调整" in unit.text
