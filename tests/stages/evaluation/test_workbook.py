"""Work papers and an expert's marks through Excel: unedited nothing changes, stale and foreign ones are refused."""

from __future__ import annotations

import io
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from tests.stages.evaluation.online import county, engage, fresh, office, opened, person, plan, seated, take, write
from tests.stages.evaluation.test_engagement import browser

from jixiao.domain.actors import Role
from jixiao.domain.quantities import plain
from jixiao.kit.models import Upload
from jixiao.stages.evaluation.models import PanelMember

pytestmark = pytest.mark.django_db
POINTS, FOUND = "得分", "核实情况"


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


@pytest.fixture
def sheet():
    made, one = opened(), office()
    plan(made, one)
    take(made, "notify", one)
    take(made, "begin", one)
    return fresh(made)


def book(client, name, pk):
    response = client.get(reverse(name, args=[pk]))
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content))


def changed(book, **cells):
    """The workbook with cells of its first item changed, by the column's name."""
    page = book.active
    header = next(row for row in page.iter_rows() if row[2].value == "三级指标")
    for name, value in cells.items():
        column = next(cell.column for cell in header if cell.value == name)
        page.cell(header[0].row + 1, column).value = value
    return book


def bring(client, name, pk, book):
    out = io.BytesIO()
    book.save(out)
    return client.post(reverse(name, args=[pk]), {"file": SimpleUploadedFile("底稿.xlsx", out.getvalue())})


def papers(client, sheet, **cells):
    found = changed(book(client, "evaluation-papers-xlsx", sheet.pk), **cells)
    return bring(client, "evaluation-papers-returned", sheet.pk, found)


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page.content.decode(), re.DOTALL)[1]


def confirm(client):
    upload = Upload.objects.latest("pk")
    return client.post(reverse("evaluation-papers-confirm", args=[upload.pk]), {"token": "once"})


def test_papers_that_come_back_unedited_change_nothing(sheet):
    write(sheet, office(), "2.5")
    first = sheet.marks.order_by("position").first()
    type(first).objects.filter(pk=first.pk).update(found="第一行\n第二行（ＡＢＣ）", basis="批复  文件")
    client = browser(office())
    page = papers(client, sheet)
    assert "与系统中的内容相同" in heading(page)
    confirm(client)
    first.refresh_from_db()
    assert (plain(first.points), first.found, first.basis) == ("2.5", "第一行\n第二行（ＡＢＣ）", "批复  文件")


def test_papers_are_shown_before_they_are_saved_and_saved_once(sheet):
    client = browser(office())
    page = papers(client, sheet, 得分="２.5", 核实情况="批复齐全")
    assert "2 处有变化" in page.content.decode()
    assert sheet.marks.order_by("position").first().points is None
    version = fresh(sheet).version
    assert confirm(client).status_code == 303
    first = sheet.marks.order_by("position").first()
    assert (plain(first.points), first.found, fresh(sheet).version) == ("2.5", "批复齐全", version + 1)
    confirm(client)
    assert fresh(sheet).version == version + 1


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"得分": "99"}, "应在 0 至 3 分之间"),
        ({"得分": "三分"}, "“三分”"),
        ({"得分": "#REF!"}, "公式错误"),
        ({"差异理由": "不该写"}, "这一格现在不能填写"),
        ({"三级指标": "别的指标"}, "没有“别的指标”这个指标"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_stored(sheet, cells, message):
    client = browser(office())
    page = papers(client, sheet, **({"核实情况": "属实"} | cells))
    assert page.status_code == 422
    assert message in page.content.decode(), heading(page)
    assert "第 6 行" in page.content.decode() or "缺少指标行" in page.content.decode()
    upload = Upload.objects.latest("pk")
    marked = client.get(reverse("evaluation-papers-marked", args=[upload.pk]))
    assert marked.status_code == 200
    confirm(client)
    assert {mark.found for mark in sheet.marks.all()} == {""}


def test_stale_papers_are_refused_with_what_differs_and_unedited_ones_are_not(sheet):
    client, other = browser(office()), browser(office("office-two"))
    early = book(client, "evaluation-papers-xlsx", sheet.pk)
    papers(other, sheet, 核实情况="后来的")
    confirm(other)
    page = bring(client, "evaluation-papers-returned", sheet.pk, changed(early, 核实情况="先前的"))
    assert page.status_code == 422
    assert "现为“后来的”，表里是“先前的”" in page.content.decode()


def test_a_file_that_is_looked_at_before_another_save_is_not_stored_over_it(sheet):
    client, other = browser(office()), browser(office("office-two"))
    papers(client, sheet, 核实情况="先前的")
    mine = Upload.objects.latest("pk")
    papers(other, sheet, 核实情况="后来的")
    confirm(other)
    client.post(reverse("evaluation-papers-confirm", args=[mine.pk]), {"token": "mine"})
    assert sheet.marks.order_by("position").first().found == "后来的"


def test_papers_of_another_evaluation_and_files_of_another_person_are_foreign(sheet):
    client = browser(office())
    other = opened(code="P2")
    page = bring(client, "evaluation-papers-returned", sheet.pk, book(client, "evaluation-papers-xlsx", other.pk))
    assert "这不是这一项评价的" in page.content.decode()
    papers(client, sheet, 核实情况="属实")
    stranger = browser(office("office-two"))
    assert confirm(stranger).status_code == 404
    for who in (browser(person(Role.AGENCY)), browser(seated(Role.DEPARTMENT, "201"))):
        assert who.get(reverse("evaluation-papers-xlsx", args=[sheet.pk])).status_code == 404
        assert who.get(reverse("evaluation-papers-returned", args=[sheet.pk])).status_code == 404


def test_the_evaluated_department_takes_no_points_along_before_the_exchange_of_views(sheet):
    department = browser(seated(Role.DEPARTMENT))
    assert department.get(reverse("evaluation", args=[sheet.pk])).status_code == 200
    assert department.get(reverse("evaluation-papers-xlsx", args=[sheet.pk])).status_code == 404


@pytest.fixture
def experts(sheet):
    """Two experts of the evaluation, each with his account."""
    for name in ("expert-one", "expert-two"):
        who = person(Role.EXPERT, name)
        place = {"region": sheet.region, "year": sheet.year, "evaluation": sheet, "account_id": who.user_id}
        PanelMember.objects.create(**place, expert=engage(sheet, who).expert)
    return [(browser(person(Role.EXPERT, name)), _member(name)) for name in ("expert-one", "expert-two")]


def _member(name):
    return PanelMember.objects.get(account__login=name)


def test_an_expert_brings_his_marks_sees_them_in_the_form_and_saves_there(sheet, experts):
    (client, mine), known = experts[0], Upload.objects.count()
    name, back = "evaluation-marking-xlsx", "evaluation-marking-returned"
    assert "与系统中的内容相同" in bring(client, back, mine.pk, book(client, name, mine.pk)).content.decode()
    page = bring(client, back, mine.pk, changed(book(client, name, mine.pk), 打分="2.37", 理由="批复晚"))
    text = page.content.decode()
    assert 'value="2.37"' in text
    assert "2 处与已保存的不同" in text
    assert (mine.marks.count(), Upload.objects.count()) == (0, known), "neither saved nor kept where others read"
    wrong = bring(client, back, mine.pk, changed(book(client, name, mine.pk), 打分="4"))
    assert wrong.status_code == 422
    assert "应在 0 至 3 分之间" in wrong.content.decode()


def test_an_experts_workbook_opens_for_nobody_else_and_is_not_taken_for_anothers(sheet, experts):
    (one, mine), (two, theirs) = experts
    for name in ("evaluation-marking-xlsx", "evaluation-marking-returned"):
        assert two.get(reverse(name, args=[mine.pk])).status_code == 404
        assert browser(office()).get(reverse(name, args=[mine.pk])).status_code == 404
    ours = book(one, "evaluation-marking-xlsx", mine.pk)
    assert "这不是这一项评价的" in bring(two, "evaluation-marking-returned", theirs.pk, ours).content.decode()
    hidden = changed(book(browser(office()), "evaluation-papers-xlsx", sheet.pk), 得分="1")
    assert (
        "这一格现在不能填写"
        in bring(browser(office()), "evaluation-papers-returned", sheet.pk, hidden).content.decode()
    )
