"""上年结转 begins with what last year's row leaves, says where that comes from, and is corrected with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import REGISTERS, UNITS, YEAR, actor, stored

from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Hold, HoldKind, Payment, SubjectYear
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.rules import Filled, Funds, Leftover, carried_over
from jixiao.stages.evaluation.self_evaluation.workflow import State
from jixiao.stages.monitoring.models import Recovery
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
LAST, WAN = YEAR - 1, 10_000_00
PROJECTS = """年度,项目编码,项目名称,单位编码,对象类型,项目类别,项目性质,年初预算,追加调整
2021,P1,校舍维修项目,101,项目,一般性项目,延续,80,20
2022,P1,校舍维修项目,101,项目,一般性项目,延续,100,0
2022,P2,助学金项目,101001,项目,一般性项目,新增,200,0
"""
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2021,P1,V0,2021-05-01,600000
2022,P1,V1,2022-05-01,900000
"""


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    units = UNITS
    for year in (LAST, YEAR):
        stored({"units": units}, REGISTERS, year=year)
    stored({"projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}, (*REGISTERS, *TARGETS))


def last_year():
    return SubjectYear.objects.get(code="P1", year=LAST)


def opened(code="P1"):
    actions.open_sheets(actor(), YEAR, YEAR)
    return SelfEvaluation.objects.get(subject_year__code=code, year=YEAR)


def test_what_was_not_spent_is_carried_over_with_its_source():
    sheet = opened()
    assert (sheet.carried_budget, sheet.carried_known, sheet.budget) == (40 * WAN, 40 * WAN, 140 * WAN)
    assert sheet.carried_source == "2021 年项目库和国库支付：全年预算 100 万元，支付 60 万元；结转 40 万元"


def test_a_new_subject_carries_nothing_over():
    sheet = opened("P2")
    assert (sheet.carried_budget, sheet.carried_known, sheet.carried_source) == (0, None, "")


def test_what_was_taken_back_is_not_carried_over():
    place = {"region": sheet_region(), "year": LAST, "subject_year": last_year()}
    Recovery.objects.create(**place, fen=15 * WAN, reason="收回存量", on=dt.date(2021, 12, 20))
    sheet = opened()
    assert sheet.carried_budget == 25 * WAN
    assert "已收回 15 万元" in sheet.carried_source


def sheet_region():
    return last_year().region


def test_what_was_stopped_carries_nothing_over_until_the_stop_is_lifted():
    hold = Hold.objects.create(
        region=sheet_region(),
        subject_year=last_year(),
        kind=HoldKind.STOPPED,
        reason="停止实施",
        since=dt.date(2021, 10, 1),
    )
    sheet = opened()
    assert (sheet.carried_budget, sheet.carried_known) == (0, 0)
    assert "2021-10-01 起停止实施，不结转" in sheet.carried_source
    sheet.delete()
    hold.released_on = dt.date(2021, 12, 1)
    hold.save()
    assert opened().carried_budget == 40 * WAN


def test_last_year_s_own_sheet_goes_before_the_registers():
    before = opened()
    values = {"budget": 130 * WAN, "spent": 70 * WAN, "other_budget": 20 * WAN, "other_spent": 10 * WAN}
    SelfEvaluation.objects.filter(pk=before.pk).update(
        subject_year=last_year(), year=LAST, state=State.CONCLUDED, **values
    )
    sheet = opened()
    assert sheet.carried_budget == 50 * WAN
    assert sheet.carried_source.startswith("2021 年自评表：全年预算 110 万元，支付 60 万元")


def test_where_nobody_knows_what_was_spent_nothing_is_begun_with():
    Payment.objects.filter(year=LAST).delete()
    sheet = opened()
    assert (sheet.carried_budget, sheet.carried_known) == (0, None)
    assert "请按决算填写" in sheet.carried_source


@pytest.mark.parametrize(
    ("last", "left"),
    [(Leftover(100, 60, 0, False), 40), (Leftover(100, 120, 0, False), 0), (Leftover(100, 60, 10, True), 0)],
)
def test_never_less_than_nothing(last, left):
    assert carried_over(last) == left


def test_a_correction_needs_its_reason():
    sheet, filler = opened(), actor(Role.DEPARTMENT, unit_path="101/")
    filled = actions.fill(sheet, filler, version=sheet.version, filled=Filled({}, funds=Funds(carried_budget=10 * WAN)))
    code = moving.offers(filled, filler)[0][0].code
    asked = "；".join(moving.decide(filled, code, filler).reasons)
    assert "与按上年数据算得的 40 万元不同，请填写更正结转的理由" in asked
    said = Filled({}, funds=Funds(carried_budget=10 * WAN), carried_reason="年底已注销指标 30 万元")
    filled = actions.fill(filled, filler, version=filled.version, filled=said)
    assert "更正结转" not in "；".join(moving.decide(filled, code, filler).reasons)


def test_the_page_says_where_it_comes_from():
    sheet = opened()
    client = signed_in(Role.DEPARTMENT, unit=UnitYear.objects.get(code="101", year=YEAR).unit)
    page = text(client, reverse("self-evaluation", args=[sheet.pk]))
    assert all(words in page for words in ("2021 年项目库和国库支付", "更正上年结转的理由"))
