"""No page of an evaluation offers a link that its reader may not open: walked for each role through the work."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.stages.evaluation.online import (
    county,
    describe,
    engage,
    fresh,
    office,
    opened,
    person,
    plan,
    seated,
    take,
    write,
)
from tests.stages.evaluation.test_engagement import browser

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.stages.evaluation.models import PanelMember

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/[^"#]*)"')
LEFT = ("/logout", "/static/")
ROOMS = ("/evaluations/", "/agencies/", "/experts/", "/selections/", "/engagements/", "/evaluation-frameworks/")
ENGAGED = (Role.AGENCY, Role.EXPERT)
READERS = [Role.UNIT, Role.DEPARTMENT, *ENGAGED, Role.PERFORMANCE_OFFICE, Role.LEADER, Role.AUDITOR]


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


def reading(role):
    """Who reads in this role."""
    if role in (Role.UNIT, Role.DEPARTMENT):
        return seated(role)
    return office() if role is Role.PERFORMANCE_OFFICE else person(role)


def scene(method):
    """An evaluation in the exchange of views, with an agency and an expert engaged beside it."""
    who = office() if method is EvaluationMethod.KEY else seated(Role.DEPARTMENT)
    suffix = "" if method is EvaluationMethod.KEY else "_by_department"
    sheet = opened(method, who=who)
    expert = person(Role.EXPERT)
    party = engage(sheet, expert).expert
    plan(sheet, who)
    for code in ("notify", "begin"):
        take(sheet, code + suffix, who)
    write(sheet, who)
    describe(sheet, who)
    take(sheet, "consult" + suffix, who)
    place = {"region": sheet.region, "year": sheet.year, "evaluation": sheet}
    PanelMember.objects.create(**place, expert=party, account_id=expert.user_id)
    engage(sheet, person(Role.AGENCY))
    return fresh(sheet)


def closed(client, starts):
    """Links that do not open, found on these pages and on those they lead to inside the room."""
    seen, wrong, waiting = set(), [], list(starts)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        if response.status_code not in (200, 302, 303, 405):
            wrong.append((address, response.status_code))
        if response.status_code == 200 and not response.streaming and address.startswith(ROOMS):
            found = LINK.findall(response.content.decode(errors="replace"))
            waiting += [link.replace("&amp;", "&") for link in found if not link.startswith(LEFT)]
    assert len(seen) > len(starts)
    return wrong


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("method", [EvaluationMethod.KEY, EvaluationMethod.DEPARTMENT])
def test_every_link_of_an_evaluation_opens_for_who_is_shown_it(role, method):
    sheet = scene(method)
    assert closed(browser(reading(role)), [reverse("evaluation", args=[sheet.pk]), reverse("evaluations")]) == []


@pytest.mark.parametrize("role", READERS[:5])
def test_every_link_opens_too_while_the_plan_is_made(role):
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    for engaged in ENGAGED:
        engage(sheet, person(engaged))
    assert closed(browser(reading(role)), [reverse("evaluation", args=[sheet.pk])]) == []
