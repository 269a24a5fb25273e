"""绩效目标指标表, 部门整体绩效目标表 and 部门整体绩效试点表."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.recording import Recording
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table
from jixiao.registers.indicators.models import Entry
from jixiao.registers.organizations.places import Places
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from .models import Horizon, IndicatorLine, LineSource, Pilot, TargetSheet, TargetVersion, new_lineage
from .rules import TargetRules
from .workflow import State


class Measure(Term):
    """定量或定性."""

    QUANTITATIVE = "quantitative", "定量", "定量指标"
    QUALITATIVE = "qualitative", "定性", "定性指标"


INDICATORS = Table(
    "indicators",
    "绩效目标指标表",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("level1", "一级指标", "term", choices=IndicatorLevel1),
        Column("level2", "二级指标", longest=60),
        Column("name", "三级指标"),
        Column("measure", "指标性质", "term", required=False, choices=Measure),
        Column("comparison", "符号", "term", required=False, choices=Comparison, default=Comparison.QUALITATIVE),
        Column("target", "指标值", required=False),
        Column("unit", "计量单位", required=False, longest=20),
        Column("weight", "权重", "points", aliases=("分值",)),
    ),
    aliases=("绩效指标表", "项目绩效指标"),
    note="每行一个三级指标；定量指标须填符号和指标值。",
)
OVERALL = Table(
    "overall_targets",
    "部门整体绩效目标表",
    (
        Column("work_year", "工作年度", "year"),
        Column("year", "对象年度", "year"),
        Column("unit", "单位编码", "code"),
        Column("goal", "总体目标", longest=PARAGRAPH),
        Column("stated_lines", "指标数", "integer", required=False),
    ),
)
PILOTS = Table(
    "overall_pilots",
    "部门整体绩效试点表",
    (
        Column("unit", "单位编码", "code"),
        Column("year", "试点年度", "year"),
        Column("framework_on", "指标体系构建日期", "date", required=False),
        Column("targets_on", "目标设置日期", "date", required=False),
        Column("self_evaluated_on", "自评日期", "date", required=False),
    ),
)
VERSION = ("goal", "work_year", "stated_lines")
LINE = ("level1", "comparison", "target", "unit", "weight")
COLUMNS = (
    *("version_id", "position", "lineage", "level1", "level2", "name", "comparison", "target", "unit", "weight"),
    *("source", "entry_id"),
)
PILOT = ("unit_name", "unit_path", "division", "framework_on", "targets_on", "self_evaluated_on")
Name = tuple[str, str]


@dataclass(slots=True)
class _Batch:
    """What one table of indicators will write, by subject-year."""

    objects: dict[int, SubjectYear] = field(default_factory=dict)
    rows: dict[int, dict[Name, Row]] = field(default_factory=dict)
    fresh: list[tuple[int, Row]] = field(default_factory=list)
    changed: list[IndicatorLine] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)


def plan_indicators(readings: Readings, scope: ImportScope) -> Plan:
    """One recorded version per subject-year with its indicator lines in the order of the rows."""
    plan, reading, batch = Plan(), readings["indicators"], _Batch()
    _group(plan, reading, scope, batch)
    if plan.problems:
        return plan
    stored = _versions(scope.region, batch.objects)
    _compare_lines(plan, scope, batch, stored)
    snapshots = _snapshots(scope, {subject.year for subject in batch.objects.values()})
    wanted = {
        pk: _version(subject, subject.year, subject.goal, snapshots[subject.year])
        for pk, subject in batch.objects.items()
    }
    versions = Recording.compare(TargetVersion, Plan(), stored, wanted, VERSION[:2], batch.touched)
    plan.changed += len(versions.changed) - len(batch.touched)
    _refuse_decided(plan, reading, versions.changed, {pk: next(iter(r.values())) for pk, r in batch.rows.items()})
    _weights(plan, scope, batch)
    owners = [pk for pk in wanted if pk not in stored]
    plan.steps.append(lambda act: _store(act, scope.region, versions, owners, batch))
    return plan


def _group(plan: Plan, reading: Reading, scope: ImportScope, batch: _Batch) -> None:
    """Rows by subject-year and name. A doubled indicator, an unknown code or an unfinished line is a problem."""
    subjects = Subjects(scope.region)
    known: dict[tuple[Any, Any], int] = {}
    for row in reading.rows:
        values = row.values
        key = (values["code"], values["year"])
        pk = known.get(key)
        if pk is None:
            subject = subjects.find(*key)
            if subject is None:
                message = f"项目库中没有 {key[1]} 年编码为 {key[0]} 的项目，请先导入项目库或改正"
                plan.problems.append(reading.problem(row, "code", message))
                continue
            pk = known[key] = subject.pk
            batch.objects[pk] = subject
            batch.rows[pk] = {}
        mine, name = batch.rows[pk], (values["level2"], values["name"])
        if name in mine:
            message = f"同一项目的这个指标与第{mine[name].number}行重复，请删去一行"
            plan.problems.append(reading.problem(row, "name", message))
        mine[name] = row
        if values["measure"] is not None:
            _measure(plan, reading, row)


def _measure(plan: Plan, reading: Reading, row: Row) -> None:
    qualitative = row.values["comparison"] is Comparison.QUALITATIVE
    if row.values["measure"] is Measure.QUANTITATIVE and qualitative:
        plan.problems.append(reading.problem(row, "comparison", "定量指标没有填写符号，请填 ≥、≤、=、> 或 <"))
    elif row.values["measure"] is Measure.QUALITATIVE and not qualitative:
        plan.problems.append(reading.problem(row, "comparison", "定性指标不填符号，请清空或改为定量"))


def _versions(region: str, objects: dict[int, SubjectYear]) -> dict[int, TargetVersion]:
    """The newest stored version of each subject-year in the table."""
    years = {subject.year for subject in objects.values()}
    found = TargetVersion.objects.filter(region=region, year__in=years).select_related("sheet").order_by("no")
    newest = {version.sheet.subject_year_id: version for version in found}
    return {pk: newest[pk] for pk in objects if pk in newest}


def _compare_lines(plan: Plan, scope: ImportScope, batch: _Batch, stored: dict[int, TargetVersion]) -> None:
    """Lines of stored versions keep their place; what the table no longer names stays and is listed."""
    owners = {version.pk: pk for pk, version in stored.items()}
    kept: dict[int, dict[Name, IndicatorLine]] = {pk: {} for pk in batch.rows}
    years = {version.year for version in stored.values()}
    for line in IndicatorLine.objects.filter(version__region=scope.region, version__year__in=years):
        if line.version_id in owners:
            kept[owners[line.version_id]][line.level2, line.name] = line
    lost = []
    for pk, rows in batch.rows.items():
        lines = kept[pk]
        if not lines:
            batch.fresh += [(pk, row) for row in rows.values()]
            batch.touched |= {pk} & stored.keys()
            continue
        batch.last[pk] = max(line.position for line in lines.values())
        lost += [line.name for name, line in lines.items() if name not in rows and line.source == LineSource.TARGET]
        for name, row in rows.items():
            _compare_line(batch, pk, lines.get(name), row)
    plan.new, plan.changed = len(batch.fresh), len(batch.changed)
    plan.same = sum(map(len, batch.rows.values())) - plan.new - plan.changed
    if lost:
        message = f"已入库的 {len(lost)} 个指标不在新表中，仍予保留，如需删去请在系统中调整目标：{'、'.join(lost[:20])}"
        plan.gaps.append(Gap("indicators", message))


def _compare_line(batch: _Batch, pk: int, line: IndicatorLine | None, row: Row) -> None:
    if line is None:
        batch.fresh.append((pk, row))
        batch.touched.add(pk)
    elif any(getattr(line, name) != row.values[name] for name in LINE):
        for name in LINE:
            setattr(line, name, row.values[name])
        batch.changed.append(line)
        batch.touched.add(pk)


def _version(subject: SubjectYear, work_year: int, goal: str, snapshot_id: str) -> TargetVersion:
    return TargetVersion(
        region=subject.region,
        year=subject.year,
        no=1,
        work_year=work_year,
        goal=goal,
        snapshot_id=snapshot_id,
        state=State.APPROVED,
        origin=subject.origin,
    )


def _snapshots(scope: ImportScope, years: set[int]) -> dict[int, str]:
    return {year: snapshot_of(scope.policies(scope.region, year)).pk for year in sorted(years)}


def _refuse_decided(plan: Plan, reading: Reading, versions: list[TargetVersion], rows: dict[int, Row]) -> None:
    """What people decided in the system is not overwritten by a table of the past."""
    for version in versions:
        if version.no != 1 or version.state != State.APPROVED:
            message = (
                f"该绩效目标已在系统内办理（第 {version.no} 版，{version.state.label}），请在系统中调整，不能再补录"
            )
            plan.problems.append(reading.problem(rows[version.sheet.subject_year_id], "year", message))


def _weights(plan: Plan, scope: ImportScope, batch: _Batch) -> None:
    """History whose weights do not add up is kept as it is and listed."""
    policies = {year: scope.policies(scope.region, year) for year in {s.year for s in batch.objects.values()}}
    totals = {year: policy.section(TargetRules).indicator_weight_total for year, policy in policies.items()}
    wrong: list[int] = []
    names: list[str] = []
    for pk, rows in batch.rows.items():
        subject, found = batch.objects[pk], sum([row.values["weight"] for row in rows.values()], Decimal(0))
        if found != totals[subject.year]:
            wrong.append(next(iter(rows.values())).number)
            names.append(f"{subject.code}（{plain(found)} 分）")
    if wrong:
        message = f"{len(wrong)} 个对象的指标权重合计不等于规则规定的分值，已按原表入库：{'、'.join(names[:20])}"
        plan.gaps.append(Gap("indicators", message, tuple(wrong)))


def _store(act: Act, region: str, versions: Recording[TargetVersion], owners: list[int], batch: _Batch) -> None:
    """Sheets, versions, entries of the library, then the lines."""
    _store_versions(act, region, versions, dict(zip(map(id, versions.fresh), owners, strict=True)))
    held = {v.sheet.subject_year_id: v.pk for v in versions.changed} | {
        owner: version.pk for owner, version in zip(owners, versions.fresh, strict=True)
    }
    entries = _entries(region, batch)
    lineages = _lineages(region, batch)
    bulk.insert_values(IndicatorLine, COLUMNS, _lines(batch, held, lineages, entries))
    IndicatorLine.objects.bulk_update(batch.changed, LINE, batch_size=100)


def _store_versions(act: Act, region: str, versions: Recording[TargetVersion], owners: dict[int, int]) -> None:
    years = {version.year for version in versions.fresh}
    known = TargetSheet.objects.filter(region=region, year__in=years, horizon=Horizon.ANNUAL)
    there = set(known.values_list("subject_year_id", flat=True))
    sheets = [
        TargetSheet(region=region, year=version.year, subject_year_id=owners[id(version)])
        for version in versions.fresh
        if owners[id(version)] not in there
    ]
    bulk.insert(TargetSheet, sheets)
    keys = dict(known.all().values_list("subject_year_id", "pk"))
    for version in versions.fresh:
        version.sheet_id = keys[owners[id(version)]]
    versions.store(act, ("sheet_id", "no"))


def _entries(region: str, batch: _Batch) -> dict[tuple[Any, Any, Any], int]:
    """Library entries by level 2, name and unit, made where an indicator is new."""
    known = _known_entries(region)
    values = [row.values for _, row in batch.fresh]
    wanted = {(v["level2"], v["name"], v["unit"]): v["level1"] for v in values}
    new = [
        Entry(region=region, level1=level1, level2=key[0], name=key[1], unit=key[2])
        for key, level1 in wanted.items()
        if key not in known
    ]
    if not new:
        return known
    bulk.insert(Entry, new)
    return _known_entries(region)


def _known_entries(region: str) -> dict[tuple[Any, Any, Any], int]:
    rows = Entry.objects.filter(region=region).values_list("level2", "name", "unit", "pk")
    return {(level2, name, unit): pk for level2, name, unit, pk in rows.iterator()}


def _lineages(region: str, batch: _Batch) -> dict[tuple[int, Any, Any], str]:
    """Lineages of the same subjects' indicators in other years, by subject, level 2 and name; the newest counts."""
    subjects = {subject.subject_id for subject in batch.objects.values()}
    lines = IndicatorLine.objects.filter(version__region=region).order_by("version__year", "version__no")
    found = lines.values_list("version__sheet__subject_year__subject_id", "level2", "name", "lineage")
    return {(subject, level2, name): own for subject, level2, name, own in found.iterator() if subject in subjects}


def _lines(
    batch: _Batch,
    held: dict[int, int],
    lineages: dict[tuple[int, Any, Any], str],
    entries: dict[tuple[Any, Any, Any], int],
) -> Iterator[tuple[Any, ...]]:
    """The new lines as COLUMNS, as database values: a large county brings a hundred thousand."""
    source = LineSource.TARGET.value
    hundredths: dict[Decimal, int] = {}
    for pk, row in batch.fresh:
        values, subject_id = row.values, batch.objects[pk].subject_id
        level2, name, unit, weight = values["level2"], values["name"], values["unit"], values["weight"]
        position = batch.last[pk] = batch.last.get(pk, 0) + 1
        if weight not in hundredths:
            hundredths[weight] = int(weight.scaleb(2))
        yield (
            held[pk],
            position,
            lineages.get((subject_id, level2, name)) or new_lineage(subject_id, level2, name),
            values["level1"]._value_,
            level2,
            name,
            values["comparison"]._value_,
            values["target"],
            unit,
            hundredths[weight],
            source,
            entries[level2, name, unit],
        )


def plan_overall(readings: Readings, scope: ImportScope) -> Plan:
    """Overall targets by unit and object year. Their indicators' number is kept as stated."""
    plan, reading = Plan(), readings["overall_targets"]
    rows = once(reading, plan, lambda row: (row.values["unit"], row.values["year"]), "unit", "单位和对象年度")
    subjects, places = Subjects(scope.region), Places(scope.region)
    snapshots = _snapshots(scope, {row.values["year"] for row in rows.values()})
    objects: dict[int, SubjectYear] = {}
    wanted: dict[int, TargetVersion] = {}
    origins: dict[int, Row] = {}
    for row in rows.values():
        values: dict[str, Any] = row.values
        subject = subjects.overall(values["unit"], values["year"], places)
        if subject is None:
            message = f"没有编码为 {values['unit']} 的单位，请先导入单位表或改正"
            plan.problems.append(reading.problem(row, "unit", message))
            continue
        version = _version(subject, values["work_year"], values["goal"], snapshots[values["year"]])
        version.stated_lines = values["stated_lines"]
        objects[subject.pk], wanted[subject.pk], origins[subject.pk] = subject, version, row
    stored = _versions(scope.region, objects)
    versions = Recording.compare(TargetVersion, plan, stored, wanted, VERSION)
    _refuse_decided(plan, reading, versions.changed, origins)
    owners = {id(version): pk for pk, version in wanted.items()}
    plan.steps.append(lambda act: _store_versions(act, scope.region, versions, owners))
    return plan


def plan_pilots(readings: Readings, scope: ImportScope) -> Plan:
    """Pilots by unit and the year in which they began."""
    plan, reading, places = Plan(), readings["overall_pilots"], Places(scope.region)
    rows = once(reading, plan, lambda row: (row.values["unit"], row.values["year"]), "unit", "单位和试点年度")
    wanted = {}
    for row in rows.values():
        values: dict[str, Any] = dict(row.values)
        place = places.find(values.pop("unit"), scope.year)
        if place is None:
            message = f"没有编码为 {row.values['unit']} 的单位，请先导入单位表或改正"
            plan.problems.append(reading.problem(row, "unit", message))
            continue
        wanted[place.unit_id, values["year"]] = Pilot(
            region=scope.region,
            unit_id=place.unit_id,
            unit_name=place.name,
            unit_path=place.path,
            division=place.division.name if place.division else "",
            **values,
        )
    stored = {(pilot.unit_id, pilot.year): pilot for pilot in Pilot.objects.filter(region=scope.region)}
    fresh, changed = reconcile(plan, stored, wanted, PILOT)
    plan.steps.append(lambda _act: write(Pilot, fresh, changed, PILOT))
    return plan


IMPORTERS = (
    Importer("targets", (INDICATORS,), plan_indicators),
    Importer("overall_targets", (OVERALL,), plan_overall),
    Importer("overall_pilots", (PILOTS,), plan_pilots),
)
