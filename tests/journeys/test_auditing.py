"""自评审核 as its people do it: the office examines, a unit answers, a recheck judges, the rule's hit rate follows."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
RULE = "全部满分"


def press(person, name):
    person.page.get_by_role("button", name=name, exact=True).first.click()
    person.page.wait_for_load_state()


def examined(office, name):
    """The address of the finding on the sheet of this name."""
    office.follow("自评审核")
    press(office, office.page.get_by_role("button", name=re.compile("^检查 ")).inner_text())
    assert office.barriers() == []
    office.page.get_by_label("项目、单位或指标").fill(name)
    office.page.get_by_label("项目、单位或指标").press("Enter")
    office.page.wait_for_url(re.compile("q="))
    office.page.locator("table").get_by_role("link", name=RULE).first.click()
    office.page.wait_for_url(re.compile(r"/findings/\d+/$"))
    return office.page.url.removeprefix(office.site)


def rechecking(office, code, year):
    """A recheck that has begun; its address."""
    office.follow("部门与财政评价")
    office.follow("开展评价")
    office.page.get_by_label("对象编码").first.fill(code)
    office.page.get_by_label("评价哪一年的资金").first.fill(str(year))
    office.page.get_by_label("评价方式").select_option("recheck")
    press(office, "开展评价")
    office.page.wait_for_url(re.compile(r"/evaluations/\d+/$"))
    press(office, "开始复核")
    return office.page.url.removeprefix(office.site)


def test_a_finding_is_answered_by_the_unit_and_judged_in_a_recheck(signed_in, site):
    code, name, year = site.scene["audited"]
    office, unit = signed_in("xixia-office"), signed_in("audited")
    finding = examined(office, name)
    assert unit.open(finding) == 200
    assert RULE in unit.text
    unit.page.locator("textarea[name=words]").fill("逐项附有验收单")
    press(unit, "提交答复")
    assert "已答复" in unit.text
    recheck = rechecking(office, code, year)
    assert "逐项附有验收单" in office.text
    assert office.page.get_by_role("button", name="提交复核结果").is_disabled()
    assert "还有自评疑点没有判断" in office.text
    office.follow("判断自评疑点")
    assert office.barriers() == []
    for choice in office.page.locator("select[name^=verdict-]").all():
        choice.select_option("reject")
    press(office, "保存")
    assert "判为不属实的请写理由" in office.text
    for reason in office.page.locator("textarea[name^=reason-]").all():
        reason.fill("逐项核对验收单，得分属实")
    press(office, "保存")
    office.page.wait_for_url(re.compile(r"/evaluations/\d+/$"))
    assert "还有自评疑点没有判断" not in office.text
    assert "0%（判断 " in office.text
    for size in ((1280, 900), (390, 844)):
        office.at(size)
        office.open(recheck)
        assert office.sideways() <= 0
    office.open("/findings/rules/")
    rule = office.page.locator("tr", has_text=RULE).first.inner_text()
    assert "0" in rule
    assert unit.open(finding) == 200
    assert "不属实" in unit.text
