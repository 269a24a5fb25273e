"""Acts of 绩效目标: a sheet is opened from last year's, filled, and after its approval adjusted by a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.domain.filing import files
from jixiao.domain.frameworks import framework_of
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.models import AuditEntry
from jixiao.kit.moving import changed, locked, step, timeline
from jixiao.policies import for_region
from jixiao.registers.indicators.models import Entry
from jixiao.registers.organizations.models import Region, UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import BudgetLine, SubjectYear

from .models import (
    DepartmentApproval,
    Direction,
    Horizon,
    IndicatorLine,
    LineSource,
    Pilot,
    TargetDuty,
    TargetSheet,
    TargetTask,
    TargetTurn,
    TargetVersion,
    new_lineage,
)
from .rules import (
    ApprovalRules,
    PilotSteps,
    adjustment_grounded,
    approval_number,
    keeps_pilots,
    may_adjust,
    may_fill,
    may_number,
    office_selects,
)
from .saying import Filled, Plan, Said, inherited
from .workflow import AT_FINANCE, State

SHIFT = 100_000
UNDERWAY = frozenset(State) - {State.APPROVED, State.SUPERSEDED}
STEPS = ("framework_on", "targets_on", "self_evaluated_on")
TASK = ("name", "content", "fiscal", "other", "duty")
KEPT = ("position", "level1", "level2", "name", "comparison", "target", "unit", "weight", "entry_id")


def last_version(subject: SubjectYear, horizon: Horizon) -> TargetVersion | None:
    """历年: what was approved for the same subject a year ago."""
    rows = TargetVersion.objects.filter(
        region=subject.region,
        state=State.APPROVED,
        sheet__subject_year__subject=subject.subject_id,
        sheet__subject_year__year=subject.year - 1,
        sheet__horizon=horizon,
    )
    return rows.select_related("sheet__subject_year").order_by("-no").first()


def open_sheet(
    subject: SubjectYear, actor: Actor, *, horizon: Horizon, work_year: int, token: str = ""
) -> TargetVersion:
    """A target sheet to be filled, with last year's approved indicators where there are any. Raises Refused."""
    content = [subject.pk, horizon, work_year]
    with acting(actor, "targets.open", token=token, content=content) as act:
        current = SubjectYear.objects.select_for_update().get(pk=subject.pk)
        may = require(files(actor, current.department_above), "绩效目标由申请资金的单位填报")
        there = TargetSheet.objects.filter(subject_year=current, horizon=horizon).exists()
        (may & require(not there, f"这个对象 {current.year} 年的{horizon.label}目标已经有了，请刷新后打开")).demand()
        sheet = TargetSheet.objects.create(
            region=current.region, year=current.year, subject_year=current, horizon=horizon
        )
        last = last_version(current, horizon)
        framework = framework_of(current.kind, current.book, current.extension).key
        goal = current.goal or (last.goal or last.sheet.subject_year.goal if last else "")
        version = _version(sheet, work_year=work_year, goal=goal, framework=framework)
        copied = _copy(last, version) if last else 0
        act.trace(version.reference, None, {"from": last.reference if last else "", "lines": copied})
        act.answer = {"pk": version.pk}
    return version


def _version(sheet: TargetSheet, **facts: Any) -> TargetVersion:
    """A further version of a sheet, under the region's rules as they are now."""
    snapshot = snapshot_of(for_region(sheet.region, sheet.year))
    return TargetVersion.objects.create(
        region=sheet.region, year=sheet.year, sheet=sheet, snapshot=snapshot, **({"no": 1} | facts)
    )


def _copy(source: TargetVersion, target: TargetVersion) -> int:
    """The same indicators as lines of another version: the lineage goes on, the rows are its own."""
    lines = list(source.lines.filter(source=LineSource.TARGET).order_by("position"))
    annual = target.sheet.horizon == Horizon.ANNUAL
    for place, line in enumerate(lines, 1):
        line.pk, line.version, line.position = None, target, place
        line.weight = line.weight if annual else 0
    bulk.insert(IndicatorLine, lines)
    if target.takes_tasks:
        _store_plan(target, source.plan)
    return len(lines)


def fill(version: TargetVersion, actor: Actor, *, version_no: int, filled: Filled, token: str = "") -> TargetVersion:
    """Save what the unit says. `version_no` is the saving that it began with. Raises Stale, Refused."""
    content = [version.reference, version_no, filled.document()]
    with acting(actor, "targets.fill", token=token, content=content) as act:
        current: TargetVersion = locked(version, version_no, act)
        may_fill(actor, current.state == State.DRAFT, current.facts()).demand()
        before = current.filled
        known = {line.lineage: line for line in before.lines}
        # What another version of the sheet once had may come back under its old lineage.
        for line in IndicatorLine.objects.filter(version__sheet=current.sheet_id).exclude(version=current):
            known.setdefault(line.lineage, line.said)
        _entries_known(current.region, filled.lines)
        wanted = Filled(filled.goal, inherited(filled.lines, known), filled.plan)
        _store(current, wanted)
        _store_plan(current, wanted.plan)
        current.goal = wanted.goal
        changed(current, ("goal",), act, before.document(), current.filled.document())
    return current


def _entries_known(region: str, lines: Sequence[Said]) -> None:
    asked = {line.entry for line in lines if line.entry is not None}
    known = Entry.objects.filter(region=region, pk__in=asked).count()
    require(known == len(asked), "所选的指标库条目不存在，请重新选择").demand()


def _store(version: TargetVersion, wanted: Filled) -> None:
    """Lines of a known lineage keep their rows; the rest are new or gone."""
    mine = version.lines.filter(source=LineSource.TARGET)
    stored = {line.lineage: line for line in mine}
    kept = {line.lineage for line in wanted.lines} & stored.keys()
    mine.exclude(lineage__in=kept).delete()
    # Rows trade places one by one, and no two may stand at the same place meanwhile.
    version.lines.update(position=F("position") + SHIFT)
    taken = {line.lineage for line in wanted.lines if line.lineage}
    fresh: list[IndicatorLine] = []
    changed: list[IndicatorLine] = []
    for place, line in enumerate(wanted.lines, 1):
        row = stored.get(line.lineage) if line.lineage else None
        lineage = line.lineage or _lineage(version, line, taken)
        taken.add(lineage)
        row = row or IndicatorLine(version=version, lineage=lineage, source=LineSource.TARGET)
        for name, value in zip(KEPT, (place, *_values(line)), strict=True):
            setattr(row, name, value)
        (changed if row.pk else fresh).append(row)
    IndicatorLine.objects.bulk_update(changed, KEPT, batch_size=100)
    bulk.insert(IndicatorLine, fresh)
    others = version.lines.exclude(source=LineSource.TARGET).order_by("position")
    for place, other in enumerate(others, len(wanted.lines) + 1):
        IndicatorLine.objects.filter(pk=other.pk).update(position=place)


def _store_plan(version: TargetVersion, plan: Plan | None) -> None:
    """Duties and tasks as they are said now; without a plan what stands remains."""
    if plan is None:
        return
    require(version.takes_tasks, "这类对象不填年度主要任务和部门职责").demand()
    numbers = [task.duty for task in plan.tasks] + [duty for _, duty in plan.serves]
    unknown = sorted({str(no) for no in numbers if no is not None and not 1 <= no <= len(plan.duties)})
    require(not unknown, f"没有第 {'、'.join(unknown)} 项职责，请改正对应职责的编号").demand()
    version.duties.all().delete()
    version.tasks.all().delete()
    bulk.insert(TargetDuty, [TargetDuty(version=version, position=n, text=t) for n, t in enumerate(plan.duties, 1)])
    tasks = [
        TargetTask(version=version, position=n, **{name: getattr(task, name) for name in TASK})
        for n, task in enumerate(plan.tasks, 1)
    ]
    bulk.insert(TargetTask, tasks)
    served = dict(plan.serves)
    lines = list(version.lines.filter(source=LineSource.TARGET))
    for line in lines:
        line.duty = served.get(line.lineage)
    IndicatorLine.objects.bulk_update(lines, ["duty"], batch_size=100)


def _values(line: Said) -> tuple[Any, ...]:
    return line.level1, line.level2, line.name, line.comparison, line.target, line.unit, line.weight, line.entry


def _lineage(version: TargetVersion, line: Said, taken: set[str]) -> str:
    """From subject and name; a name that another line once bore gets a lineage of its own."""
    subject, name = version.sheet.subject_year.subject_id, line.name
    found = new_lineage(subject, line.level2, name)
    while found in taken:
        name += "′"
        found = new_lineage(subject, line.level2, name)
    return found


def after_step(version: TargetVersion, code: str, act: Act) -> None:
    """What follows from a step: opinions are answered, a turn is kept, and an adjustment takes the old one's place."""
    source = timeline(version).last().source  # type: ignore[union-attr]
    if source == State.DRAFT:
        version.opinions.filter(answered_at=None).update(answered_at=act.at)
        version.result, version.result_words = "", ""
        version.save(update_fields=["result", "result_words"])
    from_below = source in (State.DRAFT, State.DEPARTMENT_REVIEW)
    if from_below and version.state in AT_FINANCE:
        _turn(version, Direction.UP, act)
    elif version.state == State.APPROVED or (version.state == State.DRAFT and not from_below):
        _turn(version, Direction.DOWN, act)
    if version.state == State.APPROVED:
        earlier = TargetVersion.objects.filter(sheet=version.sheet_id, state=State.APPROVED).exclude(pk=version.pk)
        for replaced in earlier.select_for_update().order_by("pk"):
            step(replaced, "supersede", act, f"第 {version.no} 版批复")


def _turn(version: TargetVersion, direction: Direction, act: Act) -> None:
    no = version.turns.filter(direction=direction).count() + 1
    TargetTurn.objects.create(
        version=version,
        direction=direction,
        no=no,
        content=version.filled.document(),
        actor=act.actor.name,
        at=act.at,
    )


def adjust(
    version: TargetVersion,
    actor: Actor,
    *,
    version_no: int,
    reason: str,
    budget_line: BudgetLine | None,
    budget_doc_no: str,
    work_year: int,
    token: str = "",
) -> TargetVersion:
    """调整: a new version with the approved one's indicators; the approved one stays in force until this one is.

    Raises Stale, Refused.
    """
    content = [version.reference, version_no, reason, budget_line.pk if budget_line else None, budget_doc_no]
    with acting(actor, "targets.adjust", token=token, content=content) as act:
        current: TargetVersion = locked(version, version_no, act)
        sheet = TargetSheet.objects.select_for_update().get(pk=current.sheet_id)
        underway = sheet.versions.filter(state__in=UNDERWAY).exists()
        (
            may_adjust(actor, current.state == State.APPROVED, underway, current.facts())
            & adjustment_grounded(reason, bool(budget_line or budget_doc_no.strip()))
        ).demand()
        facts = {"adjusts": current, "reason": reason, "budget_line": budget_line, "framework": current.framework}
        made = _version(
            sheet,
            no=max(sheet.versions.values_list("no", flat=True)) + 1,
            work_year=work_year,
            goal=current.goal or sheet.subject_year.goal,
            budget_doc_no=budget_doc_no or (budget_line.doc_no if budget_line else ""),
            **facts,
        )
        copied = _copy(current, made)
        act.trace(made.reference, None, {"adjusts": current.reference, "reason": reason, "lines": copied})
        act.answer = {"pk": made.pk}
    return made


def keep_pilot(
    place: UnitYear, year: int, steps: PilotSteps, actor: Actor, *, version: int, today: dt.date, token: str = ""
) -> Pilot:
    """Register a unit as a pilot of 部门整体 from this year on, or the dates of its steps. Raises Stale, Refused.

    `version` is the one that was seen, 0 for a unit that was none yet.
    """
    content = [place.unit_id, year, version, *map(str, (steps.framework_on, steps.targets_on, steps.self_evaluated_on))]
    with acting(actor, "targets.pilot", token=token, content=content) as act:
        keeps_pilots(actor, steps, today).demand()
        rows = Pilot.objects.select_for_update().filter(unit=place.unit_id, year=year)
        pilot = rows.first() or Pilot(region=place.region, year=year, unit_id=place.unit_id, version=0)
        if pilot.version != version:
            last = AuditEntry.objects.filter(region=place.region, object=f"pilot:{pilot.pk}").order_by("seq").last()
            raise Stale(last.actor if last else "他人", last.at if last else act.at, f"第 {pilot.version} 次保存")
        before = {name: str(getattr(pilot, name) or "") for name in STEPS}
        pilot.unit_name, pilot.unit_path = place.name, place.path
        pilot.division = place.division.name if place.division else ""
        for name in STEPS:
            setattr(pilot, name, getattr(steps, name))
        pilot.version += 1
        pilot.save()
        after = {name: str(getattr(pilot, name) or "") for name in STEPS}
        act.trace(f"pilot:{pilot.pk}", before, after)
        act.answer = {"pk": pilot.pk}
    return pilot


def mark_public(version: TargetVersion, actor: Actor, *, version_no: int, on: dt.date | None, token: str = "") -> None:
    """The day on which an approved target was made public (四同步). Raises Stale, Refused."""
    with acting(actor, "targets.disclosed", token=token, content=[version.reference, version_no, str(on)]) as act:
        current: TargetVersion = locked(version, version_no, act)
        withheld = current.sheet.subject_year.withheld
        (
            office_selects(actor, current.state == State.APPROVED)
            & require(not withheld, f"该对象不宜公开：{withheld}")
        ).demand()
        before, current.disclosed_on = current.disclosed_on, on
        _saved(current, "disclosed_on", act, str(before or ""), str(on or ""))


def number_approval(version: TargetVersion, actor: Actor, *, version_no: int, doc_no: str, token: str = "") -> None:
    """The number of the document by which the target was approved. Raises Stale, Refused."""
    with acting(actor, "targets.number", token=token, content=[version.reference, version_no, doc_no]) as act:
        current: TargetVersion = locked(version, version_no, act)
        office_selects(actor, current.state == State.APPROVED).demand()
        before, current.doc_no = current.doc_no, doc_no
        _saved(current, "doc_no", act, before, doc_no)


def number_department(
    place: UnitYear, actor: Actor, waiting: Sequence[TargetVersion], *, today: dt.date, token: str = ""
) -> DepartmentApproval:
    """The next 批复文 of the region for a department: all of `waiting` that no other one names. Raises Refused.

    Whoever numbers at the same time in the region waits here, so that no number is given twice or left out.
    """
    keys = sorted(version.pk for version in waiting)
    with acting(actor, "targets.number_department", token=token, content=[place.pk]) as act:
        Region.objects.select_for_update().get(pk=place.region)
        rows = TargetVersion.objects.filter(pk__in=keys, state=State.APPROVED, department_approvals=None)
        named = list(rows.select_for_update(of=("self",)).order_by("pk"))
        rules = for_region(place.region, place.year).section(ApprovalRules)
        may_number(actor, rules, len(named)).demand()
        given = DepartmentApproval.objects.filter(region=place.region, numbered_in=today.year)
        no = (given.aggregate(last=Max("no"))["last"] or 0) + 1
        doc_no = approval_number(rules, today.year, no)
        taken = DepartmentApproval.objects.filter(region=place.region, doc_no=doc_no).exists()
        require(not taken, f"文号 {doc_no} 已经用过，请核对规则里批复文号的样式").demand()
        made = DepartmentApproval.objects.create(
            region=place.region,
            year=place.year,
            unit_id=place.unit_id,
            unit_name=place.name,
            unit_path=place.path,
            division=place.division.name if place.division else "",
            numbered_in=today.year,
            no=no,
            doc_no=doc_no,
            on=today,
            actor=actor.name,
        )
        made.versions.set(named)
        act.trace(made.reference, None, {"doc_no": doc_no, "targets": [one.reference for one in named]})
        act.answer = {"pk": made.pk, "doc_no": doc_no}
    return made


def select_for_congress(chosen: Sequence[TargetVersion], actor: Actor, *, selected: bool, token: str = "") -> int:
    """These approved targets go to the people's congress with the draft budget, or no longer. Raises Refused."""
    keys = sorted(version.pk for version in chosen)
    with acting(actor, "targets.select", token=token, content=[keys, selected]) as act:
        require(keys, "请先勾选绩效目标").demand()
        rows = TargetVersion.objects.filter(pk__in=keys, region=actor.region).select_for_update().order_by("pk")
        for current in rows:
            office_selects(actor, current.state == State.APPROVED).demand()
            before, current.for_congress = current.for_congress, selected
            _saved(current, "for_congress", act, before, selected)
        act.answer = {"count": len(keys)}
    return len(keys)


def _saved(version: TargetVersion, field: str, act: Act, before: Any, after: Any) -> None:
    changed(version, (field,), act, {field: before}, {field: after})
