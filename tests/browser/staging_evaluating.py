"""The scene of 绩效评价: an agency that may be chosen, two experts, a second official, the accountant of a project."""

from __future__ import annotations

from django.utils import timezone
from tests.browser.accounts import PASSWORD

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.acting import acting
from jixiao.kit.attachments import attach
from jixiao.registers.institutions.models import Agency, Appraiser, Expert
from jixiao.registers.organizations.accounts import actor_of
from jixiao.registers.organizations.models import Grant, Region, User
from jixiao.registers.subjects.models import SubjectYear

CODE = "91350100M000100Y43"


def evaluating(region: Region) -> dict[str, object]:
    """What the journey needs to know: the project's code, name and year, and what the agency is called."""
    subject = SubjectYear.objects.filter(region=region.code, kind=SubjectKind.PROJECT).order_by("-initial", "pk")[0]
    for login, name, role, unit in (
        ("office-two", "绩效股第二人", Role.PERFORMANCE_OFFICE, None),
        ("evaluated", "被评价单位的会计", Role.UNIT, subject.unit),
    ):
        user = User.objects.create_account(login, name, PASSWORD, must_change=False)
        Grant.objects.create(user=user, role=role, region=region, unit=unit)
    facts = {"credit_code": CODE, "platform_number": "XY2023001", "checked_on": timezone.localdate()}
    agency = Agency.objects.create(region=region.code, year=subject.year, name="明德会计师事务所", **facts)
    lead = {"qualification": "注册会计师", "working_years": 9, "evaluating_years": 6}
    Appraiser.objects.create(agency=agency, name="王主评", **lead)
    official = Grant.objects.get(user__login="office-two")
    with acting(actor_of(official.user, official), "attachment.attach") as act:
        attach(agency, act, "名单.pdf", b"%PDF-1.4 list")
    for name in ("张专家", "李专家"):
        Expert.objects.create(region=region.code, name=name, organisation="某大学", title="教授", field="财政")
    return {"evaluated": [subject.code, subject.name, subject.year], "agency": agency.name}
