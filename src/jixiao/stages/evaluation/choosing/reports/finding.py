"""The candidates of an 评价方式: which subject-years there are, what speaks for each, and their marks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q

from jixiao.domain.actors import Actor
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import SubjectLink, SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.rules import EvaluationRules
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfState
from jixiao.stages.evaluation.workflow import State as EvaluationState
from jixiao.stages.monitoring.reports.live import overall_budgets

from ..models import Choice, Profile
from ..rules import KINDS, CandidateFacts, ChoosingRules, Concern, Marked, due_for, judge
from .hits import hits
from .risk import Watched, risk_of, watched

OVERALL = SubjectKind.DEPARTMENT_OVERALL
CYCLE = (EvaluationMethod.DEPARTMENT, EvaluationMethod.KEY)
"""评价方式 that count as having evaluated a subject: neither its own view nor a check of that."""


@dataclass(frozen=True)
class Candidate:
    """One subject-year with its facts, its mark, and what was decided so far; `opened`: it is evaluated already."""

    subject: SubjectYear
    facts: CandidateFacts
    marked: Marked
    choice: Choice | None
    suggested: bool
    opened: bool

    @property
    def due(self) -> str:
        return due_for(self.facts)


def object_year_of(region: str, work_year: int) -> int:
    """Which year is evaluated in a work year: that of the self-evaluations, else the year before."""
    found = SelfEvaluation.objects.filter(region=region, year=work_year).aggregate(last=Max("subject_year__year"))
    return found["last"] or work_year - 1


def eligible(region: str, object_year: int, work_year: int, method: EvaluationMethod) -> Any:
    """The subject-years that may be chosen; what was merged into another is looked at there.

    For 抽查复核 those whose self-evaluation or 部门评价 of the work year was concluded, also where only its total is
    known: then the recheck marks the approved indicators, or those of the framework.
    """
    merged = SubjectLink.objects.filter(in_force("", dt.date(object_year, 12, 31)), source=OuterRef("pk"))
    rows = SubjectYear.objects.filter(~Exists(merged), region=region, year=object_year, kind__in=KINDS[method])
    if method is not EvaluationMethod.RECHECK:
        return rows
    own = SelfEvaluation.objects.filter(subject_year=OuterRef("pk"), year=work_year, state=SelfState.CONCLUDED)
    judged = (EvaluationMethod.SELF, EvaluationMethod.DEPARTMENT)
    others = Evaluation.objects.filter(
        subject_year=OuterRef("pk"),
        year=work_year,
        method__in=judged,
        state=EvaluationState.CONCLUDED,
    )
    return rows.filter(Q(Exists(own)) | Q(Exists(others)))


def candidates(
    actor: Actor,
    work_year: int,
    object_year: int,
    method: EvaluationMethod,
    policy: Policy,
    *,
    unexamined: bool = False,
) -> list[Candidate]:
    """All candidates that the actor sees, best mark first; ranks are among all of the region, whoever looks.

    `unexamined`: what is drawn for good also knows the rule hits of sheets that nobody audited yet.
    """
    region = actor.region
    rows = eligible(region, object_year, work_year, method).select_related("division")
    everybody = list(rows.order_by("code", "pk"))
    mine = set(SubjectYear.objects.visible_to(actor).filter(year=object_year).values_list("pk", flat=True))
    seen = [subject for subject in everybody if subject.pk in mine]
    found_by_rules = hits(region, object_year, work_year, unexamined=unexamined)
    watch = watched(region, object_year, work_year, found_by_rules)
    known = _Known.of(region, work_year, object_year, method, everybody, watch)
    rules, cycle = policy.section(ChoosingRules), policy.section(EvaluationRules)
    found = [_candidate(subject, known, rules, cycle) for subject in seen]
    return sorted(found, key=lambda one: (-one.marked.mark, one.facts.rank, one.subject.code))


@dataclass(frozen=True)
class _Known:
    """Everything that the facts of candidates are taken from, fetched once for all of them."""

    work_year: int
    object_year: int
    budgets: dict[int, int]
    ranks: dict[int, tuple[int, int]]
    profiles: dict[int, Profile]
    watched: Watched
    evaluated: dict[int, int]
    first_years: dict[int, int]
    choices: dict[int, Choice]
    opened: frozenset[int]

    @classmethod
    def of(
        cls,
        region: str,
        work_year: int,
        object_year: int,
        method: EvaluationMethod,
        subjects: list[SubjectYear],
        watch: Watched,
    ) -> _Known:
        budgets = {subject.pk: subject.budget for subject in subjects}
        budgets |= overall_budgets(region, object_year, _all_budgets(region, object_year))
        here: dict[str, Any] = {"region": region, "subject_year__year": object_year}
        done = Evaluation.objects.filter(
            region=region, method__in=CYCLE, state=EvaluationState.CONCLUDED, year__lte=work_year
        )
        first = SubjectYear.objects.filter(region=region, year__lte=object_year).order_by()
        opened = Evaluation.objects.filter(**here, year=work_year, method=method)
        return cls(
            work_year,
            object_year,
            budgets,
            ranks(subjects, budgets),
            {one.subject_year_id: one for one in Profile.objects.filter(**here)},
            watch,
            dict(done.order_by().values_list("subject_year__subject").annotate(last=Max("year"))),
            dict(first.values_list("subject").annotate(first=Min("year"))),
            {one.subject_year_id: one for one in Choice.objects.filter(**here, year=work_year, method=method)},
            frozenset(opened.values_list("subject_year", flat=True)),
        )


def _all_budgets(region: str, object_year: int) -> dict[int, int]:
    rows = SubjectYear.objects.filter(region=region, year=object_year).values_list("pk", "initial", "added")
    return {pk: initial + added for pk, initial, added in rows}


def ranks(subjects: Iterable[SubjectYear], budgets: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Place by money and out of how many, 部门整体 among themselves; equal money has the same place."""
    groups: dict[bool, list[SubjectYear]] = defaultdict(list)
    for subject in subjects:
        groups[subject.kind is OVERALL].append(subject)
    found = {}
    for group in groups.values():
        amounts = sorted((budgets[one.pk] for one in group), reverse=True)
        first = {amount: place for place, amount in reversed(list(enumerate(amounts, 1)))}
        found.update({one.pk: (first[budgets[one.pk]], len(group)) for one in group})
    return found


def _candidate(subject: SubjectYear, known: _Known, rules: ChoosingRules, cycle: EvaluationRules) -> Candidate:
    rank, among = known.ranks[subject.pk]
    profile = known.profiles.get(subject.pk)
    facts = CandidateFacts(
        budget=known.budgets[subject.pk],
        rank=rank,
        among=among,
        concern=profile.concern if profile and isinstance(profile.concern, Concern) else None,
        concern_basis=profile.concern_basis if profile else "",
        reach=profile.reach if profile else None,
        risk=risk_of(subject.pk, known.watched, rules),
        last_evaluated=known.evaluated.get(subject.subject_id),
        work_year=known.work_year,
        object_year=known.object_year,
        # A department has no period of implementation: only what is carried out for a time can be halfway.
        first_year=None
        if subject.kind is OVERALL
        else (profile.first_year if profile else None) or known.first_years.get(subject.subject_id),
        last_year=profile.last_year if profile else None,
        cycle_years=cycle.cycle_years,
        midterm_from_years=cycle.midterm_from_years,
    )
    marked = judge(facts, rules)
    suggested = marked.mark >= rules.suggest_from or bool(due_for(facts))
    choice = known.choices.get(subject.pk)
    return Candidate(subject, facts, marked, choice, suggested, subject.pk in known.opened)
