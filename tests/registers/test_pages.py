"""The pages of the registers: what they list, who sees which rows, and how few queries they cost."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, stored, subject_year

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.policies import load, names
from jixiao.registers.documents.citations import cites
from jixiao.registers.documents.models import Document
from jixiao.registers.indicators.models import Entry, Observation
from jixiao.registers.indicators.ranges import span
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.organizations.views import tree
from jixiao.registers.parameters.names import KEYS, SECTIONS
from jixiao.registers.parameters.reports import written
from jixiao.registers.subjects.models import SubjectYear

pytestmark = pytest.mark.django_db
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-05-01,250000\n2022,P1,V2,2022-06-01,250000\n"
DOCUMENTS = "年度,文件名称,文号,环节\n2022,项目支出绩效评价管理办法,财预[2020]10号,评价\n2022,内部工作规程,,综合\n"
AGENCIES = "机构名称,统一社会信用代码,主评人,选取方式,数据性质\n诚信评价公司,,张三,询价,公开\n"
PAGES = {"subjects": 4, "units": 4, "documents": 3, "agencies": 3, "indicators": 5, "policy": 1}


@pytest.fixture(autouse=True)
def registers():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "policies": DOCUMENTS, "agencies": AGENCIES}
    stored(tables, REGISTERS)


def education():
    return UnitYear.objects.get(code="101").unit


def test_a_subject_stands_with_its_money_and_its_rate():
    page = text(signed_in(), reverse("subjects"))
    assert "2022 年 3 个绩效管理对象" in page
    assert "100.00" in page
    assert "50.00" in page
    assert "50%" in page
    assert reverse("subject", args=[SubjectYear.objects.get(code="P1").pk]) in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=P1", ["P1"]),
        ("q=助学", ["P2"]),
        ("kind=programme_policy", ["Z1"]),
        ("unit=小学", ["P2"]),
        ("year=2021", []),
        ("q=P&sort=-budget", ["P2", "P1"]),
        ("year=twenty&kind=%00", ["P1", "P2", "Z1"]),
    ],
)
def test_subjects_are_found_and_ordered_as_asked(asked, found):
    page = text(signed_in(), f"{reverse('subjects')}?{asked}")
    codes = sorted(
        (code for code in ("P1", "P2", "Z1") if f">{code}<" in page), key=lambda code: page.index(f">{code}<")
    )
    assert codes == found


def test_a_long_number_is_the_beginning_of_a_code():
    subject_year("411323220000001", name="甲")
    subject_year("411323220000002", name="乙411323220000001")
    page = text(signed_in(), f"{reverse('subjects')}?q=411323220000001")
    assert ">411323220000001<" in page
    assert ">411323220000002<" not in page


def test_a_unit_sees_its_own_subjects_and_units_alone():
    client = signed_in(Role.UNIT, education())
    assert title(client, reverse("subjects")) == "2022 年 2 个绩效管理对象"
    assert "镇村道路政策" not in text(client, reverse("subjects"))
    assert title(client, reverse("units")) == "2022 年 2 个预算单位"
    assert "城关镇" not in text(client, f"{reverse('units')}?view=tree")


def test_units_stand_below_their_superiors():
    (school, town) = tree(UnitYear.objects.order_by("path"))
    assert [node.unit.code for node in school.below] == ["101001"]
    assert (town.unit.code, town.below) == ("201", [])
    assert "下属 1 个" in text(signed_in(), f"{reverse('units')}?view=tree")


def test_a_document_lists_the_rules_that_cite_it_and_unregistered_sources_are_named():
    page = text(signed_in(), reverse("documents"))
    assert "2 份制度文件，1 份被规则参数引用" in page
    assert "评价等级：“优”最低分" in page
    assert "中发〔2018〕34号" in page.split("没有登记的依据")[1]


@pytest.mark.parametrize(
    ("source", "title_", "number", "named"),
    [
        ("湖财字〔2022〕132号（情况说明）", "提质增效工作方案", "湖财字[2022]132号", True),
        ("甲县事前绩效评估管理暂行办法（2022年）", "事前绩效评估管理暂行办法", "", True),
        ("财预〔2020〕10号", "办法", "", False),
        ("财预〔2020〕10号", "项目支出绩效评价管理办法", "财预〔2021〕101号", False),
    ],
)
def test_a_source_names_a_document_by_number_or_title(source, title_, number, named):
    assert cites(source, Document(title=title_, doc_no=number)) is named


def test_agencies_of_the_year_are_listed():
    page = text(signed_in(), reverse("agencies"))
    assert "2022 年登记 1 家第三方机构" in page
    assert "张三" in page


def test_an_indicator_shows_what_it_was_targeted_and_reached():
    entry = Entry.objects.create(
        region=REGION, level1=IndicatorLevel1.OUTPUT, level2="数量指标", name="受益人数", unit="人"
    )
    for code, target, actual in (("P1", "100", "90"), ("P2", "300", "320")):
        owner = SubjectYear.objects.get(code=code)
        facts = {"entry": entry, "subject_year": owner, "position": 1, "target": target, "actual": actual}
        Observation.objects.create(region=REGION, year=2022, **facts)
    page = text(signed_in(), reverse("indicators"))
    assert "100–300" in page
    assert "90–320" in page
    other = UnitYear.objects.get(code="201").unit
    assert "100–300" not in text(signed_in(Role.UNIT, other), reverse("indicators"))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((), ""),
        (("95%", "100%"), "95–100%"),
        (("5", "5.0"), "5"),
        (("达到预期",), "达到预期"),
        (("达到预期", "明显提升"), "达到预期 等 2 种"),
        (("8", "200余"), "8，另有文字 1 种"),
    ],
)
def test_a_range_in_one_phrase(texts, said):
    assert span(texts) == said


def test_every_rule_stands_with_its_document_and_guesses_are_marked():
    page = text(signed_in(), reverse("policy"))
    policy = load("national/2021")
    values = sum(len(keys) for keys in policy.settings.values())
    guesses = sum(s.provenance.guess for keys in policy.settings.values() for s in keys.values())
    assert f"{values} 项规则，其中 {guesses} 项为推断" in page
    assert "财预〔2021〕101号" in page
    assert "按完成比例，不超过满分" in page


@pytest.mark.parametrize("name", names())
def test_every_section_and_key_has_a_chinese_name(name):
    settings = load(name).settings
    assert settings.keys() <= SECTIONS.keys()
    assert {f"{section}.{key}" for section, keys in settings.items() for key in keys} <= KEYS.keys()


def test_values_read_as_words():
    assert written(True) == ["是"]
    assert written([]) == ["无"]
    assert written([{"no": 1, "month": 7, "purpose": "集中监控"}]) == ["第几次 1，截至月份 7，用意 集中监控"]
    assert written({"≥": "proportional/1"}) == ["≥：按完成比例，不超过满分（proportional/1）"]


@pytest.mark.parametrize(("name", "queries"), PAGES.items())
def test_a_page_costs_the_same_queries_however_many_rows(name, queries, django_assert_num_queries):
    client = signed_in()
    text(client, reverse(name))
    for number in range(40):
        subject_year(f"M{number}")
        Entry.objects.create(region=REGION, level1=IndicatorLevel1.OUTPUT, level2="数量指标", name=f"数量{number}")
    with django_assert_num_queries(queries):
        text(client, reverse(name))


@pytest.mark.parametrize("name", PAGES)
def test_amounts_and_pages_open_for_everyone_who_works_here(name):
    for role in (Role.FISCAL_DIVISION, Role.LEADER, Role.AUDITOR):
        assert signed_in(role).get(reverse(name)).status_code == 200
    # Agencies do not read about one another.
    assert signed_in(Role.AGENCY).get(reverse(name)).status_code == (404 if name == "agencies" else 200)
