"""Recorded versions of annual targets, whichever table they come from."""

from __future__ import annotations

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import ImportScope, Plan
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Reading, Row
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import SubjectYear

from ..models import Horizon, TargetSheet, TargetVersion
from ..workflow import State

VERSION = ("goal", "work_year", "stated_lines")


def newest_versions(region: str, objects: dict[int, SubjectYear]) -> dict[int, TargetVersion]:
    """The newest stored version of each subject-year in the table."""
    years = {subject.year for subject in objects.values()}
    found = TargetVersion.objects.filter(region=region, year__in=years).select_related("sheet").order_by("no")
    newest = {version.sheet.subject_year_id: version for version in found}
    return {pk: newest[pk] for pk in objects if pk in newest}


def recorded_version(subject: SubjectYear, work_year: int, goal: str, snapshot_id: str) -> TargetVersion:
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


def snapshots_of(scope: ImportScope, years: set[int]) -> dict[int, str]:
    return {year: snapshot_of(scope.policies(scope.region, year)).pk for year in sorted(years)}


def refuse_decided(plan: Plan, reading: Reading, versions: list[TargetVersion], rows: dict[int, Row]) -> None:
    """What people decided in the system is not overwritten by a table of the past."""
    for version in versions:
        if version.no != 1 or version.state != State.APPROVED:
            message = (
                f"该绩效目标已在系统内办理（第 {version.no} 版，{version.state.label}），请在系统中调整，不能再补录"
            )
            plan.problems.append(reading.problem(rows[version.sheet.subject_year_id], "year", message))


def store_versions(act: Act, region: str, versions: Recording[TargetVersion], owners: dict[int, int]) -> None:
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
