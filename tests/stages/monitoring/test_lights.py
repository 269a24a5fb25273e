"""The lights on the pages: each with its reason and source, and silent where they were not part of the rules."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.policies import for_region
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.models import Handling, ReadingSheet, Round
from jixiao.stages.monitoring.saying import Filled, Read
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,产出指标,质量指标,验收合格率,定量,≥,95,%,40
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-05-01,950000\n"


@pytest.fixture(autouse=True)
def open_round():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS, "indicators": INDICATORS}
    stored(tables, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


def filled(area, hope="100", likelihood=Likelihood.CERTAIN):
    sheet = ReadingSheet.objects.get()
    area_read, quality = sheet.readings.order_by("line__position")
    said = {
        area_read.pk: Read(area, hope, likelihood),
        quality.pk: Read("100", "100", Likelihood.CERTAIN),
    }
    unit = actor(Role.UNIT, unit_path="101/")
    actions.fill(sheet, unit, version=sheet.version, filled=Filled(said, "", ""))


def sheet_page():
    return text(signed_in(), reverse("reading-sheet", args=[ReadingSheet.objects.get().pk]))


def round_page():
    return text(signed_in(Role.LEADER), reverse("monitoring-round", args=[Round.objects.get().pk]))


def test_a_sheet_shows_each_light_with_its_reason_and_source():
    filled("20", hope="70")
    page = sheet_page()
    assert "支出进度：时序进度 58.33%，支出进度 95%，不落后" in page
    assert "产出进度：时序进度 58.33%，产出完成 20%，落后 38.33 个百分点，超过 20 个百分点" in page
    assert "全年预计完成不到指标值的 80%：维修面积 70%" in page
    assert "相差 75 个百分点，超过 50 个百分点：钱花在前、产出在后" in page
    assert "财预〔2019〕136号，数值为推断" in page


def test_a_round_shows_the_worst_light_of_each_sheet_and_what_it_looked_at():
    filled("60")
    page = round_page()
    assert "绿灯" not in page, "35 points between money and output are yellow"
    assert "黄灯" in page
    assert "资金与产出背离" in page


def test_the_impossible_is_red():
    filled("90", likelihood=Likelihood.IMPOSSIBLE)
    assert "红灯" in round_page()


def test_a_stopped_subject_has_no_lights():
    filled("20")
    ReadingSheet.objects.update(handling=Handling.SUSPEND)
    assert "不再亮灯" in sheet_page()
    assert "红灯" not in round_page()


def test_a_round_held_under_rules_without_lights_shows_none():
    document = for_region("999999", YEAR).document()
    del document["sections"]["lights"]
    snapshot = PolicySnapshot.objects.get()
    PolicySnapshot.objects.filter(pk=snapshot.pk).update(document=document)
    assert "红黄绿灯" not in sheet_page()
    assert "黄灯" not in round_page()
