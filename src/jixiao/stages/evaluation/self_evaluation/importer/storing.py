"""Storing scored sheets: indicator lines that had to be recorded, sheets, scores, and what goes down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Plan, reconcile
from jixiao.kit.moving import recorded
from jixiao.registers.indicators.models import Entry, Observation
from jixiao.registers.subjects.models import Outcome
from jixiao.stages.targets.models import IndicatorLine, TargetSheet, TargetVersion

from ..models import Score, SelfEvaluation
from .known import Draft, Key, Known

STAGE = "self_evaluation"
SHEET_FIELDS = (
    *("budget", "spent", "printed_spent", "printed_total", "printed_grade", "findings", "origin"),
    *("execution_points", "execution_because", "total", "grade", "because"),
)
SCORE_FIELDS = (
    *("line_id", "actual", "tier", "printed_points", "cause"),
    *("points", "because", "flags", "method"),
)
LINE_FIELDS = ("comparison", "target", "weight")
CHUNK = 500


@dataclass(slots=True)
class Changes:
    """What differs from the stored rows. `before` are the old values of sheets that change, for the trail."""

    fresh: list[SelfEvaluation]
    changed: dict[Key, SelfEvaluation]
    fresh_scores: list[Score]
    changed_scores: list[Score]
    stale_scores: list[Score]
    before: dict[Key, dict[str, str]]


def prepare(known: Known, drafts: Sequence[Draft], plan: Plan) -> None:
    """Compare the scored drafts with what is stored, count, and leave the storing as a step of the plan."""
    stored = {draft.key: draft.stored for draft in drafts if draft.stored}
    before = {key: _told(sheet) for key, sheet in stored.items()}
    fresh, changed = reconcile(plan, stored, {draft.key: draft.sheet for draft in drafts}, SHEET_FIELDS)
    wanted = {(draft.key, score.position): score for draft in drafts for score in draft.scores}
    scored = {(key, score.position): score for key, sheet in stored.items() for score in known.scores[sheet.pk]}
    lines = {key: score.line for key, score in wanted.items()}
    fresh_scores, changed_scores = reconcile(plan, scored, wanted, SCORE_FIELDS)
    stale = [score for key, score in scored.items() if key not in wanted]
    revised = [draft for draft in drafts if draft.revised]
    plan.changed += len(stale) + sum(len(draft.revised) for draft in revised)
    differing = {id(score) for score in (*fresh_scores, *changed_scores, *stale)}
    moved = {key for (key, _), score in (*wanted.items(), *scored.items()) if id(score) in differing}
    moved |= {(sheet.subject_year_id, sheet.year) for sheet in changed} | {draft.key for draft in revised}
    touched = {key: sheet for key, sheet in stored.items() if key in moved}
    changes = Changes(fresh, touched, fresh_scores, changed_scores, stale, before)

    def store(act: Act) -> None:
        _store_lines([draft for draft in drafts if not draft.stored or draft.key in touched], act)
        _store_sheets(drafts, changes, act)
        for key, score in wanted.items():
            kept = scored.get(key, score)
            kept.line_id = lines[key].pk
        _store_scores(drafts, changes)
        last = dict(sorted((*known.sheets, *(draft.key for draft in drafts))))
        moved_on = (draft for draft in drafts if not draft.stored or draft.key in touched)
        hand_down([draft for draft in moved_on if draft.sheet.year == last[draft.subject.pk]])

    plan.steps.append(store)


def _told(sheet: SelfEvaluation) -> dict[str, str]:
    return {name: str(getattr(sheet, name)) for name in SHEET_FIELDS}


def _store_lines(drafts: Sequence[Draft], act: Act) -> None:
    """Target sheets, versions and lines that the self-evaluations had to bring along."""
    versions = list({id(d.version): d.version for d in drafts if d.version.pk is None}.values())
    TargetSheet.objects.bulk_create([v.sheet for v in versions if v.sheet.pk is None], batch_size=CHUNK)
    for version in versions:
        version.sheet_id = version.sheet.pk
    TargetVersion.objects.bulk_create(versions, batch_size=CHUNK)
    recorded(versions, act)
    fresh = [score.line for draft in drafts for score in draft.scores if score.line.pk is None]
    for line in fresh:
        line.version_id = line.version.pk
    bulk.insert(IndicatorLine, fresh)
    keys: dict[tuple[int, int], int] = {}
    for some in _chunks(sorted({line.version_id for line in fresh})):
        rows = IndicatorLine.objects.filter(version__in=some).values_list("version_id", "position", "pk")
        keys |= {(version, position): pk for version, position, pk in rows}
    for line in fresh:
        line.pk = keys[(line.version_id, line.position)]
    revised = [line for draft in drafts for line in draft.revised]
    IndicatorLine.objects.bulk_update(revised, LINE_FIELDS, batch_size=200)


def _store_sheets(drafts: Sequence[Draft], changes: Changes, act: Act) -> None:
    for draft in drafts:
        if not draft.stored:
            draft.sheet.target_version = draft.version
    SelfEvaluation.objects.bulk_create(changes.fresh, batch_size=CHUNK)
    recorded(changes.fresh, act)
    for key, sheet in changes.changed.items():
        sheet.version += 1
        act.trace(sheet.reference, changes.before[key], _told(sheet))
    changed = list(changes.changed.values())
    SelfEvaluation.objects.bulk_update(changed, (*SHEET_FIELDS, "version"), batch_size=100)


def _store_scores(drafts: Sequence[Draft], changes: Changes) -> None:
    for draft in drafts:
        sheet = draft.stored or draft.sheet
        for score in draft.scores:
            score.evaluation_id = sheet.pk
    bulk.insert(Score, changes.fresh_scores)
    Score.objects.bulk_update(changes.changed_scores, SCORE_FIELDS, batch_size=100)
    for some in _chunks([score.pk for score in changes.stale_scores]):
        Score.objects.filter(pk__in=some).delete()


def hand_down(drafts: Sequence[Draft]) -> None:
    """Outcome and Observations for next year's earlier stages, in place of those of an earlier version."""
    region = drafts[0].subject.region if drafts else ""
    entries = _entries(region, [score.line for draft in drafts for score in draft.scores])
    outcomes, observations = [], []
    for draft in drafts:
        sheet, subject = draft.stored or draft.sheet, draft.subject
        outcomes.append(
            Outcome(
                subject_year_id=subject.pk,
                region=region,
                stage=STAGE,
                total=sheet.total,
                grade=sheet.grade,
                source=sheet.reference,
            )
        )
        for score in draft.scores:
            observations.append(_observation(draft, score, entries))
    for some in _chunks([draft.subject.pk for draft in drafts]):
        Outcome.objects.filter(stage=STAGE, subject_year__in=some).delete()
        Observation.objects.filter(subject_year__in=some).delete()
    bulk.insert(Outcome, outcomes)
    bulk.insert(Observation, observations)


def _observation(draft: Draft, score: Score, entries: dict[tuple[str, str, str], int]) -> Observation:
    line = score.line
    return Observation(
        region=draft.subject.region,
        year=draft.subject.year,
        entry_id=line.entry_id or entries[(line.level2, line.name, line.unit)],
        subject_year_id=draft.subject.pk,
        position=score.position,
        target=line.target,
        actual=score.actual,
    )


def _entries(region: str, lines: Sequence[IndicatorLine]) -> dict[tuple[str, str, str], int]:
    """The library's entries by level 2, name and unit; what it does not have yet is learned."""
    stored = Entry.objects.filter(region=region).values_list("level2", "name", "unit", "pk")
    known = {(level2, name, unit): pk for level2, name, unit, pk in stored}
    fresh = {}
    for line in lines:
        key = (line.level2, line.name, line.unit)
        if line.entry_id is None and key not in known:
            fresh[key] = Entry(region=region, level1=line.level1, level2=line.level2, name=line.name, unit=line.unit)
    Entry.objects.bulk_create(fresh.values(), batch_size=CHUNK)
    return known | {key: entry.pk for key, entry in fresh.items()}


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts small enough for one statement."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
