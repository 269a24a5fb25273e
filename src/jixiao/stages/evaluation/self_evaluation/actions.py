"""Acts of 单位自评: a year's sheets are opened, a unit fills its own, and what was concluded goes down to next year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.domain.policy import Policy
from jixiao.domain.scoring import ScoringRules, score_line
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import locked
from jixiao.policies import for_region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectYear
from jixiao.registers.subjects.spending import LINKED, payments_of, spent
from jixiao.stages.monitoring.models import Reading
from jixiao.stages.targets.models import IndicatorLine, LineSource

from .importer.known import Draft
from .importer.storing import hand_down
from .models import Exemption, Score, SelfEvaluation, Yardstick
from .reports.coverage import in_scope, targets_in_force
from .rules import Filled, Said, ScopeRules, may_exempt, may_fill, may_open, not_above
from .workflow import State

WHOLE = ("execution_cause", "findings")


def open_sheets(actor: Actor, work_year: int, object_year: int, *, token: str = "") -> int:
    """A blank sheet for each subject of the object year that has to evaluate itself and has none; how many.

    Each stands on the approved indicators, with the payments of the year and what the last monitoring round read.
    Raises Refused.
    """
    content = [work_year, object_year]
    with acting(actor, "self_evaluation.open", token=token, content=content) as act:
        may_open(actor, object_year, timezone.localdate(act.at)).demand()
        policy = for_region(actor.region, work_year)
        wanted = in_scope(actor.region, object_year, work_year, policy.section(ScopeRules)).filter(targeted=True)
        last = dt.date(object_year, 12, 31)
        fresh = wanted.filter(evaluated=False, exempt=False)
        subjects = list(
            fresh.annotate(spent=spent("pk", {"paid_on__lte": last}, in_force(LINKED, last))).order_by("pk")
        )
        require(subjects, f"{object_year} 年没有要布置自评的对象：要有批复的绩效目标，且没有自评、没有免评").demand()
        sheets = _blank_sheets(subjects, work_year, policy)
        scores = _blank_scores({sheet.target_version_id: sheet for sheet in sheets})
        by = Yardstick.of(policy)
        for sheet in sheets:
            sheet.score(scores[id(sheet)], by)
        bulk.insert_with_keys(SelfEvaluation, sheets)
        for sheet in sheets:
            for score in scores[id(sheet)]:
                score.evaluation_id = sheet.pk
        bulk.insert(Score, [score for mine in scores.values() for score in mine])
        codes = [subject.code for subject in subjects]
        act.trace(f"self_evaluations:{work_year}:{object_year}", None, {"sheets": len(sheets), "codes": codes})
        act.answer = {"count": len(sheets)}
    return len(sheets)


def _blank_sheets(subjects: Sequence[Any], work_year: int, policy: Policy) -> list[SelfEvaluation]:
    """One sheet per subject, with its budget and its `spent`, under the rules as they are now."""
    snapshot, weight = snapshot_of(policy), policy.section(ScoringRules).execution_weight
    versions = targets_in_force(subjects)
    return [
        SelfEvaluation(
            region=subject.region,
            year=work_year,
            subject_year=subject,
            target_version=versions[subject.pk],
            budget=subject.budget,
            spent=subject.spent,
            execution_weight=weight,
            snapshot=snapshot,
        )
        for subject in subjects
    ]


def _spent(subject: SubjectYear) -> int:
    """What counts as spent in the whole year, in fen."""
    paid = payments_of(subject, dt.date(subject.year, 12, 31)).aggregate(sum=Sum("fen"))["sum"]
    return paid or 0


def _blank_scores(sheets: dict[int, SelfEvaluation]) -> dict[int, list[Score]]:
    """A score per approved line of each sheet (by its id), begun with what the last round of monitoring read."""
    lines = IndicatorLine.objects.filter(version__in=sheets, source=LineSource.TARGET).order_by("position")
    readings = Reading.objects.filter(line__version__in=sheets).exclude(actual="").order_by("sheet__round__no")
    last = dict(readings.values_list("line", "actual"))
    scores: dict[int, list[Score]] = {id(sheet): [] for sheet in sheets.values()}
    for line in lines:
        begun = Score(position=line.position, line=line, actual=last.get(line.pk, ""))
        scores[id(sheets[line.version_id])].append(begun)
    return scores


def fill(sheet: SelfEvaluation, actor: Actor, *, version: int, filled: Filled, token: str = "") -> SelfEvaluation:
    """Save what the unit says and score it under the sheet's own rules. Raises Stale, Refused."""
    content = [sheet.reference, version, repr(filled)]
    with acting(actor, "self_evaluation.fill", token=token, content=content) as act:
        return _fill(locked(sheet, version, act), act, filled)


def _fill(current: SelfEvaluation, act: Act, filled: Filled) -> SelfEvaluation:
    subject = current.subject_year
    may_fill(act.actor, current.state == State.DRAFT, subject.unit_path.count("/") > 1).demand()
    scores = list(current.scores.select_related("line").order_by("position"))
    before = _said(current, scores)
    for score in scores:
        if said := filled.scores.get(score.pk):
            score.said = said
    current.execution_cause, current.findings = filled.execution_cause, filled.findings
    current.budget, current.spent = subject.budget, _spent(subject)
    by = Yardstick.of(current.snapshot.policy())
    not_above(_claims(scores, by)).demand()
    current.score(scores, by)
    names = [*(field.name for field in fields(Said)), "points", "because", "flags", "method"]
    Score.objects.bulk_update(scores, names, batch_size=200)
    current.version += 1
    results = ("budget", "spent", "execution_points", "execution_because", "total", "grade", "because")
    current.save(update_fields=[*WHOLE, *results, "version"])
    act.trace(current.reference, before, _said(current, scores))
    act.answer = {"version": current.version}
    return current


def _claims(scores: list[Score], by: Yardstick) -> Any:
    """What was claimed beside what the rule gives, by indicator."""
    return {
        score.line.name: (score.claimed, score_line(score.line_facts(), by.scoring).points)
        for score in scores
        if score.claimed is not None
    }


def _said(sheet: SelfEvaluation, scores: list[Score]) -> dict[str, Any]:
    """A sheet's content as the audit trail keeps it."""
    lines = {score.line.name: ["" if part is None else str(part) for part in astuple(score.said)] for score in scores}
    return {**{name: getattr(sheet, name) for name in WHOLE}, "total": str(sheet.total or ""), "scores": lines}


def after_step(sheet: SelfEvaluation, code: str, _act: Act) -> None:
    """A concluded sheet is known to next year's earlier stages, by its result and by each indicator's value."""
    if code == "conclude":
        scores = list(sheet.scores.select_related("line").order_by("position"))
        hand_down([Draft(sheet, sheet.subject_year, sheet.target_version, None, scores=scores)])


def exempt(actor: Actor, subject: SubjectYear, work_year: int, reason: str, *, token: str = "") -> Exemption:
    """免评, with its reason; a sheet that nobody has filed yet goes with it. Raises Refused."""
    with acting(actor, "self_evaluation.exempt", token=token, content=[subject.pk, work_year, reason]) as act:
        place: dict[str, Any] = {"region": subject.region, "subject_year": subject, "year": work_year}
        sheets = list(SelfEvaluation.objects.select_for_update().filter(**place))
        may_exempt(actor, reason, any(sheet.state != State.DRAFT for sheet in sheets)).demand()
        for sheet in sheets:
            act.trace(sheet.reference, _said(sheet, list(sheet.scores.select_related("line"))), None)
            sheet.delete()
        granted, _ = Exemption.objects.update_or_create(**place, defaults={"reason": reason.strip()})
        act.trace(f"self_evaluation_exemption:{granted.pk}", None, {"code": subject.code, "reason": reason})
        act.answer = {"pk": granted.pk}
    return granted
