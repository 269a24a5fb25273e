"""Those who act: buttons, stale forms, ended sessions, first logins, and everything by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def sheet(site, number):
    """A reading sheet that waits for the finance bureau; each test has one of its own."""
    return f"/monitoring/sheets/{site.scene['waiting'][number]}/"


def test_what_waits_stands_on_the_home_page_and_is_concluded_with_its_button(signed_in, site):
    office = signed_in("xixia-office")
    assert "件事要办" in office.title
    assert "待财政审核" in office.text
    office.open(sheet(site, 0))
    office.page.get_by_role("button", name="审定处置意见").click()
    office.page.get_by_text("现为“已审定”").wait_for()
    assert "您的角色在这一状态下没有可办的步骤" in office.text
    assert "审定处置意见" in office.page.locator(".timeline").inner_text()


def test_a_return_without_words_is_refused_and_with_words_reaches_the_timeline(signed_in, site):
    office = signed_in("xixia-office")
    office.open(sheet(site, 1))
    office.page.get_by_role("button", name="退回").click()
    assert "请填写退回意见" in office.text
    office.page.get_by_label("意见", exact=True).fill("支出原因写得太简单")
    office.page.get_by_role("button", name="退回").click()
    office.page.get_by_text("现为“填报中”").wait_for()
    assert "支出原因写得太简单" in office.page.locator(".timeline").inner_text()


def test_a_unit_submits_its_own_sheet(signed_in, site):
    unit = signed_in("xixia-unit")
    unit.page.get_by_role("region", name="待办").get_by_role("link").first.click()
    unit.page.get_by_role("button", name="报送", exact=True).click()
    unit.page.get_by_text("现为“待主管部门审核”").wait_for()
    department = signed_in("xixia-department")
    assert "审核通过" in department.text


def test_a_form_that_came_too_late_keeps_its_words_and_names_who_was_first(signed_in, site):
    late, first = signed_in("xixia-office"), signed_in("xixia-division")
    late.open(sheet(site, 2))
    late.page.get_by_label("意见", exact=True).fill("请补充合同")
    first = signed_in("xixia-office")
    first.open(sheet(site, 2))
    first.page.get_by_role("button", name="审定处置意见").click()
    first.page.get_by_text("现为“已审定”").wait_for()
    late.page.get_by_role("button", name="退回").click()
    late.page.get_by_text("没有存入").wait_for()
    assert "请补充合同" in late.text
    assert "西峡县绩效股" in late.title + late.text
    assert late.barriers() == []
    late.follow("打开最新的一份再改")
    assert "已审定" in late.text


def test_an_ended_session_loses_no_word(signed_in, site):
    office = signed_in("xixia-office")
    office.open(sheet(site, 3))
    office.page.get_by_label("意见", exact=True).fill("请说明招标为什么推迟")
    office.page.context.clear_cookies(name="sessionid")
    office.page.get_by_role("button", name="退回").click()
    office.page.get_by_role("heading", name="登录").wait_for()
    office.sign_in("xixia-office", site.passwords["xixia-office"])
    office.page.wait_for_url(site.address + sheet(site, 3))
    office.page.get_by_role("button", name="带回来").click()
    assert office.page.get_by_label("意见", exact=True).input_value() == "请说明招标为什么推迟"


def test_the_first_login_changes_the_password(somebody, site):
    newcomer = somebody()
    newcomer.open("/subjects/")
    newcomer.sign_in("newcomer", site.passwords["newcomer"])
    newcomer.page.wait_for_url("**/password/")
    assert newcomer.barriers() == []
    newcomer.page.get_by_label("原密码").fill(site.passwords["newcomer"])
    newcomer.page.get_by_label("新密码").fill("short")
    newcomer.page.get_by_label("再输一次").fill("short")
    newcomer.page.get_by_role("button", name="修改密码").click()
    assert "处需改" in newcomer.text
    assert newcomer.barriers() == []
    for label, words in (
        ("原密码", site.passwords["newcomer"]),
        ("新密码", "Another-one-2"),
        ("再输一次", "Another-one-2"),
    ):
        newcomer.page.get_by_label(label).fill(words)
    newcomer.page.get_by_role("button", name="修改密码").click()
    newcomer.page.get_by_text("密码已修改").wait_for()


def test_the_keyboard_alone_signs_in_concludes_a_sheet_and_signs_out(somebody, site):
    office = somebody()
    office.open("/login/")
    keys = office.page.keyboard

    def tab_to(words):
        for _ in range(120):
            keys.press("Tab")
            if words in office.page.evaluate("document.activeElement.innerText || ''"):
                return
        raise AssertionError(f"the keyboard does not reach {words}")

    keys.type("xixia-office")
    keys.press("Tab")
    keys.type(site.passwords["xixia-office"])
    keys.press("Enter")
    office.page.wait_for_url(f"{site.address}/")
    keys.press("Tab")
    keys.press("Enter")
    assert office.page.evaluate("document.activeElement.id") == "main", "the first stop leaps over the menu"
    office.open(sheet(site, 4))
    tab_to("审定处置意见")
    keys.press("Enter")
    office.page.get_by_text("现为“已审定”").wait_for()
    tab_to("西峡县绩效股")
    keys.press("Enter")
    tab_to("退出登录")
    keys.press("Enter")
    office.page.get_by_role("heading", name="登录").wait_for()
