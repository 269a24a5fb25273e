"""绩效目标指标表: one recorded version per subject-year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, ImportScope, Plan, Readings
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Reading, Row
from jixiao.registers.organizations.places import Places
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from ..models import IndicatorLine, LineSource, TargetVersion
from ..rules import TargetRules
from .lines import COLUMNS, Batch, Name, fresh_lines, known_lineages, learned_entries
from .tables import Measure
from .versions import VERSION, newest_versions, recorded_version, refuse_decided, snapshots_of, store_versions

LINE = ("level1", "comparison", "target", "unit", "weight")


def plan_indicators(readings: Readings, scope: ImportScope) -> Plan:
    """One recorded version per subject-year with its indicator lines in the order of the rows."""
    plan, reading, batch = Plan(), readings["indicators"], Batch()
    _group(plan, reading, scope, batch)
    if plan.problems:
        return plan
    stored = newest_versions(scope.region, batch.objects)
    _compare_lines(plan, scope, batch, stored)
    snapshots = snapshots_of(scope, {subject.year for subject in batch.objects.values()})
    wanted = {
        pk: recorded_version(subject, *_about(subject, stored.get(pk)), snapshots[subject.year])
        for pk, subject in batch.objects.items()
    }
    versions = Recording.compare(TargetVersion, Plan(), stored, wanted, VERSION[:2], batch.touched)
    plan.changed += len(versions.changed) - len(batch.touched)
    refuse_decided(plan, reading, versions.changed, {pk: next(iter(r.values())) for pk, r in batch.rows.items()})
    _weights(plan, scope, batch)
    owners = [pk for pk in wanted if pk not in stored]
    plan.steps.append(lambda act: _store(act, scope.region, versions, owners, batch))
    return plan


def _about(subject: SubjectYear, stored: TargetVersion | None) -> tuple[int, str]:
    """Work year and goal: a project's stand in its register, those of a 部门整体 in a table of their own."""
    if subject.kind is SubjectKind.DEPARTMENT_OVERALL and stored is not None:
        return stored.work_year, stored.goal
    return subject.year, subject.goal


def _group(plan: Plan, reading: Reading, scope: ImportScope, batch: Batch) -> None:
    """Rows by subject-year and name. A doubled indicator, an unknown code or an unfinished line is a problem."""
    subjects, places = Subjects(scope.region), Places(scope.region)
    known: dict[tuple[Any, ...], int] = {}
    for row in reading.rows:
        values = row.values
        key = (values["code"], values["year"], values["kind"])
        pk = known.get(key)
        if pk is None:
            overall = values["kind"] is SubjectKind.DEPARTMENT_OVERALL
            subject = subjects.overall(key[0], key[1], places) if overall else subjects.find(*key)
            if subject is None:
                register = (
                    f"没有编码为 {key[0]} 的单位" if overall else f"项目库中没有 {key[1]} 年编码为 {key[0]} 的项目"
                )
                message = f"{register}，请先导入{'单位表' if overall else '项目库'}或改正"
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


def _compare_lines(plan: Plan, scope: ImportScope, batch: Batch, stored: dict[int, TargetVersion]) -> None:
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


def _compare_line(batch: Batch, pk: int, line: IndicatorLine | None, row: Row) -> None:
    if line is None:
        batch.fresh.append((pk, row))
        batch.touched.add(pk)
    elif any(getattr(line, name) != row.values[name] for name in LINE):
        for name in LINE:
            setattr(line, name, row.values[name])
        batch.changed.append(line)
        batch.touched.add(pk)


def _weights(plan: Plan, scope: ImportScope, batch: Batch) -> None:
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


def _store(act: Act, region: str, versions: Recording[TargetVersion], owners: list[int], batch: Batch) -> None:
    """Sheets, versions, entries of the library, then the lines."""
    store_versions(act, region, versions, dict(zip(map(id, versions.fresh), owners, strict=True)))
    held = {v.sheet.subject_year_id: v.pk for v in versions.changed} | {
        owner: version.pk for owner, version in zip(owners, versions.fresh, strict=True)
    }
    entries = learned_entries(region, batch)
    lineages = known_lineages(region, batch)
    bulk.insert_values(IndicatorLine, COLUMNS, fresh_lines(batch, held, lineages, entries))
    IndicatorLine.objects.bulk_update(batch.changed, LINE, batch_size=100)
