"""A unit's system fills its self-evaluation and files it by the page's own rules and words."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.api.callers import caller, told
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, stored, unit

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,50
2022,P2,效益指标,社会效益,不因贫失学,定性,,达成预期,,40
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额\n2022,P2,V2,2022-06-01,2500000\n"


@pytest.fixture(autouse=True)
def _opened():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    actions.open_sheets(actor(), YEAR, YEAR)


@pytest.fixture
def school():
    return caller(Role.UNIT, UnitYear.objects.get(code="101001").unit)


@pytest.fixture
def at():
    return f"self-evaluations/{SelfEvaluation.objects.get().pk}"


def said(sheet, **others):
    count, quality = sheet["scores"]
    return {
        "version": sheet["version"],
        "achieved": "按计划发放",
        "scores": [
            {"id": count["id"], "actual": "９００", "cause": "有学生转学"},
            {"id": quality["id"], "actual": "达成预期", "tier": 100},
        ],
        **others,
    }


def test_what_is_sent_is_scored_at_once_and_told_with_its_reasons(school, at):
    sheet = told(school.send("put", at, said(school.get(at))))
    assert (sheet["total"], sheet["grade"]["label"], sheet["version"]) == ("95", "优", 2)
    assert [(score["actual"], score["points"]) for score in sheet["scores"]] == [("900", "45"), ("达成预期", "40")]
    assert "900" in sheet["scores"][0]["because"]
    listed = school.get(f"self-evaluations?year={YEAR}")["rows"]
    assert [(row["code"], row["rate"], row["total"]) for row in listed] == [("P2", "100", "95")]


def test_what_stands_may_be_sent_back_and_changes_nothing(school, at):
    before = told(school.send("put", at, said(school.get(at))))
    after = told(school.send("put", at, {"version": before["version"], **before["filled"]}))
    assert (after["filled"], after["total"]) == (before["filled"], before["total"])


def test_what_cannot_be_read_names_indicator_and_column(school, at):
    sheet = school.get(at)
    wrong = said(sheet)
    wrong["scores"][0]["actual"] = "900余人"
    answer = told(school.send("put", at, wrong), 422)
    assert [(one["row"], one["column"]) for one in answer["problems"]] == [(1, "actual")]
    wrong["scores"][0] = {"id": 0, "actual": "1"}
    assert "不是这张表的指标" in str(told(school.send("put", at, wrong), 422))
    assert school.get(at)["version"] == 1


def test_points_above_the_rule_and_money_that_does_not_fit_are_refused(school, at):
    high = said(school.get(at))
    high["scores"][0] |= {"claimed": "46", "claim": "好"}
    assert "自报得分高于按规则计算的得分" in str(told(school.send("put", at, high), 422))
    money = said(school.get(at), carried_budget="10", carried_spent="11")
    assert "上年结转资金的执行数大于预算数" in str(told(school.send("put", at, money), 422))


def test_a_stale_version_is_refused_and_a_filed_sheet_no_longer_filled(school, at):
    sheet = school.get(at)
    told(school.send("put", at, said(sheet)))
    told(school.send("put", at, said(sheet)), 409)
    now = school.get(at)
    assert [move["code"] for move in now["moves"] if move["allowed"]] == ["submit"]
    moved = told(school.send("post", f"{at}/moves/submit", {"version": now["version"]}))
    assert (moved["state"]["code"], moved["fillable"]) == ("department_review", False)
    told(school.send("put", at, said(moved)), 409)
    told(school.send("post", f"{at}/moves/fly", {"version": 1}), 404)


def test_strangers_find_nothing(at):
    stranger = caller(Role.UNIT, unit("302").unit)
    stranger.get(at, 404)
    told(stranger.send("put", at, {"version": 1}), 404)
    told(stranger.send("post", f"{at}/moves/submit", {"version": 1}), 404)
    assert stranger.get(f"self-evaluations?year={YEAR}")["rows"] == []
