"""The analysis of a round: its numbers are the page's numbers, in every format, for every district."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import actor, day

from jixiao.domain.actors import Role
from jixiao.domain.quantities import format_amount, plain, share
from jixiao.kit import docx
from jixiao.kit.paper import Paper, Table
from jixiao.stages.monitoring.documents import material_of, report
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Pace, summary
from jixiao.stages.monitoring.workflow import RoundState

TODAY = day("2022-08-20")
XIXIA = "411323"
ROUNDS = (("411323", 1), ("360193", 2), ("360111", 6), ("360102", 5), ("990001", 1))

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo")]


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def office(region):
    return actor(Role.PERFORMANCE_OFFICE, code=region)


def held(region, no):
    return Round.objects.select_related("snapshot").get(region=region, no=no)


def words(paper: Paper) -> str:
    return "\n".join(getattr(block, "text", "") for block in paper.body)


def table(paper: Paper, caption: str) -> Table:
    return next(block for block in paper.body if isinstance(block, Table) and block.caption == caption)


def test_xixia_says_what_it_published():
    said = words(report(held(XIXIA, 1), office(XIXIA), TODAY))
    assert "预算单位112个、项目234个，全年预算70,233万元，累计支出37,580.6万元，执行率53.51%" in said
    assert "落后时间进度超过20个百分点（财预〔2019〕136号，数值为推断）且仍在实施的项目26个" in said
    recovered = table(report(held(XIXIA, 1), office(XIXIA), TODAY), "2022年收回的资金")
    assert recovered.total[2] == "9"


def test_gaoxin_shows_its_four_rates():
    sheets = [sheet for no in (1, 2) for sheet in material_of(held("360193", no), office("360193")).sheets]
    rates = sorted(plain(share(sheet.spent, sheet.budget)) for sheet in sheets)
    assert rates == ["47.02", "54.6", "56.52", "65.03"]


@pytest.mark.parametrize(("region", "no"), ROUNDS)
def test_the_tables_add_up_to_the_round(region, no):
    one = held(region, no)
    paper = report(one, office(region), TODAY)
    found = summary(ReadingSheet.objects.filter(round=one), one, Pace.of(one))
    units = table(paper, "各单位支出进度")
    assert sum(int(row[1]) for row in units.rows) == found.sheets
    assert units.total[2:4] == (format_amount(found.budget), format_amount(found.spent))
    if found.slow:
        assert len(table(paper, "支出进度慢的项目").rows) == found.slow


@pytest.mark.parametrize(("region", "no"), ROUNDS)
def test_word_holds_every_number_of_the_page(region, no):
    one = held(region, no)
    client = signed_in(code=region)
    page = text(client, reverse("round-analysis", args=[one.pk]))
    answer = client.get(reverse("round-analysis-docx", args=[one.pk]))
    document = Document(BytesIO(b"".join(answer.streaming_content)))
    for paragraph in document.paragraphs:
        words = paragraph.text.strip()
        assert not words or words in page or words.split("、", 1)[-1] in page, words
    cells = {cell.text for found in document.tables for row in found.rows for cell in row.cells}
    assert cells
    assert [cell for cell in cells if cell.replace("\n", "") and cell.replace("\n", "<br>") not in page] == []


def test_the_same_rows_and_day_give_the_same_bytes():
    one = held(XIXIA, 1)
    assert docx.render(report(one, office(XIXIA), TODAY)) == docx.render(report(one, office(XIXIA), TODAY))


def test_a_unit_reads_of_its_own_projects_only():
    one = held(XIXIA, 1)
    path = ReadingSheet.objects.filter(round=one).order_by("subject_year__unit_path").first().subject_year.unit_path
    mine = material_of(one, actor(Role.UNIT, code=XIXIA, unit_path=path))
    assert 0 < mine.summary.sheets < 234
    assert {sheet.subject_year.unit_path.startswith(path) for sheet in mine.sheets} == {True}
    assert all(recovery.subject_year.unit_path.startswith(path) for recovery in mine.recoveries)


def test_a_later_round_is_compared_with_the_one_before():
    one = Round.objects.filter(region="360111", no=6, state=RoundState.CLOSED).get()
    assert "与第5轮（截至2022年11月30日）相比" in words(report(one, office("360111"), TODAY))
