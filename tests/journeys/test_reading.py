"""Those who read: the performance office from the round to the Word report, leader, auditor, unit, administrators."""

from __future__ import annotations

import re

import pytest
from docx import Document

pytestmark = pytest.mark.browser


def test_the_office_goes_from_its_home_to_the_slow_project_and_to_the_report(signed_in, tmp_path):
    office = signed_in("xixia-office")
    assert "件事要办" in office.title
    office.follow("运行监控")
    office.follow("第 1 轮")
    assert office.title == "234 个项目，26 个明显慢了"
    office.page.get_by_role("link", name="打开进度慢的明细").click()
    rows = office.page.get_by_role("region", name="本轮监控表").locator("tbody tr")
    assert rows.count() == 26
    assert "进度慢" in rows.first.inner_text()
    name = rows.first.get_by_role("link").inner_text()
    rows.first.get_by_role("link").click()
    assert "列为进度慢" in office.text
    office.follow("绩效档案")
    assert office.title == name
    assert "第 1 轮" in office.text


def test_a_figure_opens_its_rows_and_the_report_downloads_as_word(signed_in, tmp_path):
    office = signed_in("xixia-office")
    office.follow("数字")
    office.follow("监控对象累计支出")
    assert "37580.6" in office.title
    assert office.page.locator("main tbody tr").count() == 234
    office.follow("工作报告")
    assert "纳入绩效运行监控的项目234个" in office.text
    with office.page.expect_download() as waiting:
        office.follow("下载 Word")
    target = tmp_path / "report.docx"
    waiting.value.save_as(target)
    words = "".join(paragraph.text for paragraph in Document(str(target)).paragraphs)
    assert "37580.6" in words


def test_a_number_of_the_report_leads_to_its_rows(signed_in):
    leader = signed_in("xixia-leader")
    leader.follow("工作报告")
    leader.page.locator("a.counted", has_text="234").first.click()
    assert re.search(r"/figures/[\w.]+/$", leader.page.url)
    assert leader.page.locator("main tbody tr").count() == 234


def test_a_unit_sees_its_own_projects_and_nothing_else(signed_in, site):
    unit = signed_in("xixia-unit")
    assert "我的项目" in unit.text
    unit.follow("项目库")
    cells = unit.page.locator("main tbody td[data-label=单位]").all_inner_texts()
    assert cells
    assert set(cells) == {site.scene["unit"]}
    assert unit.page.context.request.get(f"{site.address}/monitoring/sheets/{site.scene['foreign']}/").status == 404
    assert unit.page.context.request.get(f"{site.address}/report/").status == 404


def test_an_auditor_reads_everything_and_has_no_button(signed_in, site):
    auditor = signed_in("xixia-auditor")
    auditor.open(f"/monitoring/sheets/{site.scene['waiting'][0]}/")
    assert auditor.page.locator("main form button").count() == 0
    assert "没有可办的步骤" in auditor.text


@pytest.mark.parametrize("login", ["system-admin", "security-admin", "audit-admin"])
def test_an_administrator_sees_no_business_row(signed_in, site, login):
    administrator = signed_in(login)
    assert "三员分立" in administrator.text
    menu = administrator.page.get_by_role("navigation", name="主菜单").inner_text()
    assert "项目库" not in menu
    for path in ("/subjects/", "/monitoring/", "/figures/", "/report/", "/uploads/"):
        assert administrator.page.context.request.get(site.address + path).status == 404, path


def test_amounts_turn_from_wan_to_yuan_and_back(signed_in):
    office = signed_in("xixia-office")
    office.open("/subjects/?q=中招理化生")
    assert "9.00" in office.text
    office.page.get_by_role("button", name="元", exact=False).first.click()
    assert "90,000.00" in office.text
    assert "单位：元" in office.text
    office.page.get_by_role("button", name="元", exact=False).first.click()
    assert "单位：万元" in office.text


def test_year_and_region_are_switched_in_the_top_bar(signed_in):
    leader = signed_in("both")
    assert "西峡县" in leader.page.locator("header").inner_text()
    leader.page.locator("summary", has_text="西峡县").click()
    leader.page.get_by_role("button", name="南昌高新区（领导）").click()
    assert "2022 年度" in leader.text, "the newest year of the other region"
    leader.page.locator("summary", has_text="2022 年度").click()
    leader.page.get_by_role("button", name="2021 年度").click()
    leader.follow("部门与财政评价")
    assert leader.title.startswith("2021 年评价了")
