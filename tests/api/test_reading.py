"""What other programs read: only what the owner of the token sees, page by page, money to the fen."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests import factories
from tests.api.callers import HOME, caller, told
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Payment, SubjectYear

pytestmark = pytest.mark.django_db
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额,单位编码
2022,P1,V1,2022-03-01,0.01,101
2022,P2,V2,2022-03-02,2000,101001
2022,P2,V3,2022-03-02,-500.5,101001
2022,X9,V4,2022-03-03,7,101001
2022,X8,V5,2022-03-03,8,201
"""
APPROPRIATIONS = """年度,项目编码,指标编号,指标金额（万元）,下达日期
2022,P1,Z-1,100,2022-01-05
2022,P2,Z-2,250,2022-01-06
"""


@pytest.fixture(autouse=True)
def _rows():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "appropriations": APPROPRIATIONS}
    stored(tables, REGISTERS)


def unit(code):
    return UnitYear.objects.get(code=code).unit


def school():
    return caller(Role.UNIT, unit("101001"))


def test_a_subject_is_told_with_its_money_in_fen():
    rows = {row["code"]: row for row in caller().get("subjects?year=2022")["rows"]}
    assert set(rows) == {"P1", "P2", "Z1"}
    assert (rows["P2"]["budget"], rows["P2"]["spent"]) == (250_000_000, 149_950)
    assert rows["P1"]["kind"] == {"code": "project", "label": "项目"}


def test_a_unit_reads_its_own_and_the_foreign_is_missing():
    mine, other = SubjectYear.objects.get(code="P2"), SubjectYear.objects.get(code="P1")
    reader = school()
    assert [row["code"] for row in reader.get("subjects")["rows"]] == ["P2"]
    assert reader.get(f"subjects/{mine.pk}")["name"] == "助学金项目"
    foreign = told(reader.send("get", f"subjects/{other.pk}"), 404)
    assert foreign == told(reader.send("get", "subjects/987654321"), 404)


def test_another_region_is_missing_for_everybody():
    factories.unit("101", region="888888")
    reader = caller(code="888888")
    assert reader.get("subjects?year=2022")["rows"] == []
    assert reader.get(f"subjects/{SubjectYear.objects.first().pk}", 404)["problems"] == []
    for path in ("budget-lines", "appropriations", "payments", "reading-sheets", "monitoring-rounds"):
        assert reader.get(f"{path}?year=2022")["rows"] == [], path


def test_a_division_reads_what_it_looks_after():
    reader = caller(Role.FISCAL_DIVISION, division="农业农村股")
    assert [row["code"] for row in reader.get("subjects")["rows"]] == ["Z1"]


def test_every_page_together_holds_every_payment_once():
    reader, seen, path = caller(), [], f"{HOME}payments?year=2022&size=2"
    while path:
        page = reader.get(path)
        assert len(page["rows"]) <= 2
        assert page["count"] == 5
        seen += [row["voucher"] for row in page["rows"]]
        path = page["next"]
    assert seen == ["V1", "V2", "V3", "V4", "V5"]


def test_payments_without_a_project_are_listed_for_those_whose_unit_they_name():
    assert {row["voucher"] for row in caller().get("payments?unmatched=1")["rows"]} == {"V4", "V5"}
    assert [row["voucher"] for row in school().get("payments?unmatched=1")["rows"]] == ["V4"]
    assert [row["voucher"] for row in school().get("payments")["rows"]] == ["V2", "V3"]


def test_a_payment_keeps_its_fen_and_its_subject():
    row = caller().get("payments?code=P1")["rows"][0]
    assert (row["fen"], row["paid_on"]) == (1, "2022-03-01")
    assert row["subject"] == SubjectYear.objects.get(code="P1").pk
    assert caller().get(f"payments?subject={row['subject']}")["count"] == 1
    assert caller().get("payments?subject=nonsense")["count"] == 0


def test_budget_lines_and_appropriations_are_read_beside_each_other():
    lines = caller().get("budget-lines?code=P2")["rows"]
    assert sorted((line["phase"]["label"], line["fen"]) for line in lines) == [
        ("年初预算", 200_000_000),
        ("追加调整", 50_000_000),
    ]
    granted = caller().get("appropriations?code=P2")["rows"]
    assert [(row["number"], row["fen"]) for row in granted] == [("Z-2", 250_000_000)]


def test_what_is_no_year_is_told_and_a_year_without_rows_is_empty():
    assert caller().get("subjects?year=二〇二二", 422)["problems"][0]["column"] == "year"
    assert caller().get("subjects?year=2031")["rows"] == []


def test_figures_are_those_of_the_page_and_for_its_readers_only():
    told_of = caller().get("figures?year=2022")
    assert told_of["year"] == 2022
    assert all(row["definition"] and row["value"] for row in told_of["figures"])
    assert {"key", "name", "unit", "definition", "value"} == set(told_of["figures"][0])
    assert school().get("figures", 404)["message"]


@pytest.mark.parametrize("path", ["nothing", "subjects/", "subjects/x", "", "../v2/subjects"])
def test_an_address_that_is_none_is_told_in_the_same_shape(path):
    assert set(caller().get(path, 404)) == {"message", "reasons", "problems"}


def test_a_method_that_is_none_is_told_with_those_that_are():
    response = caller().send("delete", "subjects")
    assert told(response, 405)["message"]
    assert response.headers["Allow"] == "GET"


def test_reading_writes_nothing(django_assert_max_num_queries):
    reader = caller()
    reader.get("subjects")
    with django_assert_max_num_queries(7) as queries:
        reader.get("payments")
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_an_error_of_ours_is_told_in_the_same_shape(monkeypatch):
    monkeypatch.setattr(Payment.objects.__class__, "visible_to", lambda *_: 1 / 0)
    reader = caller()
    reader.client.raise_request_exception = False
    assert "没有存入" in reader.get("payments", 500)["message"]
