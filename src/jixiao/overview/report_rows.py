"""Rows and measures of the figures that only the annual report needs; `report_figures` declares them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jixiao.domain.grades import Grade
from jixiao.domain.quantities import plain, round2
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.figures import RowColumn, Scope, Value, by_label, percent
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Clearance, SubjectYear
from jixiao.stages.evaluation.choosing.reports.coverage import Coverage, concluded, coverage, object_years
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.rules import SelfEvaluationRules
from jixiao.stages.ex_ante.figures import FIGURES as EX_ANTE
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.ex_ante.models import Exemption as AssessmentExemption
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.submission.models import Recipient, Submission
from jixiao.stages.monitoring.figures import FIGURES as MONITORING
from jixiao.stages.monitoring.models import ReadingSheet
from jixiao.stages.targets.models import IndicatorLine, LineSource

Rows = Callable[[Scope], Sequence[Any]]
OVERALL = SubjectKind.DEPARTMENT_OVERALL


def subject(row: Any) -> SubjectYear:
    """The subject-year that a row is or hangs at."""
    return row if isinstance(row, SubjectYear) else row.subject_year


WHO = (RowColumn("名称", lambda row: subject(row).name), RowColumn("单位", lambda row: subject(row).unit_name))
GRADED = (
    *WHO,
    RowColumn("得分", lambda row: row.total, "points"),
    RowColumn("等级", lambda row: row.grade.label if row.grade else ""),
)


def grades(rows: Sequence[Any], _scope: Scope) -> Value:
    """All four grades, those that nobody got too."""
    found = Counter(row.grade for row in rows)
    return {grade.label: str(found[grade]) for grade in Grade} if rows else None


def grade_shares(rows: Sequence[Any], _scope: Scope) -> Value:
    found = Counter(row.grade for row in rows)
    return {grade.label: percent(found[grade], len(rows)) or "0" for grade in Grade} if rows else None


def named(read: Callable[[Any], Any]) -> Callable[[Sequence[Any], Scope], Value]:
    """Name → number, one for every row."""
    return lambda rows, _scope: by_label((subject(row).name, read(row)) for row in rows) or None


def labelled_counts(read: Callable[[Any], str]) -> Callable[[Sequence[Any], Scope], Value]:
    """Label → how many rows show it, in the order in which the rows first show them."""
    return lambda rows, _scope: {label: str(times) for label, times in Counter(map(read, rows)).items()} or None


def by_term(terms: type[Term], read: Callable[[Any], Any]) -> Callable[[Sequence[Any], Scope], Value]:
    """Label → how many rows show it, in the vocabulary's order."""

    def measure(rows: Sequence[Any], _scope: Scope) -> Value:
        found = Counter(map(read, rows))
        return {term.label: str(found[term]) for term in terms if found[term]} or None

    return measure


def units(rows: Sequence[Any], _scope: Scope) -> str:
    return str(len({subject(row).unit_id for row in rows}))


def assessments(scope: Scope) -> list[Assessment]:
    return [
        row for figure in EX_ANTE if figure.key in ("exante.policies", "exante.projects") for row in figure.rows(scope)
    ]


def exempt_assessments(scope: Scope) -> QuerySet[AssessmentExemption]:
    return AssessmentExemption.objects.visible_to(scope.actor).filter(year=scope.year).select_related("subject_year")


def never_assessed(scope: Scope) -> QuerySet[SubjectYear]:
    """Budgets of the year without a clearance: those that need no assessment and exemptions have one too."""
    clearances = Clearance.objects.filter(subject_year=OuterRef("pk"))
    assessed = (SubjectKind.PROJECT, SubjectKind.PROGRAMME_POLICY, SubjectKind.SPECIAL_FUND)
    mine = SubjectYear.objects.visible_to(scope.actor).filter(year=scope.year, kind__in=assessed)
    return mine.filter(~Exists(clearances)).order_by("code")


def without_indicators(scope: Scope) -> QuerySet[SubjectYear]:
    lines = IndicatorLine.objects.filter(version__sheet__subject_year=OuterRef("pk"), source=LineSource.TARGET)
    projects = SubjectYear.objects.visible_to(scope.actor).projects().filter(year=scope.year, initial__gt=0)
    return projects.filter(~Exists(lines))


# The very rows of the stage's figures, so that a list and the number above it cannot differ.
_MONITORING = {figure.key: figure.rows for figure in MONITORING}
rounds, last_round = _MONITORING["monitoring.rounds"], _MONITORING["monitoring.projects"]
slow, key_monitored = _MONITORING["monitoring.slow"], _MONITORING["monitoring.key"]


def monitored(scope: Scope) -> list[ReadingSheet]:
    opened = [held.pk for held in rounds(scope)]
    sheets = ReadingSheet.objects.visible_to(scope.actor).filter(round__in=opened)
    return list(sheets.select_related("subject_year").order_by("round__no", "pk"))


def rate(sheet: Any) -> str | None:
    return percent(sheet.spent, sheet.budget)


def self_evaluations(scope: Scope) -> QuerySet[SelfEvaluation]:
    return SelfEvaluation.objects.visible_to(scope.actor).filter(year=scope.year).select_related("subject_year")


def low_execution(scope: Scope) -> list[SelfEvaluation]:
    border = for_region(scope.region, scope.year).section(SelfEvaluationRules).low_execution
    counted = [row for row in self_evaluations(scope) if row.spent is not None and row.budget > 0]
    return [row for row in counted if Fraction((row.spent or 0) * 100, row.budget) < Fraction(border)]


def shares_sum(rows: Sequence[SelfEvaluation], scope: Scope) -> str | None:
    """What the four printed shares add up to, if that is not 100."""
    shares = grade_shares(rows, scope)
    added = sum((Fraction(text) for text in shares.values()), Fraction(0)) if isinstance(shares, dict) else 100
    return None if added == 100 else plain(round2(Fraction(added)))


def excellent_gap(rows: Sequence[Any], _scope: Scope) -> str | None:
    """By how many points 优 is commoner among self-evaluations than among key evaluations of projects."""
    kinds = [[row for row in rows if isinstance(row, model)] for model in (SelfEvaluation, Evaluation)]
    if not all(kinds):
        return None
    own, checked = (
        round2(Fraction(sum(row.grade == Grade.EXCELLENT for row in kind) * 100, len(kind))) for kind in kinds
    )
    return plain(own - checked) if own > checked else None


def evaluations(method: EvaluationMethod, *, overall: bool | None = None, before: int = 0) -> Rows:
    """Evaluations of a kind; `overall` picks or leaves out 部门整体, `before` goes back that many work years."""

    def rows(scope: Scope) -> list[Evaluation]:
        found = concluded(scope.actor, scope.year - before).by(method)
        if overall is not None:
            found = found.filter(subject_year__kind=OVERALL) if overall else found.exclude(subject_year__kind=OVERALL)
        return list(found.select_related("subject_year").order_by("number"))

    return rows


def department_units_share(_rows: Sequence[Evaluation], scope: Scope) -> str | None:
    found = _covered(scope)
    return percent(found.units_evaluated, found.units)


def department_funds_share(_rows: Sequence[Evaluation], scope: Scope) -> str | None:
    found = _covered(scope)
    return percent(found.funds_evaluated, found.funds)


def _covered(scope: Scope) -> Coverage:
    """部门评价 against its two denominators, as the page of coverage counts it."""
    return coverage(scope.actor, scope.year, object_years(scope.actor, scope.year))


def rectifications(*, done: bool | None = None) -> Rows:
    """Items that follow from key evaluations."""

    def rows(scope: Scope) -> list[Rectification]:
        found = Rectification.objects.visible_to(scope.actor).filter(year=scope.year)
        found = found.filter(evaluation__method=EvaluationMethod.KEY)
        if done is not None:
            found = found.filter(done_on__isnull=not done)
        return list(found.select_related("subject_year"))

    return rows


def sent_to_government(scope: Scope) -> QuerySet[Submission]:
    return Submission.objects.visible_to(scope.actor).filter(year=scope.year, recipient=Recipient.GOVERNMENT)


def value(read: Callable[[Scope], Any]) -> Callable[[Sequence[Any], Scope], Value]:
    """A number of the region's rules, which has no rows."""
    return lambda _rows, scope: None if (found := read(scope)) is None else plain(found)


def nothing(_scope: Scope) -> Sequence[Any]:
    return ()
