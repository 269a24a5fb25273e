"""线上自评: the office opens a year, a unit fills and is scored at once, the result goes down to next year."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.grades import Grade
from jixiao.kit import moving
from jixiao.kit.acting import Stale
from jixiao.registers.indicators.models import Observation
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Outcome, SubjectYear
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.self_evaluation.models import Exemption, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.rules import Filled, Said
from jixiao.stages.evaluation.self_evaluation.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,,效益指标,社会效益,办学条件改善,定性,,达成预期,,40
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,90
2022,101,部门整体,产出指标,数量指标,办学学校数,定量,=,12,所,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,900000
2022,P2,V2,2022-06-01,2500000
"""


@pytest.fixture(autouse=True)
def opened():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    assert actions.open_sheets(actor(), YEAR, YEAR) == 3


def sheet(code="P1"):
    return SelfEvaluation.objects.get(subject_year__code=code)


def filler():
    return actor(Role.DEPARTMENT, unit_path="101/")


def said(area="80", tier="100", **own):
    count, quality = sheet().scores.order_by("position")
    return {count.pk: Said(area, None, "阴雨", **own), quality.pk: Said("达成预期", Decimal(tier), "")}


def fill(scores=None, who=None, **whole):
    found = sheet()
    filled = Filled(scores or said(), **whole)
    return actions.fill(found, who or filler(), version=found.version, filled=filled)


def test_a_sheet_begins_with_the_approved_indicators_and_the_payments_of_the_year():
    begun = sheet()
    assert (begun.budget, begun.spent) == (100_0000_00, 90_0000_00)
    assert [score.line.name for score in begun.scores.order_by("position")] == ["维修面积", "办学条件改善"]
    assert (begun.state, begun.execution_points, begun.total) == (State.DRAFT, Decimal(9), None)
    assert sheet("101").spent == 340_0000_00, "a department spends what its projects spend"
    with pytest.raises(Refused, match="没有要布置自评的对象"):
        actions.open_sheets(actor(), YEAR, YEAR)


def test_what_is_filled_is_scored_at_once_with_its_reason():
    filled = fill()
    count, quality = filled.scores.order_by("position")
    assert (filled.execution_points, count.points, quality.points) == (Decimal(9), Decimal(40), Decimal(40))
    assert (filled.total, filled.grade) == (Decimal(89), Grade.GOOD)
    assert "80" in count.because


def test_lower_points_of_its_own_need_a_reason_and_higher_ones_are_refused():
    filled = fill(said(claimed=Decimal("35.5"), claim="有两间没有验收"))
    count = filled.scores.get(line__name="维修面积")
    assert count.points == Decimal("35.5")
    assert "单位自报35.5分：有两间没有验收" in count.because
    assert filled.total == Decimal("84.5")
    with pytest.raises(Refused, match=r"自报得分高于按规则计算的得分.*维修面积"):
        fill(said(claimed=Decimal("40.01"), claim="好"))
    assert sheet().total == Decimal("84.5")
    fill(said(claimed=Decimal(30)))
    assert "自报低于规则得分的要写理由：维修面积" in str(moving.decide(sheet(), "submit_directly", filler()).reasons)


def test_a_concluded_sheet_recomputes_and_is_known_to_next_year():
    fill()
    for code, who in (("submit_directly", filler()), ("conclude", actor())):
        found = sheet()
        moving.move(found, code, who, version=found.version, effect=actions.after_step)
    assert sheet().state == State.CONCLUDED
    outcome = Outcome.objects.get(subject_year__code="P1")
    assert (outcome.total, outcome.grade) == (Decimal(89), Grade.GOOD.value)
    assert {seen.actual for seen in Observation.objects.filter(subject_year__code="P1")} == {"80", "达成预期"}
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []
    with pytest.raises(Refused, match="已经报送"):
        fill()


def test_only_who_files_fills_and_whoever_saves_second_does_not_overwrite():
    with pytest.raises(Refused, match="由项目单位填报"):
        fill(who=actor())
    before = sheet()
    fill()
    with pytest.raises(Stale):
        actions.fill(before, filler(), version=before.version, filled=Filled({}))


def test_an_exemption_has_its_reason_and_takes_a_blank_sheet_with_it():
    subject = SubjectYear.objects.get(code="P1")
    with pytest.raises(Refused, match="请填写免评的理由"):
        actions.exempt(actor(), subject, YEAR, " ")
    with pytest.raises(Refused, match="由财政绩效股核定"):
        actions.exempt(filler(), subject, YEAR, "好")
    actions.exempt(actor(), subject, YEAR, "财政重点评价")
    assert not SelfEvaluation.objects.filter(subject_year=subject).exists()
    assert Exemption.objects.get().reason == "财政重点评价"


def test_coverage_adds_up_and_says_who_has_not_begun():
    stored({"projects": PROJECTS + "2022,P9,没有目标的项目,201,项目,一般性项目,延续,10,0,9,好\n"}, REGISTERS)
    page = text(signed_in(), reverse("self-evaluation-coverage"))
    assert "应评 5 个，2 个还没有开展" in page, "P1, P2, the department; Z1 and P9 have no target"
    assert "没有批复的绩效目标，批复或补录后可以布置" in page
    assert "没有目标的项目" in page


def test_the_browser_keeps_what_could_not_be_saved():
    client, found = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit), sheet()
    count, quality = found.scores.order_by("position")
    form = {
        f"actual-{count.pk}": "８０",
        f"cause-{count.pk}": "阴雨",
        f"claimed-{count.pk}": "51",
        f"actual-{quality.pk}": "达成预期",
        f"tier-{quality.pk}": "120",
        "version": found.version,
        "token": "a" * 32,
    }
    address = reverse("self-evaluation-fill", args=[found.pk])
    wrong = client.post(address, form)
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "得分应在 0 到 50 之间" in page
    assert "完成度应在 0 到 100 之间" in page
    assert 'value="８０"' in page
    right = form | {f"claimed-{count.pk}": "", f"tier-{quality.pk}": "100", "token": "b" * 32}
    assert client.post(address, right).status_code == 303
    assert sheet().total == Decimal(89)
    late = client.post(address, right | {f"actual-{count.pk}": "70", "token": "c" * 32})
    assert late.status_code == 409
    assert "<td>80</td><td>70</td>" in late.content.decode()


def test_strangers_find_nothing():
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert stranger.get(reverse("self-evaluation", args=[sheet().pk])).status_code == 404
    assert stranger.post(reverse("self-evaluation-fill", args=[sheet().pk])).status_code == 404
    assert "没有应评的对象" in text(stranger, reverse("self-evaluation-coverage"))


def test_the_office_opens_a_year_and_exempts_in_the_browser():
    SelfEvaluation.objects.all().delete()
    client = signed_in()
    page = text(client, reverse("self-evaluation-coverage"))
    assert "布置自评（3 个）" in page
    form = {"object_year": YEAR, "token": "a" * 32}
    for _ in range(2):
        client.post(reverse("self-evaluations-open"), form)
    assert SelfEvaluation.objects.count() == 3
    subject = SubjectYear.objects.get(code="P2")
    address = reverse("self-evaluation-exempt", args=[subject.pk])
    assert client.post(address, {"reason": "", "token": "b" * 32}).status_code == 422
    client.post(address, {"reason": "资金收回", "token": "c" * 32})
    assert "“助学金项目”免评" in text(client, reverse("self-evaluation-coverage"))
