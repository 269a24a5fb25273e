"""A real browser for tests: Debian's Chromium, somebody signed in, and what every page must stand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# Nothing but the pages under test: no sandbox inside containers, no calls to anybody.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
FINDINGS = """axe.run(document, {resultTypes: ["violations"]}).then((said) =>
  said.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
DESK, PHONE = (1280, 900), (390, 800)
# A refusal is an answer, though Chromium writes it to its console.
EXPECTED = ("status of 409", "status of 422")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, gone afterwards."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a browser: a page, and what the browser complained of (scripts, CSP, missing files)."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url} {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in EXPECTED):
            self.complaints.append(f"{self.page.url} {message.text}")

    def open(self, path: str) -> int:
        """Go to a path of the site; the status of the answer."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer.status

    def sign_in(self, login: str, password: str) -> None:
        """Fill in the login form of the page that is open."""
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()

    def follow(self, name: str) -> None:
        """Click the first link that reads so."""
        self.page.get_by_role("link", name=name).first.click()

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def at(self, size: tuple[int, int]) -> Person:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def barriers(self) -> list[str]:
        """What axe finds on the page that is open."""
        self.page.evaluate(f"{AXE};0")
        return self.page.evaluate(FINDINGS)


def person(browser: Browser, site: str) -> Person:
    """A browser of somebody's own, in Chinese, nobody signed in."""
    context = browser.new_context(locale="zh-CN", viewport={"width": DESK[0], "height": DESK[1]}, accept_downloads=True)
    context.set_default_timeout(20_000)
    return Person(context.new_page(), site)
