"""The pages of 事前评估: everybody sees his own, what lacks a clearance is said with its reason, queries stay few."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, stored, subject_year

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Nature, Verdict
from jixiao.policies import load
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Clearance
from jixiao.stages.ex_ante.importer import IMPORTERS
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.ex_ante.reports.gaps import uncleared
from jixiao.stages.ex_ante.workflow import State

pytestmark = pytest.mark.django_db
HEAD = (
    "工作年度,编号,对象编码,评估对象,对象类型,单位编码,触发原因,立项必要性,投入经济性,绩效目标合理性,实施方案可行性,"
    "筹资合规性,结论,评估主体,数据性质\n"
)
SCHOOL = "2022,S1,P1,校舍维修项目,项目,101,新出台重大政策或项目,13,13,14,15,15,调整完善后支持,部门,公开\n"
ROADS = "2022,S2,Z1,镇村道路政策,政策,201,新出台重大政策或项目,18,18,18,18,18,予以支持,财政,合成\n"
EXEMPTION = "工作年度,对象编码,例外类别,理由,批准人岗位,日期\n2022,P2,应急,防汛抢险,分管副县长,2022-06-20\n"


@pytest.fixture(autouse=True)
def two_assessments():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "exante": HEAD + SCHOOL + ROADS}
    stored(tables, (*REGISTERS, *IMPORTERS))


def address(number):
    return reverse("ex-ante-sheet", args=[Assessment.objects.get(number=number).pk])


def primary_school():
    return UnitYear.objects.get(code="101").unit


def test_the_office_sees_every_assessment_with_its_conclusion():
    page = text(signed_in(), reverse("ex-ante"))
    assert "2022 年 2 项事前评估" in page
    assert "S1" in page
    assert "调整完善后支持" in page
    assert "镇村道路政策" in page


def test_the_thresholds_stand_with_their_document_and_what_is_a_guess():
    page = text(signed_in(), reverse("ex-ante"))
    assert "“予以支持”最低分" in page
    assert "中发〔2018〕34号" in page
    assert "推断" in page


def test_a_filter_leaves_one():
    page = text(signed_in(), f"{reverse('ex-ante')}?conclusion={Verdict.ADJUSTED}")
    assert "校舍维修项目" in page
    assert "镇村道路政策" not in page


def test_a_unit_sees_its_own_alone():
    page = text(signed_in(Role.UNIT, primary_school()), reverse("ex-ante"))
    assert "校舍维修项目" in page
    assert "镇村道路政策" not in page


def test_a_sheet_shows_points_by_dimension_and_why():
    page = text(signed_in(), address("S1"))
    assert "校舍维修项目：调整完善后支持，70 分" in page
    assert "立项必要性" in page
    assert "补录" in page


def test_a_policy_is_judged_by_its_own_names_of_the_dimensions():
    assert "政策设立必要性" in text(signed_in(), address("S2"))


def test_a_foreign_sheet_and_a_missing_one_are_the_same_404():
    client = signed_in(Role.UNIT, primary_school())
    foreign = client.get(address("S2"))
    missing = client.get(reverse("ex-ante-sheet", args=[987654321]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert title_of(foreign) == title_of(missing) == "没有找到这一页"


def title_of(response):
    return response.content.decode().split("<h1>")[1].split("</h1>")[0]


def test_a_posted_move_takes_the_step():
    sheet = Assessment.objects.get(number="S1")
    Assessment.objects.filter(pk=sheet.pk).update(state=State.FISCAL_REVIEW)
    form = {"move": "return_to_draft", "version": sheet.version, "token": "t" * 32, "note": "请补充实施方案"}
    response = signed_in().post(reverse("ex-ante-move", args=[sheet.pk]), form)
    assert (response.status_code, response.headers["Location"]) == (303, address("S1"))
    sheet.refresh_from_db()
    assert sheet.state == State.DRAFT


def test_a_budget_that_is_due_and_has_no_clearance_is_listed_with_both_reasons():
    subject_year("BIG", initial=600_000_000_00, nature=Nature.NEW, major_policy=True)
    page = text(signed_in(), reverse("ex-ante"))
    assert "应评未评、超出放行金额的 1 项" in page
    assert "新出台重大政策或项目" in page
    assert "没有事前绩效评估结论，请先完成评估或登记例外" in page


def test_a_raise_above_the_clearance_is_a_gap_again():
    raised = subject_year("UP", initial=900_00, added=200_00, nature=Nature.NEW, major_policy=True)
    Clearance.objects.create(
        subject_year=raised, region=raised.region, verdict=Verdict.SUPPORTED, covered=900_00, source="S9"
    )
    (gap,) = uncleared(actor(), 2022, load("national/2020"))
    assert (gap.code, gap.amount, gap.covered) == ("UP", 1100_00, 900_00)
    Clearance.objects.filter(subject_year=raised).update(covered=1100_00)
    assert uncleared(actor(), 2022, load("national/2020")) == []


def test_a_registered_exemption_is_listed_with_its_reason():
    tables = {"exante_exemptions": EXEMPTION, "exante": HEAD + SCHOOL + ROADS}
    stored(tables, (*REGISTERS, *IMPORTERS))
    page = text(signed_in(), reverse("ex-ante"))
    assert "防汛抢险" in page
    assert "分管副县长" in page


def test_more_rows_cost_no_more_queries(django_assert_num_queries):
    client = signed_in()
    title(client, reverse("ex-ante"))
    for number in range(30):
        subject_year(f"G{number}", initial=100_00, nature=Nature.NEW, major_policy=True)
    with django_assert_num_queries(8):
        text(client, reverse("ex-ante"))


def test_a_sheet_costs_few_queries(django_assert_max_num_queries):
    client = signed_in()
    here = address("S1")
    title(client, here)
    with django_assert_max_num_queries(9):
        text(client, here)
