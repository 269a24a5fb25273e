"""An agency is replaced: the record stays, only a running engagement opens data, one agency works at a time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.stages.evaluation.online import CODE, county, fresh, office, opened, person, plan, seated, take, write
from tests.stages.evaluation.test_engagement import browser

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit import attachments
from jixiao.kit.acting import acting
from jixiao.registers.institutions import actions as institutions
from jixiao.registers.institutions.models import Agency, Appraiser, Engagement, EngagementSubject, Standing
from jixiao.registers.organizations.models import User
from jixiao.stages.evaluation.actions import entrusting
from jixiao.stages.evaluation.models import Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


def agency(name):
    """An agency that may be chosen."""
    facts = {"credit_code": CODE, "platform_number": "XY1", "checked_on": timezone.localdate()}
    made = Agency.objects.create(region="999999", year=2023, name=name, **facts)
    years = {"working_years": 9, "evaluating_years": 6}
    Appraiser.objects.create(agency=made, name="主评", qualification="注册会计师", **years)
    with acting(office(), "attachment.attach") as act:
        attachments.attach(made, act, "名单.pdf", b"%PDF-1.4 list")
    return made


def entrust(sheet, name, login, days=30):
    found, today = fresh(sheet), timezone.localdate()
    said = {"year": 2023, "contract": "评价", "since": today, "until": today + dt.timedelta(days=days)}
    account = User.objects.get(pk=person(Role.AGENCY, login).user_id)
    said |= {"fee": None, "selection": None}
    party = Agency.objects.filter(name=name).first() or agency(name)
    return entrusting.entrust(found, office(), party, [account], said, version=found.version)


def dismiss(sheet, because="人员不足", who=None):
    found = fresh(sheet)
    return entrusting.dismiss(found, who or office(), because, version=found.version)


def test_an_agency_is_replaced_in_the_middle_of_the_work():
    sheet, one = opened(), office()
    entrust(sheet, "甲所", "agency-one")
    first, second = person(Role.AGENCY, "agency-one"), person(Role.AGENCY, "agency-two")
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "submit_plan", first)
    take(sheet, "approve_plan", one)
    write(sheet, first)
    with pytest.raises(Refused, match="已有第三方机构承担"):
        entrust(sheet, "乙所", "agency-two")
    dismiss(sheet)
    assert not Evaluation.objects.visible_to(first).exists(), "ended on the very day it began"
    assert fresh(sheet).conducted_by == ""
    entrust(sheet, "乙所", "agency-two")
    found = fresh(sheet)
    assert (found.agency.name, found.working_agency().engagement.agency.name) == ("乙所", "乙所")
    assert {mark.found for mark in found.marks.all()} == {"已核实"}, "what was written stays"
    assert list(Evaluation.objects.visible_to(second)) == [sheet]
    assert EngagementSubject.objects.count() == 2
    today = timezone.localdate()
    kept = {row.agency.name: (row.standing(today), row.ended_because) for row in Engagement.objects.all()}
    assert kept == {"甲所": (Standing.ENDED, "人员不足"), "乙所": (Standing.RUNNING, "")}
    page = browser(one).get(reverse("evaluation", args=[sheet.pk])).content.decode()
    assert "已经终止" in page
    assert "人员不足" in page


def test_an_ended_engagement_is_not_lengthened_and_one_that_is_over_not_into_its_successors():
    sheet, one, today = opened(), office(), timezone.localdate()
    entrust(sheet, "甲所", "agency-one")
    first = Engagement.objects.get()
    days = (today - dt.timedelta(days=9), today - dt.timedelta(days=1))
    institutions.change_term(first, one, *days, version=1)
    entrust(sheet, "乙所", "agency-two")
    first.refresh_from_db()
    with pytest.raises(Refused, match="已由乙所承担"):
        institutions.change_term(first, one, days[0], today, version=first.version)
    dismiss(sheet)
    second = Engagement.objects.get(agency__name="乙所")
    with pytest.raises(Refused, match="已经终止"):
        institutions.change_term(second, one, today, today + dt.timedelta(days=60), version=second.version)
    institutions.change_term(first, one, days[0], today, version=first.version)
    assert fresh(sheet).working_agency().engagement == first


def test_only_the_organiser_ends_an_engagement_with_a_reason_and_not_once_the_report_is_in():
    sheet = opened()
    with pytest.raises(Refused, match="没有第三方机构承担"):
        dismiss(sheet)
    entrust(sheet, "甲所", "agency-one")
    with pytest.raises(Refused, match="由绩效股办理"):
        dismiss(sheet, who=person(Role.DEPARTMENT, unit_path="101/"))
    with pytest.raises(Refused, match="请填写终止原因"):
        dismiss(sheet, " ")
    Evaluation.objects.filter(pk=sheet.pk).update(state="review")
    with pytest.raises(Refused, match="请先退回报告"):
        dismiss(sheet)
    assert Engagement.objects.get().ended_at is None


def test_the_page_ends_an_engagement_and_offers_another_one():
    sheet, client = opened(), browser(office())
    entrust(sheet, "甲所", "agency-one")
    place, page = reverse("evaluation-dismiss", args=[sheet.pk]), reverse("evaluation", args=[sheet.pk])
    assert place in client.get(page).content.decode()
    assert client.post(place, {"because": "", "version": fresh(sheet).version}).status_code == 422
    assert client.post(place, {"because": "改选", "version": fresh(sheet).version}).status_code == 303
    text = client.get(page).content.decode()
    assert reverse("evaluation-entrust", args=[sheet.pk]) in text
    assert place not in text


def test_a_department_reads_engagements_of_its_own_units_alone():
    sheet = opened()
    entrust(sheet, "甲所", "agency-one")
    place = reverse("engagement", args=[Engagement.objects.get().pk])
    assert browser(seated(Role.DEPARTMENT)).get(place).status_code == 200
    assert browser(seated(Role.DEPARTMENT, "201")).get(place).status_code == 404
    assert browser(seated(Role.UNIT)).get(place).status_code == 404
