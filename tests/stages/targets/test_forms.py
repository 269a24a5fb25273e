"""申报表 out and in again, in Excel and in Word: nothing changes by itself, and nothing that was filled is lost."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.stages.targets.filing import filer, opened, school, two_years

from jixiao.domain.indicators import Comparison
from jixiao.kit.uploads import UploadRefused
from jixiao.stages.targets import actions
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.saying import Filled, compared
from jixiao.stages.targets.workbook.printed import form_docx, form_xlsx
from jixiao.stages.targets.workbook.returned import understood

WRITTEN = {"a.xlsx": form_xlsx, "a.docx": form_docx}


@pytest.fixture
def version(db):
    cache.clear()
    two_years()
    return opened()


def sixteen(version):
    """The largest sheet that a district published: sixteen indicators."""
    said = version.filled
    more = [
        replace(said.lines[0], name=f"资助第{n}类学生人数", lineage="", target=str(10 * n), weight=said.lines[0].weight)
        for n in range(1, 13)
    ]
    words = replace(said.lines[2], name="社会反响", comparison=Comparison.QUALITATIVE, target="无重大投诉", unit="")
    lines = (*said.lines[:2], words, said.lines[3], *more)
    actions.fill(version, filer(), version_no=1, filled=Filled("第一段\n第二段，含“引号”", lines))
    return TargetVersion.objects.get(pk=version.pk)


@pytest.mark.parametrize("name", WRITTEN)
def test_an_unedited_return_changes_nothing(version, name):
    filled, problems = understood(WRITTEN[name](version, "甲县教育局"), name, version)
    assert problems == []
    assert filled == version.filled


@pytest.mark.parametrize("name", WRITTEN)
def test_sixteen_indicators_come_back_as_they_went(version, name):
    largest = sixteen(version)
    assert len(largest.filled.lines) == 16
    filled, problems = understood(WRITTEN[name](largest, "甲县教育局"), name, largest)
    assert problems == []
    assert filled == largest.filled


def edited_workbook(version):
    book = load_workbook(BytesIO(form_xlsx(version, "甲县教育局")))
    page = book.worksheets[0]
    header = next(row[0].row for row in page.iter_rows() if row[0].value == "一级指标")
    page.cell(header + 1, 3, "受助学生人数")
    page.cell(header + 1, 5, "≥350")
    for column in range(1, 8):
        page.cell(header + 2, column).value = None
    for column, value in enumerate(("产出指标", "时效指标", "按期发放率", "≥", "98%", None, 20), 1):
        page.cell(header + 5, column, value)
    return book


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_renamed_line_keeps_its_lineage_a_cleared_one_goes_and_a_blank_row_becomes_a_new_one(version):
    filled, problems = understood(saved(edited_workbook(version)), "a.xlsx", version)
    assert problems == []
    changes = {change.line: change.kind.label for change in compared(version.filled, filled)}
    assert changes == {"受助学生人数": "修改", "按期发放率": "新增", "发放准确率": "删去"}
    new = filled.lines[-1]
    assert (new.target, new.unit, new.weight) == ("98", "%", 20)


def test_what_cannot_be_read_names_row_and_column(version):
    book = edited_workbook(version)
    page = book.worksheets[0]
    page.cell(page.max_row, 1).value = None
    header = next(row[0].row for row in page.iter_rows() if row[0].value == "一级指标")
    page.cell(header + 1, 7, "很多")
    page.cell(header + 3, 1, "其他")
    _, problems = understood(saved(book), "a.xlsx", version)
    assert [(problem.row, problem.column) for problem in problems] == [(header + 1, "分值"), (header + 3, "一级指标")]


def test_a_word_form_made_by_hand_with_joined_cells_is_read_by_its_headings(version):
    document = Document()
    table = document.add_table(rows=4, cols=4)
    for column, name in enumerate(("一级指标", "二级指标", "指标名称", "目标值")):
        table.rows[0].cells[column].text = name
    rows = (
        ("产出", "数量", "资助学生人数", "≥300人"),
        ("", "", "发放次数", "=2"),
        ("满意度", "满意度", "学生满意度", "≥90%"),
    )
    for row, values in zip(table.rows[1:], rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    out = BytesIO()
    document.save(out)
    filled, problems = understood(out.getvalue(), "手工.docx", version)
    assert problems == []
    assert [line.level1.value for line in filled.lines] == ["output", "output", "satisfaction"]
    assert filled.lines[1].level2 == "数量"
    assert filled.lines[0].lineage == version.filled.lines[0].lineage
    assert filled.goal == version.filled.goal, "a form that does not speak of the goal leaves it"


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"PK\x03\x04x"), ("a.docx", b"PK\x03\x04x"), ("a.exe", b"MZ")]
)
def test_what_is_no_form_is_refused_with_a_remedy(version, name, content):
    with pytest.raises(UploadRefused):
        understood(content, name, version)


def test_a_form_printed_before_somebody_saved_is_not_read(version):
    printed = form_xlsx(version, "甲县教育局")
    actions.fill(version, filer(), version_no=1, filled=version.filled)
    with pytest.raises(UploadRefused, match="请重新下载申报表"):
        understood(printed, "a.xlsx", TargetVersion.objects.get(pk=version.pk))


def test_a_unit_uploads_looks_and_confirms(version):
    client, address = school(), reverse("target-returned", args=[version.pk])
    printed = client.get(reverse("target-form", args=[version.pk]))
    assert "申报表" in client.get(address).content.decode()
    same = client.post(address, {"file": SimpleUploadedFile("a.xlsx", printed.content)})
    assert "与系统中的内容相同" in same.content.decode()
    answer = client.post(address, {"file": SimpleUploadedFile("b.xlsx", saved(edited_workbook(version)))})
    page = answer.content.decode()
    assert "3 处有变化，等您确认" in page
    assert version.lines.filter(name="发放准确率").exists(), "nothing is saved yet"
    kept = page.split("/targets/returned/")[1].split("/")[0]
    client.post(reverse("target-returned-confirm", args=[kept]), {"token": "z" * 32})
    names = list(version.lines.order_by("position").values_list("name", flat=True))
    assert names == ["受助学生人数", "因贫失学人数", "学生满意度", "按期发放率"]
