"""Evaluations of the main table, with the subjects and institutions that they name."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.importing import ImportScope, Plan, once
from jixiao.kit.tables import Reading, Row
from jixiao.registers.institutions.models import Agency
from jixiao.registers.organizations.places import Places
from jixiao.registers.parameters.models import PolicySnapshot, snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from ..models import Evaluation
from ..workflow import State


def read_evaluations(
    main: Reading, scope: ImportScope, stored: dict[str, Evaluation], plan: Plan
) -> dict[str, Evaluation]:
    rows = once(main, plan, lambda row: row.values["number"], "number", "评价编号")
    finder, agencies = _Finder(scope.region), _Agencies(scope.region)
    snapshots: dict[int, PolicySnapshot] = {}
    wanted = {}
    for number, row in rows.items():
        values: dict[str, Any] = dict(row.values)
        subject = finder.find(values.pop("kind"), values.pop("code"), values["year"])
        if subject is None:
            plan.problems.append(main.problem(row, "code", f"没有找到 {values['year']} 年的这个对象，请先导入或改正"))
            continue
        before = stored.get(number)
        if before:
            demand_concluded(before, main, row, plan)
        year = values.pop("work_year")
        if not before and year not in snapshots:
            snapshots[year] = snapshot_of(scope.policies(scope.region, year))
        for name in ("name", "unit"):
            del values[name]
        values |= {"year": year, "region": scope.region, "state": State.CONCLUDED}
        agency_id = agencies.find(values["conducted_by"], year)
        snapshot = before.snapshot if before else snapshots[year]
        wanted[number] = Evaluation(subject_year=subject, snapshot=snapshot, agency_id=agency_id, **values)
    return wanted


class _Finder:
    """Subjects by kind: 部门整体 goes by its unit's code."""

    def __init__(self, region: str) -> None:
        self.subjects, self.places = Subjects(region), Places(region)

    def find(self, kind: SubjectKind, code: str, year: int) -> SubjectYear | None:
        if kind is SubjectKind.DEPARTMENT_OVERALL:
            return self.subjects.overall(code, year, self.places)
        return self.subjects.find(code, year)


class _Agencies:
    """Registered institutions by name: that of the year, else the newest."""

    def __init__(self, region: str) -> None:
        self._known: dict[str, dict[int, int]] = defaultdict(dict)
        for agency in Agency.objects.filter(region=region):
            self._known[agency.name][agency.year] = agency.pk

    def find(self, name: str, year: int) -> int | None:
        years = self._known.get(name)
        return years.get(year, years[max(years)]) if years else None


def demand_concluded(evaluation: Evaluation, reading: Reading, row: Row, plan: Plan) -> None:
    """What somebody works on in the system is not overwritten from outside."""
    if evaluation.state != State.CONCLUDED:
        message = f"该评价正在系统内办理（{evaluation.state.label}），请在系统内修改，不要导入"
        plan.problems.append(reading.problem(row, "number", message))
