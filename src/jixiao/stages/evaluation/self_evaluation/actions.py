"""Acts of 单位自评: a year's sheets are opened, units fill theirs, 免评, and results go down to next year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, fields
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.domain.policy import Policy
from jixiao.domain.problems import ProblemRules, passages, written
from jixiao.domain.scoring import ScoringRules, score_line
from jixiao.kit import bulk
from jixiao.kit.acting import Act, Stale, acting
from jixiao.kit.jobs import enqueue
from jixiao.kit.models import Job, JobState
from jixiao.kit.moving import changed, locked
from jixiao.policies import for_region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectYear
from jixiao.registers.subjects.spending import LINKED, payments_of, spent
from jixiao.stages.monitoring.models import Reading
from jixiao.stages.targets.models import IndicatorLine, LineSource

from .importer.known import Draft
from .importer.storing import hand_down
from .models import Exemption, ExemptionRequest, ReportedProblem, Score, SelfEvaluation, Yardstick
from .reports.carrying import carried
from .reports.coverage import in_scope, targets_in_force
from .reports.money import full_budgets
from .reports.problems import classified_as
from .rules import (
    ExemptionRules,
    Filled,
    Funds,
    Said,
    ScopeRules,
    funds_fit,
    may_apply,
    may_classify,
    may_exempt,
    may_fill,
    may_open,
    not_above,
    not_yet_filed,
    not_yet_granted,
)
from .workbook.differing import Brought
from .workflow import ExemptionState, State

EXAMINING = "self_evaluation.examine"
WHOLE = ("execution_cause", "findings", "achieved", "carried_reason")


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
    """One sheet per subject, with its budget, 上年结转 and its `spent`, under the rules as they are now."""
    snapshot, weight = snapshot_of(policy), policy.section(ScoringRules).execution_weight
    versions, budgets, before = targets_in_force(subjects), full_budgets(subjects), carried(subjects)
    sheets = [
        SelfEvaluation(
            region=subject.region,
            year=work_year,
            subject_year=subject,
            target_version=versions[subject.pk],
            budget=budgets[subject.pk],
            spent=subject.spent,
            execution_weight=weight,
            snapshot=snapshot,
        )
        for subject in subjects
    ]
    for sheet in sheets:
        if left := before.get(sheet.subject_year_id):
            sheet.carried_known, sheet.carried_source = left.fen, left.source
            sheet.carried_budget = left.fen or 0
            sheet.budget += sheet.carried_budget
    return sheets


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


def fill_many(actor: Actor, brought: Sequence[Brought], *, token: str = "") -> int:
    """Save what a workbook says of several sheets: all of them or none; how many. Raises Stale, Refused."""
    content = [[one.sheet.reference, one.version, repr(one.filled)] for one in brought]
    with acting(actor, "self_evaluation.fill", token=token, content=content) as act:
        require(brought, "自评表与系统中的内容相同，不需要保存").demand()
        for one in sorted(brought, key=lambda one: one.sheet.pk):
            _fill(locked(one.sheet, one.version, act), act, one.filled)
        act.answer = {"count": len(brought)}
    return len(brought)


def _fill(current: SelfEvaluation, act: Act, filled: Filled) -> SelfEvaluation:
    subject, funds = current.subject_year, filled.funds
    may_fill(act.actor, current.state == State.DRAFT, subject.department_above).demand()
    scores = list(current.scores.select_related("line").order_by("position"))
    before = _said(current, scores)
    for score in scores:
        if said := filled.scores.get(score.pk):
            score.said = said
    for name in WHOLE:
        setattr(current, name, getattr(filled, name))
    paid = _spent(subject)
    funds_fit(funds, paid).demand()
    current.funds = funds
    current.budget = full_budgets([subject])[subject.pk] + funds.carried_budget + funds.other_budget
    current.spent = paid + funds.other_spent
    by = Yardstick.of(current.snapshot.policy())
    not_above(_claims(scores, by)).demand()
    current.score(scores, by)
    names = [*(field.name for field in fields(Said)), "points", "because", "flags", "method"]
    Score.objects.bulk_update(scores, names, batch_size=200)
    results = ("budget", "spent", "execution_points", "execution_because", "total", "grade", "because")
    money = [field.name for field in fields(Funds)]
    changed(current, [*WHOLE, *money, *results], act, before, _said(current, scores))
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
    whole = {name: getattr(sheet, name) for name in WHOLE}
    return {**whole, **asdict(sheet.funds), "total": str(sheet.total or ""), "scores": lines}


def after_step(sheet: SelfEvaluation, code: str, act: Act) -> None:
    """A filed sheet waits to be examined; a concluded one is known to next year by its result and its values."""
    if code.startswith("submit"):
        _ask_for_examination(sheet, act)
    if code == "conclude":
        scores = list(sheet.scores.select_related("line").order_by("position"))
        hand_down([Draft(sheet, sheet.subject_year, sheet.target_version, None, scores=scores)])


def _ask_for_examination(sheet: SelfEvaluation, act: Act) -> None:
    """One job examines whatever was filed when it runs: several filings ask once."""
    asked = {"region": sheet.region, "kind": EXAMINING, "arguments": {"year": sheet.year}}
    if not Job.objects.filter(**asked, state=JobState.WAITING).exists():
        enqueue(sheet.region, EXAMINING, {"year": sheet.year}, act.actor.user_id)


def exempt(
    actor: Actor, subject: SubjectYear, work_year: int, reason: str, *, category: str = "", token: str = ""
) -> Exemption:
    """免评, with its reason; a sheet that nobody has filed yet goes with it. Raises Refused."""
    content = [subject.pk, work_year, reason, category]
    with acting(actor, "self_evaluation.exempt", token=token, content=content) as act:
        granted = _exempt(act, subject, work_year, reason, category)
        act.answer = {"pk": granted.pk}
    return granted


def _exempt(act: Act, subject: SubjectYear, work_year: int, reason: str, category: str) -> Exemption:
    place: dict[str, Any] = {"region": subject.region, "subject_year": subject, "year": work_year}
    sheets = list(SelfEvaluation.objects.select_for_update().filter(**place).order_by("pk"))
    may_exempt(act.actor, reason, any(sheet.state != State.DRAFT for sheet in sheets)).demand()
    for sheet in sheets:
        act.trace(sheet.reference, _said(sheet, list(sheet.scores.select_related("line"))), None)
        sheet.delete()
    said = {"reason": reason.strip(), "category": category}
    granted, _ = Exemption.objects.update_or_create(**place, defaults=said)
    act.trace(f"self_evaluation_exemption:{granted.pk}", None, {"code": subject.code, **said})
    return granted


def apply(
    actor: Actor, subject: SubjectYear, work_year: int, *, category: str, reason: str, token: str = ""
) -> ExemptionRequest:
    """An application for 免评, to which files may be attached before it is handed in. Raises Refused."""
    content = [subject.pk, work_year, category, reason]
    with acting(actor, "self_evaluation.apply", token=token, content=content) as act:
        rules = for_region(actor.region, work_year).section(ExemptionRules)
        may_apply(actor, subject.department_above, reason, category, rules).demand()
        place: dict[str, Any] = {"region": subject.region, "year": work_year, "subject_year": subject}
        locked_subject = SubjectYear.objects.select_for_update().get(pk=subject.pk)
        standing = ExemptionRequest.objects.filter(**place).exclude(state=ExemptionState.REFUSED)
        require(not standing.exists(), f"“{locked_subject.name}”已经有一份免评申请，请打开那一份办理").demand()
        asked = ExemptionRequest(**place, category=category, reason=reason.strip())
        facts = asked.facts()
        (not_yet_filed(facts) & not_yet_granted(facts)).demand()
        asked.save()
        act.trace(asked.reference, None, {"code": subject.code, "category": category, "reason": asked.reason})
        act.answer = {"pk": asked.pk}
    return asked


def after_application(asked: ExemptionRequest, code: str, act: Act) -> None:
    """What was granted is an exemption from then on."""
    if code == "grant":
        _exempt(act, asked.subject_year, asked.year, asked.reason, asked.category)


def classify(
    sheet: SelfEvaluation, actor: Actor, kinds: Mapping[str, Sequence[str]], *, version: int, token: str = ""
) -> None:
    """Confirm the classes of the problems that the sheet reports, by their words, in the order of the sheet.

    `version` is `classified_as` of the sheet when it was read; the sheet's own version stays, also after the
    conclusion. Raises Stale, Refused.
    """
    said = {text: list(codes) for text, codes in kinds.items()}
    with acting(actor, "self_evaluation.classify", token=token, content=[sheet.reference, version, said]) as act:
        current = SelfEvaluation.objects.select_for_update().get(pk=sheet.pk)
        if classified_as(current) != version:
            raise Stale("他人", act.at, "问题的归类已有变化")
        may_classify(actor, current.subject_year.department_above, current.state == State.CONCLUDED).demand()
        require(tuple(kinds) == passages(current.findings), "自查问题已有变化，请刷新后重新归类").demand()
        require(kinds, "自评表没有写自查问题，不用归类").demand()
        rules = for_region(current.region, current.year).section(ProblemRules)
        rows = [
            ReportedProblem(evaluation=current, no=no, text=text, kinds=written(codes, rules))
            for no, (text, codes) in enumerate(kinds.items(), 1)
        ]
        require(all(row.kinds for row in rows), "请为每个问题至少选一类，没有合适的选“其他”").demand()
        before = dict(current.reported.order_by("no").values_list("text", "kinds"))
        current.reported.all().delete()
        bulk.insert(ReportedProblem, rows)
        act.trace(current.reference, before, {row.text: row.kinds for row in rows})
        act.answer = {"count": len(rows)}
