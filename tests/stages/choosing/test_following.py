"""Reports on transfers are asked for again and received by who is in charge; five years count a family once."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.api.callers import account
from tests.browsing import signed_in, text, title
from tests.factories import YEAR, actor
from tests.stages.choosing.year import KEY, evaluated, imported, subject

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.registers.organizations.accounts import actor_of
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.linking import join
from jixiao.registers.subjects.models import LinkKind
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.actions import Reminding
from jixiao.stages.evaluation.choosing.models import TransferReminder, TransferReport
from jixiao.stages.evaluation.choosing.reports.cycle import five_years
from jixiao.stages.evaluation.choosing.workflow import ReportState
from jixiao.stages.evaluation.models import Evaluation

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    imported()


def division(name="教科文股") -> Actor:
    grant = account(Role.FISCAL_DIVISION, division=name)
    return actor_of(grant.user, grant)


def department(code="101"):
    return signed_in(Role.DEPARTMENT, UnitYear.objects.get(code=code, year=YEAR).unit)


def remind(who, **more):
    return actions.remind(who, YEAR, YEAR, Reminding(**({"due_on": TOMORROW} | more)))


def test_a_division_asks_again_for_the_reports_of_its_own_subjects_only():
    assert remind(division()) == 1
    assert TransferReminder.objects.get().subject_year == subject("P2")
    assert remind(actor()) == 2
    assert remind(actor(), unit_path=subject("P3").unit_path) == 1


@pytest.mark.parametrize(
    ("who", "due", "refused"),
    [
        (Role.LEADER, TOMORROW, "由绩效股或归口股室催报"),
        (Role.DEPARTMENT, TOMORROW, "由绩效股或归口股室催报"),
        (Role.PERFORMANCE_OFFICE, timezone.localdate() - dt.timedelta(days=2), "不能早于今天"),
    ],
)
def test_who_may_not_or_sets_a_day_that_is_over_reminds_nobody(who, due, refused):
    with pytest.raises(Refused, match=refused):
        remind(actor(who, unit_path="101/"), due_on=due)
    assert not TransferReminder.objects.exists()


def test_a_reminder_stands_on_the_list_and_in_the_to_dos_until_the_report_is_sent():
    office, mine, other = signed_in(), department(), department("201")
    address = reverse("transfers-remind")
    said = {"due_on": TOMORROW.isoformat(), "unit_path": subject("P2").unit_path, "token": "a" * 32}
    assert office.post(address, said).status_code == 303
    assert office.post(address, said).status_code == 303
    assert TransferReminder.objects.count() == 1
    assert f"催报 1 次，限 {TOMORROW}" in text(office, reverse("transfers"))
    assert "报送评价报告" in text(mine, reverse("home"))
    assert "报送评价报告" not in text(other, reverse("home"))
    assert mine.post(address, said).status_code == 404
    made = actions.hand_in(actor(Role.DEPARTMENT, unit_path="101/"), subject("P2"), YEAR, "助学金评价报告")
    TransferReport.objects.filter(pk=made.pk).update(state=ReportState.SUBMITTED)
    assert "报送评价报告" not in text(mine, reverse("home"))
    assert "催报 1 次" not in text(office, reverse("transfers"))


@pytest.mark.parametrize("wrong", [{"due_on": ""}, {"due_on": "明天"}, {"unit_path": "999/"}])
def test_a_malformed_reminder_comes_back_with_its_place(wrong):
    answered = signed_in().post(reverse("transfers-remind"), {"due_on": TOMORROW.isoformat(), **wrong})
    assert answered.status_code == 422
    assert not TransferReminder.objects.exists()


def test_the_division_in_charge_signs_for_a_report_and_a_foreign_one_does_not_find_it():
    made = actions.hand_in(actor(Role.DEPARTMENT, unit_path="101/"), subject("P2"), YEAR, "助学金评价报告")
    TransferReport.objects.filter(pk=made.pk).update(state=ReportState.SUBMITTED)
    made.refresh_from_db()
    assert not TransferReport.objects.visible_to(division("农业农村股")).filter(pk=made.pk).exists()
    signed = moving.move(made, "sign", division(), version=made.version, effect=actions.after_report_step)
    assert (signed.state, signed.signed_on) == (ReportState.RECEIVED, timezone.localdate())


def test_transfers_go_out_as_excel_as_they_are_narrowed():
    address = reverse("transfers-table") + "?state=unsent"
    sheet = openpyxl.load_workbook(BytesIO(signed_in().get(address).content)).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["P2", "P3"]


def five(who=None):
    return five_years(who or actor(), YEAR, YEAR, 5)


def test_the_cycle_counts_by_number_and_by_money_and_says_what_is_missing():
    evaluated()
    found = five()
    assert (found.count, len(found.subjects)) == (1, 3)
    assert (found.funds_covered, found.funds) == (100_000_000, 650_000_000)
    assert [found.short_of(least) for least in (None, 0, 33, 34, 100)] == [0, 0, 0, 1, 2]
    office = signed_in()
    page = text(office, reverse("coverage-cycle"))
    assert "还要评 2 个" in page
    assert "请列入部门评价或财政评价" in page
    actions.choose(actor(), KEY, {subject("P2").pk: 0}, chosen=True, reason="群众关注")
    assert "已选定，请开展评价" in text(office, reverse("coverage-cycle"))


def test_a_merged_subject_and_what_took_it_in_are_one_family():
    evaluated()
    assert Evaluation.objects.get(number="BM1").subject_year == subject("P1")
    kind = {"kind": LinkKind.MERGE, "on": dt.date(YEAR, 6, 30), "reason": "合并实施", "doc_no": "甲财〔2022〕1号"}
    join(subject("P1"), subject("P2"), actor(), **kind)
    found = five()
    assert [one.code for one in found.subjects] == ["P2", "Z1"]
    assert [found.covered(one) for one in found.subjects] == [True, False]
    assert title(signed_in(), reverse("coverage-cycle")) == "2 个重点项目，1 个还没有评过"


def test_a_unit_is_offered_no_page_on_which_to_choose():
    school = signed_in(Role.UNIT, UnitYear.objects.get(code="101001", year=YEAR).unit)
    assert reverse("choosing-candidate", args=[subject("P2").pk]) not in text(school, reverse("coverage-cycle"))


@pytest.mark.parametrize("name", ["coverage-table", "transfers-table", "coverage-cycle-table"])
def test_tables_open_for_who_works_inside_and_for_nobody_else(name):
    assert signed_in().get(reverse(name)).status_code == 200
    assert signed_in(Role.AGENCY).get(reverse(name)).status_code == 404
