"""The office draws the year's rechecks before witnesses, anybody draws the same again, and what was drawn is opened."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.browser
SCRIPT = ROOT / "docs" / "how-to" / "recompute-a-sample.py"


def listed(person, caption):
    """The body of a table as rows of cells."""
    rows = person.page.get_by_role("region", name=caption).locator("tbody tr")
    return [rows.nth(n).locator("td, th").all_inner_texts() for n in range(rows.count())]


def stated(person, name):
    """What stands beside a name in the list of a draw's grounds."""
    return person.page.locator(f"dt:text-is('{name}') + dd").first.inner_text().strip()


def drawn(office, size):
    """A draw of projects; the page of its result."""
    office.follow("随机抽样")
    assert office.barriers() == []
    page = office.page
    page.get_by_label("抽哪一类").select_option("projects")
    page.get_by_label("抽取个数").fill(str(size))
    page.get_by_label("各方数字").fill("监督股 4172；纪检组 8830")
    page.get_by_role("button", name="抽取", exact=True).click()
    page.wait_for_url(re.compile(r"/choosing/draws/\d+/$"))


def drawn_again(office, size, path):
    """The identities that the published script gives for the downloaded population and the seed on the page."""
    with office.page.expect_download() as waiting:
        office.page.get_by_role("link", name="下载抽样总体").click()
    waiting.value.save_as(path)
    seed, most = stated(office, "种子"), stated(office, "必抽上限")
    asked = [sys.executable, str(SCRIPT), str(path), seed, str(size), most]
    said = subprocess.run(asked, capture_output=True, check=True).stdout.decode().split()
    assert said[1] == stated(office, "总体摘要（SHA-256）")
    return said[2:]


def test_a_sample_is_drawn_recomputed_and_its_rechecks_are_opened(signed_in, tmp_path):
    office = signed_in("xixia-office")
    office.page.on("dialog", lambda dialog: dialog.accept())
    drawn(office, 3)
    assert "现在重算：与记录一致" in office.text
    assert office.barriers() == []
    picked = listed(office, "抽中的对象")
    assert len(picked) == 3
    again = drawn_again(office, 3, tmp_path / "population.csv")
    assert len(again) == 3
    names = [row[1].splitlines()[0] for row in picked]
    office.open("/choosing/?method=recheck&state=chosen")
    assert all(name in office.text for name in names)
    for box in office.page.locator("input[name=candidate]").all():
        box.check()
    office.page.get_by_role("button", name="为选定的开展评价").click()
    office.page.wait_for_load_state()
    assert "已为 3 个对象开展评价" in office.text
    office.open("/evaluations/?method=recheck")
    assert all(name in office.text for name in names)
