"""A key evaluation as its people do it: the office entrusts it, an agency works, experts mark, the unit replies."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from docx import Document

pytestmark = pytest.mark.browser
PLAN = {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 plan"}


def filled(person, label, value):
    person.page.get_by_label(label, exact=True).first.fill(value)


def press(person, name):
    person.page.get_by_role("button", name=name, exact=True).first.click()
    person.page.wait_for_load_state()


def term(person):
    today = timezone.localdate()
    filled(person, "委托自", today.isoformat())
    filled(person, "委托至", (today + dt.timedelta(days=60)).isoformat())


def confirmed(person):
    person.page.on("dialog", lambda dialog: dialog.accept())
    return person


def entrusted(office, site):
    """The office opens the evaluation, entrusts the agency, notifies, and invites two experts; its address."""
    code, name, year = site.scene["evaluated"]
    office.follow("部门与财政评价")
    office.follow("开展评价")
    assert office.barriers() == []
    filled(office, "对象编码", code)
    filled(office, "评价哪一年的资金", str(year))
    office.page.get_by_label("评价方式").select_option("key")
    press(office, "开展评价")
    office.page.wait_for_url(re.compile(r"/evaluations/\d+/$"))
    assert name in office.title
    path = office.page.url.removeprefix(office.site)
    office.follow("委托第三方机构")
    office.page.get_by_label("第三方机构", exact=True).select_option(label=site.scene["agency"])
    office.page.locator("input[name=accounts]").first.check()
    term(office)
    press(office, "委托")
    press(office, "下达评价通知")
    for n, expert in enumerate(("张专家", "李专家"), 1):
        office.follow("邀请专家打分")
        office.page.locator("select[name=expert]").select_option(label=f"{expert}（某大学）")
        office.page.locator("select[name=account]").select_option(index=n)
        term(office)
        press(office, "邀请")
    assert office.barriers() == []
    return path


def planned(agency, office, path):
    """The agency's plan goes back once with a defect, is answered and approved."""
    assert agency.open(path) == 200
    agency.page.locator("#attach-file").set_input_files(PLAN)
    agency.page.locator("#attach-kind").select_option("plan")
    press(agency, "附上")
    press(agency, "报送方案")
    office.open(path)
    office.page.get_by_label("意见", exact=True).fill("抽样范围没有写清")
    press(office, "退回方案")
    agency.open(path)
    assert "抽样范围没有写清" in agency.text
    assert agency.page.get_by_role("button", name="报送方案").is_disabled()
    agency.follow("答复退回意见")
    agency.page.locator("textarea[name^=answer-]").fill("已补充抽样范围")
    press(agency, "保存")
    press(agency, "报送方案")
    office.open(path)
    press(office, "同意方案")


def marked(experts, path):
    """Each expert marks for himself; the second gives the first item one point less."""
    for expert, first in experts:
        expert.open(path)
        expert.follow("填写我的打分")
        assert expert.barriers() == []
        cells = expert.page.locator("tbody tr")
        for row in range(cells.count()):
            full = cells.nth(row).locator("td").first.inner_text()
            cells.nth(row).locator("input[name^=points-]").fill(first if row == 0 else full)
        press(expert, "保存")
        press(expert, "提交打分")
    expert = experts[0][0]
    expert.open(path)
    assert "张专家" in expert.text
    assert "李专家" not in expert.text


def written(agency, path):
    """Work papers for every item, and the words of the report."""
    agency.open(path)
    agency.follow("填写底稿和得分")
    for paper in agency.page.locator("textarea[name^=found-]").all():
        paper.fill("查看凭证和现场，情况属实")
    press(agency, "保存")
    agency.follow("资金、问题和报告内容")
    filled(agency, "实际到位资金（万元）（选填）", "100")
    agency.page.locator("textarea[name=problems]").fill("支出进度慢：合同签订迟")
    agency.page.locator("textarea[name=suggestions]").fill("加快支付进度")
    press(agency, "保存")


def test_an_evaluation_goes_from_the_office_to_the_agency_the_experts_the_unit_and_back(signed_in, site, tmp_path):
    office, agency = confirmed(signed_in("xixia-office")), confirmed(signed_in("xixia-agency"))
    path = entrusted(office, site)
    planned(agency, office, path)
    marked([(signed_in("xixia-expert-1"), "3"), (signed_in("xixia-expert-2"), "2")], path)
    office.open(path)
    assert "已提交" in office.text
    press(office, "合分")
    office.open(path)
    assert "2.5" in office.text
    written(agency, path)
    press(agency, "报送底稿")
    office.open(path)
    press(office, "同意底稿，交换意见")
    unit = signed_in("evaluated")
    assert unit.open(path) == 200
    unit.follow("填写反馈意见")
    assert unit.barriers() == []
    unit.page.locator("textarea[name=reply]").fill("同意评价结论")
    press(unit, "提交反馈意见")
    agency.open(path)
    press(agency, "报送报告")
    office.open(path)
    press(office, "审定")
    assert "已定稿" in office.text
    assert "99.5 分" in office.title
    assert office.barriers() == []
    office.follow("评价报告")
    with office.page.expect_download() as waiting:
        office.follow("下载 Word")
    waiting.value.save_as(tmp_path / "report.docx")
    tables = [[[c.text for c in row.cells] for row in t.rows] for t in Document(tmp_path / "report.docx").tables]
    scores = next(table for table in tables if table[0][:3] == ["一级指标", "二级指标", "三级指标"])
    assert scores[-1][-1] == "99.5"
    assert office.at((390, 800)).sideways() <= 0
