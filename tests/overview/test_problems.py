"""共性问题: each class counts its projects once, and every number leads to its rows."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import REGION, YEAR, region, subject_year, unit

from jixiao.domain.actors import Role
from jixiao.domain.problems import OTHER, ProblemRules, classes_of
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.policies import for_region, load
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State

RULES = load("national/2020").section(ProblemRules)


@pytest.mark.parametrize(
    ("problem", "classes"),
    [
        ("预算申请不科学，执行率低于80%", ("low_execution",)),
        ("专项资金管理办法欠缺，资金管理使用不规范", ("fund_rules_missing", "irregular_spending")),
        ("主管部门监督监管不到位，项目执行管理不足", ("weak_supervision",)),
        ("部门预算绩效管理责任意识不强", ("weak_responsibility",)),
        ("档案没有装订", (OTHER,)),
    ],
)
def test_a_problem_is_counted_under_every_class_its_words_name(problem, classes):
    assert classes_of(problem, RULES) == classes


@pytest.fixture
def evaluated(db):
    region()
    place = unit("101")
    snapshot = snapshot_of(for_region(REGION, YEAR))
    for number, code in enumerate(("P1", "P1", "P2"), 1):
        subject = subject_year(code, place) if number != 2 else Evaluation.objects.get(number="1").subject_year
        one = Evaluation.objects.create(
            region=REGION,
            year=YEAR,
            number=str(number),
            method=EvaluationMethod.KEY,
            subject_year=subject,
            snapshot=snapshot,
            state=State.CONCLUDED,
        )
        one.problems.create(category="主管部门监督监管不到位")
        one.problems.create(category=f"档案没有装订{number}")
        one.suggestions.create(no=1, text="建立月报")
        one.suggestions.create(no=2, text="按季抽查")


def test_a_project_counts_once_and_suggestions_are_numbered(evaluated):
    page = text(signed_in(Role.PERFORMANCE_OFFICE), f"{reverse('problems')}?class=weak_supervision")
    assert "“部门监管不到位”最常见，涉及 2 个项目" in page
    assert "1. 建立月报；2. 按季抽查" in page
    assert "3 处" in page


def test_without_problems_the_page_says_what_will_be_here(db):
    region()
    assert "还没有指出问题" in text(signed_in(Role.PERFORMANCE_OFFICE), reverse("problems"))


def test_another_unit_counts_none_of_it(evaluated):
    stranger = signed_in(Role.DEPARTMENT, unit=unit("201").unit)
    assert UnitYear.objects.filter(code="201").exists()
    assert "还没有指出问题" in text(stranger, reverse("problems"))
