"""Between the rounds: the lights of a day, why, for whom, and what will have been spent at the year's end."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.checks.lights import Lamp, Tone
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Hold, HoldKind, Payment, SubjectYear
from jixiao.stages.monitoring.importer import IMPORTERS as MONITORING
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import judged
from jixiao.stages.monitoring.reports.live import Past, standings
from jixiao.stages.monitoring.reports.pace import pace_of
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,设备数量,定量,≥,10,台,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额(元)
2022,P1,V1,2022-05-01,100000
2022,P1,V2,2022-08-01,800000
2022,P2,V3,2022-07-31,2000000
"""
SHEETS = """年度,监控轮次,截止日期,监控性质,项目编码,全年预算,累计执行,绩效目标完成情况,完成目标可能性,偏差原因,处置意见
2022,1,2022-07-31,日常监控,P1,100,10,,有可能,招标推迟,继续执行
2022,1,2022-07-31,日常监控,P2,250,200,,确定能,,继续执行
"""
READINGS = """年度,监控轮次,项目编码,三级指标,截至完成值,全年预计完成值,完成目标可能性
2022,1,P1,维修面积,60,100,有可能
2022,1,P2,设备数量,8,10,确定能
"""
ALL = (*REGISTERS, *TARGETS, *MONITORING)


@pytest.fixture(autouse=True)
def year_2022():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "indicators": INDICATORS}
    stored(tables | {"monitoring": SHEETS, "monitoring_readings": READINGS}, ALL)


def standing(code, when, reader=None):
    found = standings(reader or actor(), YEAR, day(when), for_region("999999", YEAR))
    return next((one for one in found if one.subject.code == code), None)


def tone(code, when, lamp):
    return next(light.tone for light in standing(code, when).lights if light.lamp is lamp)


def live(role=Role.PERFORMANCE_OFFICE, query="?as_of=2022-07-31", **place):
    return text(signed_in(role, **place), reverse("monitoring-live") + query)


def test_a_payment_changes_the_light_of_its_day_and_of_no_day_before():
    assert tone("P1", "2022-07-31", Lamp.PACE) is Tone.RED
    assert tone("P1", "2022-08-01", Lamp.PACE) is Tone.GREEN
    more = PAYMENTS + "2022,P1,V9,2022-07-30,500000\n"
    stored({"units": UNITS, "projects": PROJECTS, "payments": more}, REGISTERS)
    assert tone("P1", "2022-07-31", Lamp.PACE) is Tone.GREEN
    assert tone("P1", "2022-07-29", Lamp.PACE) is Tone.RED


def test_results_are_those_of_the_last_round_up_to_the_day():
    assert standing("P1", "2022-07-31").facts.done == 60
    assert standing("P1", "2022-07-30").facts.done is None


def test_a_project_on_hold_shows_no_light():
    of = SubjectYear.objects.get(code="P1")
    Hold.objects.create(
        subject_year=of, region=of.region, kind=HoldKind.SUSPENDED, reason="停", since=day("2022-07-01")
    )
    assert {light.tone for light in standing("P1", "2022-07-31").lights} == {Tone.UNCHECKED}


def test_the_most_alarming_come_first_and_the_title_counts_them():
    codes = [one.subject.code for one in standings(actor(), YEAR, day("2022-07-31"), for_region("999999", YEAR))]
    assert codes[0] == "P1"
    assert title(signed_in(), reverse("monitoring-live") + "?as_of=2022-07-31").startswith("1 个项目亮红灯")


def test_the_page_gives_the_reason_the_expectation_and_the_interval():
    page = live()
    assert "支出进度：时序进度 58.33%，支出进度 10%，落后 48.33 个百分点，超过 40 个百分点" in page
    assert "10 至 100 万元" in page


def test_lights_lamps_units_and_words_narrow_the_list():
    client = signed_in()
    names = dict(SubjectYear.objects.filter(code__in=("P1", "P2")).values_list("code", "name"))

    def listed(query):
        page = text(client, f"{reverse('monitoring-live')}?as_of=2022-07-31&{query}")
        table = page.split('aria-label="项目的灯和全年预计"')[-1].split("</table>")[0] if "项目的灯" in page else ""
        return {code for code, name in names.items() if name in table}

    assert listed("") == {"P1", "P2"}
    assert listed("tone=red") == {"P1"}
    assert listed(f"lamp={Lamp.PACE.value}&tone=green") == {"P2"}
    assert listed(f"q={names['P2']}") == {"P2"}
    assert listed("q=没有这个") == set()
    assert listed("unit=9999/") == set()


def test_a_unit_sees_its_own_projects_and_no_others():
    path = SubjectYear.objects.get(code="P1").unit_path
    assert standing("P1", "2022-07-31", actor(Role.UNIT, unit_path=path)) is not None
    assert standing("P1", "2022-07-31", actor(Role.UNIT, unit_path="302/")) is None
    assert "将列在这里" in live(Role.UNIT, unit=unit("302").unit)


@pytest.mark.parametrize(("asked", "said"), [("2021-12-31", "日期应在 2022 年之内"), ("昨天", "请注意")])
def test_a_day_that_is_none_or_of_another_year_is_refused_with_words(asked, said):
    assert said in live(query=f"?as_of={asked}")


def test_the_page_costs_few_queries(django_assert_max_num_queries):
    client, address = signed_in(), reverse("monitoring-live") + "?as_of=2022-07-31"
    text(client, address)
    with django_assert_max_num_queries(13):
        text(client, address)


def test_earlier_years_of_the_subject_and_of_its_like_are_its_past():
    rows = "".join(f"2021,Q{n},往年项目{n},101,100\n" for n in range(9))
    paid = "".join(f"2021,Q{n},W{n},2021-05-01,200000\n2021,Q{n},X{n},2021-12-01,500000\n" for n in range(9))
    projects = "年度,项目编码,项目名称,单位编码,年初预算（万元）\n" + rows
    stored({"projects": projects, "payments": "年度,项目编码,凭证号,支付日期,金额(元)\n" + paid}, REGISTERS)
    past = Past.of("999999", YEAR, day("2022-07-31"), for_region("999999", YEAR))
    one = standing("P1", "2022-07-31")
    expected = past.expect(one.subject, one.facts)
    assert expected.expected == one.facts.spent + one.facts.budget // 2
    assert "同类 9 个" in expected.because


def test_the_months_of_a_sheet_add_up_to_what_it_spent():
    sheet = judged(ReadingSheet.objects).select_related("subject_year", "round__snapshot").get(subject_year__code="P1")
    pace = pace_of(sheet)
    assert [row["paid"] for row in pace.rows] == [0, 0, 0, 0, 10_000_000, 0, 0]
    assert pace.rows[-1]["spent"] == sheet.spent
    assert "到 7 月累计执行 10%，时序进度 58.33%；有 6 个月没有支出" in pace.sentence
    page = text(signed_in(), reverse("reading-sheet", args=[sheet.pk]))
    assert pace.sentence in page
    assert "预计全年支出" in page


def test_a_stop_after_the_freeze_changes_nothing_in_the_closed_round():
    held = Round.objects.get()
    Round.objects.filter(pk=held.pk).update(known_until="2022-08-20T00:00:00Z")
    of = SubjectYear.objects.get(code="P1")
    hold = Hold.objects.create(
        subject_year=of, region=of.region, kind=HoldKind.SUSPENDED, reason="停", since=day("2022-09-01")
    )
    stopped = judged(ReadingSheet.objects).filter(subject_year=of)
    assert not stopped.get().on_hold
    Hold.objects.filter(pk=hold.pk).update(since=day("2022-08-01"))
    assert stopped.get().on_hold
    Hold.objects.filter(pk=hold.pk).update(released_on=day("2022-10-01"))
    assert stopped.get().on_hold
    Hold.objects.filter(pk=hold.pk).update(released_on=day("2022-08-10"))
    assert not stopped.get().on_hold


def test_every_dot_and_every_hot_cell_leads_somewhere_that_opens():
    client = signed_in()
    page = text(client, reverse("monitoring-live") + "?as_of=2022-07-31")
    links = set(re.findall(r'href="(\?unit=[^"]+|/monitoring/sheets/\d+/)"', page.replace("&amp;", "&")))
    links |= set(re.findall(r'href="(/monitoring/live/\?unit=[^"]+)"', page.replace("&amp;", "&")))
    assert len(links) >= 3
    for link in links:
        text(client, link if link.startswith("/") else reverse("monitoring-live") + link)


def test_home_says_how_many_are_red_and_an_import_of_payments_changes_it_at_once():
    client = signed_in()
    Payment.objects.filter(subject_year__code="P1").delete()
    cache.clear()
    assert "1 个项目亮红灯" in text(client, reverse("home"))
    stored({"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS}, REGISTERS)
    assert "个项目亮红灯" not in text(client, reverse("home"))
