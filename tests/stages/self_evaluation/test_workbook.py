"""自评表 in the official form: out with what is known, in again with what changed, nothing stored unseen."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from tests.browsing import signed_in
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, stored, unit

from jixiao.domain.actors import Role
from jixiao.kit.models import Upload, UploadState
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,50
2022,P2,,效益指标,社会效益,不因贫失学,定性,,达成预期,,40
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,101,部门整体,产出指标,数量指标,办学学校数,定量,=,12,所,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,900000
2022,P2,V2,2022-06-01,2500000
"""
HEADER = 14
GOOD = {
    (1, "实际完成值"): "９００",
    (1, "偏差原因分析及改进措施"): "有学生转学",
    (2, "实际完成值"): "达成预期",
    (2, "定性完成度（%）"): 95,
}


@pytest.fixture(autouse=True)
def opened():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    actions.open_sheets(actor(), YEAR, YEAR)


@pytest.fixture
def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


@pytest.fixture
def bureau():
    return signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)


def sheet(code="P2"):
    return SelfEvaluation.objects.get(subject_year__code=code)


def points():
    return [score.points for score in sheet().scores.order_by("position")]


def book_of(client, code=None):
    address = reverse("self-evaluation-form", args=[sheet(code).pk]) if code else reverse("self-evaluations-workbook")
    return openpyxl.load_workbook(BytesIO(client.get(address).content))


def place(page, header):
    return next(cell.column for cell in page[HEADER] if cell.value == header)


def edited(book, cells):
    """The workbook with cells written: (indicator, header) or a cell's address → value."""
    page = book.worksheets[0]
    for where, value in cells.items():
        cell = page[where] if isinstance(where, str) else page.cell(HEADER + where[0], place(page, where[1]))
        cell.value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bring(client, content, name="自评表.xlsx"):
    return client.post(reverse("self-evaluations-returned"), {"file": SimpleUploadedFile(name, content)})


def confirm(client, token="t"):
    kept = Upload.objects.latest("id")
    return client.post(reverse("self-evaluations-confirm", args=[kept.pk]), {"token": token * 32}, follow=True)


def test_the_form_has_the_official_columns_and_money_rows_with_what_is_known(school):
    book = book_of(school)
    assert [page.title for page in book.worksheets] == ["1.助学金项目"]
    page = book.worksheets[0]
    assert page["A1"].value == "项目支出绩效自评表"
    official = (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    assert tuple(cell.value for cell in page[HEADER][:8]) == official
    assert [page.cell(row, 2).value for row in range(6, 10)] == [
        "年度资金总额",
        "其中：当年财政拨款",
        "上年结转资金",
        "其他资金",
    ]
    assert [cell.value for cell in page[6][2:8]] == ["200", "250", "250", "10", "100%", "10"]
    assert page.cell(HEADER + 3, 1).value == "总分"
    assert page.cell(HEADER + 3, 6).value == "100"


def test_an_unedited_return_changes_nothing_from_excel_and_from_word(school):
    assert "与系统中的内容相同" in bring(school, edited(book_of(school), {})).content.decode()
    word = school.get(reverse("self-evaluation-form-docx", args=[sheet().pk])).content
    assert "与系统中的内容相同" in bring(school, word, "自评表.docx").content.decode()
    confirm(school)
    assert sheet().version == 1


def test_what_was_filled_is_shown_first_saved_once_and_scored(school):
    page = bring(school, edited(book_of(school), GOOD)).content.decode()
    assert "1 份有变化，等您确认" in page
    assert "资助人数·实际完成值" in page
    assert sheet().version == 1
    for _ in range(3):
        said = confirm(school).content.decode()
    assert "没有重复保存" in said
    assert (sheet().version, sheet().total, points()) == (2, Decimal(93), [Decimal(45), Decimal(38)])
    again = book_of(school)
    assert again.worksheets[0].cell(HEADER + 1, 5).value == "900"
    assert "与系统中的内容相同" in bring(school, edited(again, {})).content.decode()


def test_points_of_its_own_may_be_lower_but_never_higher_than_the_rule_gives(school):
    own = {(1, "得分"): "40", (1, "自报低分的理由"): "抽查有差错"}
    bring(school, edited(book_of(school), GOOD | own))
    confirm(school)
    assert points() == [Decimal(40), Decimal(38)]
    answer = bring(school, edited(book_of(school), {(1, "得分"): "45.01"}))
    assert answer.status_code == 422
    assert "高于按规则计算的 45 分" in answer.content.decode()
    bring(school, edited(book_of(school), {(1, "得分"): None}))
    confirm(school, "u")
    assert points() == [Decimal(45), Decimal(38)]


def test_carried_over_and_other_money_count_in_the_whole(school):
    bring(school, edited(book_of(school), GOOD | {"D8": "50", "E8": "20", "D9": "30", "E9": "10"}))
    confirm(school)
    found = sheet()
    assert (found.budget, found.spent) == (330_0000_00, 260_0000_00)
    assert [(row.label, row.budget, row.spent) for row in found.fund_rows][1:] == [
        ("其中：当年财政拨款", 250_0000_00, 230_0000_00),
        ("上年结转资金", 50_0000_00, 20_0000_00),
        ("其他资金", 30_0000_00, 10_0000_00),
    ]
    assert found.execution_points == Decimal("7.88")
    bring(school, edited(book_of(school), {"E9": "31"}))
    assert "其他资金的执行数大于预算数" in confirm(school, "u").content.decode()
    assert sheet().version == 2


def test_columns_may_be_moved_and_called_otherwise(school):
    book = book_of(school)
    page = book.worksheets[0]
    page.cell(HEADER, 5).value = "全年实际值"
    page.cell(HEADER, 8).value = "未完成原因分析"
    page.move_range(f"E{HEADER}:E{HEADER + 2}", cols=20)
    content = edited(book, {f"Y{HEADER + 1}": "900", f"Y{HEADER + 2}": "达成预期", (2, "定性完成度（%）"): "95%"})
    assert "1 份有变化，等您确认" in bring(school, content).content.decode()
    confirm(school)
    assert points() == [Decimal(45), Decimal(38)]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({(1, "实际完成值"): "很多"}, "不是数字"),
        ({(1, "实际完成值"): "900余人"}, "不是数字"),
        ({(1, "实际完成值"): "≥900"}, "不是数字"),
        ({(1, "实际完成值"): "#REF!"}, "#REF!"),
        ({(1, "实际完成值"): "=A1+1"}, "公式没有算出结果"),
        ({(2, "定性完成度（%）"): "120"}, "完成度应在 0 到 100 之间"),
        ({(1, "得分"): "满分"}, "不是"),
        ({(1, "得分"): "51"}, "得分应在 0 到 50 之间"),
        ({(1, "年度指标值"): "≥ 800 人"}, "指标值以批复的为准"),
        ({(1, "分值"): "60"}, "分值以批复的为准"),
        ({(1, "三级指标"): "别的指标"}, "没有“别的指标”这个指标"),
        ({(2, "三级指标"): None}, "缺少指标行：不因贫失学"),
        ({(1, "偏差原因分析及改进措施"): "长" * 1001}, "最多 1000 个字"),
        ({"D8": "五十万"}, "上年结转资金·全年预算数"),
        ({"D8": "-5"}, "不能是负数"),
        ({"G2": "表号：999999-1"}, "没有这张待填的自评表"),
    ],
)
def test_a_wrong_cell_is_named_handed_back_marked_and_nothing_is_kept(school, cells, said):
    book = book_of(school)
    if "G2" in cells:
        book.worksheets[0].unmerge_cells("F2:H2")
        book.worksheets[0]["F2"].value = None
    answer = bring(school, edited(book, GOOD | cells))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    confirm(school)
    assert sheet().version == 1
    marked = school.get(reverse("self-evaluations-marked", args=[Upload.objects.latest("id").pk]))
    assert "错误清单" in openpyxl.load_workbook(BytesIO(marked.content)).sheetnames


def test_a_form_printed_before_somebody_saved_is_refused_with_the_difference(school):
    content = edited(book_of(school), GOOD)
    SelfEvaluation.objects.filter(pk=sheet().pk).update(version=5)
    page = bring(school, content).content.decode()
    assert "在下载之后已有人保存" in page
    assert "资助人数·实际完成值：现为“”，表里是“900”" in page


def test_a_sheet_saved_between_the_look_and_the_confirmation_is_not_overwritten(school):
    bring(school, edited(book_of(school), GOOD))
    SelfEvaluation.objects.filter(pk=sheet().pk).update(version=5)
    assert "没有保存" in confirm(school).content.decode()
    assert sheet().scores.exclude(actual="").count() == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04", "a.xlsx"),
        (b"PK\x03\x04", "a.docx"),
        (b"x", "a.doc"),
        ("甲,乙\n".encode(), "a.csv"),
    ],
)
def test_what_is_no_form_is_refused_with_a_remedy(school, content, name):
    answer = bring(school, content, name)
    assert answer.status_code == 422
    assert "请" in answer.content.decode()
    assert not Upload.objects.filter(table__startswith="self_evaluation_form", state=UploadState.CHECKED).exists()


def test_without_its_header_a_form_is_refused(school):
    book = book_of(school)
    book.worksheets[0].delete_rows(HEADER)
    assert "没有找到“绩效自评表”的表头" in bring(school, edited(book, {})).content.decode()


def test_a_department_fills_its_own_and_not_those_below(bureau):
    titles = {page["A1"].value for page in book_of(bureau).worksheets}
    assert titles == {"部门整体支出绩效自评表", "项目支出绩效自评表"}
    answer = bring(bureau, edited(book_of(bureau, "P2"), GOOD))
    assert "没有这张待填的自评表" in answer.content.decode()


def test_the_word_form_is_upright_a4_with_all_rows(school):
    content = school.get(reverse("self-evaluation-form-docx", args=[sheet().pk])).content
    document = Document(BytesIO(content))
    assert document.sections[0].page_width < document.sections[0].page_height
    texts = {cell.text for row in document.tables[0].rows for cell in row.cells}
    assert {"年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金", "资助人数", "总分", "预期目标"} <= texts


def test_strangers_find_no_form_and_no_upload(school):
    bring(school, edited(book_of(school), GOOD))
    kept = Upload.objects.latest("id")
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert stranger.get(reverse("self-evaluation-form", args=[sheet().pk])).status_code == 404
    assert stranger.get(reverse("self-evaluation-form-docx", args=[sheet().pk])).status_code == 404
    assert stranger.post(reverse("self-evaluations-confirm", args=[kept.pk])).status_code == 404
    assert stranger.get(reverse("self-evaluations-marked", args=[kept.pk])).status_code == 404
    assert "没有这张待填的自评表" in bring(stranger, edited(book_of(school), GOOD)).content.decode()
