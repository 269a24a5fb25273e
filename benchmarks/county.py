"""A large county made up row by row, past the importer: units, subjects, payments, target sheets, accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction

from jixiao.domain.actors import Role
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import Category, FundBook, IndicatorLevel1, Nature, SubjectKind, UnitKind
from jixiao.kit import bulk
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Grant, Region, Unit, UnitYear, User
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import Payment, Subject, SubjectYear
from jixiao.stages.targets.models import IndicatorLine, TargetSheet, TargetVersion

YEAR = 2022
RECORDED = datetime(2022, 12, 31, tzinfo=UTC)
PASSWORD = "Benchmark-2022"  # nosec B105: of accounts that are gone with the benchmark
FIELDS = ("教育", "卫生健康", "农业农村", "住房保障", "交通运输", "文化旅游", "生态环境", "社会保障")
LINES = (
    (IndicatorLevel1.OUTPUT, "数量指标", 20),
    (IndicatorLevel1.OUTPUT, "质量指标", 10),
    (IndicatorLevel1.OUTPUT, "时效指标", 10),
    (IndicatorLevel1.OUTPUT, "成本指标", 10),
    (IndicatorLevel1.BENEFIT, "经济效益指标", 15),
    (IndicatorLevel1.BENEFIT, "社会效益指标", 15),
    (IndicatorLevel1.SATISFACTION, "服务对象满意度指标", 10),
)


@transaction.atomic
def units(region: str, count: int) -> list[UnitYear]:
    """The region and its departments."""
    Region.objects.create(code=region, name="测县", bureau="测县财政局")
    Unit.objects.bulk_create(Unit(region=region) for _ in range(count))
    keys = Unit.objects.filter(region=region).order_by("pk").values_list("pk", flat=True)
    made = [
        UnitYear(
            region=region,
            year=YEAR,
            unit_id=key,
            code=f"{101 + number}",
            name=f"第{number}局",
            path=f"{101 + number}/",
            level=1,
            kind=UnitKind.DEPARTMENT,
        )
        for number, key in enumerate(keys)
    ]
    UnitYear.objects.bulk_create(made)
    return made


@transaction.atomic
def subjects(places: Sequence[UnitYear], count: int) -> None:
    """Projects of the year, spread over the units, each with one payment."""
    region = places[0].region
    bulk.insert(Subject, [Subject(region=region, kind=SubjectKind.PROJECT) for _ in range(count)])
    keys = Subject.objects.filter(region=region).order_by("pk").values_list("pk", flat=True)
    bulk.insert(SubjectYear, [_subject(places[number % len(places)], number, key) for number, key in enumerate(keys)])
    stored = SubjectYear.objects.filter(region=region).order_by("pk").values_list("pk", "code", "initial")
    paid = [
        Payment(
            region=region,
            year=YEAR,
            subject_year_id=key,
            code=code,
            voucher=f"V{key}",
            paid_on=date(YEAR, 1 + key % 12, 1 + key % 28),
            recorded_at=RECORDED,
            fen=initial * (key % 100) // 100,
        )
        for key, code, initial in stored
    ]
    bulk.insert(Payment, paid)


def _subject(place: UnitYear, number: int, subject: int) -> SubjectYear:
    return SubjectYear(
        subject_id=subject,
        region=place.region,
        year=YEAR,
        code=f"41132322101{number * 7919 % 10_000_019:010d}",
        name=f"{FIELDS[number % len(FIELDS)]}第{number}号项目",
        kind=SubjectKind.PROJECT,
        unit_id=place.unit_id,
        unit_name=place.name,
        unit_path=place.path,
        field=FIELDS[number % len(FIELDS)],
        category=Category.GENERAL,
        nature=Nature.CONTINUING,
        book=FundBook.GENERAL,
        initial=(number * 104_729 % 999_983 + 1) * 1000,
        added=number % 5 * 100_000,
    )


@transaction.atomic
def drafts(places: Sequence[UnitYear]) -> None:
    """A complete draft of targets for every subject of the region."""
    region = places[0].region
    snapshot = snapshot_of(for_region(region, YEAR))
    rows = SubjectYear.objects.filter(region=region).values_list("pk", flat=True)
    bulk.insert(TargetSheet, [TargetSheet(region=region, year=YEAR, subject_year_id=key) for key in rows])
    sheets = TargetSheet.objects.filter(region=region).values_list("pk", flat=True)
    versions = [
        TargetVersion(region=region, year=YEAR, sheet_id=key, work_year=YEAR, goal="完成", snapshot=snapshot)
        for key in sheets
    ]
    bulk.insert(TargetVersion, versions)
    lines = [
        IndicatorLine(
            version_id=key,
            position=place,
            lineage=f"{key}-{place}",
            level1=level1,
            level2=level2,
            name=f"指标{place}",
            comparison=Comparison.AT_LEAST,
            target="90",
            unit="%",
            weight=Decimal(weight),
        )
        for key in TargetVersion.objects.filter(region=region).values_list("pk", flat=True)
        for place, (level1, level2, weight) in enumerate(LINES, 1)
    ]
    bulk.insert(IndicatorLine, lines)


def account(login: str, role: Role, region: str, place: UnitYear | None = None) -> User:
    """Somebody who may sign in with PASSWORD."""
    user = User.objects.create_account(login, login, PASSWORD, must_change=False)
    Grant.objects.create(user=user, role=role, region_id=region, unit_id=place.unit_id if place else None)
    return user
