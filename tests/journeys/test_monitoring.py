"""Monitoring as its people do it: a unit fills in Excel, the office reads the lights, a notice goes out and back."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

pytestmark = pytest.mark.browser
ROUND = re.compile(r"/monitoring/\d+/$")


def round_page(person):
    """The year's round, from the menu."""
    person.follow("运行监控")
    person.page.locator("main").get_by_role("link", name=re.compile("第 1 轮")).first.click()
    person.page.wait_for_url(ROUND)


def downloaded(person, name, target):
    with person.page.expect_download() as waiting:
        person.follow(name)
    waiting.value.save_as(target)
    return target


def test_a_unit_fills_its_sheets_in_excel_and_sees_what_changes_before_it_is_saved(signed_in, site, tmp_path):
    unit = signed_in("filling")
    round_page(unit)
    unit.follow("用 Excel 填报")
    book = load_workbook(downloaded(unit, "下载监控表", tmp_path / "filling.xlsx"))
    page = book.worksheets[0]
    reason = next(row for row in page.iter_rows() if row[0].value == "支出偏差原因")
    page.cell(reason[0].row, 3, "设备到货晚，十月补齐")
    book.save(tmp_path / "filled.xlsx")
    unit.page.get_by_label("填好的监控表").set_input_files(tmp_path / "filled.xlsx")
    unit.page.get_by_role("button", name="上传并检查").click()
    assert "1 份有变化，等您确认" in unit.title
    assert "设备到货晚，十月补齐" in unit.text
    assert unit.barriers() == []
    unit.page.get_by_role("button", name="确认保存").click()
    unit.page.get_by_text("已保存 1 份监控表，还没有报送").wait_for()
    unit.open(f"/monitoring/sheets/{site.scene['filled']}/")
    assert "设备到货晚，十月补齐" in unit.text


def test_the_office_goes_from_the_lights_to_the_reason_and_takes_the_analysis_along(signed_in, tmp_path):
    office = signed_in("xixia-office")
    office.follow("实时监控")
    assert re.search(r"\d+ 个项目亮红灯", office.title)
    office.page.locator(".kpi a").first.click()
    office.page.locator("main tbody a").first.click()
    assert "支出进度" in office.text
    assert "预计全年支出" in office.text
    round_page(office)
    office.follow("分析与报告")
    assert office.barriers() == []
    words = "\n".join(p.text for p in Document(downloaded(office, "下载 Word", tmp_path / "a.docx")).paragraphs)
    assert "预算单位112个、项目234个，全年预算70,233万元，累计支出37,580.6万元，执行率53.51%" in words


def test_a_notice_goes_out_comes_back_with_what_was_done_and_is_struck_off(signed_in, site, tmp_path):
    office = signed_in("xixia-office")
    office.follow("整改通知书")
    row = office.page.locator("tr", has_text=site.scene["noticed"])
    row.get_by_role("link", name="下达通知书").click()
    office.page.get_by_label("文号").fill("西财绩〔2022〕5号")
    assert office.barriers() == []
    office.page.get_by_role("button", name="下达", exact=True).click()
    office.page.get_by_text("已下达 西财绩〔2022〕5号").wait_for()
    paper = Document(downloaded(office, "下载 Word", tmp_path / "notice.docx"))
    assert "预算绩效管理整改通知书" in paper.paragraphs[0].text + "".join(p.text for p in paper.paragraphs)

    unit = signed_in("noticed")
    unit.follow("整改")
    unit.page.locator("main tbody a").first.click()
    unit.page.get_by_label("整改措施和结果").fill("已完成招标，九月开工")
    unit.page.get_by_label("完成日期").fill(timezone.localdate().isoformat())
    unit.page.get_by_role("button", name="保存").click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    assert unit.barriers() == []
    unit.page.get_by_label("意见", exact=True).fill("已整改到位")
    unit.page.get_by_role("button", name="报送整改情况").click()
    unit.page.get_by_text("现为“待复核”").wait_for()

    office.open(unit.page.url.removeprefix(site.address))
    assert "已完成招标，九月开工" in office.text
    office.page.get_by_role("button", name="复核销号").click()
    office.page.get_by_text("现为“已完成”").wait_for()


def test_the_office_gives_more_time_and_opens_a_sheet_again_with_a_reason(signed_in):
    office = signed_in("xixia-office")
    round_page(office)
    office.follow("期限与例外")
    office.page.get_by_label("延长至").fill("2099-12-31")
    office.page.get_by_label("理由").fill("系统停机")
    office.page.get_by_role("button", name="办理").click()
    office.page.get_by_text("个单位延期").wait_for()
    assert "系统停机" in office.text
    assert office.barriers() == []
    office.follow("运行监控")
    round_page(office)
    office.follow("重点监控")
    office.page.get_by_role("checkbox").first.check()
    office.page.get_by_label("选为重点的理由").fill("群众关注")
    office.page.get_by_role("button", name="选定为重点监控").click()
    office.page.get_by_text("选定重点监控 1 个").wait_for()
    assert office.barriers() == []


def test_a_sheet_goes_from_the_unit_through_department_and_division_to_its_end(signed_in, site):
    address = f"/monitoring/sheets/{site.scene['chain']}/"
    unit = signed_in("chain-unit")
    unit.open(address)
    unit.page.get_by_label("绩效目标完成情况").fill("按计划推进")
    unit.page.get_by_text("偏差原因、备注").first.click()
    unit.page.get_by_label(re.compile("原因说明")).first.fill("雨季停工两周")
    unit.page.get_by_label("支出偏差的说明").fill("结算在九月")
    assert unit.barriers() == []
    unit.page.get_by_role("button", name="保存", exact=True).click()
    unit.page.get_by_text("已保存，还没有报送").wait_for()
    unit.page.get_by_role("button", name="报送", exact=True).click()
    unit.page.get_by_text("现为“待主管部门审核”").wait_for()

    department = signed_in("chain-department")
    department.open(address)
    assert "雨季停工两周" in department.text
    round_of(department)
    department.follow("批量办理")
    department.page.get_by_role("checkbox").first.check()
    assert department.barriers() == []
    department.page.get_by_role("button", name="办理勾选的").click()
    department.page.get_by_text("办理了 1 份").wait_for()

    division = signed_in("chain-division")
    division.open(address)
    division.page.get_by_label("处置意见").fill("继续执行，九月完成结算")
    division.page.get_by_role("button", name="保存处置意见").click()
    division.page.get_by_text("处置意见已保存").wait_for()
    division.page.get_by_role("button", name="审定处置意见").click()
    division.page.get_by_text("现为“已审定”").wait_for()
    unit.open(address)
    assert "继续执行，九月完成结算" in unit.text


def round_of(person):
    """The round of the sheet that is open."""
    person.page.locator("nav a[href*='/monitoring/']", has_text="第 1 轮").first.click()
    person.page.wait_for_url(ROUND)


def test_the_office_concludes_several_sheets_at_once(signed_in, site):
    office = signed_in("xixia-office")
    round_page(office)
    office.follow("批量办理")
    for number in site.scene["waiting"][6:8]:
        office.page.locator(f"input[name='sheet'][value='{number}']").check()
    office.page.get_by_label("说明（退回时必填）").fill("进度正常")
    assert office.barriers() == []
    office.page.get_by_role("button", name="办理勾选的").click()
    office.page.get_by_text("办理了 2 份").wait_for()


def test_idle_money_is_listed_answered_and_taken_back(signed_in, site, tmp_path):
    office = signed_in("xixia-office")
    office.page.on("dialog", lambda dialog: dialog.accept())
    office.follow("存量资金清理")
    office.follow("开展一次清理")
    office.page.get_by_label("截止日期").fill("2022-07-31")
    office.page.get_by_role("button", name="建立这次清理").click()
    office.page.get_by_role("button", name="启动").click()
    office.page.get_by_text("一并处理").wait_for()
    assert office.barriers() == []
    run = office.page.url
    office.page.locator("tbody a[href*='/clearing/candidates/']:not([href*='?'])").first.click()
    office.page.get_by_role("heading", name="为什么列入").wait_for()
    office.page.get_by_label("清理措施").select_option(label="收回")
    office.page.get_by_label("金额（万元）").fill("0.01")
    office.page.get_by_label("文号").fill("西财预〔2022〕30号")
    office.page.get_by_label("处理理由").fill("项目不再实施")
    assert office.barriers() == []
    office.page.get_by_role("button", name="处理", exact=True).click()
    office.page.get_by_text("处理结果").wait_for()
    assert "西财预〔2022〕30号" in office.text
    office.open(run.removeprefix(site.address))
    office.follow("清理情况报告")
    assert "清理" in office.title
    paper = Document(downloaded(office, "下载 Word", tmp_path / "clearing.docx"))
    assert any("收回" in paragraph.text for paragraph in paper.paragraphs)


def test_a_project_goes_on_in_another_and_comes_back(signed_in):
    office = signed_in("xixia-office")
    office.page.on("dialog", lambda dialog: dialog.accept())
    office.follow("项目库")
    rows = office.page.locator("main tbody tr")
    code = office.page.locator("main tbody tr").nth(1).inner_text()
    rows.first.locator("a").first.click()
    office.follow("合并或改码")
    assert office.barriers() == []
    office.page.get_by_label("并入的项目编码").fill(re.search(r"[0-9A-Z-]{6,}", code)[0])
    office.page.get_by_label("自", exact=True).fill("2022-12-01")
    office.page.get_by_label("原因", exact=True).fill("机构改革")
    office.page.get_by_label("文号").fill("西财〔2022〕40号")
    office.page.get_by_role("button", name="并入", exact=True).click()
    office.page.get_by_role("heading", name=re.compile("已并入")).wait_for()
    assert office.barriers() == []
    office.page.get_by_label("撤销的原因").fill("填错了项目")
    office.page.get_by_role("button", name="撤销并入").click()
    office.page.get_by_text("已撤销，两个项目从现在起分别监控").wait_for()
