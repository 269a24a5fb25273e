"""Who is a candidate at a cut-off: the year's subjects held against the criteria, in ten queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from jixiao.domain.grades import Grade
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import Likelihood
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import BudgetLine, Hold, Payment, SubjectLink, SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfEvaluationState
from jixiao.stages.evaluation.workflow import State as EvaluationState
from jixiao.stages.monitoring.models import Reading, Recovery
from jixiao.stages.monitoring.reports.live import budgets_on
from jixiao.stages.monitoring.workflow import RoundState
from jixiao.stages.monitoring.workflow import State as SheetState

from ..models import ClearingRun
from ..rules import CandidateFacts, Cite, ClearingRules, Found, candidate_of, rules_in

Spent = tuple[int, dt.date | None]
NOTHING: Spent = (0, None)


@dataclass(frozen=True, slots=True)
class Listed:
    """One subject that a run would list."""

    subject: SubjectYear
    facts: CandidateFacts
    found: Found


def citing(policy: Policy) -> Cite:
    """How a criterion names its source; a value without a document of its own says so."""

    def cite(key: str) -> str:
        border = policy.provenance(ClearingRules.section, key)
        return f"{border.source}{'，数值为推断' if border.guess else ''}"

    return cite


def look(run: ClearingRun) -> tuple[int, list[Listed]]:
    """How many subjects of the year the run looks at, and its candidates by code.

    What an earlier run listed was handled there and is not looked at again.
    """
    policy = run.snapshot.policy()
    rules, cite = rules_in(policy), citing(policy)
    fresh = SubjectYear.objects.filter(region=run.region, year=run.year).in_total().filter(clearing_candidates=None)
    gone = SubjectLink.objects.filter(in_force("", run.cutoff), region=run.region).values("source")
    subjects = list(fresh.exclude(pk__in=gone).order_by("code", "pk"))
    if rules is None:
        return len(subjects), []
    known = Known.of(run.region, run.year, run.cutoff)
    looked = ((subject, known.facts(subject)) for subject in subjects)
    judged = ((subject, facts, candidate_of(facts, rules, cite)) for subject, facts in looked)
    return len(subjects), [Listed(subject, facts, found) for subject, facts, found in judged if found]


@dataclass(frozen=True)
class Known:
    """What the registers and the earlier stages know of a region's year at a cut-off, by subject-year."""

    cutoff: dt.date
    budgets: dict[int, int]
    available: dict[int, dt.date]
    spent: dict[int, Spent]
    recovered: dict[int, int]
    stops: dict[int, str] = field(default_factory=dict)
    outlooks: dict[int, tuple[int, int]] = field(default_factory=dict)
    grades: dict[int, tuple[Grade, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, region: str, year: int, cutoff: dt.date) -> Known:
        place: dict[str, Any] = {"region": region, "year": year}
        lines = BudgetLine.objects.filter(**place, fen__gt=0, effective_on__lte=cutoff).order_by()
        paid = Payment.objects.filter(**place).exclude(subject_year=None).up_to(cutoff).order_by()
        moved = Max("paid_on", filter=Q(fen__gt=0))
        taken = Recovery.objects.filter(**place).order_by()
        spent = {
            key: (fen, last) for key, fen, last in paid.values_list("subject_year").annotate(sum=Sum("fen"), last=moved)
        }
        _gather(spent, region, year, cutoff)
        return cls(
            cutoff=cutoff,
            budgets=budgets_on(region, year, cutoff),
            available=dict(lines.values_list("subject_year").annotate(since=Min("effective_on"))),
            spent=spent,
            recovered=dict(taken.values_list("subject_year").annotate(sum=Sum("fen"))),
            stops=dict(_stops(region, year, cutoff)),
            outlooks=dict(_outlooks(region, year, cutoff)),
            grades=dict(_grades(region, year)),
        )

    def facts(self, subject: SubjectYear) -> CandidateFacts:
        """What the criteria ask of one subject."""
        spent, last = self.spent.get(subject.pk, NOTHING)
        indicators, impossible = self.outlooks.get(subject.pk, (0, 0))
        # Grades belong to the subject through the years.
        grade, graded = self.grades.get(subject.subject_id, (None, ""))
        return CandidateFacts(
            budget=self.budgets.get(subject.pk, 0),
            spent=spent,
            recovered=self.recovered.get(subject.pk, 0),
            cutoff=self.cutoff,
            available_on=self.available.get(subject.pk, dt.date(subject.year, 1, 1)),
            last_paid=last,
            stop=self.stops.get(subject.pk, ""),
            indicators=indicators,
            impossible=impossible,
            grade=grade,
            graded=graded,
        )


def _gather(spent: dict[int, Spent], region: str, year: int, cutoff: dt.date) -> None:
    """What was merged by the cut-off counts with its target."""
    links = SubjectLink.objects.filter(in_force("", cutoff), region=region, source__year=year)
    for source, target in links.values_list("source", "target"):
        there, here = spent.pop(source, NOTHING), spent.get(target, NOTHING)
        spent[target] = (there[0] + here[0], max(filter(None, (there[1], here[1])), default=None))


def _stops(region: str, year: int, cutoff: dt.date) -> Iterator[tuple[int, str]]:
    """Stops that began by the cut-off and are in force still; of several the last."""
    held = Hold.objects.filter(region=region, subject_year__year=year, since__lte=cutoff, released_on=None)
    for hold in held.order_by("since", "pk"):
        doc_no = f"，{hold.doc_no}" if hold.doc_no else ""
        yield hold.subject_year_id, f"自{hold.since}起{hold.kind.label}{doc_no}"


def _outlooks(region: str, year: int, cutoff: dt.date) -> Iterator[tuple[int, tuple[int, int]]]:
    """Indicators and impossible ones of each subject's last sheet that said something; later rounds come later."""
    said = (
        Reading.objects.filter(sheet__region=region, sheet__year=year, sheet__round__cutoff__lte=cutoff)
        .exclude(sheet__round__state=RoundState.DRAFT)
        .exclude(sheet__state=SheetState.DRAFT)
        .order_by("sheet__round__no")
        .values_list("sheet__subject_year", "sheet__round__no")
    )
    impossible = Count("pk", filter=Q(likelihood=Likelihood.IMPOSSIBLE))
    counted = said.annotate(lines=Count("pk"), answered=Count("pk", filter=~Q(likelihood="")), impossible=impossible)
    for key, _no, lines, answered, lost in counted:
        if answered:
            yield key, (lines, lost)


def _grades(region: str, year: int) -> Iterator[tuple[int, tuple[Grade, str]]]:
    """The last grade of each subject up to the year; of one year that of others counts before the unit's own."""
    until: dict[str, Any] = {"region": region, "year__lte": year, "subject_year__year__lte": year}
    own = SelfEvaluation.objects.filter(**until, state=SelfEvaluationState.CONCLUDED).exclude(grade="")
    others = Evaluation.objects.filter(**until, state=EvaluationState.CONCLUDED).exclude(grade="")
    columns = ("subject_year__subject", "subject_year__year", "year", "pk", "grade")
    found = [(of, at, 0, y, pk, grade, "单位自评") for of, at, y, pk, grade in own.values_list(*columns)]
    found += [
        (of, at, 1, y, pk, grade, method.label)
        for of, at, y, pk, grade, method in others.values_list(*columns, "method")
    ]
    for of, at, _rank, _y, _pk, grade, by in sorted(found, key=lambda row: row[1:5]):
        yield of, (grade, f"{at}年度{by}")
