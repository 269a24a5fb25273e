"""The pages of 绩效目标: lines in groups, weights against the rules, everybody his own, queries few."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.models import IndicatorLine, TargetVersion
from jixiao.stages.targets.reports.lists import grouped, wanted
from jixiao.stages.targets.workflow import State

pytestmark = pytest.mark.django_db
LINES = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修校舍面积,定量,≥,3590,平方米,50
2022,P1,效益指标,社会效益,办学条件改善,定性,,明显,,40
2022,P2,产出指标,数量指标,受助学生,定量,≥,300,人,50
2022,Z1,产出指标,数量指标,修路里程,定量,≥,12,公里,50
2022,Z1,效益指标,社会效益,出行条件改善,定性,,明显,,40
"""
OVERALL = "工作年度,对象年度,单位编码,总体目标,指标数\n2022,2023,101,办好人民满意的教育,8\n"
PILOTS = "单位编码,试点年度,指标体系构建日期,目标设置日期,自评日期\n101,2021,2021-06-30,2022-01-20,\n"


@pytest.fixture(autouse=True)
def three_sheets():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": LINES}
    tables |= {"overall_targets": OVERALL, "overall_pilots": PILOTS}
    stored(tables, (*REGISTERS, *IMPORTERS))


def version_of(code):
    return TargetVersion.objects.get(sheet__subject_year__code=code)


def address(code):
    return reverse("target-sheet", args=[version_of(code).pk])


def education():
    return UnitYear.objects.get(code="101").unit


def test_the_office_sees_the_sheets_of_the_working_year_without_the_overall_ones():
    page = text(signed_in(), reverse("targets"))
    assert "2022 年设置的绩效目标 3 份" in page
    assert "镇村道路政策" in page
    assert "办好人民满意的教育" not in page


def test_weights_that_do_not_add_up_are_said_in_the_list_and_on_the_sheet():
    assert "50 分，应为 90 分" in text(signed_in(), reverse("targets"))
    page = text(signed_in(Role.AUDITOR), address("P2"))
    assert "指标分值合计应为 90 分，现为 50 分" in page
    assert "缺少效益指标" in page


def test_a_sheet_that_keeps_the_rules_says_so_and_cites_them():
    page = text(signed_in(), address("P1"))
    assert "校舍维修项目：2 个指标" in page
    assert "≥3590平方米" in page
    assert "完成校舍维修" in page
    assert "指标个数、分值和必设的一级指标都符合规则" in page
    assert "财预〔2020〕10号" in page


def test_lines_stand_in_the_official_order_of_classes():
    lines = list(version_of("P1").lines.order_by("-position"))
    groups = grouped(lines)
    assert [(group.level1, group.opens, group.weight) for group in groups] == [
        (IndicatorLevel1.OUTPUT, 1, 50),
        (IndicatorLevel1.BENEFIT, 1, 40),
    ]
    assert wanted(IndicatorLine.objects.get(name="办学条件改善")) == "明显"


def test_a_department_sees_what_is_below_it_and_nothing_beside():
    client = signed_in(Role.DEPARTMENT, education())
    assert title(client, reverse("targets")) == "2022 年设置的绩效目标 2 份"
    assert "镇村道路政策" not in text(client, reverse("targets"))


def test_a_foreign_sheet_and_a_missing_one_are_the_same_404():
    client = signed_in(Role.UNIT, education())
    foreign, missing = client.get(address("Z1")), client.get(reverse("target-sheet", args=[987654321]))
    heads = [re.search("<h1>(.*?)</h1>", answer.content.decode())[1] for answer in (foreign, missing)]
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert heads == ["没有找到这一页"] * 2


def test_a_foreign_sheet_cannot_be_moved():
    sheet = version_of("Z1")
    form = {"move": "submit", "version": sheet.version, "token": "t" * 32}
    answer = signed_in(Role.UNIT, education()).post(reverse("target-move", args=[sheet.pk]), form)
    assert answer.status_code == 404


def test_a_unit_submits_its_draft_by_the_button():
    sheet = version_of("P1")
    TargetVersion.objects.filter(pk=sheet.pk).update(state=State.DRAFT)
    client = signed_in(Role.UNIT, education())
    assert 'value="submit"' in text(client, address("P1"))
    form = {"move": "submit", "version": sheet.version, "token": "t" * 32}
    assert client.post(reverse("target-move", args=[sheet.pk]), form).status_code == 303
    sheet.refresh_from_db()
    assert sheet.state == State.DEPARTMENT_REVIEW


def test_overall_targets_stand_apart_with_their_pilots():
    page = text(signed_in(), reverse("overall-targets"))
    assert "2022 年设置的部门整体目标 1 份" in page
    assert "整体绩效管理试点 1 个单位" in page
    page = text(signed_in(Role.AUDITOR), reverse("target-pilots"))
    assert "2021-06-30" in page
    assert "待自评" in page


def test_an_overall_target_without_lines_is_left_unchecked():
    overall = TargetVersion.objects.get(year=2023)
    page = text(signed_in(), reverse("target-sheet", args=[overall.pk]))
    assert "写明 8 个指标，没有明细" in page
    assert "未检查" in page


def test_another_object_year_can_be_asked_for():
    assert title(signed_in(), f"{reverse('overall-targets')}?year=2023") == "2023 年度的部门整体目标 1 份"
    assert title(signed_in(Role.LEADER), f"{reverse('overall-targets')}?year=2022") == "没有符合条件的部门整体目标"


@pytest.mark.parametrize(("name", "most"), [("targets", 5), ("overall-targets", 6)])
def test_a_list_costs_few_queries(name, most, django_assert_max_num_queries):
    client = signed_in()
    text(client, reverse(name))
    with django_assert_max_num_queries(most):
        text(client, reverse(name))


def test_a_sheet_costs_few_queries(django_assert_max_num_queries):
    client = signed_in()
    here = address("P1")
    text(client, here)
    with django_assert_max_num_queries(16):
        text(client, here)
