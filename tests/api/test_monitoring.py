"""A unit's system fills its sheet and files it; what stands in the way is told with every reason."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.api.callers import caller, told
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.api import filling
from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.kit.models import AuditEntry
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.forms import FillForm
from jixiao.stages.monitoring.models import ReadingSheet
from jixiao.stages.monitoring.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,50
2022,P2,效益指标,社会效益,不因贫失学,定性,,达成预期,,40
2022,P1,产出指标,数量指标,维修间数,定量,≥,10,间,90
"""


@pytest.fixture(autouse=True)
def _open_round():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


def of_unit(code="101001", role=Role.UNIT):
    return caller(role, UnitYear.objects.get(code=code).unit)


@pytest.fixture
def school():
    return of_unit()


@pytest.fixture
def at():
    return f"reading-sheets/{ReadingSheet.objects.get(subject_year__code='P2').pk}"


def whole(sheet):
    """Everything that a unit has to say, ready to be sent."""
    count, quality = sheet["readings"]
    return {
        "version": sheet["version"],
        "progress": "按计划发放",
        "causes": ["money"],
        "words": "资金到位晚",
        "readings": [
            {"id": count["id"], "actual": "６００人", "expected": 1000, "likelihood": "certain"},
            {"id": quality["id"], "actual": "达成预期", "expected": "达成预期", "likelihood": "possible"},
        ],
    }


def fill(program, at, **others):
    return told(program.send("put", at, whole(program.get(at)) | others))


def step(program, at, code, status=200, **others):
    said = {"version": program.get(at)["version"], **others}
    return told(program.send("post", f"{at}/moves/{code}", said), status)


def test_a_sheet_tells_its_money_its_lights_and_what_may_be_done(school, at):
    sheet = school.get(at)
    assert (sheet["code"], sheet["budget"], sheet["spent"]) == ("P2", 250_000_000, 0)
    assert sheet["slow"] is True
    assert "时序进度" in sheet["because"]
    assert {light["tone"]["code"] for light in sheet["lights"]} & {"red", "yellow"}
    assert all(light["because"] for light in sheet["lights"])
    submit = next(move for move in sheet["moves"] if move["code"].startswith("submit"))
    assert not submit["allowed"]
    assert len(submit["reasons"]) > 1
    assert sheet["fillable"]
    assert [reading["name"] for reading in sheet["readings"]] == ["资助人数", "不因贫失学"]


def test_the_list_shows_pace_and_worst_light_of_visible_sheets_only(school):
    mine = school.get("reading-sheets?year=2022")["rows"]
    assert [row["code"] for row in mine] == ["P2"]
    assert mine[0]["tone"]["code"] == "red"
    everything = caller().get(f"reading-sheets?round={mine[0]['round']}&state=draft")
    assert {row["code"] for row in everything["rows"]} == {"P1", "P2"}
    assert caller().get("reading-sheets?state=concluded")["rows"] == []
    assert caller().get("monitoring-rounds")["rows"][0]["state"]["label"] == "填报中"


def test_a_foreign_sheet_is_missing_whatever_is_tried(school):
    foreign = f"reading-sheets/{ReadingSheet.objects.get(subject_year__code='P1').pk}"
    assert school.send("get", foreign).status_code == 404
    assert school.send("put", foreign, {"version": 1}).status_code == 404
    assert school.send("post", f"{foreign}/moves/submit", {"version": 1}).status_code == 404


def test_what_is_sent_is_read_as_the_form_reads_it(school, at):
    sheet = fill(school, at)
    assert [(reading["actual"], reading["expected"]) for reading in sheet["readings"]] == [
        ("600", "1000"),
        ("达成预期", "达成预期"),
    ]
    assert sheet["filled"]["causes"] == ["money"]
    assert sheet["state"]["code"] == State.DRAFT
    assert AuditEntry.objects.filter(act="monitoring.fill").count() == 1


def test_what_is_told_can_be_sent_back_and_what_is_not_sent_stays(school, at):
    before = fill(school, at)
    after = told(school.send("put", at, before["filled"] | {"version": before["version"]}))
    assert after["filled"] == before["filled"]
    told(school.send("put", at, {"version": after["version"], "progress": "已发放一半"}))
    now = school.get(at)["filled"]
    assert now == before["filled"] | {"progress": "已发放一半"}


def test_words_where_a_number_is_due_are_refused_at_their_place(school, at):
    sheet = school.get(at)
    count = sheet["readings"][0]["id"]
    wrong = {"version": 1, "readings": [{"id": count, "actual": "很多"}], "causes": ["weather"]}
    problems = told(school.send("put", at, wrong), 422)["problems"]
    assert ("actual", 1) in {(problem["column"], problem["row"]) for problem in problems}
    assert "causes" in {problem["column"] for problem in problems}
    assert school.get(at)["version"] == sheet["version"]


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({}, "version"),
        ({"version": "1"}, "version"),
        ({"version": True}, "version"),
        ({"version": 1, "colour": "red"}, "colour"),
        ({"version": 1, "readings": {}}, "readings"),
        ({"version": 1, "readings": [{"actual": 1}]}, "id"),
        ({"version": 1, "readings": [{"id": 987654321}]}, "id"),
        ({"version": 1, "readings": [7]}, ""),
        ({"version": 1, "progress": ["a"]}, "progress"),
        ({"version": 1, "progress": True}, "progress"),
        ({"version": 1, "causes": "money"}, "causes"),
        ({"version": 1, "progress": "字" * 201}, "progress"),
        ({"version": 1, "progress": "a\x00b"}, "progress"),
    ],
)
def test_what_does_not_fit_is_told_by_its_entry(school, at, said, column):
    assert column in [p["column"] for p in told(school.send("put", at, said), 422)["problems"]]


def test_whoever_saves_second_is_told_who_was_first_and_when(school, at):
    old = whole(school.get(at))
    fill(school, at)
    late = told(school.send("put", at, old | {"progress": "另一份"}), 409)
    assert late["who"] == "预算单位（接口：测试系统）"
    assert late["at"][:2] == "20"
    assert "已先一步保存" in late["message"]
    assert school.get(at)["filled"]["progress"] == "按计划发放"


def test_the_same_key_saves_once_and_other_content_needs_another(school, at):
    said = whole(school.get(at))
    first = told(school.send("put", at, said, **{"Idempotency-Key": "k"}))
    again = told(school.send("put", at, said, **{"Idempotency-Key": "k"}))
    assert again["version"] == first["version"]
    other = school.send("put", at, said | {"progress": "不同"}, **{"Idempotency-Key": "k"})
    assert "Idempotency-Key" in told(other, 422)["message"]


def test_a_sheet_that_lacks_something_is_not_filed_and_every_reason_is_told(school, at):
    refusal = step(school, at, "submit", 422)
    assert len(refusal["reasons"]) > 1
    assert any("资助人数" in reason for reason in refusal["reasons"])


def test_a_sheet_is_filed_returned_with_words_and_filed_again(school, at):
    fill(school, at)
    assert step(school, at, "submit")["state"]["code"] == State.DEPARTMENT_REVIEW
    refusal = told(school.send("put", at, {"version": school.get(at)["version"], "progress": "晚了"}), 409)
    assert refusal["reasons"]
    assert step(school, at, "submit", 409)["reasons"]
    department = of_unit("101", Role.DEPARTMENT)
    assert "意见" in step(department, at, "return", 422)["message"]
    assert step(department, at, "return", note="请补照片")["state"]["code"] == State.DRAFT
    assert step(school, at, "submit")["state"]["code"] == State.DEPARTMENT_REVIEW


def test_the_trail_tells_the_program_from_its_owner(school, at):
    fill(school, at)
    names = set(AuditEntry.objects.filter(act="monitoring.fill").values_list("actor", flat=True))
    assert names == {"预算单位（接口：测试系统）"}


def test_the_same_step_again_under_its_key_is_one_step(school, at):
    fill(school, at)
    said = {"version": school.get(at)["version"]}
    for _ in range(2):
        moved = told(school.send("post", f"{at}/moves/submit", said, **{"Idempotency-Key": "s"}))
        assert moved["state"]["code"] == State.DEPARTMENT_REVIEW
    assert told(school.send("post", f"{at}/moves/submit", said), 409)["who"] == "预算单位（接口：测试系统）"


def test_a_step_of_another_role_or_of_none_is_refused(school, at):
    fill(school, at)
    assert step(caller(), at, "submit", 422)["reasons"]
    assert school.send("post", f"{at}/moves/nonsense", {"version": 1}).status_code == 404
    assert step(school, at, "record", 422)["reasons"]


def test_a_longer_list_asks_no_more_of_the_database():
    office, asked = caller(), []
    for size in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            assert len(office.get(f"reading-sheets?size={size}")["rows"]) == size
        asked.append(len([query for query in queries if query["sql"].startswith("SELECT")]))
    assert asked[0] + 1 >= asked[1]
    assert asked[1] <= 12


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "actual", "likelihood", "causes", "words"]), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries(
    {"version": st.integers(0, 2)},
    optional=dict.fromkeys(("readings", "progress", "causes", "words", "expected_spent", "note"), ANYTHING),
)


@hypothesis.settings(max_examples=80, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(said=BODIES)
def test_whatever_is_sent_is_answered_in_words(school, at, said):
    for method, path in (("put", at), ("post", f"{at}/moves/submit")):
        response = school.send(method, path, json.dumps(said))
        assert response.status_code in (200, 409, 422)
        assert response.json()


@hypothesis.settings(max_examples=60, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["year", "size", "after", "before", "sort", "at", "round", "state", "q", "subject", "code"]),
        st.text(max_size=12),
    )
)
def test_whatever_is_asked_is_answered(school, asked):
    for path in ("reading-sheets", "payments", "subjects"):
        assert school.send("get", f"{path}?{urlencode(asked)}").status_code in (200, 422)


def test_the_declared_entries_are_those_of_the_form():
    sheet = ReadingSheet.objects.get(subject_year__code="P2")
    readings = list(sheet.readings.select_related("line"))
    form = FillForm(sheet, readings, {}, None)
    parts = {found[1] for name in form.fields if (found := filling.OF_READING.fullmatch(name))}
    whole_names = {name for name in form.fields if not filling.OF_READING.fullmatch(name)}
    assert parts | {"id"} == {field.key for field in filling.SAID.fields}
    assert whole_names | {"readings"} == {field.key for field in filling.CONTENT}
