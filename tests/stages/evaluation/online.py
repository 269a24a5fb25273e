"""Evaluations worked online: a county with projects, an office of two people, an agency, experts, a unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from tests import factories
from tests.factories import PROJECTS, REGISTERS, UNITS, stored

from jixiao.domain.actors import Actor, Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import attachments, moving
from jixiao.kit.acting import acting
from jixiao.registers.institutions.models import Agency, Engagement, EngagementSubject, Expert
from jixiao.registers.organizations.models import Grant, UnitYear, User
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation import actions
from jixiao.stages.evaluation.actions import working
from jixiao.stages.evaluation.actions.working import after_step
from jixiao.stages.evaluation.models import Evaluation

WORK_YEAR = 2023
CODE = "91350100M000100Y43"


def county() -> None:
    """Units and projects, as imported."""
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)


def person(role: Role, name: str = "", **place: str) -> Actor:
    """Somebody with an account in a role."""
    login = name or role.value
    user = User.objects.filter(login=login).first() or User.objects.create_account(login, login, "Long-enough-1")
    Grant.objects.get_or_create(user=user, role=role, region=factories.region())
    return Actor(user_id=user.pk, name=login, role=role, region=factories.REGION, **place)


def seated(role: Role, code: str = "101") -> Actor:
    """Somebody of a unit, as he also is when he signs in at a browser."""
    unit = UnitYear.objects.filter(code=code).order_by("-year")[0]
    who = person(role, f"{role.value}-{code}", unit_path=unit.path)
    Grant.objects.filter(user=who.user_id, role=role).update(unit=unit.unit)
    return who


def office(name: str = "office-one") -> Actor:
    return person(Role.PERFORMANCE_OFFICE, name)


def opened(
    method: EvaluationMethod = EvaluationMethod.KEY, code: str = "P1", who: Actor | None = None, **how: Any
) -> Evaluation:
    """An evaluation of a project in the work year."""
    subject = SubjectYear.objects.get(code=code)
    day = timezone.localdate()
    return actions.open_evaluation(who or office(), subject, method, year=WORK_YEAR, today=day, **how)


def engage(
    sheet: Evaluation,
    who: Actor,
    since: int = -1,
    until: int = 1,
) -> Engagement:
    """Engage an agency's or an expert's account for a sheet, from and until so many days from today."""
    today = timezone.localdate()
    place = {"region": sheet.region, "year": sheet.year}
    party: dict[str, Any] = {}
    if who.role is Role.AGENCY:
        party["agency"], _ = Agency.objects.get_or_create(**place, name="甲事务所", defaults={"credit_code": CODE})
    else:
        facts = {"name": who.name, "organisation": "某大学", "title": "教授", "field": "财政"}
        party["expert"], _ = Expert.objects.get_or_create(region=sheet.region, **facts)
    days = {"since": today + dt.timedelta(days=since), "until": today + dt.timedelta(days=until)}
    engagement = Engagement.objects.create(**place, **party, contract="绩效评价", **days)
    engagement.accounts.add(who.user_id)
    EngagementSubject.objects.create(
        engagement=engagement, subject_year=sheet.subject_year, sheet_type=sheet.sheet_type, sheet_id=sheet.pk
    )
    return engagement


def take(sheet: Evaluation, code: str, who: Actor, note: str = "") -> Evaluation:
    """One step of the machine with what follows from it."""
    current = Evaluation.objects.get(pk=sheet.pk)
    moved: Evaluation = moving.move(current, code, who, version=current.version, note=note, effect=after_step)
    return moved


def papers(points: str | None = None) -> Any:
    """Work papers for every item: full points, or `points` for the first one."""

    def said(sheet: Evaluation) -> dict[int, dict[str, Any]]:
        marks = list(sheet.marks.order_by("position"))
        given = {mark.pk: {"points": mark.weight, "found": "已核实", "reason": "核对凭证"} for mark in marks}
        if points is not None:
            given[marks[0].pk]["points"] = Decimal(points)
        return given

    return said


def fresh(sheet: Evaluation) -> Evaluation:
    return Evaluation.objects.select_related("subject_year", "snapshot").get(pk=sheet.pk)


def plan(sheet: Evaluation, who: Actor, kind: str = "plan") -> None:
    """Attach a paper of one step."""
    with acting(who, "attachment.attach") as act:
        attachments.attach(sheet, act, "方案.pdf", b"%PDF-1.4 plan", kind=kind)


def write(sheet: Evaluation, who: Actor, points: str | None = None) -> Evaluation:
    found = fresh(sheet)
    return working.write_papers(found, who, papers(points)(found), version=found.version)


def describe(sheet: Evaluation, who: Actor, **said: Any) -> Evaluation:
    """The amounts and words of the report with one problem and one suggestion."""
    found = fresh(sheet)
    words = dict.fromkeys(working.WORDS, "") | {"initial": 100_0000_00, "arranged": 96_0000_00, "used": 48_0000_00}
    words |= {"received": 60_0000_00, "background": "维修校舍"} | said
    problems, suggestions = [("执行率偏低", "合同签订迟")], ["加快支付", "完善办法"]
    return working.describe(found, who, words, problems, suggestions, version=found.version)


def worked(sheet: Evaluation, who: Actor) -> Evaluation:
    """From the notice to the exchange of views, without an agency."""
    plan(sheet, who)
    take(sheet, "notify", who)
    take(sheet, "begin", who)
    write(sheet, who, "2.5")
    describe(sheet, who)
    return take(sheet, "consult", who)
