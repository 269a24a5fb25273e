"""Revenue is said as 应收 and 实收 on every page, form and paper that shows its money, from assessment to 自评."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.self_evaluation import actions as evaluating
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.ex_ante import actions as assessing
from jixiao.stages.ex_ante.frameworks import Framed
from jixiao.stages.ex_ante.models import Assessment, Assessor
from jixiao.stages.monitoring import actions as monitoring
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.targets.importer import IMPORTERS as TARGETS
from jixiao.stages.targets.models import TargetVersion

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PROJECTS = """年度,项目编码,项目名称,单位编码,对象类型,项目类别,项目性质,扩展类型,年初预算,追加调整,上年预算,绩效总目标
2022,S1,非税收缴事项,101001,项目,一般性项目,新增,政府收入,600,0,20,应收尽收
2022,P1,校舍维修项目,101001,项目,一般性项目,延续,,100,0,95,完成校舍维修
"""
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,S1,产出指标,数量指标,收缴户数,定量,≥,100,户,50
2022,S1,效益指标,社会效益,应收尽收,定性,,达成预期,,40
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,S1,V1,2022-05-01,7000000
2022,P1,V2,2022-06-01,100000
"""
SPENDING = re.compile(r"全年预算|年初预算|上年预算|预算数|执行率|执行数|全年执行|预算执行|支出|国库支付|闲置")
"""What is never said of revenue; 预算单位, 安排预算 and 监控表 are of the work, not of the money."""


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    held = monitoring.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=monitoring.after_round_step)
    evaluating.open_sheets(actor(), YEAR, YEAR)
    filer = actor(Role.UNIT, unit_path="101/101001/")
    how = {"assessor": Assessor.DEPARTMENT, "kind": Framed.PROJECT, "asked": 600_000_000}
    assessing.open_assessment(revenue(), filer, YEAR, **how)


@pytest.fixture
def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


@pytest.fixture
def office():
    return signed_in()


def revenue():
    return SubjectYear.objects.get(code="S1")


def of(model, **place):
    return model.objects.get(**place or {"subject_year": revenue()}).pk


def main(client, address):
    """What the page says in its main part, tags left out."""
    page = text(client, address)
    said = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    # 评估要点 are the framework's own text, which a region writes for revenue as it wants.
    return re.sub(r"支出内容\S*|债务和支出风险可控", "", said)


def sheet_pages():
    version = TargetVersion.objects.get(sheet__subject_year=revenue())
    return {
        "subject": revenue().pk,
        "target-sheet": version.pk,
        "ex-ante-sheet": of(Assessment),
        "ex-ante-report": of(Assessment),
        "reading-sheet": of(ReadingSheet),
        "self-evaluation": of(SelfEvaluation),
    }


PAGES = ("subject", "target-sheet", "ex-ante-sheet", "ex-ante-report", "reading-sheet", "self-evaluation")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_revenue_speaks_of_spending(school, name):
    page = main(school, reverse(name, args=[sheet_pages()[name]]))
    assert "年应收" in page
    assert SPENDING.findall(page) == [], SPENDING.sub(lambda found: f"【{found[0]}】", page)


def test_reviewers_read_the_same_words_and_money_is_not_to_be_taken_back(office):
    held = ReadingSheet.objects.get(subject_year=revenue())
    ReadingSheet.objects.filter(pk=held.pk).update(state="fiscal_review")
    page = main(office, reverse("reading-sheet", args=[held.pk]))
    assert "收回资金" not in page
    assert SPENDING.findall(page.replace("没有支出的金额", "")) == []


LISTS = ("monitoring-round", "round-key", "self-evaluations", "target-congress", "ex-ante", "ex-ante-amounts")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_notes_the_words_of_revenue_beneath_its_amounts_and_of_no_other(office, name):
    address = reverse(name, args=[Round.objects.get().pk] if "round" in name else [])
    page = text(office, address)
    rows = re.findall(r"<tr>.*?</tr>", page, re.S)
    mine = [row for row in rows if "非税收缴事项" in row]
    assert mine
    assert all("全年应收" in row for row in mine if "申报" in page or name != "ex-ante")
    assert not any("应收" in row.replace("应收尽收", "") for row in rows if "校舍维修项目" in row)


def words_of(content):
    book = openpyxl.load_workbook(BytesIO(content))
    return [[str(cell.value) for row in page.iter_rows() for cell in row if cell.value] for page in book.worksheets]


def forms():
    return {
        "target-form": TargetVersion.objects.get(sheet__subject_year=revenue()).pk,
        "reading-form": of(ReadingSheet),
        "self-evaluation-form": of(SelfEvaluation),
    }


@pytest.mark.parametrize("name", ["target-form", "reading-form", "self-evaluation-form"])
def test_the_official_forms_in_excel_print_receivable_and_received(school, name):
    (cells,) = words_of(school.get(reverse(name, args=[forms()[name]])).content)
    said = "\n".join(cells)
    assert "全年应收" in said
    assert "实收" in said
    assert "收入绩效" in said
    assert SPENDING.findall(said) == []


@pytest.mark.parametrize("name", ["target-form-docx", "self-evaluation-form-docx", "ex-ante-report-docx"])
def test_the_forms_and_papers_in_word_do_too(school, name):
    key = of(Assessment) if "ante" in name else forms()[name.removesuffix("-docx")]
    answer = school.get(reverse(name, args=[key]), follow=True)
    document = Document(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    said = re.sub(r"支出内容\S*|债务和支出风险可控", "", said)
    assert "应收" in said
    assert SPENDING.findall(said) == []


def brought(client, name, page, cells):
    """A form filled where its labels stand, and brought back."""
    book = openpyxl.load_workbook(BytesIO(client.get(page).content))
    sheet = book.worksheets[0]
    for label, (down, right), value in cells:
        cell = next(one for row in sheet.iter_rows() for one in row if one.value == label)
        sheet.cell(cell.row + down, cell.column + right).value = value
    out = BytesIO()
    book.save(out)
    return client.post(name, {"file": SimpleUploadedFile("表.xlsx", out.getvalue())}).content.decode()


def test_what_is_filled_under_its_words_comes_back(school):
    page = brought(
        school,
        reverse("round-filling", args=[Round.objects.get().pk]),
        reverse("reading-form", args=[of(ReadingSheet)]),
        [("收入偏差原因", (0, 2), "企业缓缴"), ("全年预计实收数", (1, 0), 650)],
    )
    assert "企业缓缴" in page
    assert "650 万元" in page
    page = brought(
        school,
        reverse("self-evaluations-returned"),
        reverse("self-evaluation-form", args=[of(SelfEvaluation)]),
        [("收入完成率偏低的原因和改进措施", (0, 2), "没有偏低"), ("其他资金", (0, 2), 10)],
    )
    assert "没有偏低" in page
    assert "其他资金·全年应收数" in page


def test_the_execution_criterion_is_the_rate_of_revenue_and_more_than_planned_needs_no_explanation(school):
    sheet = SelfEvaluation.objects.get(subject_year=revenue())
    assert sheet.execution_points == 10
    assert "收入完成率116.67%" in sheet.execution_because
    page = main(school, reverse("self-evaluation", args=[sheet.pk]))
    assert "请说明原因" not in page


def test_the_report_of_a_round_names_the_words_beside_the_object(office):
    SubjectYear.objects.filter(code="S1").update(initial=6_000_000_000)
    ReadingSheet.objects.filter(subject_year=revenue()).update(budget=6_000_000_000)
    page = main(office, reverse("round-analysis", args=[Round.objects.get().pk]))
    assert "非税收缴事项（全年应收、实收、收入完成率）" in page
    assert "校舍维修项目（" not in page
