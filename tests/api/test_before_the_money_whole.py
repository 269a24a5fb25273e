"""A department's system opens sheets, plans its year and judges assessments, by the pages' own rules and words."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.api.callers import caller, told
from tests.stages.ex_ante import online
from tests.stages.targets.filing import subject, two_years

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import SubjectKind
from jixiao.registers.institutions.models import Expert, Recusal
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.targets.models import TargetVersion

pytestmark = pytest.mark.django_db
DUTIES = ["办好义务教育", "资助困难学生"]
TASKS = [
    {"name": "校舍维修", "content": "维修三所学校", "fiscal": "80.5", "other": "", "duty": "1"},
    {"name": "助学金", "fiscal": "19.5", "duty": "2"},
]


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def unit(code="101001"):
    return UnitYear.objects.filter(code=code).first().unit


@pytest.fixture
def school():
    two_years()
    return caller(Role.UNIT, unit())


def test_a_sheet_is_opened_from_last_years_once(school):
    at, key = f"subjects/{subject().pk}/targets", {"Idempotency-Key": "open"}
    first = told(school.send("post", at, {}, **key))
    assert (first["state"]["label"], len(first["lines"]), first["work_year"]) == ("编制中", 4, 2022)
    assert told(school.send("post", at, {}, **key))["id"] == first["id"]
    again = told(school.send("post", at, {}), 422)
    assert "目标已经有了" in again["message"]
    medium = told(school.send("post", at, {"horizon": "中期", "work_year": 2021}))
    assert (medium["horizon"]["label"], medium["work_year"]) == ("中期", 2021)
    assert TargetVersion.objects.filter(year=2022).count() == 2


def test_who_does_not_file_opens_nothing_and_strangers_find_nothing(school):
    at = f"subjects/{subject().pk}/targets"
    above = caller(Role.DEPARTMENT, unit("101"))
    assert "由申请资金的单位填报" in told(above.send("post", at, {}), 422)["message"]
    assert caller(Role.UNIT, unit("201")).send("post", at, {}).status_code == 404
    assert caller().send("post", at, {}).status_code == 404
    assert told(school.send("post", at, {"horizon": "长期"}), 422)["problems"][0]["column"] == "horizon"
    assert not TargetVersion.objects.filter(year=2022).exists()


@pytest.fixture
def overall():
    """The department's own sheet, and its program."""
    two_years()
    place = UnitYear.objects.get(code="101", year=2022)
    of = subject("P1")
    of.subject.pk = None
    of.subject.kind = SubjectKind.DEPARTMENT_OVERALL
    of.subject.save()
    made = SubjectYear.objects.create(
        subject=of.subject,
        region=of.region,
        year=2022,
        code="101",
        name=place.name,
        unit=place.unit,
        kind=SubjectKind.DEPARTMENT_OVERALL,
        unit_name=place.name,
        unit_path=place.path,
        in_total=False,
        initial=100_000_000,
    )
    program = caller(Role.DEPARTMENT, place.unit)
    sheet = told(program.send("post", f"subjects/{made.pk}/targets", {}))
    line = {"level1": "产出指标", "level2": "数量指标", "name": "资助人数", "comparison": "≥", "target": "300人"}
    sheet = told(program.send("put", f"targets/{sheet['id']}", {"version": sheet["version"], "lines": [line]}))
    return f"targets/{sheet['id']}", program


def test_duties_tasks_and_what_serves_them_are_written_and_read_back_unchanged(overall):
    at, program = overall
    sheet, plan = program.get(at), program.get(f"{at}/plan")
    line = sheet["lines"][0]["id"]
    body = {"version": plan["version"], "duties": DUTIES, "tasks": TASKS, "lines": [{"id": line, "duty": "2"}]}
    after = told(program.send("put", f"{at}/plan", body))
    assert after["duties"] == DUTIES
    assert [task["name"] for task in after["tasks"]] == ["校舍维修", "助学金"]
    assert after["lines"] == [{"id": line, "duty": "2"}]
    whole = program.get(at)
    assert [(task["fiscal"], task["duty"]) for task in whole["tasks"]] == [(80_500_000, 1), (19_500_000, 2)]
    assert whole["lines"][0]["duty"] == 2
    same = told(program.send("put", f"{at}/plan", after))
    assert {key: same[key] for key in ("duties", "tasks", "lines")} == {
        key: after[key] for key in ("duties", "tasks", "lines")
    }


def test_what_is_not_sent_stays_and_a_shorter_list_of_tasks_is_the_whole_list(overall):
    at, program = overall
    plan = told(program.send("put", f"{at}/plan", {"version": 2, "duties": DUTIES, "tasks": TASKS}))
    plan = told(program.send("put", f"{at}/plan", {"version": plan["version"], "duties": [*DUTIES, "管理学校"]}))
    assert len(plan["duties"]) == 3
    assert len(plan["tasks"]) == 2
    plan = told(program.send("put", f"{at}/plan", {"version": plan["version"], "tasks": TASKS[1:]}))
    assert [task["name"] for task in plan["tasks"]] == ["助学金"]
    plan = told(program.send("put", f"{at}/plan", {"version": plan["version"], "tasks": []}))
    assert plan["tasks"] == []


@pytest.mark.parametrize(
    ("said", "row", "column"),
    [
        ({"tasks": [TASKS[0], {"name": "校舍维修"}]}, 2, "name"),
        ({"tasks": [{"name": "x", "fiscal": "-1"}]}, 1, "fiscal"),
        ({"tasks": [{"name": "x", "fiscal": "许多"}]}, 1, "fiscal"),
        ({"tasks": [{"name": "x", "duty": "7"}]}, 1, "duty"),
        ({"tasks": [{"content": "没有名称"}]}, 1, "name"),
        ({"lines": [{"id": 10**9, "duty": "1"}]}, 1, "id"),
        ({"tasks": [{"name": f"任务{n}"} for n in range(61)]}, 0, "tasks"),
        ({"duties": ["长" * 501]}, 0, "duties"),
    ],
)
def test_what_is_wrong_in_a_plan_is_named_by_its_place_and_nothing_is_saved(overall, said, row, column):
    at, program = overall
    before = program.get(f"{at}/plan")
    body = {"version": before["version"], "duties": DUTIES, **said}
    wrong = told(program.send("put", f"{at}/plan", body), 422)["problems"][0]
    assert (wrong["row"], wrong["column"]) == (row, column)
    assert program.get(f"{at}/plan") == before


def test_a_stale_plan_is_409_and_an_object_without_a_plan_has_none(
    overall,
):
    at, program = overall
    assert program.send("put", f"{at}/plan", {"version": 1, "duties": DUTIES}).status_code == 409
    school = caller(Role.UNIT, unit())
    project = told(school.send("post", f"subjects/{subject().pk}/targets", {}))
    assert school.send("get", f"targets/{project['id']}/plan").status_code == 404
    assert caller(Role.UNIT, unit("201")).send("get", f"{at}/plan").status_code == 404


@pytest.fixture
def bureau():
    """A department's program, with an assessment that its school sent it."""
    online.imported()
    sheet = online.stepped(online.with_materials(online.described(online.opened())), "submit", online.unit())
    return f"assessments/{sheet.pk}", caller(Role.DEPARTMENT, unit("101"), online.REGION)


def marking(sheet, name="甲", share=1):
    points = [{"id": one["id"], "points": str(float(one["full"]) * share)} for one in sheet["points"]]
    who = {"name": name, "organisation": "省财经大学", "title": "教授"}
    return {"version": sheet["version"], **who, "points": points}


def test_a_department_enters_experts_and_its_opinion_and_the_unit_does_not(bureau):
    at, program = bureau
    sheet = program.get(at)
    assert len(sheet["points"]) > 5
    after = told(program.send("post", f"{at}/experts", marking(sheet)))
    assert (after["total"], [one["name"] for one in after["experts"]]) == ("100", ["甲"])
    changed = {**marking(after, "甲"), "expert": after["experts"][0]["id"], "title": "研究员"}
    after = told(program.send("post", f"{at}/experts", changed))
    assert after["experts"][0]["title"] == "研究员"
    said = {"version": after["version"], "advised": "500", "conclusion": "予以支持", "method": "查阅资料"}
    after = told(program.send("put", f"{at}/opinion", said))
    assert (after["advised"], after["conclusion"]["label"], after["cut"]) == (500_000_000, "予以支持", 100_000_000)
    kept = told(program.send("put", f"{at}/opinion", {"version": after["version"], "suggestions": "加强监管"}))
    assert (kept["advised"], kept["version"]) == (500_000_000, after["version"] + 1)
    assert program.send("put", f"{at}/opinion", said).status_code == 409
    school = caller(Role.UNIT, unit(), online.REGION)
    body = {"version": kept["version"], "advised": "1", "conclusion": "予以支持"}
    assert told(school.send("put", f"{at}/opinion", body), 422)["reasons"]
    assert school.get(at)["experts"] == []


def test_a_wrong_mark_an_unknown_expert_and_a_related_one_are_refused_with_their_place(bureau):
    at, program = bureau
    sheet = program.get(at)
    over = marking(sheet)
    over["points"][1]["points"] = "101"
    wrong = told(program.send("post", f"{at}/experts", over), 422)["problems"][0]
    assert (wrong["row"], wrong["column"]) == (2, "points")
    few = marking(sheet)
    few["points"].pop()
    assert told(program.send("post", f"{at}/experts", few), 422)["problems"]
    assert program.send("post", f"{at}/experts", {**marking(sheet), "expert": 10**9}).status_code == 422
    assert told(program.send("post", f"{at}/experts", {**marking(sheet), "name": ""}), 422)["problems"]
    person = Expert.objects.create(region=online.REGION, name="甲", organisation="省财经大学", title="x", field="y")
    here = Assessment.objects.get().subject_year.unit
    Recusal.objects.create(expert=person, unit=here, relation="曾任职", declared_on="2022-01-01")
    assert "甲应回避" in told(program.send("post", f"{at}/experts", marking(sheet)), 422)["message"]
    assert not Assessment.objects.get().experts.exists()


def test_an_assessment_is_opened_by_the_unit_and_by_the_office_each_on_its_line():
    online.imported()
    at = f"subjects/{online.subject().pk}/assessments"
    school = caller(Role.UNIT, unit(), online.REGION)
    key = {"Idempotency-Key": "begin"}
    first = told(school.send("post", at, {"asked": "580"}, **key))
    assert (first["assessor"]["label"], first["asked"]) == ("部门", 580_000_000)
    assert told(school.send("post", at, {"asked": "580"}, **key))["id"] == first["id"]
    assert "已有一份在办的评估" in told(school.send("post", at, {}), 422)["message"]
    office = caller(code=online.REGION)
    mine = told(office.send("post", at, {"kind": "project"}))
    assert (mine["assessor"]["label"], mine["asked"]) == ("财政", 600_000_000)
    assert told(office.send("post", at, {"kind": "没有的"}), 422)["problems"][0]["column"] == "kind"
    assert caller(Role.UNIT, unit("201"), online.REGION).send("post", at, {}).status_code == 404
    assert school.send("get", f"assessments/{mine['id']}").status_code == 404
