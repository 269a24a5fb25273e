"""The evaluation pages: every method with its number, marks that add up, problems and suggestions."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

pytestmark = pytest.mark.django_db

EVALUATIONS = """评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,单位编码,\
安排资金,使用资金,得分,等级,实施机构,数据性质
ZD1,2022,2022,财政重点评价,项目,P1,101,100,74,83,良,第三方机构甲,公开
BM1,2022,2022,部门评价,项目,P2,101001,250,250,92.5,优,甲县教育局,
"""
MARKS = """评价编号,一级指标,二级指标,三级指标,权重,得分
ZD1,决策,项目立项,立项依据充分性,40,32.01
ZD1,产出,产出数量,实际完成率,30,25.99
ZD1,效益,社会效益,受益面,30,25
"""
PROBLEMS = "评价编号,问题类别,问题描述\nZD1,项目档案管理不规范,验收单缺页\n"
SUGGESTIONS = "评价编号,序号,意见建议\nZD1,1,补齐验收资料\n"
LIST = "/evaluations/"


@pytest.fixture(autouse=True)
def evaluated():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "evaluations": EVALUATIONS, "evaluation_scores": MARKS}
    stored(tables | {"problems": PROBLEMS, "suggestions": SUGGESTIONS}, (*REGISTERS, *EVALUATION))


def address_of(number, name="evaluation"):
    return reverse(name, args=[Evaluation.objects.get(number=number).pk])


def test_the_list_counts_every_method_even_those_without_an_evaluation():
    page = text(signed_in(), LIST)
    assert "2022 年评价了 2 个对象" in page
    for method in ("部门评价", "抽查复核", "财政重点评价"):
        assert f'<div class="why">{method}</div>' in page


def test_one_method_can_be_listed_alone():
    page = text(signed_in(), LIST + "?method=key")
    assert "校舍维修项目" in page
    assert "助学金项目" not in page


def test_an_evaluation_shows_marks_by_part_problems_and_suggestions():
    page = text(signed_in(), address_of("ZD1"))
    for words in (
        "83 分",
        "决策，得分率 80.03%",
        "32.01",
        "项目档案管理不规范",
        "验收单缺页",
        "补齐验收资料",
        "第三方机构甲",
    ):
        assert words in page
    assert "一致" in page


def test_an_evaluation_without_marks_says_that_it_has_only_a_total():
    page = text(signed_in(), address_of("BM1"))
    assert "本次评价只有总分" in page
    assert "92.5" in page


def test_a_mark_without_points_leaves_its_part_open():
    Evaluation.objects.get(number="ZD1").marks.filter(level1="决策").update(points=None)
    page = text(signed_in(), address_of("ZD1"))
    assert "决策，得分率" not in page
    assert "产出，得分率" in page


def test_a_unit_sees_only_its_own_evaluations():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    assert title(client, LIST) == "2022 年评价了 1 个对象"
    assert client.get(address_of("BM1")).status_code == 200


def test_a_foreign_evaluation_is_as_missing_as_an_unknown_one():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    unknown = reverse("evaluation", args=[10**9])
    assert [client.get(address).status_code for address in (address_of("ZD1"), unknown)] == [404, 404]
    assert client.post(address_of("ZD1", "evaluation-move"), {"move": "notify"}).status_code == 404
    assert signed_in(code="888888").get(address_of("ZD1")).status_code == 404


def test_the_office_concludes_an_evaluation_with_its_button():
    Evaluation.objects.update(state=State.REVIEW)
    form = {"move": "conclude", "version": 1, "token": "d" * 32}
    response = signed_in().post(address_of("ZD1", "evaluation-move"), form)
    assert response.headers["Location"] == address_of("ZD1")
    assert Evaluation.objects.get(number="ZD1").state == State.CONCLUDED


def test_the_count_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    client = signed_in()
    client.get(LIST)
    for address, most in ((LIST, 6), (address_of("ZD1"), 11), (address_of("BM1"), 11)):
        with django_assert_max_num_queries(most):
            text(client, address)
