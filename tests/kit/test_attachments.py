"""Files that belong to a sheet: looked at before they are kept, given back as they came, never lost by withdrawing."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.conf import settings

from jixiao.domain.actors import system
from jixiao.kit import attachments, files
from jixiao.kit.acting import acting
from jixiao.kit.models import Attachment, AuditEntry
from jixiao.kit.uploads import UploadRefused
from jixiao.policies import load
from jixiao.registers.parameters.models import snapshot_of
from jixiao.stages.monitoring.models import Round

pytestmark = pytest.mark.django_db

REGION = "999999"
ACTOR = system(REGION)
PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def office(inside: str, more: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(inside, "<x/>")
        if more:
            archive.writestr(more, "x")
    return out.getvalue()


@pytest.fixture
def sheet():
    held = Round(region=REGION, year=2022, no=1, cutoff="2022-07-31", snapshot=snapshot_of(load("national/2020")))
    held.save()
    return held


def attach(sheet, filename="证明.pdf", content=PDF, **said):
    with acting(ACTOR, "attachment.attach") as act:
        return attachments.attach(sheet, act, filename, content, **said)


@pytest.mark.parametrize(
    ("filename", "content", "kept"),
    [
        ("证明.PDF", PDF, "证明.PDF"),
        (r"C:\我的文件\照片.png", PNG, "照片.png"),
        ("../../etc/报告.docx", office("word/document.xml"), "报告.docx"),
        ("表.xlsx", office("xl/workbook.xml"), "表.xlsx"),
        ("长" * 300 + ".pdf", PDF, "长" * 196 + ".pdf"),
    ],
)
def test_an_ordinary_file_is_kept_under_its_plain_name(filename, content, kept):
    assert attachments.guard(content, filename) == kept


@pytest.mark.parametrize(
    ("filename", "content", "said"),
    [
        ("病毒.exe", b"MZ", "只接受"),
        ("页面.html", b"<html>", "只接受"),
        ("图.svg", b"<svg/>", "只接受"),
        ("没有扩展名", PDF, "只接受"),
        ("空.pdf", b"", "空的"),
        ("假.pdf", PNG, "不是 .pdf"),
        ("假.png", b"<script>", "不是 .png"),
        ("坏.docx", b"PK\x03\x04xxxx", "损坏"),
        ("换名.docx", office("xl/workbook.xml"), "扩展名"),
        ("宏.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
        ("大.pdf", PDF + bytes(attachments.MOST_BYTES), "20 MB"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_a_remedy(filename, content, said):
    with pytest.raises(UploadRefused) as refused:
        attachments.guard(content, filename)
    assert said in str(refused.value)
    assert "请" in str(refused.value)


def test_an_attachment_is_on_disk_in_the_trail_and_with_its_sheet(sheet):
    kept = attach(sheet, kind="photo", title="现场")
    assert files.fetch(settings.UPLOADS, kept.sha256) == PDF
    assert list(attachments.attached(sheet)) == [kept]
    assert list(attachments.attached(sheet, "photo")) == [kept]
    assert not attachments.attached(sheet, "other").exists()
    assert AuditEntry.objects.filter(object=sheet.reference, act="attachment.attach").count() == 1


def test_a_withdrawn_attachment_is_gone_from_the_sheet_and_stays_for_the_trail(sheet):
    kept = attach(sheet)
    with acting(ACTOR, "attachment.withdraw") as act:
        attachments.withdraw(kept, sheet, act)
    assert not attachments.attached(sheet).exists()
    assert Attachment.objects.get().withdrawn_at is not None
    assert files.fetch(settings.UPLOADS, kept.sha256) == PDF


def test_a_sheet_holds_so_many_and_no_more(sheet, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_ON_A_SHEET", 2)
    attach(sheet)
    attach(sheet, "二.png", PNG)
    with pytest.raises(UploadRefused, match="最多 2 个"):
        attach(sheet)
    assert attachments.attached(sheet).count() == 2
