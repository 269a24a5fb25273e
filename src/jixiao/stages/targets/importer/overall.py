"""部门整体绩效目标表 and 部门整体绩效试点表."""

from __future__ import annotations

from typing import Any

from jixiao.kit.importing import ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Row
from jixiao.registers.organizations.places import Places
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from ..models import Pilot, TargetVersion
from .versions import VERSION, newest_versions, recorded_version, refuse_decided, snapshots_of, store_versions

PILOT = ("unit_name", "unit_path", "division", "framework_on", "targets_on", "self_evaluated_on")


def plan_overall(readings: Readings, scope: ImportScope) -> Plan:
    """Overall targets by unit and object year. Their indicators' number is kept as stated."""
    plan, reading = Plan(), readings["overall_targets"]
    rows = once(reading, plan, lambda row: (row.values["unit"], row.values["year"]), "unit", "单位和对象年度")
    subjects, places = Subjects(scope.region), Places(scope.region)
    snapshots = snapshots_of(scope, {row.values["year"] for row in rows.values()})
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
        version = recorded_version(subject, values["work_year"], values["goal"], snapshots[values["year"]])
        version.stated_lines = values["stated_lines"]
        objects[subject.pk], wanted[subject.pk], origins[subject.pk] = subject, version, row
    stored = newest_versions(scope.region, objects)
    versions = Recording.compare(TargetVersion, plan, stored, wanted, VERSION)
    refuse_decided(plan, reading, versions.changed, origins)
    owners = {id(version): pk for pk, version in wanted.items()}
    plan.steps.append(lambda act: store_versions(act, scope.region, versions, owners))
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
