"""列对应 on the upload page: shown, said once, kept, and used again for the next file of the same headers."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, stored

from jixiao.cli.environment import Refused
from jixiao.cli.importing import Registration, load
from jixiao.domain.actors import Role
from jixiao.kit.models import AuditEntry, ColumnMapping, Upload, UploadState
from jixiao.registers.subjects.models import Payment

pytestmark = pytest.mark.django_db
EXPORT = "甲县支付明细,,,\n预算项目,单据号,清算日,支付额\nP1,V1,2022-03-01,1.5\n不知道,V2,2022-03-02,2\n"
SAID = {
    "table": "payments",
    "name": "国库导出",
    "money": "万元",
    "column_code": "预算项目",
    "column_voucher": "单据号",
    "column_paid_on": "清算日",
    "column_fen": "支付额",
    "fixed_year": "2022",
}


@pytest.fixture
def office():
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)
    return signed_in()


def send(client, content: str = EXPORT, filename: str = "三月.csv") -> Upload:
    client.post(reverse("uploads"), {"file": SimpleUploadedFile(filename, content.encode())})
    return Upload.objects.latest("id")


def say(client, upload: Upload, **other: str):
    return client.post(reverse("upload-mapping", args=[upload.pk]), SAID | other)


def test_an_unknown_export_is_shown_by_its_headers_and_stored_after_it_was_explained(office):
    refused = send(office)
    assert refused.state == UploadState.REFUSED
    assert reverse("upload-mapping", args=[refused.pk]) in text(office, reverse("upload", args=[refused.pk]))
    page = text(office, reverse("upload-mapping", args=[refused.pk]) + "?table=payments")
    assert "预算项目" in page
    assert "第 2 行为表头" in page
    assert "2022-03-01" in page
    assert say(office, refused).status_code == 303
    checked = Upload.objects.latest("id")
    assert (checked.state, checked.counts["payments"]["new"]) == (UploadState.CHECKED, 2)
    assert not Payment.objects.exists()
    office.post(reverse("upload-confirm", args=[checked.pk]))
    assert {row.voucher: row.fen for row in Payment.objects.all()} == {"V1": 1_500_000, "V2": 2_000_000}
    assert Payment.objects.unmatched().get().voucher == "V2"
    assert AuditEntry.objects.filter(act="mapping.save", object="mapping:payments:国库导出").exists()


def test_the_next_file_with_the_same_headers_is_read_by_it_at_once(office):
    say(office, send(office))
    again = send(office, EXPORT.replace("V1", "V7"), "四月.csv")
    assert again.state == UploadState.CHECKED
    assert again.mapping["money"] == "万元"
    assert "按保存的列对应读" in text(office, reverse("upload", args=[again.pk]))
    assert "已按它填好" in text(office, reverse("upload-mapping", args=[again.pk]))


def test_what_is_missing_comes_back_at_its_field(office):
    page = say(office, send(office), column_fen="", name="我的名字")
    assert page.status_code == 422
    body = page.content.decode()
    assert "必填，请选择一列或填写固定值" in body
    assert 'value="我的名字"' in body
    assert not ColumnMapping.objects.exists()


def test_a_mapping_of_the_same_name_is_replaced(office):
    say(office, send(office))
    say(office, send(office), money="元")
    assert ColumnMapping.objects.get().money == "元"


def test_nobody_else_may_map_and_other_regions_see_nothing(office):
    upload = send(office)
    say(office, upload)
    for stranger in (signed_in(code="888888"), signed_in(Role.LEADER), signed_in(Role.FISCAL_DIVISION)):
        assert stranger.get(reverse("upload-mapping", args=[upload.pk])).status_code == 404
        assert say(stranger, upload).status_code == 404
    assert send(signed_in(code="777777")).state == UploadState.REFUSED


def test_the_command_line_reads_by_a_name(office, tmp_path):
    say(office, send(office))
    file = tmp_path / "四月.csv"
    file.write_text(EXPORT, encoding="utf-8")
    outcome = load([file], Registration(REGION, "甲县"), 2022, commit=True, mapping="国库导出")
    assert outcome.stored
    assert Payment.objects.count() == 2
    with pytest.raises(Refused, match="没有名为"):
        load([file], Registration(REGION, "甲县"), 2022, commit=True, mapping="别的")


def test_a_file_that_cannot_be_opened_leads_back_with_the_reason(office):
    upload = send(office, "不是工作簿", "坏.xlsx")
    answer = office.get(reverse("upload-mapping", args=[upload.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("upload", args=[upload.pk]), 303)]
    assert "不是 Excel 工作簿" in answer.content.decode()


def test_a_workbook_of_several_tables_is_not_read_by_a_mapping_unasked(office):
    say(office, send(office))
    book, buffer = Workbook(), BytesIO()
    for title, table in (("支付", EXPORT), ("项目库", PROJECTS)):
        sheet = book.create_sheet(title)
        for line in table.splitlines():
            sheet.append(line.split(","))
    book.remove(book["Sheet"])
    book.save(buffer)
    office.post(reverse("uploads"), {"file": SimpleUploadedFile("合并.xlsx", buffer.getvalue())})
    upload = Upload.objects.latest("id")
    assert upload.mapping is None
    assert "projects" in upload.counts
