"""Sets the scene in a demo's database, through the product's models: sheets in open states and accounts of every sort.

Run in the place of the demo as `python -m tests.browser.staging`; prints what the journeys need to know as JSON.
"""

from __future__ import annotations

import json

import django
from django.db import transaction
from django.db.models import Count
from tests.browser.accounts import PASSWORD

django.setup()

from tests.browser.staging_evaluating import evaluating  # noqa: E402
from tests.browser.staging_findings import audited  # noqa: E402
from tests.browser.staging_targets import before_the_money  # noqa: E402

from jixiao.domain.actors import Role  # noqa: E402
from jixiao.registers.organizations.models import Grant, Region, UnitYear, User  # noqa: E402
from jixiao.registers.subjects.models import SubjectYear  # noqa: E402
from jixiao.stages.monitoring.models import ReadingSheet, Round  # noqa: E402
from jixiao.stages.monitoring.rules import Handling  # noqa: E402
from jixiao.stages.monitoring.workflow import RoundState, State  # noqa: E402
from jixiao.stages.targets.models import TargetVersion  # noqa: E402

LARGE, SMALL = "411323", "360193"
OPEN_SHEETS = 8


def next_years_project(region: Region) -> str:
    """A school's project with eight indicators goes on next year, and its accountant has yet to file its target."""
    department = Grant.objects.select_related("unit").get(user__login="xixia-department").unit
    place = UnitYear.objects.filter(unit=department, region=region.code).latest("year")
    versions = TargetVersion.objects.filter(region=region.code, year=place.year).annotate(count=Count("lines"))
    below = versions.filter(sheet__subject_year__unit_path__startswith=place.path, count=8)
    version = below.filter(sheet__subject_year__unit_path__gt=place.path).earliest("sheet__subject_year__code")
    project = SubjectYear.objects.get(pk=version.sheet.subject_year_id)
    project.pk, project.year, project.name = None, project.year + 1, "待编目标的助学项目"
    project.last_year, project.initial, project.added = project.initial, project.initial + project.added, 0
    project.save()
    accountant = User.objects.create_account("targets", "编目标的会计", PASSWORD, must_change=False)
    Grant.objects.create(user=accountant, role=Role.UNIT, region=region, unit=project.unit)
    return project.name


def staged() -> dict[str, object]:
    """An open round with sheets that wait; a newcomer; a leader of two regions; a small region with an empty year."""
    large, small = Region.objects.get(code=LARGE), Region.objects.get(code=SMALL)
    Round.objects.filter(region=LARGE).update(state=RoundState.OPEN)
    waiting = list(ReadingSheet.objects.filter(region=LARGE).order_by("-id").values_list("pk", flat=True)[:OPEN_SHEETS])
    rows = ReadingSheet.objects.filter(pk__in=waiting)
    rows.update(state=State.FISCAL_REVIEW, advice="继续执行", causes="招标推迟")
    unit = Grant.objects.select_related("unit").get(user__login="xixia-unit").unit
    own = ReadingSheet.objects.filter(region=LARGE, subject_year__unit=unit).first()
    ReadingSheet.objects.filter(pk=own.pk).update(state=State.DRAFT, causes="招标推迟")
    foreign = ReadingSheet.objects.filter(region=LARGE).exclude(subject_year__unit=unit).first()
    newcomer = User.objects.create_account("newcomer", "新来的会计", PASSWORD)
    Grant.objects.create(user=newcomer, role=Role.UNIT, region=large, unit=unit)
    drafted = ReadingSheet.objects.filter(region=LARGE, state=State.CONCLUDED).exclude(subject_year__unit=unit)
    filled = drafted.exclude(pk__in=waiting).exclude(handling=Handling.URGE).select_related("subject_year").first()
    ReadingSheet.objects.filter(pk=filled.pk).update(state=State.DRAFT)
    filling = User.objects.create_account("filling", "用 Excel 的会计", PASSWORD, must_change=False)
    Grant.objects.create(user=filling, role=Role.UNIT, region=large, unit=filled.subject_year.unit)
    asked = ReadingSheet.objects.filter(region=LARGE, handling=Handling.URGE, state=State.CONCLUDED).order_by("pk")
    noticed = asked.exclude(subject_year__unit=unit).exclude(pk__in=waiting).select_related("subject_year").first()
    answering = User.objects.create_account("noticed", "被通知单位的会计", PASSWORD, must_change=False)
    Grant.objects.create(user=answering, role=Role.UNIT, region=large, unit=noticed.subject_year.unit)
    used = [*waiting, own.pk, filled.pk, noticed.pk]
    both = User.objects.create_account("both", "两地领导", PASSWORD, must_change=False)
    for region in (large, small):
        Grant.objects.create(user=both, role=Role.LEADER, region=region)
    before = UnitYear.objects.filter(region=SMALL, level=1).first()
    UnitYear.objects.create(
        unit=before.unit,
        region=SMALL,
        year=before.year + 1,
        code=before.code,
        name=before.name,
        path=before.path,
        level=1,
        kind=before.kind,
    )
    return {
        "waiting": waiting,
        "own": own.pk,
        "foreign": foreign.pk,
        "unit": str(unit.years.first()),
        "filled": filled.pk,
        "noticed": noticed.subject_year.name,
        "targets": next_years_project(large),
        "chain": chained(large, used),
        **before_the_money(large),
        **evaluating(large),
        **audited(large),
    }


def chained(region: Region, used: list[int]) -> int:
    """A sheet that three desks see in turn: a unit's below a department, with a business division."""
    rows = ReadingSheet.objects.filter(region=region.code, state=State.CONCLUDED, handling=Handling.CONTINUE)
    below = rows.exclude(pk__in=used).exclude(subject_year__division=None).select_related("subject_year__division")
    sheet = next(row for row in below.order_by("pk") if row.subject_year.department_above)
    ReadingSheet.objects.filter(pk=sheet.pk).update(state=State.DRAFT, causes="", advice="")
    subject = sheet.subject_year
    top = UnitYear.objects.get(region=region.code, year=subject.year, path=subject.unit_path.split("/")[0] + "/")
    places = {
        "chain-unit": {"role": Role.UNIT, "unit": subject.unit},
        "chain-department": {"role": Role.DEPARTMENT, "unit": top.unit},
        "chain-division": {"role": Role.FISCAL_DIVISION, "division": subject.division},
    }
    for login, place in places.items():
        user = User.objects.create_account(login, f"{place['role'].label}经办人", PASSWORD, must_change=False)
        Grant.objects.create(user=user, region=region, **place)
    return sheet.pk


if __name__ == "__main__":
    with transaction.atomic():
        print(json.dumps(staged(), ensure_ascii=False))
