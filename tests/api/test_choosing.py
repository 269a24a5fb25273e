"""What the pages of choosing show, for other programs; and a draw that a program makes once, like the page."""

from __future__ import annotations

import hashlib

import pytest
from django.core.cache import cache
from tests.api.callers import caller, told
from tests.factories import YEAR, actor
from tests.stages.choosing.year import KEY, evaluated, imported, subject

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.models import Draw

pytestmark = pytest.mark.django_db
DRAWING = {"group": "projects", "size": 2, "parties": "监督股 17；纪检组 42"}


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    imported()


def department(code="101"):
    return caller(Role.DEPARTMENT, UnitYear.objects.get(code=code, year=YEAR).unit)


def test_candidates_come_with_their_marks_and_what_was_decided():
    actions.choose(actor(), KEY, {subject("P1").pk: 0}, chosen=True, reason="群众关注")
    found = caller().get(f"candidates?year={YEAR}")
    assert found["count"] == 5
    one = next(row for row in found["rows"] if row["code"] == "P1")
    assert (one["state"]["label"], one["reason"]) == ("选定", "群众关注")
    assert {part["criterion"] for part in one["parts"]} >= {"金额", "风险"}
    assert caller().get(f"candidates?year={YEAR}&state=chosen")["count"] == 1
    assert [row["code"] for row in department().get(f"candidates?year={YEAR}&method=department&q=P2")["rows"]] == ["P2"]
    caller().get("candidates?method=self", 422)


def test_a_list_comes_in_pages_that_lead_to_one_another():
    who, path, codes = caller(), f"candidates?year={YEAR}&size=2", []
    while path:
        found = who.get(path)
        codes += [row["code"] for row in found["rows"]]
        path = found["next"]
    assert sorted(codes) == ["101", "P1", "P2", "P3", "Z1"]


def test_a_program_draws_once_and_reads_what_is_needed_to_draw_again():
    office = caller()
    key = {"Idempotency-Key": "draw-1"}
    first = told(office.send("post", f"draws?year={YEAR}", DRAWING, **key))
    again = told(office.send("post", f"draws?year={YEAR}", DRAWING, **key))
    assert first == again
    assert Draw.objects.count() == 1
    assert hashlib.sha256(first["population"].encode()).hexdigest() == first["digest"]
    assert (first["same"], [pick["position"] for pick in first["picks"]]) == (True, [1, 2])
    assert caller(Role.LEADER).get(f"draws/{first['id']}") == first
    assert [row["id"] for row in office.get(f"draws?year={YEAR}")["rows"]] == [first["id"]]
    told(office.send("post", f"draws?year={YEAR}", {**DRAWING, "size": 1}), 422)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": "二"}, {"group": "x"}, {"parties": ""}, {"size": 9}])
def test_a_draw_that_cannot_be_made_is_refused_with_its_place(wrong):
    told(caller().send("post", f"draws?year={YEAR}", {**DRAWING, **wrong}), 422)
    assert not Draw.objects.exists()


def test_strangers_find_nothing():
    made = told(caller().send("post", f"draws?year={YEAR}", DRAWING))
    for who in (caller(code="888888"), department(), caller(Role.AGENCY)):
        who.get(f"draws/{made['id']}", 404)
    told(department().send("post", "draws", DRAWING), 404)
    assert caller(code="888888").get(f"transfers?year={YEAR}")["count"] == 0


def test_coverage_transfers_and_scores_are_those_of_the_pages():
    evaluated()
    office = caller()
    found = office.get(f"coverage?year={YEAR}")
    assert (found["units"], found["units_evaluated"], found["funds_evaluated"]) == (2, 1, 100_000_000)
    assert [row["unit"] for row in found["departments"]] == ["甲县城关镇", "甲县教育局"]
    lines = office.get(f"transfers?year={YEAR}")["rows"]
    assert [(row["code"], row["missing"], row["report"], row["division"]) for row in lines] == [
        ("P2", True, None, "教科文股"),
        ("P3", True, None, "农业农村股"),
    ]
    scores = office.get(f"reconciliation?year={YEAR}")["rows"]
    assert [(row["code"], row["self"], row["department"], row["recheck"], row["key"]) for row in scores] == [
        ("P1", "100", "91.5", "88.25", None)
    ]
    assert department("201").get(f"reconciliation?year={YEAR}")["rows"] == []
