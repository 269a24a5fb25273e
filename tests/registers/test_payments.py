"""支付: matched with a reason, claimed by a later project, corrected by a further line; nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, run_import, stored, undone

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit.models import AuditEntry
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.invariants import INVARIANTS
from jixiao.registers.subjects.matching import CLAIMED, match
from jixiao.registers.subjects.models import Appropriation, Payment, PaymentMatch, SubjectYear
from jixiao.registers.subjects.money import balance_of, money_of

pytestmark = pytest.mark.django_db
BASE = {"units": UNITS, "projects": PROJECTS}
HEAD = "年度,项目编码,凭证号,支付日期,金额(元),更正凭证,项目名称,单位编码\n"
PAYMENTS = f"""{HEAD}2022,P1,V1,2022-03-01,1000.50,,,101
2022,旧1,V2,2022-04-01,20,,助学金项目,101001
2022,P9,V3,2022-05-02,7,,,201
"""


@pytest.fixture
def imported() -> None:
    stored({**BASE, "payments": PAYMENTS}, REGISTERS)


def voucher(number: str) -> Payment:
    return Payment.objects.get(voucher=number)


def project(code: str) -> SubjectYear:
    return SubjectYear.objects.get(code=code)


def violations() -> list[str]:
    return [sentence for invariant in INVARIANTS for sentence in invariant.check()]


def test_a_match_gives_the_payment_to_the_project_and_says_who_and_why(imported):
    assert match(actor(), [voucher("V2").pk], project("P2"), "项目更换过编码") == 1
    matched = PaymentMatch.objects.get()
    assert voucher("V2").subject_year == project("P2")
    assert (matched.reason, matched.actor) == ("项目更换过编码", "绩效股")
    assert voucher("V2").code == "旧1"
    assert AuditEntry.objects.filter(act="payments.match", object="payment:2022:V2:1").exists()
    assert violations() == []


def test_the_same_file_after_a_match_changes_nothing(imported):
    match(actor(), [voucher("V2").pk], project("P2"), "项目更换过编码")
    outcome = run_import({"payments": PAYMENTS}, REGISTERS)
    assert outcome.counts["payments"] == {"new": 0, "changed": 0, "same": 3}
    assert voucher("V2").subject_year == project("P2")


def test_what_was_known_when_a_round_was_frozen_stays_so_after_a_match(imported):
    frozen = timezone.now()
    match(actor(), [voucher("V2").pk], project("P2"), "项目更换过编码")
    assert not project("P2").payments.up_to(dt.date(2022, 12, 31), frozen).exists()
    assert project("P2").payments.up_to(dt.date(2022, 12, 31)).exists()
    assert PaymentMatch.objects.get().recorded_at < frozen


@pytest.mark.parametrize(
    ("who", "reason", "because"),
    [
        (actor(), " ", "写明"),
        (actor(Role.LEADER), "理由", "只有绩效股和业务股室"),
        (actor(Role.UNIT, unit_path="101/"), "理由", "只有绩效股和业务股室"),
        (actor(Role.FISCAL_DIVISION, division="农业农村股"), "理由", "不在您的范围"),
    ],
)
def test_a_match_is_refused_with_its_reason_and_leaves_nothing(imported, who, reason, because):
    with pytest.raises(Refused, match=because):
        match(who, [voucher("V2").pk], project("P2"), reason)
    assert voucher("V2").subject_year is None
    assert not PaymentMatch.objects.exists()


def test_a_division_matches_the_payments_of_its_units_to_its_projects_alone(imported):
    division = actor(Role.FISCAL_DIVISION, division="教科文股")
    with pytest.raises(Refused, match="不在您的范围"):
        match(division, [voucher("V2").pk], project("Z1"), "理由")
    assert match(division, [voucher("V2").pk], project("P2"), "换过编码") == 1


def test_what_somebody_matched_already_is_not_moved(imported):
    match(actor(), [voucher("V2").pk], project("P2"), "先到")
    with pytest.raises(Refused, match="已由他人对上"):
        match(actor(), [voucher("V2").pk, voucher("V3").pk], project("P1"), "后到")
    assert voucher("V3").subject_year is None


def test_a_payment_of_another_year_is_refused(imported):
    stored({"projects": PROJECTS.replace("2022,P1", "2023,P7")}, REGISTERS, year=2023)
    with pytest.raises(Refused, match="2023 年度"):
        match(actor(), [voucher("V2").pk], project("P7"), "理由")


def test_a_project_that_comes_later_picks_up_its_payments_and_says_so(imported):
    stored({"projects": PROJECTS + "2022,P9,新到项目,201,项目,,新增,50,0,0,\n"}, REGISTERS)
    assert voucher("V3").subject_year == project("P9")
    assert PaymentMatch.objects.get().reason == CLAIMED
    assert violations() == []


def test_a_correction_stands_beside_what_it_corrects(imported):
    stored({"payments": HEAD + "2022,P1,V8,2022-06-01,-1000.50,V1,,101\n"}, REGISTERS)
    assert voucher("V8").corrects == voucher("V1")
    page = text(signed_in(), reverse("subject-payments", args=[project("P1").pk]))
    assert "已由凭证 V8" in page
    assert "更正凭证 V1" in page
    assert "其中更正 1 笔" in text(signed_in(Role.LEADER), reverse("subject", args=[project("P1").pk]))


def test_a_correction_that_comes_before_its_voucher_is_told_and_linked_later():
    lines = PAYMENTS.splitlines(keepends=True)
    early = stored({**BASE, "payments": HEAD + "2022,P1,V8,2022-06-01,-1000.50,V1,,101\n"}, REGISTERS)
    assert "原凭证还没有入库" in early.gaps[0].message
    stored({"payments": "".join(lines[:2])}, REGISTERS)
    assert voucher("V8").corrects == voucher("V1")


def test_a_changed_voucher_is_refused_with_what_is_stored_and_the_remedy(imported):
    outcome = run_import({"payments": PAYMENTS.replace("1000.50", "2000")}, REGISTERS)
    [(_, problem)] = outcome.problems
    assert "1,000.5 元" in problem.message
    assert "更正凭证" in problem.message
    assert (problem.row, problem.column) == (2, "凭证号")


def test_appropriations_are_kept_once_and_wait_for_their_project():
    lines = "年度,项目编码,指标编号,指标金额,下达日期\n2022,P1,A1,1000000,2022-01-10\n2022,P9,A2,500000,2022-02-01\n"
    first = stored({**BASE, "appropriations": lines}, REGISTERS)
    again = run_import({"appropriations": lines}, REGISTERS)
    assert [(gap.table, gap.rows) for gap in first.gaps] == [("appropriations", (3,))]
    assert again.counts["appropriations"]["same"] == 2
    changed = run_import({"appropriations": lines.replace("1000000", "1")}, REGISTERS)
    assert "不能改写" in changed.problems[0][1].message
    stored({"projects": PROJECTS + "2022,P9,新到项目,201,项目,,新增,50,0,0,\n"}, REGISTERS)
    assert Appropriation.objects.get(number="A2").subject_year == project("P9")


LINE = st.tuples(st.sampled_from(["P1", "P2", "Z1", "X1", "X2"]), st.integers(-(10**9), 10**9))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, max_size=12), later=st.booleans())
def test_what_is_matched_and_what_is_not_is_everything_to_the_fen(lines, later):
    with undone():
        rows = [f"2022,{code},V{n},2022-05-01,{fen / 100:.2f}" for n, (code, fen) in enumerate(lines)]
        stored({**BASE, "payments": "\n".join(["年度,项目编码,凭证号,支付日期,金额(元)", *rows])}, REGISTERS)
        if later:
            stored({"projects": PROJECTS + "2022,X1,后到,101,项目,,新增,1,0,0,\n"}, REGISTERS)
        lost = Payment.objects.filter(code="X2").first()
        if lost:
            match(actor(), [lost.pk], project("P1"), "核对凭证")
        balance = balance_of(actor(), 2022)
        assert balance.imported == sum(fen for _, fen in lines)
        assert sum(row.spent for row in money_of(actor(), 2022, {})) == balance.matched
        assert (Payment.objects.aggregate(sum=Sum("fen"))["sum"] or 0) == balance.imported
        assert violations() == []


def post(client, **data):
    return client.post(reverse("payments-match"), {"reason": "换过编码", **data})


def test_the_office_matches_on_the_page_and_a_suggestion_helps(imported):
    office = signed_in()
    page = text(office, reverse("unmatched"))
    assert f'id="subject-{project("P2").pk}"' in page
    assert "P9" in page
    answer = post(office, payments=[voucher("V2").pk], subject=project("P2").pk)
    assert answer.status_code == 303
    assert voucher("V2").subject_year == project("P2")
    assert ">V2<" not in text(office, reverse("unmatched"))


def test_what_cannot_be_matched_comes_back_as_it_was_typed(imported):
    page = post(signed_in(), payments=[voucher("V2").pk], subject="", reason="我的原因")
    assert page.status_code == 422
    body = page.content.decode()
    assert 'value="我的原因"' in body
    assert f'value="{voucher("V2").pk}" aria-label="选凭证 V2 第 1 行" checked' in body
    assert "请选择一个项目" in body


def test_everybody_reads_the_unmatched_payments_of_his_own_units_alone(imported):
    school = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    town = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="201").unit)
    assert "V2" in text(school, reverse("unmatched"))
    assert ">V3<" not in text(school, reverse("unmatched"))
    assert "V3" in text(town, reverse("unmatched"))
    assert 'name="payments"' not in text(town, reverse("unmatched"))
    assert post(town, payments=[voucher("V3").pk], subject=project("Z1").pk).status_code == 404
    other = signed_in(code="888888")
    assert ">V3<" not in text(other, reverse("unmatched"))
    assert post(other, payments=[voucher("V3").pk], subject=project("Z1").pk).status_code == 422
    assert other.get(reverse("subject-payments", args=[project("P1").pk])).status_code == 404
    assert town.get(reverse("subject-payments", args=[project("P1").pk])).status_code == 404


def test_the_same_form_twice_is_one_match(imported):
    office = signed_in()
    for _ in range(2):
        post(office, payments=[voucher("V2").pk], subject=project("P2").pk, token="t1")
    assert PaymentMatch.objects.count() == 1
