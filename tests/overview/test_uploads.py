"""From a file in the browser to rows in the register: checked, told, confirmed once, and nobody else's business."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from tests import factories
from tests.browsing import signed_in

from jixiao.domain.actors import Role
from jixiao.kit.models import AuditEntry, Upload, UploadState
from jixiao.registers.organizations.models import UnitYear

pytestmark = pytest.mark.django_db
RIGHT = factories.UNITS.encode()
WRONG = RIGHT.replace("部门,教科文股".encode(), "衙门,教科文股".encode(), 1)


@pytest.fixture
def office() -> Client:
    factories.region()
    return signed_in()


def send(client: Client, content: bytes, filename: str = "units.csv") -> HttpResponse:
    return client.post(reverse("uploads"), {"file": SimpleUploadedFile(filename, content)})


def kept(client: Client, content: bytes, filename: str = "units.csv") -> Upload:
    assert send(client, content, filename).status_code == 303
    return Upload.objects.latest("id")


def workbook(content: bytes) -> bytes:
    book, buffer = Workbook(), BytesIO()
    for line in content.decode().splitlines():
        book.active.append(line.split(","))
    book.save(buffer)
    return buffer.getvalue()


def page(client: Client, upload: Upload) -> str:
    return client.get(reverse("upload", args=[upload.pk])).content.decode()


def confirm(client: Client, upload: Upload) -> int:
    return client.post(reverse("upload-confirm", args=[upload.pk])).status_code


def test_a_wrong_cell_is_told_marked_and_cannot_be_confirmed(office):
    upload = kept(office, workbook(WRONG), "预算单位.xlsx")
    assert upload.state == UploadState.REFUSED
    shown = page(office, upload)
    assert "第 2 行" in shown
    assert "单位类型" in shown
    assert "确认入库" not in shown
    marked = office.get(reverse("upload-marked", args=[upload.pk]))
    sheets = CalamineWorkbook.from_filelike(BytesIO(marked.content))
    assert any("衙门" in map(str, row) for row in sheets.get_sheet_by_index(0).to_python())
    assert len(sheets.sheet_names) == 2
    assert confirm(office, upload) == 303
    assert not UnitYear.objects.exists()


def test_a_right_file_is_counted_before_and_stored_once_after_confirmation(office):
    upload = kept(office, RIGHT)
    assert upload.counts == {"units": {"new": 3, "changed": 0, "same": 0}}
    assert not UnitYear.objects.exists()
    assert "确认入库" in page(office, upload)
    confirm(office, upload)
    links = AuditEntry.objects.count()
    confirm(office, upload)
    assert UnitYear.objects.count() == 3
    assert AuditEntry.objects.count() == links
    upload.refresh_from_db()
    assert upload.state == UploadState.CONFIRMED
    assert Upload.objects.count() == 1


def test_the_same_file_again_has_nothing_to_confirm(office):
    confirm(office, kept(office, RIGHT))
    again = kept(office, RIGHT)
    assert again.counts["units"] == {"new": 0, "changed": 0, "same": 3}
    assert "不需要入库" in page(office, again)


def test_what_changed_after_the_check_is_found_at_the_confirmation(office):
    projects = kept_after_units(office)
    UnitYear.objects.filter(code="201").update(code="202")
    confirm(office, projects)
    projects.refresh_from_db()
    assert projects.state == UploadState.REFUSED
    assert projects.problems


def kept_after_units(office: Client) -> Upload:
    confirm(office, kept(office, RIGHT))
    return kept(office, factories.PROJECTS.encode(), "projects.csv")


@pytest.mark.parametrize("address", ["upload", "upload-marked", "upload-file"])
def test_a_file_of_another_region_and_a_unit_find_nothing(office, address):
    upload = kept(office, RIGHT)
    confirm(office, upload)
    other = signed_in(code="888888")
    unit = signed_in(Role.UNIT, UnitYear.objects.get(code="101").unit)
    for stranger in (other, unit):
        assert stranger.get(reverse(address, args=[upload.pk])).status_code == 404
        assert stranger.post(reverse("upload-confirm", args=[upload.pk])).status_code == 404
    assert unit.get(reverse("uploads")).status_code == 404
    assert send(unit, RIGHT).status_code == 404


def test_a_file_that_is_too_large_is_refused_and_not_kept(office, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    response = send(office, b"\0" * (60 * 2**20), "units.xlsx")
    assert response.status_code == 422
    assert "MB" in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "filename",
    ["../../etc/单位.csv", '"><script>alert(1)</script>.csv', "单位'“”.csv", "a" * 300 + ".csv", "\u202evsc.csv"],
)
def test_a_strange_file_name_is_only_a_text(office, filename):
    upload = kept(office, RIGHT, filename)
    shown = page(office, upload) + office.get(reverse("uploads")).content.decode()
    assert "<script>alert" not in shown
    assert "/" not in upload.filename
    assert office.get(reverse("upload-file", args=[upload.pk])).content == RIGHT


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\x03\x04rubbish", "没有表".encode()])
def test_what_is_no_table_is_answered_with_a_remedy(office, content):
    response = send(office, content, "units.xlsx")
    assert response.status_code in (303, 422)
    if response.status_code == 303:
        upload = Upload.objects.get()
        assert upload.state == UploadState.REFUSED
        assert "请" in page(office, upload)
        assert office.get(reverse("upload-marked", args=[upload.pk])).status_code in (200, 404)
