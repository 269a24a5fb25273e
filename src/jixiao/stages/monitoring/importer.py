"""绩效运行监控表 with 监控指标完成情况表, and 收回资金台账."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from jixiao.domain.vocabulary import Likelihood, Origin
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.moving import recorded
from jixiao.kit.recording import Recording
from jixiao.kit.tables import PARAGRAPH, Column, Row, Table
from jixiao.kit.tables import Reading as TableReading
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Hold, HoldKind, Note, Payment, SubjectYear
from jixiao.stages.targets.models import IndicatorLine
from jixiao.stages.targets.workflow import State as TargetState

from .models import STOPPING, Attention, Handling, Reading, ReadingSheet, Recovery, Round
from .rules import MonitoringRules, judge_progress, planned_round
from .workflow import RoundState, State

MONITORING = Table(
    "monitoring",
    "绩效运行监控表",
    (
        Column("year", "年度", "year"),
        Column("no", "监控轮次", "integer", aliases=("轮次",)),
        Column("cutoff", "截止日期", "date"),
        Column("attention", "监控性质", "term", choices=Attention),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("budget", "全年预算", "amount", least=0),
        Column("printed_spent", "累计执行", "amount", required=False),
        Column("progress", "绩效目标完成情况", required=False),
        Column("likelihood", "完成目标可能性", "term", required=False, choices=Likelihood, default=""),
        Column("causes", "偏差原因", required=False, longest=PARAGRAPH),
        Column("advice", "处置意见", required=False, longest=PARAGRAPH),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("绩效监控表",),
    note="累计执行以国库支付为准计算，原表数另存。",
)
READINGS = Table(
    "monitoring_readings",
    "监控指标完成情况表",
    (
        Column("year", "年度", "year"),
        Column("no", "监控轮次", "integer", aliases=("轮次",)),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("name", "三级指标"),
        Column("actual", "截至完成值", required=False),
        Column("expected", "全年预计完成值", required=False),
        Column("likelihood", "完成目标可能性", "term", required=False, choices=Likelihood, default=""),
    ),
)
RECOVERIES = Table(
    "recoveries",
    "收回资金台账",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", aliases=("对象编码",)),
        Column("fen", "收回金额", "amount", least=0),
        Column("reason", "原因", longest=PARAGRAPH),
        Column("doc_no", "文号", required=False, longest=80),
        Column("on", "日期", "date"),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
)
SHEET = ("attention", "budget", "printed_spent", "progress", "likelihood", "causes", "handling", "advice", "origin")
READ = ("actual", "expected", "likelihood")
RECOVERED = ("fen", "reason", "doc_no", "origin")
WORDS = (
    (Handling.RECOVER, ("收回",)),
    (Handling.SUSPEND, ("暂停", "停止", "取消")),
    (Handling.URGE, ("督促", "整改")),
    (Handling.ADJUST, ("调整", "调剂")),
)
RoundKey = tuple[int, int]
SheetKey = tuple[RoundKey, int]
HELD_HERE = "{} 年第 {} 轮监控已在系统内办理，请在系统中填报，不能再补录"


def handling_of(advice: str) -> Handling:
    """What a written 处置意见 amounts to; the gravest word decides, none means 继续执行."""
    return next((term for term, words in WORDS if any(word in advice for word in words)), Handling.CONTINUE)


@dataclass(slots=True)
class _Batch:
    """What the two tables will write. Sheets are keyed by round (year, number) and subject-year."""

    subjects: Subjects
    rounds: dict[RoundKey, Round] = field(default_factory=dict)
    new_rounds: list[Round] = field(default_factory=list)
    moved_rounds: list[tuple[Round, str]] = field(default_factory=list)
    rows: dict[SheetKey, Row] = field(default_factory=dict)
    objects: dict[int, SubjectYear] = field(default_factory=dict)
    wanted: dict[SheetKey, ReadingSheet] = field(default_factory=dict)
    stored: dict[SheetKey, ReadingSheet] = field(default_factory=dict)
    fresh: list[tuple[SheetKey, Reading]] = field(default_factory=list)
    changed: list[Reading] = field(default_factory=list)
    touched: set[SheetKey] = field(default_factory=set)


def plan_monitoring(readings: Readings, scope: ImportScope) -> Plan:
    """Recorded rounds, their sheets and the readings of approved indicator lines."""
    plan, batch = Plan(), _Batch(Subjects(scope.region))
    if "monitoring" in readings:
        _plan_rounds(plan, readings["monitoring"], scope, batch)
        _plan_sheets(plan, readings["monitoring"], scope, batch)
    if plan.problems:
        return plan
    stored = ReadingSheet.objects.filter(region=scope.region).select_related("round")
    batch.stored = {((s.round.year, s.round.no), s.subject_year_id): s for s in stored}
    if "monitoring_readings" in readings:
        _plan_readings(plan, readings["monitoring_readings"], scope, batch)
    touched_only = {key: batch.stored[key] for key in batch.touched if key not in batch.wanted}
    sheets = Recording.compare(ReadingSheet, plan, batch.stored, batch.wanted | touched_only, SHEET, batch.touched)
    _check_payments(plan, scope, batch)
    plan.steps.append(lambda act: _store(act, scope, sheets, batch))
    return plan


def _plan_rounds(plan: Plan, reading: TableReading, scope: ImportScope, batch: _Batch) -> None:
    """One round per year and number; its rows agree on the cut-off. Rounds held in the system are not overwritten."""
    batch.rounds = {(r.year, r.no): r for r in Round.objects.filter(region=scope.region).select_related("snapshot")}
    cutoffs: dict[RoundKey, dt.date] = {}
    for row in reading.rows:
        year, no, cutoff = (row.values[name] for name in ("year", "no", "cutoff"))
        key: Any = (year, no)
        found = batch.rounds.get(key)
        if cutoffs.setdefault(key, cutoff) != cutoff:
            message = f"{year} 年第 {no} 轮前面的行截止日期是 {cutoffs[key]}，请改为一致"
            plan.problems.append(reading.problem(row, "cutoff", message))
        elif cutoff.year != year:
            plan.problems.append(reading.problem(row, "cutoff", f"截止日期不在 {year} 年内，请改正"))
        elif found is None:
            found = batch.rounds[key] = _round(scope, year, no, cutoff)
            batch.new_rounds.append(found)
        elif found.held_here:
            plan.problems.append(reading.problem(row, "no", HELD_HERE.format(year, no)))
        elif found.cutoff != cutoff:
            batch.moved_rounds.append((found, str(found.cutoff)))
            found.cutoff = cutoff
            plan.changed += 1


def _round(scope: ImportScope, year: Any, no: Any, cutoff: Any) -> Round:
    policy = scope.policies(scope.region, year)
    planned = planned_round(no, policy.section(MonitoringRules))
    return Round(
        region=scope.region,
        year=year,
        no=no,
        cutoff=cutoff,
        purpose=planned.purpose if planned else "",
        snapshot=snapshot_of(policy),
        state=RoundState.CLOSED,
    )


def _plan_sheets(plan: Plan, reading: TableReading, scope: ImportScope, batch: _Batch) -> None:
    rows = once(
        reading,
        plan,
        lambda row: (row.values["year"], row.values["no"], row.values["code"]),
        "code",
        "本轮的项目编码",
    )
    for (year, no, code), row in rows.items():
        subject = batch.subjects.find(code, year)
        if subject is None:
            message = f"项目库中没有 {year} 年编码为 {code} 的项目，请先导入项目库或改正"
            plan.problems.append(reading.problem(row, "code", message))
            continue
        key = ((year, no), subject.pk)
        values: dict[str, Any] = {k: v for k, v in row.values.items() if k not in ("no", "cutoff", "code")}
        batch.objects[subject.pk], batch.rows[key] = subject, row
        batch.wanted[key] = ReadingSheet(
            region=scope.region,
            subject_year_id=subject.pk,
            handling=handling_of(values["advice"]),
            state=State.CONCLUDED,
            **values,
        )


def _plan_readings(plan: Plan, reading: TableReading, scope: ImportScope, batch: _Batch) -> None:
    """Readings on the lines of the version in force. Without a sheet or a line of that name a row is only listed."""
    rows = once(
        reading,
        plan,
        lambda row: (row.values["year"], row.values["no"], row.values["code"], row.values["name"]),
        "name",
        "本轮该项目的三级指标",
    )
    lines = _approved_lines(scope.region, {year for year, _, _, _ in rows})
    known = Reading.objects.filter(sheet__region=scope.region)
    stored = {(r.sheet_id, r.line_id): r for r in known}
    homeless, nameless = [], []
    for (year, no, code, name), row in rows.items():
        subject = batch.subjects.find(code, year)
        key = ((year, no), subject.pk if subject else 0)
        if key in batch.stored and batch.stored[key].round.held_here:
            plan.problems.append(reading.problem(row, "no", HELD_HERE.format(year, no)))
        elif key not in batch.wanted and key not in batch.stored:
            homeless.append(row.number)
        elif (key[1], name) not in lines:
            nameless.append(row.number)
        else:
            sheet = batch.stored.get(key)
            line_id = lines[key[1], name]
            _compare_reading(plan, batch, key, stored.get((sheet.pk, line_id)) if sheet else None, line_id, row)
    for numbers, lacking in ((homeless, "没有对应的监控表"), (nameless, "指标不在已批复的绩效目标中")):
        if numbers:
            message = f"{len(numbers)} 行监控读数{lacking}，没有入库，请补充后重新导入"
            plan.gaps.append(Gap("monitoring_readings", message, tuple(numbers)))


def _approved_lines(region: str, years: set[int]) -> dict[tuple[int, str], int]:
    """Lines of versions in force by subject-year and name."""
    lines = IndicatorLine.objects.filter(
        version__region=region, version__year__in=years, version__state=TargetState.APPROVED
    )
    found = lines.order_by("-position").values_list("version__sheet__subject_year", "name", "pk")
    return {(subject_id, name): pk for subject_id, name, pk in found}


def _compare_reading(plan: Plan, batch: _Batch, key: SheetKey, stored: Reading | None, line_id: int, row: Row) -> None:
    values: dict[str, Any] = {name: row.values[name] for name in READ}
    if stored is None:
        plan.new += 1
        batch.fresh.append((key, Reading(line_id=line_id, **values)))
        batch.touched |= {key} & batch.stored.keys()
    elif any(getattr(stored, name) != value for name, value in values.items()):
        plan.changed += 1
        for name, value in values.items():
            setattr(stored, name, value)
        batch.changed.append(stored)
        batch.touched.add(key)
    else:
        plan.same += 1


def _spent(region: str, year: int, cutoff: dt.date) -> dict[int, int]:
    """Payments by subject-year up to a cut-off, in fen."""
    paid = Payment.objects.filter(region=region, year=year).up_to(cutoff).order_by()
    return dict(paid.exclude(subject_year=None).values_list("subject_year").annotate(sum=Sum("fen")))


def _check_payments(plan: Plan, scope: ImportScope, batch: _Batch) -> None:
    """Name the rows whose printed 累计执行 is not what the payments add up to."""
    spent = {key: _spent(scope.region, key[0], batch.rounds[key].cutoff) for key in {key for key, _ in batch.wanted}}
    other = [
        batch.rows[key].number
        for key, sheet in batch.wanted.items()
        if sheet.printed_spent is not None and sheet.printed_spent != spent[key[0]].get(key[1], 0)
    ]
    if other:
        message = f"{len(other)} 行的累计执行与国库支付合计不一致，按支付计算，原表数另存，请核对"
        plan.gaps.append(Gap("monitoring", message, tuple(other)))


def _store(act: Act, scope: ImportScope, sheets: Recording[ReadingSheet], batch: _Batch) -> None:
    for opened in batch.new_rounds:
        opened.save()
    recorded(batch.new_rounds, act)
    for moved, before in batch.moved_rounds:
        moved.version += 1
        moved.save(update_fields=["cutoff", "version"])
        act.trace(moved.reference, {"cutoff": before}, {"cutoff": str(moved.cutoff)})
    keys = {id(sheet): key for key, sheet in batch.wanted.items()}
    for sheet in sheets.fresh:
        sheet.round = batch.rounds[keys[id(sheet)][0]]
    sheets.store(act, ("round_id", "subject_year_id"))
    written = {keys[id(sheet)]: sheet for sheet in sheets.fresh}
    for key, reading in batch.fresh:
        reading.sheet_id = (written.get(key) or batch.stored[key]).pk
    bulk.insert(Reading, [reading for _, reading in batch.fresh])
    Reading.objects.bulk_update(batch.changed, READ, batch_size=200)
    moved_ids = [moved.pk for moved, _ in batch.moved_rounds]
    others = ReadingSheet.objects.filter(round__in=moved_ids).exclude(pk__in=[s.pk for s in sheets.changed])
    _note_slow(scope, [*sheets.fresh, *sheets.changed, *others.select_related("round__snapshot")])


def _note_slow(scope: ImportScope, sheets: list[ReadingSheet]) -> None:
    """Tell later stages of slow spending; a corrected sheet takes its old note back."""
    by_round: dict[int, list[ReadingSheet]] = {}
    for sheet in sheets:
        by_round.setdefault(sheet.round_id, []).append(sheet)
    ids = {sheet.subject_year_id for sheet in sheets}
    held = Hold.objects.filter(region=scope.region, released_on=None)
    stopped = set(held.values_list("subject_year_id", flat=True)) & ids
    notes = []
    for group in by_round.values():
        seen = group[0].round
        source = f"{seen.year}年第{seen.no}轮监控"
        mine = {sheet.subject_year_id for sheet in group}
        before = Note.objects.filter(region=scope.region, stage="monitoring", source=source)
        Note.objects.filter(pk__in=[n.pk for n in before if n.subject_year_id in mine]).delete()
        notes += _notes(seen, group, stopped, source)
    bulk.insert(Note, notes)


def _notes(seen: Round, sheets: list[ReadingSheet], stopped: set[int], source: str) -> list[Note]:
    policy = seen.snapshot.policy()
    rules = policy.section(MonitoringRules)
    citation = policy.provenance(MonitoringRules.section, "slow_behind").source
    spent = _spent(seen.region, seen.year, seen.cutoff)
    notes = []
    for sheet in sheets:
        paid = spent.get(sheet.subject_year_id, 0)
        halted = sheet.handling in STOPPING or sheet.subject_year_id in stopped
        progress = judge_progress(sheet.budget, paid, seen.cutoff, stopped=halted, rules=rules, citation=citation)
        if progress.slow:
            place = {"subject_year_id": sheet.subject_year_id, "region": seen.region, "stage": "monitoring"}
            notes.append(Note(source=source, text=progress.because, on=seen.cutoff, **place))
    return notes


def plan_recoveries(readings: Readings, scope: ImportScope) -> Plan:
    """Money taken back, by project and day; each puts a stop on the project's money."""
    plan, reading, subjects = Plan(), readings["recoveries"], Subjects(scope.region)
    rows = once(
        reading, plan, lambda row: (row.values["year"], row.values["code"], row.values["on"]), "on", "项目和日期"
    )
    wanted = {}
    for (year, code, on), row in rows.items():
        subject = subjects.find(code, year)
        if subject is None:
            message = f"项目库中没有 {year} 年编码为 {code} 的项目，请先导入项目库或改正"
            plan.problems.append(reading.problem(row, "code", message))
            continue
        values: dict[str, Any] = {key: row.values[key] for key in RECOVERED}
        wanted[subject.pk, on] = Recovery(region=scope.region, year=year, subject_year_id=subject.pk, on=on, **values)
    stored = {(r.subject_year_id, r.on): r for r in Recovery.objects.filter(region=scope.region)}
    fresh, changed = reconcile(plan, stored, wanted, RECOVERED)

    def store(act: Act) -> None:
        write(Recovery, fresh, changed, RECOVERED)
        bulk.insert(Hold, [_hold(recovery) for recovery in fresh])
        for recovery in changed:
            act.trace(f"recovery:{recovery.pk}", None, {"fen": recovery.fen, "reason": recovery.reason})

    plan.steps.append(store)
    return plan


def _hold(recovery: Recovery) -> Hold:
    return Hold(
        subject_year_id=recovery.subject_year_id,
        region=recovery.region,
        kind=HoldKind.RECOVERED,
        reason=recovery.reason,
        doc_no=recovery.doc_no,
        since=recovery.on,
    )


IMPORTERS = (
    Importer("recoveries", (RECOVERIES,), plan_recoveries),
    Importer("monitoring", (MONITORING, READINGS), plan_monitoring),
)
