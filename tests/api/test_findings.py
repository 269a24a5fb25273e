"""Findings over the API: listed with what they rest on, answered by the unit, judged by the office, risk with parts."""

from __future__ import annotations

import pytest
from tests.api.callers import caller, told
from tests.factories import YEAR
from tests.stages.evaluation.test_judging import recheck

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.findings.models import AuditFinding

pytestmark = pytest.mark.django_db
__all__ = ["recheck"]
OVER = "OVERACHIEVED"


@pytest.fixture
def office(recheck):
    return caller(Role.PERFORMANCE_OFFICE)


def unit_of(code):
    return UnitYear.objects.get(code=code).unit


def the(office, rule=OVER):
    (row,) = office.get(f"findings?year={YEAR}&rule={rule}")["rows"]
    return row


def test_findings_are_listed_by_rule_state_and_sheet(office):
    row = the(office)
    assert (row["title"], row["code"], row["state"]["code"]) == ("超额完成较多", "P1", "open")
    assert "维修面积" in row["line"]
    everything = office.get(f"findings?year={YEAR}&sheet={row['sheet']}")
    assert everything["count"] == AuditFinding.objects.count()
    assert office.get(f"findings?year={YEAR}&state=waiting")["count"] == everything["count"]
    assert office.get(f"findings?year={YEAR}&state=confirmed")["count"] == 0
    assert office.get(f"findings?year={YEAR - 1}")["rows"] == []


def test_a_unit_answers_and_the_office_judges(office):
    school, row = caller(Role.DEPARTMENT, unit_of("101")), the(office)
    at = f"findings/{row['id']}"
    assert school.get(at)["answerable"]
    empty = told(school.send("put", at, {"version": row["version"], "answer": " "}), 422)
    assert "答复" in empty["problems"][0]["message"]
    answered = told(school.send("put", at, {"version": row["version"], "answer": "附验收单"}))
    assert (answered["state"]["code"], answered["answer"]) == ("answered", "附验收单")
    assert school.send("put", at, {"version": row["version"], "answer": "迟到"}).status_code == 409
    refused = told(office.send("put", at, {"version": answered["version"], "answer": "好"}), 409)
    assert "由预算单位或主管部门答复" in refused["reasons"][0]
    judging = {"version": answered["version"], "note": "核过"}
    assert told(office.send("post", f"{at}/moves/confirm", judging))["state"]["code"] == "confirmed"
    rates = {rule["rule"]: rule["rate"] for rule in office.get("audit-rules")["rules"]}
    assert (rates[OVER], rates["COPIED_CAUSE"]) == ("100", None)


def test_the_risk_of_a_sheet_comes_with_its_parts(office):
    (row,) = office.get(f"self-evaluation-risks?year={YEAR}")["rows"]
    assert sum(float(part["points"]) for part in row["parts"]) == float(row["risk"])
    assert OVER in {part["rule"] for part in row["parts"]}
    assert any("未检查" in one for one in row["unchecked"])


def test_a_recheck_judges_all_that_was_sent_or_none(office, recheck):
    at = f"evaluations/{recheck.pk}/findings"
    found = office.get(at)
    assert found["waiting"] == len(found["findings"])
    bare = [{"id": one["id"], "confirmed": False} for one in found["findings"]]
    refused = told(office.send("put", at, {"seen": found["seen"], "verdicts": bare}), 409)
    assert "判为不属实的要写理由" in refused["reasons"][0]
    good = [{**one, "reason": "现场核实无误"} for one in bare]
    twice = told(office.send("put", at, {"seen": found["seen"], "verdicts": [*good, good[0]]}), 422)
    assert twice["problems"][0]["message"] == "同一条疑点只能判断一次"
    assert office.send("put", at, {"seen": 1, "verdicts": good}).status_code == 409
    after = told(office.send("put", at, {"seen": found["seen"], "verdicts": good}))
    assert after["waiting"] == 0
    assert {one["judged_in"] for one in after["findings"]} == {recheck.number}


def test_strangers_agencies_and_units_have_no_part_in_it(office, recheck):
    row = the(office)
    stranger = caller(Role.UNIT, unit_of("201"))
    assert stranger.get(f"findings?year={YEAR}")["rows"] == []
    assert stranger.get(f"self-evaluation-risks?year={YEAR}")["rows"] == []
    for path in (f"findings/{row['id']}", f"evaluations/{recheck.pk}/findings"):
        stranger.get(path, 404)
    assert stranger.send("put", f"findings/{row['id']}", {"version": 1, "answer": "好"}).status_code == 404
    agency = caller(Role.AGENCY)
    for path in ("findings", f"findings/{row['id']}", "self-evaluation-risks", "audit-rules"):
        agency.get(path, 404)
    school = caller(Role.DEPARTMENT, unit_of("101"))
    verdicts = [{"id": row["id"], "confirmed": True}]
    seen = school.get(f"evaluations/{recheck.pk}/findings")["seen"]
    refused = school.send("put", f"evaluations/{recheck.pk}/findings", {"seen": seen, "verdicts": verdicts})
    assert refused.status_code == 409
    assert AuditFinding.objects.filter(state="confirmed").count() == 0
