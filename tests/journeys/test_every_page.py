"""Every page that a role can reach by links: it opens, it fits a phone, nobody is kept out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from tests.browser.driving import DESK, PHONE

pytestmark = pytest.mark.browser
# One stands for all of its kind: pages of one address differ in their number alone, lists in their order alone.
NUMBER = re.compile(r"\d+|(?<=/figures/)[\w.]+")
LARGEST_FIRST_LOAD = 150 * 1024
LOGINS = (
    "xixia-office",
    "xixia-unit",
    "xixia-department",
    "xixia-division",
    "xixia-leader",
    "xixia-auditor",
    "gaoxin-office",
    "system-admin",
    "security-admin",
    "audit-admin",
)
# Roles whose pages others have as well are looked at without axe, except at home.
LOOKED_AT = {"xixia-office", "xixia-unit", "audit-admin"}


def kind(path: str) -> str:
    """What pages of the same sort share."""
    parts = urlsplit(path)
    return NUMBER.sub("N", parts.path) + ("?" + re.sub(r"=[^&]*", "", parts.query) if parts.query else "")


def reached(person) -> Iterator[str]:
    """Page after page by their links, one of each kind; orders and pages of a list are that list."""
    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop(0)
        if kind(path) in seen or re.search(r"[?&](sort|after|before)=", path):
            continue
        seen.add(kind(path))
        try:
            assert person.open(path) == 200, path
        except PlaywrightError as error:
            # What is no page the browser does not show: it is a file, and has to come.
            if "Download is starting" not in str(error):
                raise
            assert person.page.context.request.get(person.site + path).status == 200, path
            continue
        yield path
        for href in person.page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))"):
            parts = urlsplit(urljoin(person.site + path, href))
            assert f"{parts.scheme}://{parts.netloc}" == person.site, f"{path} leads away to {href}"
            waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_of_a_role_opens_fits_and_keeps_nobody_out(signed_in, login):
    person = signed_in(login)
    found = []
    for path in reached(person):
        assert person.page.locator("h1").count() == 1, path
        if path == "/" or login in LOOKED_AT:
            found += [f"{path} {words}" for words in person.barriers()]
        for size in (PHONE, DESK):
            if beyond := person.at(size).sideways() > 0:
                found.append(f"{path} is {beyond} pixels too wide at {size[0]}")
    assert found == []


def test_open_sheets_and_refusals_keep_nobody_out(signed_in, site):
    office = signed_in("xixia-office")
    office.open(f"/monitoring/sheets/{site.scene['waiting'][5]}/")
    assert office.page.get_by_role("button", name="审定处置意见").is_visible()
    assert office.barriers() == []
    office.at(PHONE)
    assert office.sideways() == 0
    office.page.locator("label", has_text="菜单").click()
    assert office.page.get_by_role("link", name="项目库").is_visible()
    assert office.barriers() == []


def test_a_stranger_finds_only_the_login(somebody):
    stranger = somebody()
    stranger.open("/subjects/")
    assert stranger.title == "登录"
    assert stranger.barriers() == []
    assert stranger.at(PHONE).sideways() == 0
    stranger.sign_in("nobody", "wrong")
    stranger.page.get_by_text("账号或密码不对").wait_for()
    assert stranger.barriers() == []


def test_the_first_load_is_light(somebody, site):
    visitor = somebody()
    bodies = []
    visitor.page.on("response", lambda answer: bodies.append(answer))
    visitor.open("/login/")
    visitor.page.wait_for_load_state("networkidle")
    sizes = {urlsplit(answer.url).path: answer.request.sizes()["responseBodySize"] for answer in bodies}
    assert all(answer.url.startswith(site.address) for answer in bodies)
    assert any(path.endswith(".css") for path in sizes)
    assert sum(sizes.values()) <= LARGEST_FIRST_LOAD, sizes
