"""The annual report: every number in it resolves, nothing is said without data, and office programs open it."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from tests.factories import DEMO, region, undone
from tests.kit.report_numbers import HAN, numbers_of, unresolved

from jixiao.cli.demo_workbooks import DISTRICTS
from jixiao.domain.actors import Role, system
from jixiao.kit import docx, figures, pdf
from jixiao.kit.figures import Answer, Scope
from jixiao.kit.models import AuditHead
from jixiao.kit.paper import Heading, Paper, PaperRefused, Paragraph
from jixiao.overview.annual_report import compose
from jixiao.overview.annual_report.sections import OPENING, SECTIONS, Section
from jixiao.overview.annual_report.wording import FIELD, Sentence
from jixiao.overview.catalogue import FIGURES
from jixiao.registers.organizations.models import Grant, Region, User

pytestmark = pytest.mark.slow

TODAY = date(2023, 1, 6)
NAME_COLUMNS = frozenset(
    {"项目名称", "单位名称", "对象名称", "评估对象", "问题类别", "原因", "理由", "处置意见", "机构名称", "文件名称"}
)
WORDS = ("四舍五入", "一般性项目", "万元", "百分点", "百分比")


@pytest.fixture(scope="module", autouse=True)
def replayed(demo: object) -> None:
    """All five districts, and a county without a row."""
    region("777777", "空县")


@pytest.fixture(scope="module")
def answers(replayed: None) -> dict[str, dict[str, Answer]]:
    return {key: figures.answers(FIGURES, scope_of(key)) for key in DISTRICTS}


@pytest.fixture(scope="module")
def papers(answers: dict[str, dict[str, Answer]]) -> dict[str, Paper]:
    return {key: compose(scope_of(key), TODAY, answers=found) for key, found in answers.items()}


def scope_of(key: str) -> Scope:
    district = DISTRICTS[key]
    return Scope(district.region_code, district.year, system(district.region_code))


def tables(key: str) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted((DEMO / key).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from ((path.stem, row) for row in csv.DictReader(file))


def names(key: str) -> set[str]:
    """Names in the district's own tables; the year before a name is read as a date."""
    found = {row[column] for _, row in tables(key) for column in NAME_COLUMNS & row.keys()}
    return found | {re.sub(r"^\d{4}年度?", "", name) for name in found}


def known(key: str, found: dict[str, Answer]) -> dict[str, set[str]]:
    values = [one.value for one in found.values() if one.value is not None]
    year = DISTRICTS[key].year
    texts = {text for value in values for text in (value.values() if isinstance(value, dict) else (value,))}
    days = {row["截止日期"] for table, row in tables(key) if table == "monitoring"} | {TODAY.isoformat()}
    period = found["monitoring.period"].value
    return {
        "figures": texts - {period},
        "documents": {row["文号"] for table, row in tables(key) if table == "policies"},
        "dates": {f"{d:%Y}年{d.month}月{d.day}日" for d in map(date.fromisoformat, days)}
        | {f"{y}年" for y in range(year - 1, year + 2)}
        | {f"{period}月"},
    }


def strangers(content: bytes, key: str, found: dict[str, Answer]) -> list[str]:
    head = AuditHead.objects.get(pk=DISTRICTS[key].region_code)
    accounted = {*names(key), *WORDS, f"{head.seq}/{head.mac[:16]}"}
    return [f"{one.text}：{one.context}" for one in unresolved(numbers_of(content, accounted), **known(key, found))]


def text(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.body if isinstance(block, Heading | Paragraph))


@pytest.mark.parametrize("key", DISTRICTS)
def test_every_number_read_back_from_the_file_is_a_figure_a_document_a_date_or_a_name(key, papers, answers):
    assert strangers(docx.render(papers[key]), key, answers[key]) == []


@pytest.mark.parametrize("key", DISTRICTS)
def test_every_number_shows_the_value_of_its_own_figure(key, papers, answers):
    for number in papers[key].numbers():
        value = answers[key][number.key].value
        assert number.text in (value.values() if isinstance(value, dict) else (value,)), number


def clauses(section: Section | Sentence | str) -> Iterator[str]:
    match section:
        case str():
            yield section
        case Sentence():
            for part in (section.lead, section.tail, *section.clauses):
                yield from clauses(part)
        case Section():
            yield section.title
            for part in (*(one for paragraph in section.paragraphs for one in paragraph), *section.parts):
                yield from clauses(part)


def test_the_fixed_words_hold_no_number_of_their_own():
    fixed = [clause for part in (*OPENING, *SECTIONS) for clause in clauses(part)]
    bare = [FIELD.sub("", clause) for clause in fixed]
    assert len(bare) > 60
    assert [words for words in bare if re.search(rf"[\d{HAN}]", re.sub("|".join(WORDS), "", words))] == []


def test_every_figure_that_a_sentence_names_is_in_the_catalogue():
    fields = {field for part in (*OPENING, *SECTIONS) for clause in clauses(part) for field in FIELD.findall(clause)}
    keys = {field.partition("|")[0].removesuffix("!") for field in fields if not field.startswith("=")}
    assert len(keys) > 60
    assert keys <= {figure.key for figure in FIGURES}


@pytest.mark.parametrize("key", DISTRICTS)
def test_grades_are_listed_all_four_and_add_up(key, papers):
    counts = "、".join(rf"{grade}(\d+)个" for grade in "优良中差")
    groups = re.findall(f"等级为{counts}，分别占" + "、".join([r"([\d.]+)%"] * 4), text(papers[key]))
    assert groups
    assert text(papers[key]).count("等级为优") == len(groups) + text(papers[key]).count("等级为优的占比")
    assert all(abs(sum(map(float, group[4:])) - 100) < 0.021 for group in groups)


def test_shares_that_do_not_add_up_to_a_hundred_say_so(papers):
    assert "各等级占比之和为100.01%" in text(papers["donghu-2022"])
    assert "各等级占比之和" not in text(papers["xixia-2022"])


def test_the_published_sentences_of_xixia_are_there(papers):
    said = text(papers["xixia-2022"])
    assert "项目510个，资金118198万元，其中一般性项目79120万元、政策性项目39078万元" in said
    assert "部门64个、乡镇19个开展事前绩效评估" in said
    assert "1-7月累计支出37580.6万元，支出进度53.51%" in said
    assert "等级为优235个、良14个、中2个、差1个，分别占93.25%、5.56%、0.79%、0.4%" in said
    assert "下达整改事项8项" in said


def test_a_section_without_data_is_left_out(papers):
    titles = {key: [block.text for block in paper.body if isinstance(block, Heading)] for key, paper in papers.items()}
    assert "事前绩效评估" not in titles["gaoxin-2021"]
    assert "制度建设" not in titles["xixia-2022"]
    assert "部门评价" in titles["qingshanhu-2022"]
    assert "部门评价" not in titles["xixia-2022"]


def test_a_region_without_rows_gets_no_section_and_no_attachment():
    paper = compose(Scope("777777", 2022, system("777777")), TODAY)
    assert not [block for block in paper.body if isinstance(block, Heading)]
    assert paper.attachments == ()
    assert paper.footer_note == "数据截至 2023年1月6日"


def test_the_same_day_gives_the_same_bytes_and_another_day_another_date(papers):
    again = compose(scope_of("xixia-2022"), TODAY)
    assert docx.render(again) == docx.render(papers["xixia-2022"])
    assert compose(scope_of("xixia-2022"), date(2023, 1, 7)).dated == "2023年1月7日"


def test_the_paper_ends_with_the_head_of_the_audit_chain(papers):
    head = AuditHead.objects.get(pk="411323")
    assert papers["xixia-2022"].footer_note.endswith(f"审计链 {head.seq}/{head.mac[:16]}")


def test_only_a_demo_region_carries_the_demo_notice(papers):
    assert papers["xixia-2022"].banner.startswith("演示稿")
    with undone():
        Region.objects.filter(pk="411323").update(demo=False)
        assert compose(scope_of("xixia-2022"), TODAY).banner == ""


def test_the_bureau_signs(papers):
    assert papers["xixia-2022"].issuer == "西峡县财政局"
    assert papers["xixia-2022"].title == "西峡县2022年度预算绩效管理工作情况说明"


def test_rows_that_figures_share_are_fetched_once():
    with CaptureQueriesContext(connection) as captured:
        compose(scope_of("xixia-2022"), TODAY)
    assert len(captured) <= 160


@pytest.fixture(scope="module")
def reader(replayed: None) -> Client:
    """The 绩效股 of 西峡县."""
    user = User.objects.create_account("jixiaogu", "绩效股", "Xixia-2022-jixiao", must_change=False)
    Grant.objects.create(user=user, role=Role.PERFORMANCE_OFFICE, region_id="411323")
    client = Client()
    client.force_login(user)
    return client


def shown(response: HttpResponse) -> str:
    return response.content.decode()


def test_each_number_on_the_page_opens_its_figure(reader, papers):
    page = reader.get(reverse("report"))
    linked = set(re.findall(r'class="counted" href="([^"]+)"', shown(page)))
    assert page.status_code == 200
    assert linked == {reverse("figure", args=[number.key]) for number in papers["xixia-2022"].numbers()}
    assert all(reader.get(address).status_code == 200 for address in sorted(linked))


def test_word_and_pdf_come_under_the_title_of_the_report(reader):
    word, portable = reader.get(reverse("report-docx")), reader.get(reverse("report-pdf"))
    assert "filename*=utf-8''%E8%A5%BF%E5%B3%A1" in word["Content-Disposition"]
    assert Document(BytesIO(word.getvalue())).paragraphs[0].text.startswith("西峡县2022年度")
    assert portable.getvalue().startswith(b"%PDF")


def test_without_a_chinese_font_the_pdf_is_refused_with_the_remedy(reader, monkeypatch):
    def refuse(_paper: Paper) -> bytes:
        raise PaperRefused("不能生成 PDF：请安装中文字体")

    monkeypatch.setattr(pdf, "render", refuse)
    answer = reader.get(reverse("report-pdf"), follow=True)
    assert answer.redirect_chain == [(reverse("report"), 302)]
    assert "请安装中文字体" in shown(answer)


@pytest.mark.office
def test_libreoffice_opens_every_report_and_the_pdf_holds_the_same_numbers(papers, tmp_path: Path):
    for key, paper in papers.items():
        (tmp_path / f"{key}.docx").write_bytes(docx.render(paper))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    files = [str(tmp_path / f"{key}.docx") for key in papers]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "office"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for key, paper in papers.items():
        own = tmp_path / f"{key}.pdf"
        own.write_bytes(pdf.render(paper))
        for file in (own, tmp_path / "office" / own.name):
            printed = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True).stdout.decode()
            solid = re.sub(r"\s", "", printed)
            assert paper.title in solid
            assert [number for number in paper.numbers() if number.text not in solid] == []
