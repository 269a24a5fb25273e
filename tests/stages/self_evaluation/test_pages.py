"""The self-evaluation pages: all four grades, every point with its reason, and what a spot check would ask."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.self_evaluation.importer import IMPORTERS as SELF_EVALUATION
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,效益指标,社会效益指标,受益学生,定量,≥,4000,人,40
2022,P2,产出指标,数量指标,资助人数,定量,≥,200,人,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额(元)
2022,P1,V1,2022-05-01,740000
2022,P2,V2,2022-05-01,2500000
"""
SHEETS = """工作年度,对象年度,项目编码,全年预算(万元),全年执行(万元),评价得分,评价等级,自查问题,数据性质
2022,2022,P1,100,80,80,良,进度偏慢,合成
2022,2022,P2,250,250,100.00,优,,公开
"""
SCORES = """对象年度,项目编码,一级指标,二级指标,三级指标,符号,指标值,实际完成值,定性完成度,权重,得分,偏差原因
2022,P1,产出指标,数量指标,维修面积,≥,100,85.5,,50,42.75,雨季停工
2022,P1,效益指标,社会效益指标,受益学生,≥,4000,3000,,40,30,
2022,P2,产出指标,数量指标,资助人数,≥,200,200,,90,90,
"""


@pytest.fixture(autouse=True)
def evaluated():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "indicators": INDICATORS}
    tables |= {"self_evaluations": SHEETS, "self_evaluation_scores": SCORES}
    stored(tables, (*REGISTERS, *TARGETS, *SELF_EVALUATION))


def address_of(code, name="self-evaluation"):
    return reverse(name, args=[SelfEvaluation.objects.get(subject_year__code=code).pk])


LIST = "/self-evaluations/"


def test_the_list_shows_all_four_grades_with_their_share():
    page = text(signed_in(), LIST)
    assert "2 份自评，评为优的占 50%" in page
    for grade in ("优", "良", "中", "差"):
        assert f'<div class="why">{grade}</div>' in page
    assert page.count("占 0%") == 2


def test_one_grade_can_be_listed_alone():
    page = text(signed_in(), LIST + "?grade=excellent")
    assert "助学金项目" in page
    assert "校舍维修项目" not in page
    assert "没有符合条件的自评" in text(signed_in(Role.LEADER), LIST + "?grade=none")


def test_the_list_can_be_sorted_by_points_with_open_sheets_first():
    client = signed_in()
    page = text(client, LIST + "?sort=total")
    assert page.index("校舍维修项目") < page.index("助学金项目")
    SelfEvaluation.objects.filter(subject_year__code="P2").update(total=None, grade="")
    page = text(client, LIST + "?sort=total")
    assert page.index("助学金项目") < page.index("校舍维修项目")
    assert "未定" in page


def test_a_sheet_says_how_every_point_came_about():
    page = text(signed_in(), address_of("P1"))
    for words in ("74%", "10×74.00%＝7.40", "85.5÷100＝85.50%，50×85.50%＝42.75", "偏差原因：雨季停工", "80.15"):
        assert words in page
    assert "财预〔2020〕10号" in page


def test_what_the_table_printed_stands_beside_and_a_difference_is_named():
    client = signed_in()
    assert "相差 0.15 分" in text(client, address_of("P1"))
    assert "一致" in text(client, address_of("P2"))


def test_a_sheet_tells_what_a_spot_check_would_ask():
    page = text(signed_in(), address_of("P1"))
    assert "预算执行率低于 80%，请说明原因和改进措施" in page
    assert "执行数÷预算数＝74.00%，表上执行率为80%" in page
    assert "各项得分相加为80.15，表上总分为80" in page


def test_a_unit_sees_only_its_own_sheets():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    assert title(client, LIST) == "1 份自评，评为优的占 100%"
    assert client.get(address_of("P2")).status_code == 200


def test_a_foreign_sheet_is_as_missing_as_an_unknown_one():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    unknown = reverse("self-evaluation", args=[10**9])
    assert [client.get(address).status_code for address in (address_of("P1"), unknown)] == [404, 404]
    assert client.post(address_of("P1", "self-evaluation-move"), {"move": "submit"}).status_code == 404
    assert signed_in(code="888888").get(address_of("P1")).status_code == 404


def test_a_sheet_that_explains_nothing_cannot_be_concluded():
    SelfEvaluation.objects.update(state=State.FISCAL_REVIEW)
    client = signed_in()
    page = text(client, address_of("P1"))
    assert "disabled" in page
    assert "审定" in page
    client.post(address_of("P1", "self-evaluation-move"), {"move": "conclude", "version": 1, "token": "b" * 32})
    assert SelfEvaluation.objects.get(subject_year__code="P1").state == State.FISCAL_REVIEW
    client.post(address_of("P2", "self-evaluation-move"), {"move": "conclude", "version": 1, "token": "c" * 32})
    assert SelfEvaluation.objects.get(subject_year__code="P2").state == State.CONCLUDED


def test_the_count_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    client = signed_in()
    client.get(LIST)
    for address, most in ((LIST, 6), (address_of("P1"), 11), (address_of("P2"), 11)):
        with django_assert_max_num_queries(most):
            text(client, address)
