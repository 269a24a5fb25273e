"""What the payments say: sheets that print another sum, and projects that spend slowly."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum

from jixiao.kit import bulk
from jixiao.kit.importing import Gap, ImportScope, Plan
from jixiao.registers.subjects.models import Hold, Note, Payment

from ..models import STOPPING, ReadingSheet, Round
from ..rules import MonitoringRules, judge_progress
from .batch import Batch


def spent_by(region: str, year: int, cutoff: dt.date) -> dict[int, int]:
    """Payments by subject-year up to a cut-off, in fen."""
    paid = Payment.objects.filter(region=region, year=year).up_to(cutoff).order_by()
    return dict(paid.exclude(subject_year=None).values_list("subject_year").annotate(sum=Sum("fen")))


def check_payments(plan: Plan, scope: ImportScope, batch: Batch) -> None:
    """Name the rows whose printed 累计执行 is not what the payments add up to."""
    spent = {key: spent_by(scope.region, key[0], batch.rounds[key].cutoff) for key in {key for key, _ in batch.wanted}}
    other = [
        batch.rows[key].number
        for key, sheet in batch.wanted.items()
        if sheet.printed_spent is not None
        and batch.objects[key[1]].in_total
        and sheet.printed_spent != spent[key[0]].get(key[1], 0)
    ]
    if other:
        message = f"{len(other)} 行的累计执行与国库支付合计不一致，按支付计算，原表数另存，请核对"
        plan.gaps.append(Gap("monitoring", message, tuple(other)))


def note_slow(scope: ImportScope, sheets: list[ReadingSheet]) -> None:
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
    spent = spent_by(seen.region, seen.year, seen.cutoff)
    notes = []
    for sheet in sheets:
        paid = spent.get(sheet.subject_year_id, 0)
        halted = sheet.handling in STOPPING or sheet.subject_year_id in stopped
        progress = judge_progress(sheet.budget, paid, seen.cutoff, stopped=halted, rules=rules, citation=citation)
        if progress.slow:
            place = {"subject_year_id": sheet.subject_year_id, "region": seen.region, "stage": "monitoring"}
            notes.append(Note(source=source, text=progress.because, on=seen.cutoff, **place))
    return notes
