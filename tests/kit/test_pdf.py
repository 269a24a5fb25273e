"""The PDF: same paper same bytes, text is data, and a missing face is a refusal instead of boxes."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from tests.kit.papers import report

from jixiao.kit.fonts import COMMON, VENDORED, coverage, font_case
from jixiao.kit.paper import PaperRefused, Paragraph
from jixiao.kit.pdf import render

FACE = VENDORED / "JixiaoSerif-Regular.otf"
HOSTILE = '#read("/etc/passwd") $x$ *b* _i_ <label> @cite `raw` \\ // #{1+1} https://example.org = 题'


def read(pdf: bytes, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.fail("本测试需要 pdftotext，请先安装：apt-get install poppler-utils")
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_text_can_be_read_back(tmp_path: Path):
    text = read(render(report()), tmp_path)
    for words in (
        "西财绩〔2022〕132号",
        "一、绩效目标管理",
        "（一）目标编审",
        "53.51%",
        "98,765.4",
        "附件：1.重点评价情况表",
    ):
        assert words in text
    assert "0123456789abcdef" * 4 in text


def test_every_page_has_its_number_the_notice_and_the_table_header(tmp_path: Path):
    pages = read(render(report(rows=120)), tmp_path).split("\f")[:-1]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert re.search(rf"—\s*{number}\s*—", page)
        assert "演示数据" in page
    assert all("项目代码" in page for page in pages if "51092324T" in page)


def test_pages_are_a4():
    assert b"595.27" in render(report())


def test_the_same_paper_gives_the_same_bytes():
    assert render(report()) == render(report())


def test_hostile_text_is_printed_as_it_stands(tmp_path: Path):
    text = read(render(report(blocks=(Paragraph.of(HOSTILE),))), tmp_path)
    squeezed = re.sub(r"\s", "", text)
    assert re.sub(r"\s", "", HOSTILE) in squeezed
    assert "root:" not in text


def test_hostile_text_is_harmless_in_every_field():
    assert render(report(rows=2, remark=HOSTILE, masthead=HOSTILE, approval_box=True)).startswith(b"%PDF")


def test_without_a_chinese_face_the_pdf_is_refused_with_the_install_line(tmp_path: Path):
    with pytest.raises(PaperRefused, match="apt-get install fonts-noto-cjk"):
        render(report(), font_case(tmp_path, system=False))


def test_a_character_that_no_face_holds_is_named():
    with pytest.raises(PaperRefused, match="缺少“\U0002a6d6”"):
        render(report(remark="\U0002a6d6"), font_case(system=False))


def test_the_vendored_face_alone_prints_the_report(tmp_path: Path):
    assert "绩效运行监控" in read(render(report(), font_case(system=False)), tmp_path)


def test_the_vendored_face_holds_all_of_gb_2312():
    held = coverage(str(FACE))
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    hanzi = "".join(pair.decode("gb2312", errors="ignore") for pair in rows)
    assert len(hanzi) == 6763
    assert not [char for char in hanzi if char not in held]
    assert not [char for char in "，。；：、“”《》（）〔〕【】—…·％‰≥≤±×÷〇①②③□■✓→〓·￥℃" if char not in held]


def test_the_vendored_face_is_small_and_carries_its_licence():
    assert FACE.stat().st_size < 4_200_000
    assert "SIL OPEN FONT LICENSE" in (VENDORED / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE".lower() in FACE.read_bytes().replace(b"\0", b"").decode("latin-1").lower()


def test_the_vendored_face_holds_whatever_the_product_and_the_demo_write():
    held, root = coverage(str(FACE)), VENDORED.parents[3]
    files = [*root.glob("src/jixiao/**/*.toml"), *root.glob("src/jixiao/**/*.html"), *root.glob("demo/**/*.csv")]
    written = frozenset().union(*(file.read_text("utf-8") for file in files))
    lacking = sorted(char for char in written if "\u4e00" <= char <= "\u9fff" and char not in held)
    assert not lacking, "缺字，请重新运行 scripts/subset_font.py"


def test_the_vendored_face_does_not_claim_what_it_lacks():
    held = coverage(str(FACE))
    assert "\U0002a6d6" not in held
    assert "\ue000" not in held


def test_every_role_ends_with_the_common_faces():
    case = font_case(system=False)
    assert set(case.stacks.values()) == {(COMMON[0],)}


def test_several_threads_print_at_once():
    wanted, got = render(report()), []
    threads = [threading.Thread(target=lambda: got.append(render(report()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [wanted] * 6
