"""A match is taken back with a reason, by whoever may match, as long as no frozen round counts it; to-dos follow."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, day, run_import, stored

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.models import AuditEntry
from jixiao.overview.match_views import frozen_rounds
from jixiao.overview.todo import unmatched
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.invariants import INVARIANTS
from jixiao.registers.subjects.matching import CLAIMED, match, take_back
from jixiao.registers.subjects.models import Payment, PaymentMatch, Subject, SubjectYear
from jixiao.stages.monitoring.models import Attention, ReadingSheet, Round
from jixiao.stages.monitoring.workflow import RoundState

pytestmark = pytest.mark.django_db
HEAD = "年度,项目编码,凭证号,支付日期,金额(元),单位编码\n"
PAYMENTS = f"{HEAD}2022,P1,V1,2022-03-01,1000,101\n2022,旧2,V2,2022-04-01,20000,101001\n"


@pytest.fixture(autouse=True)
def matched() -> None:
    stored({"units": UNITS, "projects": PROJECTS, "payments": PAYMENTS}, REGISTERS)
    match(actor(), [voucher("V2").pk], project(), "换过编码")


def voucher(number: str) -> Payment:
    return Payment.objects.get(voucher=number)


def project(code: str = "P2") -> SubjectYear:
    return SubjectYear.objects.get(code=code)


def undo(reason: str = "对错了项目", who=None) -> PaymentMatch:
    return take_back(who or actor(), PaymentMatch.objects.in_force().get().pk, reason, frozen_rounds)


def held_round(subject: SubjectYear, cutoff: str = "2022-07-31") -> ReadingSheet:
    place = {"region": subject.region, "year": 2022}
    snapshot = snapshot_of(for_region(subject.region, 2022))
    held = Round.objects.create(**place, no=3, cutoff=day(cutoff), state=RoundState.OPEN, snapshot=snapshot)
    return ReadingSheet.objects.create(**place, round=held, subject_year=subject, attention=Attention.DAILY, budget=1)


def freeze() -> None:
    Round.objects.update(state=RoundState.CLOSED, known_until=timezone.now())


def spent() -> int:
    return ReadingSheet.objects.with_spent().get().spent


def violations() -> list[str]:
    return [sentence for invariant in INVARIANTS for sentence in invariant.check()]


def test_the_payment_is_unmatched_again_and_the_match_stays_as_history():
    first = PaymentMatch.objects.get().recorded_at
    held = undo()
    assert (voucher("V2").subject_year, voucher("V2").recorded_at) == (None, first)
    assert (held.withdrawn_actor, held.withdrawn_reason, held.reason) == ("绩效股", "对错了项目", "换过编码")
    assert AuditEntry.objects.filter(act="payments.take_back", object="payment:2022:V2:1").exists()
    assert violations() == []


def test_it_can_be_matched_again_and_the_same_file_still_changes_nothing():
    undo()
    assert match(actor(), [voucher("V2").pk], project("P1"), "核对凭证") == 1
    assert [row.subject_year.code for row in PaymentMatch.objects.order_by("pk")] == ["P2", "P1"]
    assert run_import({"payments": PAYMENTS}, REGISTERS).counts["payments"]["same"] == 2
    assert voucher("V2").subject_year == project("P1")
    assert violations() == []


def test_what_a_later_project_claimed_can_be_taken_back_too():
    stored({"payments": f"{HEAD}2022,P9,V9,2022-05-01,1,101\n"}, REGISTERS)
    stored({"projects": PROJECTS + "2022,P9,新到项目,201,项目,,新增,50,0,0,\n"}, REGISTERS)
    take_back(actor(), PaymentMatch.objects.get(reason=CLAIMED).pk, "编码重复", frozen_rounds)
    assert voucher("V9").subject_year is None
    assert violations() == []


@pytest.mark.parametrize(("who", "reason", "because"), [(None, " ", "写明"), (Role.LEADER, "理由", "只有绩效股")])
def test_it_is_refused_with_its_reason_and_leaves_nothing(who, reason, because):
    with pytest.raises(Refused, match=because):
        undo(reason, who and actor(who))
    assert voucher("V2").subject_year == project()


def test_nobody_takes_the_same_match_back_twice():
    key = undo().pk
    with pytest.raises(Refused, match="已经撤回"):
        take_back(actor(), key, "再来", frozen_rounds)


def test_a_round_that_is_open_loses_the_payment():
    held_round(project())
    assert spent() == 2_000_000
    undo()
    assert spent() == 0


def test_a_round_that_froze_the_payment_keeps_it_and_the_match_stays():
    held_round(project())
    freeze()
    with pytest.raises(Refused, match="第 3 轮监控已按这次对账冻结数据"):
        undo()
    assert spent() == 2_000_000


def test_the_frozen_round_of_a_whole_department_keeps_it_too():
    top = UnitYear.objects.get(code="101")
    kind = SubjectKind.DEPARTMENT_OVERALL
    overall = SubjectYear.objects.create(
        subject=Subject.objects.create(region=top.region, kind=kind),
        region=top.region,
        year=2022,
        code="101",
        name="部门整体",
        kind=kind,
        unit=top.unit,
        unit_name=top.name,
        unit_path=top.path,
        in_total=False,
    )
    held_round(overall)
    freeze()
    with pytest.raises(Refused, match="冻结"):
        undo()


@pytest.mark.parametrize("matched_late", [True, False])
def test_a_frozen_round_that_never_counted_the_payment_hinders_nobody(matched_late):
    if matched_late:
        undo()
        held_round(project())
        freeze()
        match(actor(), [voucher("V2").pk], project(), "换过编码")
    else:
        held_round(project(), cutoff="2022-03-31")
        freeze()
    assert spent() == 0
    undo()
    assert spent() == 0


def test_on_the_page_the_office_takes_it_back_and_sees_the_history():
    office, key = signed_in(), PaymentMatch.objects.get().pk
    assert reverse("payment-match", args=[key]) in text(office, reverse("subject-payments", args=[project().pk]))
    assert "换过编码" in text(office, reverse("payment-match", args=[key]))
    refused = office.post(reverse("payment-unmatch", args=[key]), {"reason": ""})
    assert (refused.status_code, "请写明撤回的原因" in refused.content.decode()) == (422, True)
    answer = office.post(reverse("payment-unmatch", args=[key]), {"reason": "对错了项目", "token": "t1"})
    assert answer.status_code == 303
    page = text(office, reverse("unmatched"))
    assert "曾对到“助学金项目”" in page
    assert "撤回：对错了项目" in page
    assert "撤回对账" not in text(office, reverse("payment-match", args=[key]))


def test_a_frozen_match_comes_back_with_what_was_typed():
    held_round(project())
    freeze()
    page = signed_in().post(reverse("payment-unmatch", args=[PaymentMatch.objects.get().pk]), {"reason": "我的原因"})
    assert page.status_code == 422
    assert 'value="我的原因"' in page.content.decode()


def test_readers_see_no_door_and_strangers_find_none():
    key = PaymentMatch.objects.get().pk
    leader = signed_in(Role.LEADER)
    assert reverse("payment-match", args=[key]) not in text(leader, reverse("subject-payments", args=[project().pk]))
    for client in (leader, signed_in(code="888888")):
        assert client.get(reverse("payment-match", args=[key])).status_code == 404
        assert client.post(reverse("payment-unmatch", args=[key]), {"reason": "理由"}).status_code == 404
    assert voucher("V2").subject_year == project()


def test_unmatched_payments_are_a_to_do_of_whoever_may_match_and_none_when_there_are_none():
    office = signed_in()
    assert unmatched(actor(), 2022) == []
    assert "没有对上项目" not in text(office, reverse("home"))
    undo()
    [line] = unmatched(actor(), 2022)
    assert (line.name, line.unit) == ("1 笔支付没有对上项目", "合计 2 万元")
    page = text(office, reverse("home"))
    assert "1 笔支付没有对上项目" in page
    assert reverse("unmatched") in page
    assert unmatched(actor(), 2021) == []
    assert unmatched(actor(Role.LEADER), 2022) == []
    assert unmatched(actor(Role.FISCAL_DIVISION, division="农业农村股"), 2022) == []
    assert len(unmatched(actor(Role.FISCAL_DIVISION, division="教科文股"), 2022)) == 1
