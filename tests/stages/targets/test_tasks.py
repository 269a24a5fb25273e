"""部门整体: duties, the tasks of the year with amounts, and what serves which duty; typed, printed, brought back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook
from tests.browsing import signed_in, text
from tests.factories import REGISTERS, stored
from tests.stages.targets.filing import department, filer, go, opened, save, school, two_years

from jixiao.domain.actors import Role
from jixiao.domain.frameworks import shipped
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.columns import Problem
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.invariants import INVARIANTS
from jixiao.stages.targets.models import Horizon, TargetVersion
from jixiao.stages.targets.quality import verdicts
from jixiao.stages.targets.rules import (
    TargetFacts,
    TargetRules,
    TargetTaskRules,
    TaskSum,
    tasks_within_budget,
    tasks_written,
)
from jixiao.stages.targets.saying import Filled, Plan, Task, compared
from jixiao.stages.targets.workbook.printed import form_docx, form_xlsx
from jixiao.stages.targets.workbook.returned import understood

pytestmark = pytest.mark.django_db
WAN = 1_000_000
LINES = {
    "level1_0": "output",
    "level2_0": "数量指标",
    "name_0": "资助学生人数",
    "target_0": "300",
    "unit_0": "人",
    "level1_1": "benefit",
    "level2_1": "社会效益指标",
    "name_1": "巩固率",
    "target_1": "99",
    "unit_1": "%",
    "weight_0": "50",
    "weight_1": "40",
}
PLAN = {
    "duties": "发展义务教育\n资助困难学生",
    "serves-0": "1",
    "serves-1": "2",
    "name-0": "改善办学条件",
    "content-0": "维修校舍",
    "fiscal-0": "60",
    "other-0": "5.5",
    "duty-0": "1",
    "name-1": "发放助学金",
    "fiscal-1": "40",
    "duty-1": "2",
}


@pytest.fixture
def client():
    """The department's accountant at his browser."""
    cache.clear()
    two_years()
    return department()


@pytest.fixture
def overall(client) -> TargetVersion:
    """A department's overall sheet for a budget of 100 万元, with two indicators."""
    project = SubjectYear.objects.get(code="P1", year=2022)
    SubjectYear.objects.filter(pk=project.pk).update(kind=SubjectKind.DEPARTMENT_OVERALL, in_total=False)
    project.refresh_from_db()
    version = actions.open_sheet(project, filing(), horizon=Horizon.ANNUAL, work_year=2022)
    save(client, version, goal="办人民满意的教育，资助到位", **LINES)
    return fresh(version)


def filing():
    return replace(filer(), role=Role.DEPARTMENT, unit_path="101/")


def fresh(version):
    return TargetVersion.objects.select_related("sheet__subject_year", "snapshot").get(pk=version.pk)


def put(client, version, **typed):
    lineages = [line.lineage for line in version.filled.lines]
    said = {**PLAN, **{name.replace("_", "-"): value for name, value in typed.items()}}
    said = {
        f"serves-{lineages[int(name[-1])]}" if name.startswith("serves-") else name: value
        for name, value in said.items()
    }
    proof = {"rows": "5", "version": str(version.version), "token": typed.pop("token", "t") * 32}
    return client.post(reverse("target-tasks", args=[version.pk]), said | proof)


def planned(client, version):
    put(client, version)
    return fresh(version)


def test_duties_tasks_and_what_serves_them_are_saved_and_shown_with_their_sums(client, overall):
    assert "填写职责和任务" in text(client, reverse("target-sheet", args=[overall.pk]))
    assert put(client, overall).status_code == 303
    plan = fresh(overall).filled.plan
    assert plan.duties == ("发展义务教育", "资助困难学生")
    assert plan.tasks[0] == Task("改善办学条件", "维修校舍", 60 * WAN, 5_500_000, 1)
    assert [no for _, no in plan.serves] == [1, 2]
    page = text(client, reverse("target-sheet", args=[overall.pk]))
    assert "任务：改善办学条件；指标：资助学生人数" in page
    assert "105.50" in page


def test_a_saving_of_the_grid_leaves_the_plan_as_it_stands(client, overall):
    version = planned(client, overall)
    save(client, version, target_0="320", token="g" * 32)
    assert fresh(version).filled.plan == version.filled.plan


def test_without_tasks_the_sheet_is_not_submitted_and_says_why(client, overall):
    go(client, overall, "submit_directly")
    assert fresh(overall).state == "draft"
    assert "请填写年度主要任务及其预算金额" in text(client, reverse("target-sheet", args=[overall.pk]))
    version = planned(client, overall)
    go(client, version, "submit_directly")
    assert fresh(version).state != "draft"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"fiscal_0": "六十"}, "fiscal-0"),
        ({"fiscal_0": "-1"}, "金额不能为负"),
        ({"duty_0": "3"}, "填职责的编号 1 至 2"),
        ({"duty_0": "一"}, "填职责的编号 1 至 2"),
        ({"duties": ""}, "还没有部门职责，请先填写上面的职责"),
        ({"serves_0": "9"}, "填职责的编号 1 至 2"),
        ({"name_1": "改善办学条件"}, "与第 1 行重复"),
        ({"name_1": ""}, "请填写任务名称"),
        ({"duties": "一" * 501}, "超过 500 字"),
        ({"duties": "职责\n" * 41}, "最多 40 条"),
    ],
)
def test_what_cannot_be_understood_stands_at_its_field_and_nothing_is_stored(client, overall, typed, said):
    answer = put(client, overall, **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert fresh(overall).filled.plan == Plan()


def test_whoever_comes_second_sees_both_and_more_rows_lose_nothing(client, overall):
    put(client, overall)
    answer = put(client, overall, fiscal_0="70", token="u")
    assert answer.status_code == 409
    assert "第 1 行财政拨款" in answer.content.decode()
    version = fresh(overall)
    page = put(client, version, more="1", name_4="第五项", token="v").content.decode()
    assert 'value="第五项"' in page
    assert 'name="name-9"' in page


def test_others_do_not_fill_it_and_a_project_has_no_such_page(overall):
    assert signed_in().get(reverse("target-tasks", args=[overall.pk])).status_code == 404
    unit = school()
    assert [unit.get(reverse("target-tasks", args=[one.pk])).status_code for one in (overall, opened())] == [404, 404]


@pytest.mark.parametrize(("name", "written"), [("a.xlsx", form_xlsx), ("a.docx", form_docx)])
def test_the_form_comes_back_the_same(client, overall, name, written):
    version = planned(client, overall)
    filled, problems = understood(written(version, "教育局"), name, version)
    assert problems == []
    assert filled == version.filled


def test_a_changed_workbook_changes_the_tasks_and_names_its_wrong_cells(client, overall):
    version = planned(client, overall)
    book = load_workbook(BytesIO(form_xlsx(version, "教育局")))
    page = book["年度主要任务"]
    page["D3"], page["A5"], page["D5"], page["F5"] = "80", "新任务", "1,2,3", "7"
    out = BytesIO()
    book.save(out)
    filled, problems = understood(out.getvalue(), "a.xlsx", version)
    assert filled.plan.tasks[0].fiscal == 80 * WAN
    assert {(one.row, one.column) for one in problems if isinstance(one, Problem)} == {(5, "财政拨款"), (5, "对应职责")}


def test_what_serves_nothing_is_advised_beside_the_sheet(client, overall):
    put(client, overall, **{"serves-0": "", "serves_1": "1", "duty_1": ""})
    version = fresh(overall)
    said = " ".join(one.sentence for one in verdicts(version, list(version.lines.order_by("position"))).findings)
    assert "职责没有任务或指标对应：第2项“资助困难学生”" in said
    assert "指标没有对应的职责：资助学生人数" in said
    assert "年度主要任务没有对应的职责：发放助学金" in said


def test_an_adjustment_takes_the_plan_along_and_shows_what_changed():
    before = Filled("目标", (), Plan(("一",), (Task("甲", "", WAN, 0, 1), Task("乙", "", WAN, 0))))
    after = Filled("目标", (), Plan(("一", "二"), (Task("甲", "", 2 * WAN, 0, 1), Task("丙", "", WAN, 0))))
    said = [(change.kind.label, change.line, change.cells[0][1:]) for change in compared(before, after)]
    assert said == [
        ("修改", "部门职责", ("一", "一；二")),
        ("修改", "任务“甲”", ("1", "2")),
        ("新增", "任务“丙”", ("", "1")),
        ("删去", "任务“乙”", ("1", "")),
    ]
    assert Filled.of(after.document()) == after


def facts(*tasks, wanted=TaskSum.AT_MOST, framework="department_overall/2", budget=100 * WAN):
    rules = for_region("999999", 2022).section(TargetRules)
    return TargetFacts(
        held=False,
        department_above=False,
        goal="目标",
        lines=(),
        rules=rules,
        framework=shipped()[framework],
        tasks=tasks,
        budget=budget,
        task_rules=TargetTaskRules(wanted),
    )


def task(fiscal, other=0):
    return Task("任务", "", int(Decimal(fiscal) * WAN), other)


@pytest.mark.parametrize(
    ("wanted", "fiscal", "passes"),
    [
        (TaskSum.AT_MOST, "99.99", True),
        (TaskSum.AT_MOST, "100", True),
        (TaskSum.AT_MOST, "100.01", False),
        (TaskSum.EQUAL, "99.99", False),
        (TaskSum.EQUAL, "100", True),
        (TaskSum.FREE, "200", True),
    ],
)
def test_the_sum_of_the_tasks_is_held_against_the_budget_as_the_region_says(wanted, fiscal, passes):
    assert bool(tasks_within_budget(facts(task(fiscal, WAN), wanted=wanted))) is passes


def test_without_a_budget_nothing_is_held_against_it_and_only_some_types_need_tasks():
    assert tasks_within_budget(facts(task("5"), budget=0))
    assert not tasks_written(facts())
    assert not tasks_written(facts(task("0")))
    assert tasks_written(facts(framework="transfer/2"))
    assert tasks_written(replace(facts(), annual=False))


def test_the_column_of_the_project_table_says_the_type_and_the_field_still_does():
    head = "年度,项目编码,项目名称,单位编码,领域,扩展类型,年初预算\n"
    rows = "2022,S1,非税收入,101,收入,,100\n2022,S2,桥梁,101,交通,PPP,100\n2022,S3,修路,101,交通,,100\n"
    units = "单位编码,单位名称,单位类型,归口股室\n101,甲县教育局,部门,教科文股\n"
    stored({"units": units, "projects": head + rows}, (*REGISTERS, *IMPORTERS))
    found = dict(SubjectYear.objects.values_list("code", "extension"))
    assert found == {"S1": "income", "S2": "public_private_partnership", "S3": ""}


def wrong():
    return [sentence for invariant in INVARIANTS for sentence in invariant.check()]


def test_the_doctor_finds_a_duty_that_is_not_there_and_an_adjustment_from_nowhere(client, overall):
    version = planned(client, overall)
    assert wrong() == []
    version.tasks.filter(position=1).update(duty=7)
    version.lines.filter(position=1).update(duty=8)
    other = opened()
    said = {"adjusts": version, "reason": "追加", "budget_doc_no": "1号"}
    TargetVersion.objects.filter(pk=other.pk).update(**said, no=2)
    found = " ".join(wrong())
    assert "对应的第 7 项职责不存在" in found
    assert "对应的第 8 项职责不存在" in found
    assert "调整的不是同一份绩效目标的较早版本" in found
    TargetVersion.objects.filter(pk=other.pk).update(reason="")
    assert "没有理由，或没有对应的预算调整" in " ".join(wrong())


def test_income_is_said_as_receivable_and_received_on_its_pages_and_forms():
    cache.clear()
    two_years()
    SubjectYear.objects.filter(code="P2", year=2022).update(extension="income")
    unit, version = school(), opened()
    assert version.framework == "income/1"
    page = text(unit, reverse("target-sheet", args=[version.pk]))
    assert "全年应收" in page
    assert "年初预算" not in page
    page = text(unit, reverse("subject", args=[version.sheet.subject_year_id]))
    assert "收入完成率" in page
    assert "实收" in page
    cells = [cell.value for row in load_workbook(BytesIO(form_xlsx(version, ""))).active.iter_rows() for cell in row]
    assert {"全年应收", "应收", "实收"} <= set(cells)
