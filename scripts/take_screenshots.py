"""Takes the pictures of README.md from a running demo.

Start the demo (`./jixiao demo`), then: take_screenshots.py ADDRESS LOGIN PASSWORD [FOLDER]
The login is that of a performance office, which sees every page. Needs playwright and Debian's Chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH, TALLEST = 1280, 900
LARGEST = 250 * 1024
SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Each picture: where it begins, and the links to follow from there, by their words.
WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "home": ("/", ()),
    "monitoring": ("/monitoring/", ("第 1 轮",)),
    "subject": ("/monitoring/", ("第 1 轮", "执行率", "执行率", "项目（", "绩效档案")),
    "self-evaluation": ("/self-evaluations/?grade=fair", ("项目（",)),
    "report": ("/report/", ()),
    "figures": ("/figures/", ()),
}


def sign_in(page: Page, address: str, login: str, password: str) -> None:
    """Through the login page, as everybody does."""
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/")


def take(page: Page, address: str, name: str, folder: Path) -> Path:
    """One picture, as high as its page but not above `TALLEST`. Raises SystemExit where it is too large."""
    start, links = WAYS[name]
    page.goto(address + start)
    for words in links:
        page.locator("main").get_by_role("link", name=words).first.click()
        page.wait_for_load_state()
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    target = folder / f"{name}.png"
    page.screenshot(path=target, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target} is larger than {LARGEST // 1024} KB")
    return target


def main(address: str, login: str, password: str, folder: str = "") -> None:
    """All pictures, into docs/images unless told otherwise."""
    into = Path(folder) if folder else FOLDER
    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=list(SWITCHES))
        page = browser.new_page(locale="zh-CN", viewport={"width": WIDTH, "height": TALLEST})
        sign_in(page, address.rstrip("/"), login, password)
        for name in WAYS:
            print(take(page, address.rstrip("/"), name, into))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
