"""绩效运行监控表 with 监控指标完成情况表."""

from __future__ import annotations

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import ImportScope, Plan, Readings
from jixiao.kit.moving import recorded
from jixiao.kit.recording import Recording
from jixiao.registers.subjects.finding import Subjects

from ..models import Reading, ReadingSheet
from .batch import Batch
from .readings import READ, plan_readings
from .rounds import plan_rounds, plan_sheets
from .spending import check_payments, note_slow

SHEET = (
    "attention",
    "budget",
    "printed_spent",
    "expected_spent",
    "progress",
    "likelihood",
    "causes",
    "handling",
    "advice",
    "origin",
)


def plan_monitoring(readings: Readings, scope: ImportScope) -> Plan:
    """Recorded rounds, their sheets and the readings of approved indicator lines."""
    plan, batch = Plan(), Batch(Subjects(scope.region))
    if "monitoring" in readings:
        plan_rounds(plan, readings["monitoring"], scope, batch)
        plan_sheets(plan, readings["monitoring"], scope, batch)
    if plan.problems:
        return plan
    stored = ReadingSheet.objects.filter(region=scope.region).select_related("round")
    batch.stored = {((s.round.year, s.round.no), s.subject_year_id): s for s in stored}
    if "monitoring_readings" in readings:
        plan_readings(plan, readings["monitoring_readings"], scope, batch)
    touched_only = {key: batch.stored[key] for key in batch.touched if key not in batch.wanted}
    sheets = Recording.compare(ReadingSheet, plan, batch.stored, batch.wanted | touched_only, SHEET, batch.touched)
    check_payments(plan, scope, batch)
    plan.steps.append(lambda act: _store(act, scope, sheets, batch))
    return plan


def _store(act: Act, scope: ImportScope, sheets: Recording[ReadingSheet], batch: Batch) -> None:
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
    note_slow(scope, [*sheets.fresh, *sheets.changed, *others.select_related("round__snapshot")])
