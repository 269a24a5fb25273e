"""The monitoring pages: the title says who is behind, everybody sees his own, and the count of queries stays."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.monitoring.importer import IMPORTERS as MONITORING
from jixiao.stages.monitoring.models import Attention, Handling, ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Pace, judged, summary
from jixiao.stages.monitoring.workflow import RoundState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额(元)
2022,P1,V1,2022-05-01,100000
2022,P1,V2,2022-08-01,900000
2022,P2,V3,2022-07-31,2000000
"""
SHEETS = """年度,监控轮次,截止日期,监控性质,项目编码,全年预算,累计执行,\
绩效目标完成情况,完成目标可能性,偏差原因,处置意见,数据性质
2022,1,2022-07-31,重点监控,P1,100,10,未开展,完全不可能,招标推迟,督促整改,公开
2022,1,2022-07-31,日常监控,P2,250,200,进展正常,确定能,,继续执行,合成
2022,1,2022-07-31,日常监控,Z1,300,0,未开展,完全不可能,不再实施,收回资金,
"""
READINGS = """年度,监控轮次,项目编码,三级指标,截至完成值,全年预计完成值,完成目标可能性,偏差原因,备注
2022,1,P1,维修面积,7,80,完全不可能,人员保障：工人不足,九月复工
"""
RECOVERIES = "年度,项目编码,收回金额(万元),原因,日期\n2022,Z1,300,不再实施,2022-08-31\n"


@pytest.fixture(autouse=True)
def year_2022():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "indicators": INDICATORS}
    tables |= {"monitoring": SHEETS, "monitoring_readings": READINGS, "recoveries": RECOVERIES}
    stored(tables, (*REGISTERS, *TARGETS, *MONITORING))


def sheet_of(code):
    return ReadingSheet.objects.get(subject_year__code=code)


def round_address(query=""):
    return reverse("monitoring-round", args=[Round.objects.get().pk]) + query


def test_the_rounds_of_the_year_say_how_many_are_behind():
    page = text(signed_in(), reverse("monitoring"))
    assert "2022 年度监控 1 轮，最近一轮 3 个项目中 1 个进度慢" in page
    assert "2022-07-31" in page


def test_a_round_says_who_is_behind_and_by_which_document():
    client = signed_in()
    assert title(client, round_address()) == "3 个项目，1 个明显慢了"
    page = text(client, round_address())
    assert "支出 10 万元 ÷ 预算 100 万元 = 10%" in page, "a payment of August does not count in July"
    assert "财预〔2019〕136号" in page
    assert page.count("l-bad") == 1
    for words in ("已停止", ">公开</span>", ">合成</span>"):
        assert words in page


def test_the_slow_and_the_key_ones_can_be_listed_alone():
    client = signed_in()
    for query in ("?slow=1", "?attention=key", "?q=校舍"):
        page = text(client, round_address(query))
        assert "校舍维修项目" in page
        assert "助学金项目" not in page, query
        assert "镇村道路政策" not in page, query


def test_the_sheets_can_be_sorted_by_what_was_spent():
    page = text(signed_in(), round_address("?sort=-spent"))
    assert page.index("助学金项目") < page.index("校舍维修项目") < page.index("镇村道路政策")


def test_a_sheet_shows_its_readings_causes_and_way():
    page = text(signed_in(), reverse("reading-sheet", args=[sheet_of("P1").pk]))
    for words in (
        "落后 48.33 个百分点",
        "≥ 100 平方米",
        "完全不可能",
        "招标推迟",
        "工人不足",
        "九月复工",
        "督促整改",
        "重点监控",
        "补录",
    ):
        assert words in page


def test_a_sheet_without_a_budget_has_no_rate_but_a_reason():
    sheet = sheet_of("P2")
    ReadingSheet.objects.filter(pk=sheet.pk).update(budget=0)
    page = text(signed_in(), reverse("reading-sheet", args=[sheet.pk]))
    assert "全年预算为 0，不计算支出进度" in page


def test_recovered_money_is_listed_with_its_sum():
    client = signed_in()
    assert title(client, reverse("recoveries")) == "收回 1 笔，共 300 万元"
    assert "不再实施" in text(client, reverse("recoveries"))


def test_a_unit_sees_only_its_own_sheets():
    school = UnitYear.objects.get(code="101001").unit
    client = signed_in(Role.UNIT, school)
    assert title(client, round_address()) == "1 个项目，没有明显慢的"
    assert "校舍维修项目" not in text(client, round_address())
    assert client.get(reverse("reading-sheet", args=[sheet_of("P2").pk])).status_code == 200
    assert title(client, reverse("recoveries")) == "2022 年度没有收回资金"


def test_a_foreign_sheet_is_as_missing_as_an_unknown_one():
    client = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    stranger = signed_in(code="888888")
    for visitor, number in ((client, sheet_of("P1").pk), (client, 10**9), (stranger, sheet_of("P1").pk)):
        assert visitor.get(reverse("reading-sheet", args=[number])).status_code == 404
        assert visitor.post(reverse("reading-move", args=[number]), {"move": "submit"}).status_code == 404
    assert stranger.get(round_address()).status_code == 404


def test_the_office_concludes_a_sheet_with_its_button():
    sheet = sheet_of("P1")
    Round.objects.update(state=RoundState.OPEN)
    ReadingSheet.objects.filter(pk=sheet.pk).update(state=State.FISCAL_REVIEW)
    client, address = signed_in(), reverse("reading-sheet", args=[sheet.pk])
    assert "审定处置意见" in text(client, address)
    form = {"move": "conclude", "version": sheet.version, "token": "a" * 32}
    response = client.post(reverse("reading-move", args=[sheet.pk]), form)
    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert sheet_of("P1").state == State.CONCLUDED
    assert "审定处置意见" in text(client, address), "the step stands in the timeline"


def more_sheets(count):
    school, held = SubjectYear.objects.get(code="P2"), Round.objects.get()
    for number in range(count):
        other = SubjectYear.objects.get(pk=school.pk)
        other.pk, other.code, other.kind = None, f"X{number}", "transfer"
        subject = other.subject
        subject.pk = None
        subject.save()
        other.subject = subject
        other.save()
        facts = {"attention": Attention.DAILY, "handling": Handling.CONTINUE, "budget": 100}
        ReadingSheet.objects.create(region=other.region, year=2022, round=held, subject_year=other, **facts)


def test_more_sheets_ask_no_more_queries(django_assert_max_num_queries):
    client = signed_in()
    sheet = sheet_of("P1").pk
    client.get(reverse("monitoring"))
    more_sheets(20)
    for address, most in (
        (reverse("monitoring"), 5),
        (round_address(), 7),
        (reverse("reading-sheet", args=[sheet]), 13),
    ):
        with django_assert_max_num_queries(most):
            text(client, address)


@given(budget=st.integers(0, 300), spent=st.integers(-10, 300), month=st.integers(1, 12), stop=st.booleans())
def test_the_database_counts_the_slow_as_the_rule_does(budget, spent, month, stop):
    sheet, held = sheet_of("P1"), Round.objects.get()
    held.cutoff = day(f"2022-{month:02}-28")
    held.save()
    sheet.subject_year.payments.update(fen=spent, paid_on=day("2022-01-01"))
    ReadingSheet.objects.update(budget=budget, handling=Handling.SUSPEND if stop else Handling.CONTINUE)
    rows, pace = ReadingSheet.objects.visible_to(actor()).filter(pk=sheet.pk), Pace.of(held)
    row = judged(rows).select_related("round").get()
    assert summary(rows, held, pace).slow == int(pace.judge(row).slow)
