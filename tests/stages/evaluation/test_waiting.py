"""What waits for whom: each sees his own part of an evaluation, with its deadline, in a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.stages.evaluation.online import county, describe, engage, fresh, office, opened, person, plan, take, write
from tests.stages.evaluation.test_engagement import browser

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import moving
from jixiao.overview.todo import todos
from jixiao.registers.institutions.models import Deliverable, Engagement
from jixiao.stages.evaluation.actions import panel, working
from jixiao.stages.evaluation.models import PanelMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


def waits(who, stage="绩效评价"):
    return [one.steps for one in todos(who) if one.stage == stage]


def unit():
    return person(Role.UNIT, "accountant", unit_path="101/")


def test_each_step_waits_for_the_one_whose_turn_it_is():
    sheet, one, agency = opened(), office(), person(Role.AGENCY)
    department = person(Role.DEPARTMENT, "department", unit_path="101/")
    engage(sheet, agency)
    plan(sheet, one)
    assert (waits(one), waits(agency), waits(department)) == (["下达评价通知"], [], [])
    take(sheet, "notify", one)
    assert (waits(one), waits(agency)) == ([], ["报送方案"])
    take(sheet, "submit_plan", agency)
    assert (waits(one), waits(agency)) == (["同意方案、退回方案"], [])
    take(sheet, "return_plan", one, "抽样没有写清\n表格不全")
    assert waits(agency) == ["答复 2 条退回意见、报送方案"]
    found = fresh(sheet)
    answers = {row.pk: "已改" for row in found.defects.all()}
    working.answer_defects(found, agency, answers, version=found.version)
    take(sheet, "submit_plan", agency)
    take(sheet, "approve_plan", one)
    write(sheet, agency)
    describe(sheet, agency)
    take(sheet, "submit_papers", agency)
    assert waits(one) == ["同意底稿，交换意见、退回底稿"]
    take(sheet, "approve_papers", one)
    assert (waits(one), waits(agency), waits(unit())) == ([], [], ["填写反馈意见"])
    found = fresh(sheet)
    mark = next(todo.mark for todo in todos(unit()))
    assert str(found.reply_by) in mark.words
    objected = {found.marks.order_by("position").first().pk: "批复在先"}
    working.reply(found, unit(), objected, "有异议", version=found.version)
    assert (waits(unit()), waits(agency)) == ([], ["答复 1 条异议、报送报告"])


def test_an_exchange_of_views_that_is_over_waits_for_the_report_and_no_longer_for_the_unit(monkeypatch):
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    write(sheet, one)
    describe(sheet, one)
    take(sheet, "consult", one)
    assert (waits(unit()), waits(one)) == (["填写反馈意见"], [])
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(days=11))
    assert waits(unit()) == []
    assert len(waits(one)) == 1


def test_a_departments_own_evaluation_waits_for_the_department_and_not_for_the_office():
    department = person(Role.DEPARTMENT, "department", unit_path="101/")
    opened(EvaluationMethod.DEPARTMENT, who=department)
    assert (waits(department), waits(office())) == (["下达评价通知"], [])


def test_an_expert_finds_what_he_was_asked_to_mark_until_he_has_submitted_it():
    sheet, one, expert = opened(), office(), person(Role.EXPERT)
    plan(sheet, one)
    take(sheet, "notify", one)
    party = engage(sheet, expert).expert
    place = {"region": sheet.region, "year": sheet.year, "evaluation": sheet}
    mine = PanelMember.objects.create(**place, expert=party, account_id=expert.user_id)
    assert waits(expert, "专家打分") == ["填写打分、提交打分"]
    asked = next(todo for todo in todos(expert) if todo.stage == "专家打分")
    assert asked.url == reverse("evaluation-marking", args=[mine.pk])
    assert "校舍维修项目" in browser(expert).get(reverse("home")).content.decode()
    take(sheet, "begin", one)
    points = {mark.pk: mark.weight for mark in sheet.marks.all()}
    panel.give(mine, expert, points, {}, "", version=mine.version)
    mine.refresh_from_db()
    moving.move(mine, "submit", expert, version=mine.version)
    assert waits(expert, "专家打分") == []
    assert waits(one) == ["合分、交换意见"]


def test_an_agency_owes_its_deliverables_and_the_office_hears_of_those_overdue():
    sheet, agency = opened(), person(Role.AGENCY)
    engagement, today = engage(sheet, agency), timezone.localdate()
    Deliverable.objects.create(engagement=engagement, name="评价方案", due_on=today - dt.timedelta(days=1))
    Deliverable.objects.create(engagement=engagement, name="评价报告", due_on=today)
    Deliverable.objects.create(engagement=engagement, name="底稿", due_on=today, delivered_on=today)
    mine = [(one.name, one.mark.tone) for one in todos(agency) if one.stage == "交付成果"]
    assert mine == [("评价方案", "bad"), ("评价报告", "warn")]
    assert [one.name for one in todos(office()) if one.stage == "交付成果"] == ["评价方案"]
    assert waits(person(Role.AGENCY, "another"), "交付成果") == []
    Engagement.objects.update(ended_at=timezone.now())
    assert [one.name for one in todos(agency) + todos(office()) if one.stage == "交付成果"] == []


def test_the_number_of_queries_does_not_follow_the_number_of_evaluations():
    one = office()

    def asked():
        with CaptureQueriesContext(connection) as queries:
            todos(one)
        return len(queries)

    opened()
    first = asked()
    opened(code="P2")
    opened(EvaluationMethod.DEPARTMENT, who=person(Role.DEPARTMENT, "department", unit_path="101/"))
    assert asked() == first
