"""The part of the scene before the money: a project that must be assessed first, one of a department, one adjusted."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from tests.browser.accounts import PASSWORD

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import Grant, Region, UnitYear, User
from jixiao.registers.subjects.models import BudgetLine, BudgetPhase, SubjectYear
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.workflow import State

WAN = 1_000_000
ASKED, RAISED = 20 * WAN, 100 * WAN
TO_ASSESS, OF_DEPARTMENT = "新政策营养餐项目", "主管部门自办的项目"


def next_year(subject: SubjectYear, name: str, *, major: bool = False) -> None:
    """The subject goes on next year with another budget."""
    made = SubjectYear.objects.get(pk=subject.pk)
    made.pk, made.year, made.name, made.major_policy = None, subject.year + 1, name, major
    made.last_year, made.initial, made.added = subject.initial, ASKED, 0
    made.save()


def before_the_money(region: Region) -> dict[str, object]:
    """What these journeys begin with; `adjusted` is an approved version whose budget was raised."""
    head = Grant.objects.select_related("unit").get(user__login="xixia-department").unit
    place = UnitYear.objects.filter(unit=head, region=region.code).latest("year")
    approved = TargetVersion.objects.filter(region=region.code, year=place.year, state=State.APPROVED)
    approved = approved.select_related("sheet__subject_year").order_by("-sheet__subject_year__code")
    below = [one for one in approved if one.sheet.subject_year.unit_path.startswith(place.path)]
    school = next(one for one in below if one.sheet.subject_year.unit_path != place.path)
    own = next(one for one in below if one.sheet.subject_year.unit_path == place.path)
    next_year(school.sheet.subject_year, TO_ASSESS, major=True)
    next_year(own.sheet.subject_year, OF_DEPARTMENT)
    raised: SubjectYear = school.sheet.subject_year
    BudgetLine.objects.create(
        subject_year=raised,
        region=region.code,
        year=raised.year,
        phase=BudgetPhase.ADDED,
        fen=RAISED,
        effective_on=dt.date(raised.year, 6, 1),
        recorded_at=timezone.now(),
        doc_no=f"西财预〔{raised.year}〕31号",
    )
    SubjectYear.objects.filter(pk=raised.pk).update(added=raised.added + RAISED)
    accountant = User.objects.create_account("filing", "报送目标的会计", PASSWORD, must_change=False)
    Grant.objects.create(user=accountant, role=Role.UNIT, region=region, unit=raised.unit)
    return {"to_assess": TO_ASSESS, "of_department": OF_DEPARTMENT, "adjusted": school.pk}
