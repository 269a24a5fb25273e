"""项目库; beside it 预算指标 and 国库支付, each in a file of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jixiao.domain.terms import UnknownTerm
from jixiao.domain.vocabulary import Category, Extension, FundBook, FundLevel, Nature, Origin, SubjectKind
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table
from jixiao.registers.organizations.places import Places

from .appropriations import APPROPRIATIONS, plan_appropriations
from .matching import claim
from .models import BudgetLine, BudgetPhase, Subject, SubjectYear
from .payments import PAYMENTS, plan_payments

PROJECTS = Table(
    "projects",
    "项目库",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("name", "项目名称", aliases=("对象名称",)),
        Column("unit", "单位编码", "code"),
        Column("kind", "对象类型", "term", required=False, choices=SubjectKind, default=SubjectKind.PROJECT),
        Column("field", "领域", required=False, longest=40),
        Column("category", "项目类别", "term", required=False, choices=Category, default=""),
        Column("nature", "项目性质", "term", required=False, choices=Nature, default=""),
        Column("book", "预算类型", "term", required=False, choices=FundBook, default=""),
        Column("fund_level", "资金层级", "term", required=False, choices=FundLevel, default=""),
        Column(
            "extension",
            "扩展类型",
            "term",
            required=False,
            choices=Extension,
            default="",
            aliases=("管理类型",),
            note="政府收入、PPP、政府采购等才填；不填而领域写的就是其中一种的，按领域认",
        ),
        Column("initial", "年初预算", "amount", least=0),
        Column("added", "追加调整", "amount", required=False, default=0),
        Column("last_year", "上年预算", "amount", required=False, default=0, least=0),
        Column("major_policy", "重大政策", "flag", required=False, default=False),
        Column("livelihood", "民生或重点", "flag", required=False, default=False),
        Column("goal", "绩效总目标", required=False, longest=PARAGRAPH),
        Column("withheld", "不宜公开的理由", required=False),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("绩效管理对象",),
    note="项目编码按文本填写；金额单位见表头。",
)
OWN = tuple(column.key for column in PROJECTS.columns if column.key not in ("year", "code", "unit"))
PLACE = ("unit_id", "unit_name", "unit_path", "division_id")
OVERALL = SubjectKind.DEPARTMENT_OVERALL
NOT_ADDED_UP = (OVERALL, SubjectKind.SPECIAL_FUND)


def plan_projects(readings: Readings, scope: ImportScope) -> Plan:
    """Subject-years by year and code. A code known in another year is the same subject."""
    plan, reading = Plan(), readings["projects"]
    rows = once(reading, plan, lambda row: (row.values["year"], row.values["kind"], row.values["code"]), "code", "编码")
    places = Places(scope.region)
    wanted = {key: _subject_year(row, reading, places, scope, plan) for key, row in rows.items()}
    if plan.problems:
        return plan
    years = {year for year, _, _ in wanted}
    stored = {(s.year, s.kind, s.code): s for s in SubjectYear.objects.filter(region=scope.region, year__in=years)}
    fields = (*OWN, *PLACE)
    fresh, changed = reconcile(plan, stored, wanted, fields)

    def store(act: Act) -> None:
        _give_identity(scope.region, fresh)
        write(SubjectYear, fresh, changed, fields)
        _book(scope.region, fresh, changed, act)
        claim(scope.region, {(row.year, row.code) for row in fresh if row.kind != OVERALL}, act)

    plan.steps.append(store)
    return plan


def _subject_year(row: Row, reading: Reading, places: Places, scope: ImportScope, plan: Plan) -> SubjectYear:
    values: dict[str, Any] = dict(row.values)
    place = places.find(values.pop("unit"), values["year"])
    if place is None:
        plan.problems.append(
            reading.problem(row, "unit", f"没有编码为 {row.values['unit']} 的单位，请先导入单位表或改正")
        )
        return SubjectYear(region=scope.region, **values)
    values["extension"] = values["extension"] or _named(values["field"])
    return SubjectYear(
        region=scope.region,
        unit_id=place.unit_id,
        unit_name=place.name,
        unit_path=place.path,
        division_id=place.division_id,
        in_total=values["kind"] not in NOT_ADDED_UP,
        **values,
    )


def _named(field: str) -> Extension | str:
    """The extension that the field's own name is, if it is one (领域“政府采购”)."""
    try:
        return Extension.read(field) if field else ""
    except UnknownTerm:
        return ""


def _give_identity(region: str, fresh: list[SubjectYear]) -> None:
    """Attach each new subject-year to the subject of its code, making subjects where the code is new."""
    codes = {row.code for row in fresh}
    known = SubjectYear.objects.filter(region=region).values_list("kind", "code", "subject_id").distinct()
    identities = {(kind, code): subject for kind, code, subject in known if code in codes}
    missing = {(row.kind, row.code): Subject(region=region, kind=row.kind) for row in fresh}
    missing = {key: subject for key, subject in missing.items() if key not in identities}
    created = bulk.insert_with_keys(Subject, list(missing.values()))
    identities |= {key: subject.pk for key, subject in zip(missing, created, strict=True)}
    for row in fresh:
        row.subject_id = identities[(row.kind, row.code)]


def _book(region: str, fresh: list[SubjectYear], changed: list[SubjectYear], act: Act) -> None:
    """Budget lines follow the subject-year: a first line per phase, then the difference. They are never rewritten."""
    stored = SubjectYear.objects.filter(region=region, year__in={row.year for row in fresh})
    keys = {known[:3]: known[3] for known in stored.values_list("year", "kind", "code", "pk")}
    for row in fresh:
        row.pk = keys[row.year, row.kind, row.code]
    booked: dict[tuple[int, str], int] = {}
    for line in BudgetLine.objects.filter(subject_year__in=changed):
        key = (line.subject_year_id, line.phase)
        booked[key] = booked.get(key, 0) + line.fen
    lines = []
    for row in (*fresh, *changed):
        for phase, amount in ((BudgetPhase.INITIAL, row.initial), (BudgetPhase.ADDED, row.added)):
            more = amount - booked.get((row.pk, phase), 0)
            if more:
                lines.append(_line(row, phase, more, act))
    bulk.insert(BudgetLine, lines)


def _line(row: SubjectYear, phase: BudgetPhase, fen: int, act: Act) -> BudgetLine:
    return BudgetLine(
        subject_year_id=row.pk,
        region=row.region,
        year=row.year,
        phase=phase,
        book=row.book,
        fund_level=row.fund_level,
        fen=fen,
        effective_on=dt.date(row.year, 1, 1),
        recorded_at=act.at,
    )


IMPORTERS = (
    Importer("projects", (PROJECTS,), plan_projects),
    Importer("appropriations", (APPROPRIATIONS,), plan_appropriations),
    Importer("payments", (PAYMENTS,), plan_payments),
)
