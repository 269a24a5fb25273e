"""Storing what differs, and what goes down to next year's budget."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Plan
from jixiao.kit.recording import Recording
from jixiao.registers.subjects.models import Outcome

from ..models import Evaluation
from .lines import Lines

STAGE = "evaluation"
FIELDS = (
    *("year", "method", "subject_year_id", "agency_id", "conducted_by", "arranged", "used"),
    *("total", "grade", "printed_total", "printed_grade", "origin"),
)


def again(stored: Evaluation) -> Evaluation:
    """A stored evaluation to be compared with itself after its marks have changed."""
    values = {f.attname: getattr(stored, f.attname) for f in Evaluation._meta.concrete_fields if not f.primary_key}
    return Evaluation(**values)


def prepare(plan: Plan, stored: dict[str, Evaluation], wanted: dict[str, Evaluation], kinds: tuple[Lines, ...]) -> None:
    """Compare everything with what is stored and leave the storing as a step of the plan."""
    differences = [lines.compare(plan) for lines in kinds]
    touched = set()
    for lines, found in zip(kinds, differences, strict=True):
        moved = {id(row) for part in found for row in part}
        touched |= {key[0] for key, row in (*lines.wanted.items(), *lines.stored.items()) if id(row) in moved}
    for number in touched - wanted.keys():
        wanted[number] = again(stored[number])
    recording = Recording.compare(Evaluation, plan, stored, wanted, FIELDS, touched)

    def store(act: Act) -> None:
        recording.store(act, ("number",))
        held = {e.number: e.pk for e in (*stored.values(), *recording.fresh)}
        for lines, (fresh, changed, stale) in zip(kinds, differences, strict=True):
            for (number, _), row in lines.wanted.items():
                row.evaluation_id = held[number]
            bulk.insert(lines.model, fresh)
            lines.model.objects.bulk_update(changed, lines.fields, batch_size=200)
            lines.model.objects.filter(pk__in=[row.pk for row in stale]).delete()
        hand_down([*recording.fresh, *recording.changed])

    plan.steps.append(store)


def hand_down(evaluations: Sequence[Evaluation]) -> None:
    """The Outcome of each 财政重点评价 for next year's budget; of several of one subject-year the newest counts."""
    newest: dict[int, Evaluation] = {}
    for evaluation in sorted(evaluations, key=lambda evaluation: evaluation.year):
        if evaluation.method == EvaluationMethod.KEY:
            newest[evaluation.subject_year_id] = evaluation
    rows = [
        Outcome(
            subject_year_id=subject,
            region=evaluation.region,
            stage=STAGE,
            total=evaluation.total,
            grade=evaluation.grade,
            source=evaluation.reference,
        )
        for subject, evaluation in newest.items()
    ]
    unique, kept = ["subject_year", "stage"], ["total", "grade", "source"]
    Outcome.objects.bulk_create(rows, batch_size=200, update_conflicts=True, unique_fields=unique, update_fields=kept)
