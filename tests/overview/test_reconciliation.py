"""支付与对账: four sources side by side, each disagreement named with its remedy, each number with its rows."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.overview.reconciliation import by_unit, monitored, reconcile, within
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Division, Grant, UnitYear, User
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.matching import match
from jixiao.registers.subjects.models import Hold, Payment, SubjectYear
from jixiao.registers.subjects.rules import REMEDIES, Conflict
from jixiao.stages.monitoring.models import Attention, ReadingSheet, Round
from jixiao.stages.monitoring.workflow import RoundState

pytestmark = pytest.mark.django_db
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额(元),单位编码
2022,P1,V1,2022-01-05,600000,101
2022,P1,V2,2022-06-05,600000,101
2022,P2,V3,2022-06-06,100,201
2022,没有,V4,2022-06-07,33.33,101001
"""
APPROPRIATIONS = """年度,项目编码,指标编号,指标金额,下达日期
2022,P1,A1,1000000,2022-01-10
2022,P2,A2,2400000,2022-01-10
2022,P8,A3,50000,2022-01-10
"""
TWIN = PROJECTS + "2022,P3,校舍维修项目,101,项目,,新增,0,0,0,\n"


@pytest.fixture(autouse=True)
def imported() -> None:
    stored({"units": UNITS, "projects": TWIN, "appropriations": APPROPRIATIONS, "payments": PAYMENTS}, REGISTERS)
    town = SubjectYear.objects.get(code="P1")
    Hold.objects.create(subject_year=town, region=town.region, kind="suspended", reason="核查", since=day("2022-06-01"))
    held = Round.objects.create(
        region=town.region,
        year=2022,
        no=1,
        cutoff=day("2022-07-31"),
        state=RoundState.OPEN,
        snapshot=snapshot_of(for_region(town.region, 2022)),
    )
    ReadingSheet.objects.create(
        region=town.region, year=2022, round=held, subject_year=town, attention=Attention.DAILY, budget=90_000_000
    )


def found() -> dict[Conflict, tuple[int, int]]:
    return {kind: counted for kind, counted in reconcile(actor(), 2022).counted().items() if counted[0]}


def test_every_kind_of_disagreement_is_found_with_its_sum():
    assert found() == {
        Conflict.UNMATCHED: (1, 3_333),
        Conflict.NOT_REGISTERED: (1, 5_000_000),
        Conflict.OTHER_UNIT: (1, 10_000),
        Conflict.OVERSPENT: (1, 20_000_000),
        Conflict.BUDGET_DIFFERS: (1, 10_000_000),
        Conflict.PAID_EARLY: (1, 120_000_000),
        Conflict.PAID_ON_HOLD: (1, 60_000_000),
        Conflict.MONITORING_DIFFERS: (1, 10_000_000),
        Conflict.TWO_CODES: (1, 0),
    }


def test_every_kind_has_a_remedy():
    assert set(REMEDIES) == set(Conflict)


def test_units_add_up_to_the_balance():
    held = reconcile(actor(), 2022)
    units = by_unit(held.rows, {})
    assert sum(unit.spent for unit in units) == held.balance.matched == 120_010_000
    assert held.balance.imported == 120_013_333
    assert [row.code for row in within(held.rows, "101/101001/")] == ["P2"]
    assert within(held.rows, "") == held.rows


def test_monitoring_speaks_of_the_newest_opened_round():
    assert monitored(actor(), 2022) == {SubjectYear.objects.get(code="P1").pk: 90_000_000}
    Round.objects.update(state=RoundState.DRAFT)
    assert monitored(actor(), 2022) == {}


def test_a_match_after_a_round_was_closed_changes_nothing_in_it():
    lost, project = Payment.objects.unmatched().get(), SubjectYear.objects.get(code="P1")
    Round.objects.update(state=RoundState.CLOSED, known_until=timezone.now())
    before = ReadingSheet.objects.with_spent().get().spent
    match(actor(), [lost.pk], project, "换过编码")
    assert ReadingSheet.objects.with_spent().get().spent == before == 120_000_000
    assert SubjectYear.objects.with_spent().get(code="P1").spent == 120_003_333
    Round.objects.update(known_until=None)
    assert ReadingSheet.objects.with_spent().get().spent == 120_003_333


def test_each_number_opens_its_rows():
    office = signed_in()
    page = text(office, reverse("money"))
    for kind in found():
        target = reverse("unmatched") if kind is Conflict.UNMATCHED else reverse("money-conflict", args=[kind.value])
        assert target in page, kind
        assert REMEDIES[kind] in page
        assert "没有这一类问题" not in text(office, target)
    assert "首笔支付 2022-01-05" in text(office, reverse("money-conflict", args=[Conflict.PAID_EARLY.value]))
    assert office.get(reverse("money-conflict", args=["nothing"])).status_code == 404


def test_subjects_stand_one_by_one_and_are_found():
    page = text(signed_in(), reverse("money-subjects") + "?unit=101/&q=助学")
    assert "助学金项目" in page
    assert "校舍维修" not in page
    assert "240.00" in page


def test_what_a_later_file_says_otherwise_is_listed():
    office = signed_in()
    content = PAYMENTS.replace("600000,101\n2022,P1,V2", "700000,101\n2022,P1,V2").encode()
    office.post(reverse("uploads"), {"file": SimpleUploadedFile("payments.csv", content)})
    assert Conflict.LATER_DIFFERS.label in text(office, reverse("money"))
    page = text(office, reverse("money-conflict", args=[Conflict.LATER_DIFFERS.value]))
    assert "600,000 元" in page
    assert "payments.csv" in page


def test_everybody_sees_his_own_money_alone():
    town = signed_in(Role.UNIT, UnitYear.objects.get(code="201").unit)
    page = text(town, reverse("money"))
    assert "甲县城关镇" in page
    assert "甲县教育局" not in page
    assert "校舍维修" not in text(town, reverse("money-subjects"))
    assert "校舍维修" not in text(town, reverse("money-conflict", args=[Conflict.OVERSPENT.value]))
    assert "甲县教育局" not in text(signed_in(code="888888"), reverse("money"))


def test_a_division_sees_its_units():
    user = User.objects.create_account("division", "股室", "Long-enough-1", must_change=False)
    Grant.objects.create(
        user=user, role=Role.FISCAL_DIVISION, region_id="999999", division=Division.objects.get(name="农业农村股")
    )
    rows = reconcile(actor(Role.FISCAL_DIVISION, division="农业农村股"), 2022).rows
    assert [row.code for row in rows] == ["Z1"]


def test_pages_cost_as_many_queries_for_many_subjects_as_for_few():
    office = signed_in()
    pages = [reverse("money"), reverse("money-subjects"), reverse("unmatched")]
    pages.append(reverse("money-conflict", args=[Conflict.BUDGET_DIFFERS.value]))
    for page in pages:
        text(office, page)
    before = [queries(office, page) for page in pages]
    more = "".join(f"2022,M{n},项目{n},201,项目,,新增,{n},0,0,\n" for n in range(30))
    lines = "".join(f"2022,M{n},W{n},2022-05-05,{n}00\n2022,无{n},U{n},2022-05-05,1\n" for n in range(30))
    payments = "年度,项目编码,凭证号,支付日期,金额(元)\n" + lines
    stored({"projects": PROJECTS + more, "payments": payments}, REGISTERS)
    assert [queries(office, page) for page in pages] == before


def queries(client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        text(client, page)
    return len(caught)
