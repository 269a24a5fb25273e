"""A unit's system fills its target draft and its assessment and moves them on, by the pages' own rules and words."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.api.callers import caller, told
from tests.stages.ex_ante import online
from tests.stages.targets.filing import opened, subject, two_years

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.targets.models import TargetVersion

pytestmark = pytest.mark.django_db
NEW = {"level1": "产出指标", "level2": "时效指标", "name": "按时发放"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def draft():
    """A target draft from last year's and the school's program."""
    two_years()
    version = opened()
    return f"targets/{version.pk}", caller(Role.UNIT, UnitYear.objects.filter(code="101001").first().unit)


def test_a_draft_is_read_with_everything_that_a_filler_needs(draft):
    at, school = draft
    sheet = school.get(at)
    assert [line["name"] for line in sheet["lines"]][:2] == ["资助学生人数", "发放准确率"]
    assert (sheet["fillable"], sheet["state"]["label"], sheet["missing"]) == (True, "编制中", [])
    assert [(move["code"], move["allowed"]) for move in sheet["moves"]] == [
        ("submit", True),
        ("submit_directly", False),
    ]
    assert [row["id"] for row in school.get("targets?year=2022")["rows"]] == [sheet["id"]]
    assert school.get("targets?year=2022&state=approved")["rows"] == []
    assert school.get(f"targets?year=2022&subject={subject().pk}")["rows"][0]["id"] == sheet["id"]


def test_cells_lines_and_removals_are_saved_and_the_rest_stays(draft):
    at, school = draft
    sheet = school.get(at)
    first, second, *_ = sheet["lines"]
    lines = [
        {"id": first["id"], "target": "≥３５０"},
        {"id": second["id"], "remove": True},
        {**NEW, "comparison": "≥", "target": "95%", "weight": "20"},
    ]
    after = told(school.send("put", at, {"version": sheet["version"], "goal": "应助尽助", "lines": lines}))
    assert (after["goal"], after["version"]) == ("应助尽助", sheet["version"] + 1)
    said = {line["name"]: (line["target"], line["unit"], line["weight"]) for line in after["lines"]}
    assert said["资助学生人数"] == ("350", "人", "30")
    assert said["按时发放"] == ("95", "%", "20")
    assert "发放准确率" not in said
    assert after["lines"][0]["lineage"] == first["lineage"]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ({"level1": "过程指标", "level2": "x", "name": "y"}, "level1", ""),
        ({"level1": "产出指标", "level2": "数量指标"}, "name", "请填写三级指标"),
        ({"level1": "产出指标", "level2": "数量指标", "name": "y", "weight": "101"}, "weight", "0 到 100"),
        ({"id": 10**9}, "id", "不是这份目标的指标"),
        ({**NEW, "remove": "是"}, "remove", "true 或 false"),
    ],
)
def test_what_is_wrong_is_named_by_its_place_and_nothing_is_saved(draft, line, column, words):
    at, school = draft
    sheet = school.get(at)
    lines = [{"id": sheet["lines"][0]["id"], "target": "400"}, {"target": "1", **line}]
    said = told(school.send("put", at, {"version": sheet["version"], "lines": lines}), 422)
    wrong = said["problems"][0]
    assert (wrong["row"], wrong["column"]) == (2, column)
    assert words in wrong["message"]
    assert school.get(at) == sheet


def test_a_stale_filling_is_409_and_the_same_request_again_is_one_act(draft):
    at, school = draft
    sheet = school.get(at)
    body = {"version": sheet["version"], "goal": "新的目标"}
    key = {"Idempotency-Key": "once"}
    again = [told(school.send("put", at, body, **key))["version"] for _ in range(2)]
    assert again == [sheet["version"] + 1] * 2
    assert school.send("put", at, {**body, "goal": "另一个"}).status_code == 409


def test_it_goes_on_by_its_moves_and_strangers_find_nothing(draft):
    at, school = draft
    sheet = school.get(at)
    assert told(school.send("post", f"{at}/moves/submit", {"version": sheet["version"]}))["state"]["label"] != "编制中"
    late = told(school.send("put", at, {"version": sheet["version"] + 1, "goal": "晚了"}), 409)
    assert "已经报送" in str(late)
    assert school.send("post", f"{at}/moves/approve", {"version": sheet["version"] + 1}).status_code in (409, 422)
    assert school.send("post", f"{at}/moves/vanish", {"version": 1}).status_code == 404
    stranger = caller(Role.UNIT, UnitYear.objects.filter(code="201").first().unit)
    assert stranger.send("get", at).status_code == 404
    assert stranger.get("targets?year=2022")["rows"] == []
    assert TargetVersion.objects.get(year=2022).state == "department_review"


@pytest.fixture
def assessment():
    """An assessment that the unit began and its program."""
    online.imported()
    sheet = online.opened()
    unit = UnitYear.objects.get(code="101001", year=2022).unit
    return f"assessments/{sheet.pk}", caller(Role.UNIT, unit, online.REGION)


def test_an_assessment_says_what_is_due_missing_and_barred_and_takes_what_is_asked_for(assessment):
    at, unit = assessment
    sheet = unit.get(at)
    assert (sheet["due"], sheet["may_budget"], sheet["fillable"]) == (True, False, True)
    assert "新增 600 万元，达到 500 万元" in sheet["due_because"]
    assert sheet["missing_materials"]
    body = {"version": sheet["version"], "asked": "580.5", "background": "资助困难学生", "goal": "应助尽助"}
    said = told(unit.send("put", at, body), 422)
    assert [one["column"] for one in said["problems"]] == ["funding"]
    after = told(unit.send("put", at, {**body, "funding": "区级财政拨款"}))
    assert (after["asked"], after["filled"]["goal"]) == (580_500_000, "应助尽助")
    assert unit.send("put", at, {**body, "funding": "x"}).status_code == 409
    assert [row["id"] for row in unit.get("assessments?year=2022")["rows"]] == [after["id"]]


def test_without_its_papers_an_assessment_does_not_go_on_and_finances_own_stays_unseen(assessment):
    at, unit = assessment
    sheet = unit.get(at)
    refused = told(unit.send("post", f"{at}/moves/submit", {"version": sheet["version"]}), 422)
    assert "材料" in str(refused)
    stranger = caller(Role.UNIT, UnitYear.objects.get(code="201", year=2022).unit, online.REGION)
    assert stranger.send("get", at).status_code == 404
    assert Assessment.objects.get().state == "draft"
