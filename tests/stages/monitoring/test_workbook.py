"""Filling in Excel: out with what is known, in again with what changed, and nothing stored before it was looked at."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.kit.models import Upload, UploadState
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,50
2022,P2,效益指标,社会效益,不因贫失学,定性,,达成预期,,40
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
"""


@pytest.fixture(autouse=True)
def open_round():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


@pytest.fixture
def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


def at(name):
    return reverse(name, args=[Round.objects.get().pk])


def sheet_of(code="P2"):
    return ReadingSheet.objects.get(subject_year__code=code)


def book_of(client):
    answer = client.get(at("round-workbook"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.content))


def spot(sheet, row, header):
    """The cell of an indicator (1, 2 …), or right of a label (row None)."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value == header and row is None:
                return sheet.cell(cell.row, 3)
            if cell.value == header and cell.row >= HEADER:
                return sheet.cell(HEADER + 1 + row, cell.column)
    raise LookupError(header)


def edited(book, cells, number=0):
    """The workbook with these cells written: (indicator or None, header or label) → value."""
    for (row, header), value in cells.items():
        spot(book.worksheets[number], row, header).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bring(client, content, name="监控表.xlsx"):
    return client.post(at("round-filling"), {"file": SimpleUploadedFile(name, content)})


def rows(book):
    """The indicators of the first form by header."""
    sheet = book.worksheets[0]
    upper, lower = ([cell.value for cell in sheet[row]] for row in (HEADER, HEADER + 1))
    headers = [below or above for above, below in zip(upper, lower, strict=True)]
    body = sheet.iter_rows(min_row=HEADER + 2, values_only=True)
    return [dict(zip(headers, row, strict=True)) for row in body if row[2]]


def confirm(client, token="t"):
    kept = Upload.objects.latest("id")
    return client.post(reverse("filling-confirm", args=[kept.pk]), {"token": token * 32}, follow=True)


HEADER = 10
GOOD = {
    (1, "1—7月执行情况"): "６００",
    (1, "全年预计完成情况"): 1000,
    (1, "确定能"): "√",
    (1, "经费保障"): "√",
    (1, "原因说明"): "资金到位晚",
    (1, "备注"): "见附件",
    (2, "1—7月执行情况"): "达成预期",
    (2, "有可能"): "是",
    (None, "支出偏差原因"): "其他：招标推迟",
    (None, "目标完成情况"): "按计划发放",
}


def test_the_workbook_is_the_official_form_of_each_own_sheet_with_what_is_known(school):
    book = book_of(school)
    assert [sheet.title for sheet in book.worksheets] == ["1.助学金项目"]
    texts = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert "项目支出绩效目标执行监控表" in texts
    assert "全年预计执行数" in texts
    assert {"经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "确定能", "有可能", "完全不可能"} <= set(texts)
    found = rows(book)
    assert [row["三级指标"] for row in found] == ["资助人数", "不因贫失学"]
    assert found[0]["年度指标值"] == "≥ 1000 人"


def test_an_unedited_return_changes_nothing(school):
    answer = bring(school, edited(book_of(school), {}))
    assert "与系统中的内容相同" in answer.content.decode()
    confirm(school)
    assert sheet_of().version == 1


def test_what_was_filled_is_shown_first_and_saved_when_confirmed(school):
    answer = bring(school, edited(book_of(school), GOOD))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "1 份有变化，等您确认" in page
    assert "资助人数·执行情况" in page
    assert sheet_of().version == 1
    assert "已保存 1 份监控表" in confirm(school).content.decode()
    count, quality = sheet_of().readings.order_by("line__position")
    assert (count.actual, count.expected, count.likelihood) == ("600", "1000", Likelihood.CERTAIN)
    assert (quality.actual, quality.likelihood) == ("达成预期", Likelihood.POSSIBLE)
    assert (count.causes, count.remark) == ("经费保障：资金到位晚", "见附件")
    assert (sheet_of().causes, sheet_of().progress) == ("其他：招标推迟", "按计划发放")


def test_out_in_and_out_again_is_the_same(school):
    bring(school, edited(book_of(school), GOOD))
    confirm(school)
    again = book_of(school)
    assert rows(again)[0]["1—7月执行情况"] == "600"
    assert rows(again)[1]["有可能"] == "√"
    assert "与系统中的内容相同" in bring(school, edited(again, {})).content.decode()


def test_ten_confirmations_are_one(school):
    bring(school, edited(book_of(school), GOOD))
    for _ in range(3):
        confirm(school)
    assert sheet_of().version == 2


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({(1, "1—7月执行情况"): "很多"}, "不是数字"),
        ({(1, "确定能"): "也许"}, "请打√或留空"),
        ({(1, "完全不可能"): "√"}, "只能选一格"),
        ({(1, "三级指标"): "别的指标"}, "没有“别的指标”这个指标"),
        ({(1, "备注"): "长" * 201}, "最多 200 个字"),
        ({(1, "原因说明"): "#REF!"}, "#REF!"),
        ({(None, "目标完成情况"): "长" * 201}, "最多 200 个字"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(school, cells, said):
    answer = bring(school, edited(book_of(school), GOOD | cells))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    confirm(school)
    assert sheet_of().version == 1
    marked = school.get(reverse("filling-marked", args=[Upload.objects.latest("id").pk]))
    assert "错误清单" in openpyxl.load_workbook(BytesIO(marked.content)).sheetnames


def test_an_indicator_that_is_missing_or_doubled_is_named(school):
    book = book_of(school)
    book.worksheets[0].delete_rows(HEADER + 3)
    assert "缺少指标行：不因贫失学" in bring(school, edited(book, {(1, "1—7月执行情况"): "7"})).content.decode()
    book = book_of(school)
    assert "或出现了两次" in bring(school, edited(book, {(2, "三级指标"): "资助人数"})).content.decode()
    book = book_of(school)
    book.copy_worksheet(book.worksheets[0])
    assert "的监控表出现了两次" in bring(school, edited(book, GOOD)).content.decode()


def test_a_form_typed_by_hand_goes_by_its_project_code(school):
    """As a unit keeps it from the year before: no 表号, months called otherwise, marks of its own."""
    book = book_of(school)
    sheet = book.worksheets[0]
    sheet["M2"].value = None
    spot(sheet, 0, "1—7月执行情况")
    sheet["E10"].value = "截至7月底执行情况"
    answer = bring(school, edited(book, {(1, "确定能"): "✔"}))
    assert "1 份有变化，等您确认" in answer.content.decode()
    sheet["J3"].value = "没有这个编码"
    assert "没有这张待填的监控表" in bring(school, edited(book, {})).content.decode()


def test_whoever_may_see_a_sheet_prints_its_form(school):
    answer = school.get(reverse("reading-form", args=[sheet_of().pk]))
    assert openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]["C3"].value == "助学金项目"
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert stranger.get(reverse("reading-form", args=[sheet_of().pk])).status_code == 404


def test_a_sheet_saved_meanwhile_is_not_overwritten(school):
    content = edited(book_of(school), GOOD)
    ReadingSheet.objects.filter(pk=sheet_of().pk).update(version=5)
    answer = bring(school, content)
    assert "在下载之后已被他人保存" in answer.content.decode()


def test_a_sheet_saved_between_the_look_and_the_confirmation_is_not_overwritten(school):
    bring(school, edited(book_of(school), GOOD))
    ReadingSheet.objects.filter(pk=sheet_of().pk).update(version=5)
    assert "没有保存" in confirm(school).content.decode()
    assert sheet_of().readings.filter(actual="").count() == 2


@pytest.mark.parametrize(("content", "name"), [(b"", "a.xlsx"), (b"PK\x03\x04", "a.xlsx"), (b"x", "a.doc")])
def test_what_is_no_workbook_is_refused_with_a_remedy(school, content, name):
    answer = bring(school, content, name)
    assert answer.status_code == 422
    assert "请" in answer.content.decode()
    kept = Upload.objects.filter(table__startswith="monitoring_filling")
    assert {upload.state for upload in kept} <= {UploadState.REFUSED}


def test_nobody_fills_for_another_unit(school):
    content = edited(book_of(school), GOOD)
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert book_of(stranger).worksheets[0]["A1"].value == "没有要填的监控表"
    assert "没有这张待填的监控表" in bring(stranger, content).content.decode()
    bring(school, content)
    kept = Upload.objects.latest("id")
    assert stranger.post(reverse("filling-confirm", args=[kept.pk])).status_code == 404
    assert stranger.get(reverse("filling-marked", args=[kept.pk])).status_code == 404
    assert "用 Excel 填报" in text(school, at("monitoring-round"))
