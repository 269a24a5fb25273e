"""批量办理: one step for many sheets, all of them or none, and each reason with its sheet."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.kit.models import Transition
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.models import Reading, ReadingSheet, Round
from jixiao.stages.monitoring.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,90
"""


@pytest.fixture(autouse=True)
def filled():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)
    Reading.objects.update(actual="70", expected="100", likelihood=Likelihood.CERTAIN)
    ReadingSheet.objects.update(causes="其他：招标推迟", state=State.FISCAL_REVIEW)


def sheets():
    return list(ReadingSheet.objects.order_by("pk"))


def address():
    return reverse("round-batch", args=[Round.objects.get().pk])


def take(client, chosen, token="a", **said):
    form = {"sheet": [sheet.pk for sheet in chosen], "token": token * 32, "move": "conclude", **said}
    return client.post(address(), form | {f"version-{sheet.pk}": sheet.version for sheet in chosen})


def states():
    return [sheet.state for sheet in sheets()]


def test_finance_concludes_what_it_ticked_with_one_advice():
    client = signed_in()
    assert "2 份监控表等您办理" in text(client, address())
    assert take(client, sheets(), advice="进度正常，继续执行").status_code == 303
    assert states() == [State.CONCLUDED] * 2
    assert {sheet.advice for sheet in sheets()} == {"进度正常，继续执行"}
    assert "没有等您办理的监控表" in text(client, address())


def test_own_advice_is_not_overwritten():
    ReadingSheet.objects.filter(subject_year__code="P1").update(advice="抓紧招标")
    take(signed_in(), sheets(), advice="继续执行")
    assert ReadingSheet.objects.get(subject_year__code="P1").advice == "抓紧招标"


def test_one_that_cannot_go_stops_all_and_is_named():
    Reading.objects.filter(sheet__subject_year__code="P2").update(actual="")
    answer = take(signed_in(), sheets(), advice="继续执行")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "助学金项目：还有指标没有填写执行情况：资助人数" in page
    assert "校舍维修项目：" not in page
    assert 'value="继续执行"' in page, "what was typed is still there"
    assert states() == [State.FISCAL_REVIEW] * 2
    assert {sheet.advice for sheet in sheets()} == {""}


def test_ten_clicks_are_one_act_and_a_stale_sheet_stops_all():
    client, before = signed_in(), sheets()
    for _ in range(3):
        take(client, before, advice="继续执行")
    assert Transition.objects.filter(move="conclude").count() == 2
    ReadingSheet.objects.update(state=State.FISCAL_REVIEW)
    answer = take(client, before, token="b", advice="继续执行")
    assert answer.status_code == 422
    assert "已先一步办理其中一份" in answer.content.decode()


def test_a_return_of_many_needs_its_reason():
    client = signed_in()
    assert take(client, sheets(), move="return").status_code == 422
    take(client, sheets(), token="b", move="return", note="请补充佐证")
    assert states() == [State.DRAFT] * 2


def test_a_department_forwards_only_its_own_and_nothing_ticked_is_said():
    ReadingSheet.objects.update(state=State.DEPARTMENT_REVIEW)
    department = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)
    assert "请先勾选要办理的" in take(department, []).content.decode()
    take(department, sheets(), token="b", move="forward")
    assert states() == [State.FISCAL_REVIEW] * 2
    ReadingSheet.objects.update(state=State.DEPARTMENT_REVIEW)
    stranger = signed_in(Role.DEPARTMENT, unit("302").unit)
    assert take(stranger, sheets(), token="c", move="forward").status_code == 422
    assert states() == [State.DEPARTMENT_REVIEW] * 2


@pytest.mark.parametrize("move", ["record", "reopen", "", "nonsense"])
def test_only_moves_of_the_role_are_taken(move):
    assert take(signed_in(), sheets(), move=move).status_code == 422
    assert states() == [State.FISCAL_REVIEW] * 2
