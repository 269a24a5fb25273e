"""Storing scored sheets: indicator lines that had to be recorded, sheets, scores, and what goes down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Plan, reconcile
from jixiao.kit.moving import recorded
from jixiao.kit.recording import Recording
from jixiao.registers.indicators.learning import learn
from jixiao.registers.indicators.models import Observation
from jixiao.registers.subjects.models import Outcome
from jixiao.stages.targets.models import IndicatorLine, TargetSheet, TargetVersion

from ..models import Score, SelfEvaluation
from .known import Draft, Known

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


def prepare(known: Known, drafts: Sequence[Draft], plan: Plan) -> None:
    """Compare the scored drafts with what is stored, count, and leave the storing as a step of the plan."""
    stored = {draft.key: draft.stored for draft in drafts if draft.stored}
    wanted = {(draft.key, score.position): score for draft in drafts for score in draft.scores}
    before = {(key, score.position): score for key, sheet in stored.items() for score in known.scores[sheet.pk]}
    lines = {key: score.line for key, score in wanted.items()}
    fresh, changed = reconcile(plan, before, wanted, SCORE_FIELDS)
    stale = [score for key, score in before.items() if key not in wanted]
    plan.changed += len(stale) + sum(len(draft.revised) for draft in drafts)
    differing = {id(score) for score in (*fresh, *changed, *stale)}
    touched = {key for (key, _), score in (*wanted.items(), *before.items()) if id(score) in differing}
    touched |= {draft.key for draft in drafts if draft.revised}
    sheets = {draft.key: draft.sheet for draft in drafts}
    recording = Recording.compare(SelfEvaluation, plan, stored, sheets, SHEET_FIELDS, touched)
    touched |= {(sheet.subject_year_id, sheet.year) for sheet in recording.changed}
    moved = [draft for draft in drafts if not draft.stored or draft.key in touched]

    def store(act: Act) -> None:
        _store_lines(moved, act)
        for draft in moved:
            if not draft.stored:
                draft.sheet.target_version = draft.version
        recording.store(act, ("subject_year_id", "year"))
        for draft in moved:
            for score in draft.scores:
                kept = before.get((draft.key, score.position), score)
                kept.evaluation_id = (draft.stored or draft.sheet).pk
                kept.line_id = lines[(draft.key, score.position)].pk
        _store_scores(fresh, changed, stale)
        last = dict(sorted((*known.sheets, *sheets)))
        hand_down([draft for draft in moved if draft.sheet.year == last[draft.subject.pk]])

    plan.steps.append(store)


def _store_lines(drafts: Sequence[Draft], act: Act) -> None:
    """Target sheets, versions and lines that the self-evaluations had to bring along."""
    versions = list({id(d.version): d.version for d in drafts if d.version.pk is None}.values())
    bulk.insert_with_keys(TargetSheet, [v.sheet for v in versions if v.sheet.pk is None])
    for version in versions:
        version.sheet_id = version.sheet.pk
    bulk.insert_with_keys(TargetVersion, versions)
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


def _store_scores(fresh: Sequence[Score], changed: Sequence[Score], stale: Sequence[Score]) -> None:
    bulk.insert(Score, fresh)
    Score.objects.bulk_update(changed, SCORE_FIELDS, batch_size=100)
    for some in _chunks([score.pk for score in stale]):
        Score.objects.filter(pk__in=some).delete()


def hand_down(drafts: Sequence[Draft]) -> None:
    """Outcome and Observations for next year's earlier stages, in place of those of an earlier version."""
    region = drafts[0].subject.region if drafts else ""
    lines = [score.line for draft in drafts for score in draft.scores if score.line.entry_id is None]
    entries = learn(region, {(line.level2, line.name, line.unit): line.level1 for line in lines})
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


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts small enough for one statement."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
