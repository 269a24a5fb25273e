"""西峡's 510 targets of a year are filed again for the next and pass every desk in batches, each by who sits there."""

from __future__ import annotations

import csv
import io
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest
from tests.factories import DEMO, REGISTERS, actor, stored

from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.kit.invariants import INVARIANTS as ANY_SHEET
from jixiao.overview.catalogue import INVARIANTS
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.models import Horizon, TargetVersion
from jixiao.stages.targets.workflow import State

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo")]
XIXIA, LAST, YEAR = "411323", 2022, 2023
AT_ONCE = 60  # as many as the page for batches shows
LONGEST = 180  # seconds of the processor for the whole way; it takes a third of that


def next_year() -> None:
    """The projects of the last year enter the next year's register, by the table as finance imports it; none is new."""
    head, *rows = csv.reader((DEMO / "xixia-2022" / "projects.csv").read_text(encoding="utf-8-sig").splitlines())
    year, major = head.index("年度"), head.index("重大政策")
    for row in rows:
        row[year], row[major] = (str(YEAR), "否") if row[year] == str(LAST) else ("", "")
    table = io.StringIO()
    csv.writer(table).writerows([head, *(row for row in rows if row[year])])
    units = (DEMO / "xixia-2022" / "units.csv").read_text(encoding="utf-8-sig")
    stored({"units": units, "projects": table.getvalue()}, REGISTERS, code=XIXIA, year=YEAR)


def filed() -> int:
    """Every project whose target was approved last year gets its sheet, by its own unit; how many."""
    approved = TargetVersion.objects.filter(region=XIXIA, year=LAST, state=State.APPROVED, stated_lines=None)
    identities = approved.filter(lines__isnull=False).values("sheet__subject_year__subject")
    rows = SubjectYear.objects.filter(region=XIXIA, year=YEAR, subject__in=identities).order_by("code")
    for subject in rows:
        role = Role.UNIT if subject.department_above else Role.DEPARTMENT
        who = actor(role, XIXIA, unit_path=subject.unit_path)
        actions.open_sheet(subject, who, horizon=Horizon.ANNUAL, work_year=LAST)
    return len(rows)


def batches(state: State, code: str, by: str = "") -> Iterator[tuple[dict, str]]:
    """Sheets in a state that take this step, at most so many at once, by their unit, department or division."""
    groups = defaultdict(list)
    rows = TargetVersion.objects.filter(region=XIXIA, year=YEAR, state=state)
    for row in rows.select_related("sheet__subject_year__division", "snapshot").order_by("pk"):
        subject = row.sheet.subject_year
        if code == "submit" and not subject.department_above:
            continue
        place = {"unit": subject.unit_path, "department": f"{subject.unit_path.split('/')[0]}/"}
        groups[place.get(by) or (subject.division.name if by == "division" else "")].append(row)
    for place, mine in groups.items():
        for start in range(0, len(mine), AT_ONCE):
            yield {one.pk: (one, one.version) for one in mine[start : start + AT_ONCE]}, place


def step(state: State, code: str, role: Role, by: str = "") -> int:
    """Everybody in a role takes his batches through one step; how many sheets moved."""
    moved = 0
    for chosen, place in batches(state, code, by):
        where = {"division": place} if by == "division" else {"unit_path": place} if place else {}
        who = actor(role, XIXIA, **where)
        moved += moving.move_many(chosen, code, who, lambda one: one.sheet.subject_year.name, effect=actions.after_step)
    return moved


def test_all_of_a_districts_targets_pass_unit_department_division_and_office_and_the_doctor_finds_nothing():
    next_year()
    began = time.process_time()
    assert filed() == 510
    below = step(State.DRAFT, "submit", Role.UNIT, "unit")
    direct = step(State.DRAFT, "submit_directly_to_division", Role.DEPARTMENT, "department")
    assert below > 0
    assert direct > 0
    assert below + direct == 510
    assert step(State.DEPARTMENT_REVIEW, "forward_to_division", Role.DEPARTMENT, "department") == below
    assert step(State.DIVISION_REVIEW, "forward_to_office", Role.FISCAL_DIVISION, "division") == 510
    assert step(State.OFFICE_REVIEW, "pass", Role.PERFORMANCE_OFFICE) == 510
    assert step(State.PASSED, "approve", Role.PERFORMANCE_OFFICE) == 510
    assert time.process_time() - began < LONGEST
    approved = TargetVersion.objects.filter(region=XIXIA, year=YEAR, state=State.APPROVED)
    assert approved.count() == 510
    assert all(version.turns.count() == 2 for version in approved[:20])
    assert [sentence for one in (*ANY_SHEET, *INVARIANTS) for sentence in one.check()] == []
