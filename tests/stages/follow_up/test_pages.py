"""The pages of follow-up: what is to be put right and by when, what was published, what was handed in."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, day, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.follow_up.disclosure.importer import IMPORTERS as DISCLOSURE
from jixiao.stages.follow_up.rectification.importer import IMPORTERS as RECTIFICATION
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.rectification.reports import lateness
from jixiao.stages.follow_up.rectification.workflow import State
from jixiao.stages.follow_up.submission.importer import IMPORTERS as SUBMISSION

pytestmark = pytest.mark.django_db

EVALUATIONS = """评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,单位编码,得分,等级
ZD1,2022,2022,财政重点评价,项目,P1,101,83,良
ZD2,2022,2022,财政重点评价,项目,P2,101001,91,优
"""
RECTIFICATIONS = """整改编号,评价编号,问题类别,整改要求,下达日期,整改期限,完成日期,状态
ZG1,ZD1,项目档案管理不规范,补齐验收资料,2022-10-15,2022-11-15,2022-11-07,已完成
ZG2,ZD2,目标设置不够细化,重报绩效目标,2022-10-15,2022-11-15,,整改中
"""
DISCLOSURES = """工作年度,材料类别,评价编号,渠道,日期
2022,重点绩效评价报告,ZD1,政府网站,2022-12-20
2022,绩效自评报告,没有编号,政府网站,2022-12-21
"""
SUBMISSIONS = """工作年度,报送对象,材料类别,评价编号,对象编码,日期
2022,人大,重点绩效评价报告,ZD1,P1,2022-12-10
2022,政府,绩效自评报告,,不知道的编码,2022-12-11
"""


@pytest.fixture(autouse=True)
def followed_up():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "evaluations": EVALUATIONS, "rectifications": RECTIFICATIONS}
    tables |= {"disclosures": DISCLOSURES, "reports_to": SUBMISSIONS}
    stored(tables, (*REGISTERS, *EVALUATION, *RECTIFICATION, *DISCLOSURE, *SUBMISSION))


def address_of(number, name="rectification"):
    return reverse(name, args=[Rectification.objects.get(number=number).pk])


def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


def test_the_list_says_how_many_are_done_and_how_many_late():
    assert title(signed_in(), "/rectifications/") == "2 项整改，1 项已完成，1 项逾期"


def test_the_late_ones_can_be_listed_alone_and_those_of_one_evaluation():
    client = signed_in()
    for query in ("?late=1", "?q=ZD2", "?state=issued"):
        page = text(client, "/rectifications/" + query)
        assert "目标设置不够细化" in page, query
        assert "项目档案管理不规范" not in page, query


@pytest.mark.parametrize(
    ("done", "today", "words"),
    [
        (None, "2022-11-15", "未到期"),
        (None, "2022-11-16", "逾期 1 天"),
        ("2022-11-15", "2023-01-01", "按期完成"),
        ("2022-11-16", "2023-01-01", "逾期完成"),
    ],
)
def test_the_day_of_the_limit_is_still_in_time(done, today, words):
    item = Rectification(due_on=day("2022-11-15"), done_on=done and day(done))
    assert lateness(item, day(today)).words == words


def test_a_rectification_shows_what_is_asked_and_by_whom():
    page = text(signed_in(), address_of("ZG1"))
    for words in ("补齐验收资料", "ZD1", "2022-11-15", "按期完成", "补录"):
        assert words in page


def test_a_unit_sees_only_its_own_rectifications_and_replies_to_them():
    client = school()
    assert title(client, "/rectifications/").startswith("1 项整改")
    version = Rectification.objects.get(number="ZG2").version
    form = {"move": "reply", "version": version, "token": "e" * 32, "note": "已重报"}
    assert client.post(address_of("ZG2", "rectification-move"), form).headers["Location"] == address_of("ZG2")
    assert Rectification.objects.get(number="ZG2").state == State.REPLIED
    assert "已重报" in text(client, address_of("ZG2"))


def test_a_foreign_rectification_is_as_missing_as_an_unknown_one():
    client, unknown = school(), reverse("rectification", args=[10**9])
    assert [client.get(address).status_code for address in (address_of("ZG1"), unknown)] == [404, 404]
    assert client.post(address_of("ZG1", "rectification-move"), {"move": "reply"}).status_code == 404
    assert signed_in(code="888888").get(address_of("ZG1")).status_code == 404


def test_published_materials_stand_with_channel_and_day_known_or_not():
    page = text(signed_in(), "/disclosures/")
    for words in ("公开 2 份材料", "校舍维修项目", "没有编号", "政府网站", "2022-12-20"):
        assert words in page
    assert "没有编号" not in text(signed_in(Role.LEADER), "/disclosures/?material=key_report")


def test_submissions_are_counted_by_recipient():
    page = text(signed_in(), "/submissions/")
    for words in ("报送 2 份材料", "报送人大", "报送政府", "校舍维修项目", "不知道的编码"):
        assert words in page
    assert "不知道的编码" not in text(signed_in(Role.LEADER), "/submissions/?recipient=peoples_congress")


def test_a_unit_finds_neither_disclosures_nor_submissions():
    client = school()
    assert [client.get(address).status_code for address in ("/disclosures/", "/submissions/")] == [404, 404]


def test_another_region_finds_empty_lists_that_say_what_would_be_there():
    client = signed_in(code="888888")
    for address, words in (
        ("/rectifications/", "没有下达整改"),
        ("/disclosures/", "没有公开"),
        ("/submissions/", "没有报送"),
    ):
        assert words in title(client, address)
        assert "这里将列出" in text(client, address)


def test_the_count_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    client = signed_in()
    client.get("/rectifications/")
    for address, most in (("/rectifications/", 6), (address_of("ZG1"), 6), ("/disclosures/", 6), ("/submissions/", 6)):
        with django_assert_max_num_queries(most):
            text(client, address)
