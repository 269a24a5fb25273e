"""Inbound tables as a file or as JSON: whole or not at all, every problem with its place, twice is once."""

from __future__ import annotations

import json
from io import BytesIO

import hypothesis
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from tests import factories
from tests.api.callers import caller, told
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.api import imports
from jixiao.domain.actors import Role
from jixiao.kit.importing import BUSY, Outcome
from jixiao.kit.mapping import Mapped
from jixiao.kit.models import AuditEntry, Upload
from jixiao.overview.mapping import save
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Appropriation, Payment, SubjectYear

pytestmark = pytest.mark.django_db
V1 = {"年度": 2022, "项目编码": "P1", "凭证号": "V1", "支付日期": "2022-03-01", "金额（元）": 1234.56}
V2 = {
    "年度": "2022年",
    "项目编码": "X9",
    "凭证号": "000000000000000002",
    "支付日期": "2022年3月2日",
    "金额（元）": "２，０００",
}


@pytest.fixture(autouse=True)
def _registers():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)


@pytest.fixture
def office():
    return caller()


def bring(caller_, rows, table="payments", query="", **headers):
    return caller_.send("post", f"imports/{table}{query}", {"rows": rows}, **headers)


def workbook(rows):
    book, buffer = Workbook(), BytesIO()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(buffer)
    return SimpleUploadedFile("三月支付.xlsx", buffer.getvalue())


def test_rows_of_json_are_stored_with_counts_and_gaps(office):
    done = told(bring(office, [V1, V2]))
    assert (done["stored"], done["counts"]) == (True, {"new": 2, "changed": 0, "same": 0})
    assert done["gaps"][0]["rows"] == [3]
    paid = {row.voucher: row.fen for row in Payment.objects.all()}
    assert paid == {"V1": 123_456, "000000000000000002": 200_000}
    kept = office.get(f"imports/{done['id']}")
    assert (kept["state"]["label"], kept["by"]) == ("已入库", "绩效股")
    assert kept["counts"] == {"payments": {"new": 2, "changed": 0, "same": 0}}
    assert AuditEntry.objects.filter(act="import", object="import:2022:payments").exists()


def test_the_same_rows_again_change_nothing_and_name_the_first_record(office):
    first = told(bring(office, [V1]))
    again = told(bring(office, [V1]))
    assert (again["id"], again["stored"], again["counts"]["same"]) == (first["id"], False, 1)
    assert (Payment.objects.count(), Upload.objects.filter(table="国库支付").count()) == (1, 1)


def test_a_list_without_a_name_is_rows_too(office):
    assert told(office.send("post", "imports/payments", [V1]))["counts"]["new"] == 1


def test_one_wrong_cell_stores_nothing_and_is_told_with_row_and_column(office):
    wrong = V2 | {"支付日期": "2022-02-30"}
    refusal = told(bring(office, [V1, wrong]), 422)
    problem = refusal["problems"][0]
    assert (problem["row"], problem["column"]) == (3, "支付日期")
    assert "没有存入任何数据" in refusal["message"]
    assert not Payment.objects.exists()


def test_a_check_counts_and_stores_nothing(office):
    done = told(bring(office, [V1], query="?check=1"))
    assert (done["stored"], done["counts"]["new"], done["id"]) == (False, 1, None)
    assert not Payment.objects.exists()


def test_a_file_goes_the_same_way(office):
    done = told(office.file("imports/payments", workbook([V1, V2])))
    assert done["counts"]["new"] == 2
    assert Upload.objects.latest("id").filename == "三月支付.xlsx"
    csv = SimpleUploadedFile("a.csv", "年度,项目编码,凭证号,支付日期,金额\n2022,P1,V3,2022-03-01,一百\n".encode())
    assert told(office.file("imports/payments", csv), 422)["problems"][0]["column"] == "金额"


def test_what_is_no_table_at_all_is_refused_with_a_remedy(office):
    old = SimpleUploadedFile("支付.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert ".xlsx" in told(office.file("imports/payments", old), 422)["problems"][0]["message"]
    response = office.send("post", "imports/payments", None)
    assert response.status_code in (415, 422)


def test_budget_and_projects_come_in_as_well(office):
    row = {"年度": 2022, "项目编码": "P1", "指标编号": "Z-1", "指标金额（万元）": 100, "下达日期": "2022-01-05"}
    assert told(bring(office, [row], "appropriations"))["counts"]["new"] == 1
    assert Appropriation.objects.get().fen == 100_000_000
    project = {
        "年度": 2022,
        "项目编码": "P1",
        "项目名称": "校舍维修项目（二期）",
        "单位编码": "101",
        "年初预算（万元）": 120,
    }
    assert told(bring(office, [project], "projects"))["counts"]["changed"] == 1
    assert SubjectYear.objects.get(code="P1").initial == 120_000_000


def test_another_systems_columns_are_read_by_the_saved_mapping(office):
    columns = {"code": "XMBM", "voucher": "PZH", "paid_on": "ZFRQ", "fen": "JE"}
    save(factories.actor(), "国库导出", Mapped("payments", columns, {"year": "2022"}, "元"))
    row = {"XMBM": "P1", "PZH": "V7", "ZFRQ": "20220301", "JE": 7}
    done = told(bring(office, [row], query="?mapping=国库导出"))
    assert (done["mapping"], Payment.objects.get().fen) == ("国库导出", 700)
    assert told(bring(office, [row | {"PZH": "V8"}]))["mapping"] == "国库导出"
    assert "国库" in told(bring(office, [row], query="?mapping=国库"), 422)["message"]
    assert told(bring(office, [row], "projects", "?mapping=国库导出"), 422)["problems"][0]["column"] == "mapping"


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([V1, {"年度": ""}], 3),
        ([V1, {"年度": "合计", "金额（元）": 5}], 3),
        ([V1, ["2022"]], 3),
        ([V1, V1 | {"摘要": {"a": 1}}], 3),
        ([{"": 1}], 2),
        ([{"年\n度": 1}], 2),
        ([], 0),
    ],
)
def test_a_row_that_cannot_be_read_is_never_passed_over(office, rows, row):
    refusal = told(bring(office, rows), 422)
    assert refusal["problems"][0]["row"] == row
    assert not Payment.objects.exists()


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"rows": NaN}', '"rows"', "null", "\ufeff{}", '{"row": []}'])
def test_what_is_not_json_is_told_so(office, body):
    response = office.send("post", "imports/payments", body)
    assert told(response, 422)["message"]


def test_a_body_beyond_the_limit_is_told_so(office, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20
    assert "分成几次" in told(bring(office, [V1]), 413)["message"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*V1, "rows"]) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@hypothesis.settings(max_examples=80, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(said=ANYTHING)
def test_whatever_is_sent_is_answered_in_words(office, said):
    body = json.dumps(said)
    response = office.send("post", "imports/payments", body)
    assert response.status_code == 422
    assert response.json()["message"]
    assert not Payment.objects.exists()


def test_a_form_is_not_json(office):
    given = {"Authorization": f"Bearer {office.text}"}
    response = office.client.post("/api/v1/imports/payments", "a=1", content_type="text/plain", headers=given)
    assert told(response, 415)["message"]


def test_a_key_makes_a_lost_answer_harmless(office):
    project = {"年度": 2022, "项目编码": "P1", "项目名称": "新名", "单位编码": "101", "年初预算（万元）": 100}
    first = told(bring(office, [project], "projects", **{"Idempotency-Key": "k1"}))
    assert first["counts"]["changed"] == 1
    told(bring(office, [project | {"项目名称": "更新的名"}], "projects"))
    again = told(bring(office, [project], "projects", **{"Idempotency-Key": "k1"}))
    assert again["counts"] == first["counts"]
    assert SubjectYear.objects.get(code="P1").name == "更新的名"
    other = bring(office, [project | {"项目名称": "另一个"}], "projects", **{"Idempotency-Key": "k1"})
    assert "Idempotency-Key" in told(other, 422)["message"]
    assert told(bring(office, [project], **{"Idempotency-Key": "k" * 65}), 422)["message"]


def test_a_refused_import_does_not_spend_its_key(office):
    told(bring(office, [V1 | {"支付日期": "某日"}], **{"Idempotency-Key": "k2"}), 422)
    assert told(bring(office, [V1], **{"Idempotency-Key": "k2"}))["counts"]["new"] == 1


def test_rows_that_others_are_working_on_are_told_to_be_sent_later(office, monkeypatch):
    monkeypatch.setattr(imports, "run", lambda *_, **__: Outcome(problems=[("payments.csv", BUSY)]))
    assert "稍后" in told(bring(office, [V1]), 409)["message"]


def test_only_the_office_imports_and_reads_results_of_its_region(office):
    done = told(bring(office, [V1]))
    unit = caller(Role.UNIT, UnitYear.objects.get(code="101").unit)
    assert bring(unit, [V2]).status_code == 404
    assert unit.send("get", f"imports/{done['id']}").status_code == 404
    assert caller(code="888888").send("get", f"imports/{done['id']}").status_code == 404
    assert told(bring(office, [V2], "units"), 404)["message"]
