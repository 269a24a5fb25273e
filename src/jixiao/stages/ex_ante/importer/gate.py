"""The gate for imported budgets of years still to come. What is past was decided: it is a gap, not a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Sum
from django.utils import timezone

from jixiao.domain.decisions import Decision
from jixiao.kit.importing import ImportScope, Readings
from jixiao.kit.tables import Problem
from jixiao.registers.subjects.clearances import given
from jixiao.registers.subjects.models import Appropriation, SubjectYear
from jixiao.registers.subjects.rules import Cleared

from ..gate import GateFacts, may_budget, may_enter
from ..models import InvestmentReview
from ..rules import BudgetFacts, ExAnteRules

DOORS = (("projects", "initial"), ("appropriations", "fen"))
PROPOSED = "；拟申报的项目请先以年初预算 0 导入，在“事前评估”里评估申报金额，有结论后再填预算"


def refused(readings: Readings, scope: ImportScope) -> Iterator[Problem]:
    """A problem at each row of 项目库 or 预算指标 that may not enter or be budgeted, after its rows were stored."""
    this_year = timezone.localdate().year
    for key, column in DOORS:
        reading = readings.get(key)
        if reading is None:
            continue
        ahead = {
            (r.values["year"], r.values["code"]): r for r in reading.rows if int(str(r.values["year"])) > this_year
        }
        if not ahead:
            continue
        codes = {code for _, code in ahead}
        subjects = SubjectYear.objects.filter(region=scope.region, year__gt=this_year, code__in=codes)
        clearances = given(subject_year__in=subjects.values("pk"))
        for subject in subjects.order_by("year", "code"):
            row = ahead.get((subject.year, subject.code))
            if row is None:
                continue
            rules = scope.policies(scope.region, subject.year).section(ExAnteRules)
            for reason in _asked(subject, clearances.get(subject.pk, []), rules, key).reasons:
                yield reading.problem(row, column, f"{subject.code}：{reason}{PROPOSED}")


def _asked(subject: SubjectYear, clearances: Sequence[Cleared], rules: ExAnteRules, key: str) -> Decision:
    """The door that a row stands before: 项目库入库 for a project, 安排预算 for 预算指标, with all of them together."""
    if key == "projects":
        return may_enter(GateFacts(_facts(subject, subject.budget), rules, clearances))
    stated = Appropriation.objects.filter(subject_year=subject).aggregate(sum=Sum("fen"))["sum"] or 0
    waiting = InvestmentReview.objects.filter(assessment__subject_year=subject, returned_on=None).exists()
    return may_budget(GateFacts(_facts(subject, stated), rules, clearances, subject.held, waiting))


def _facts(subject: SubjectYear, amount: int) -> BudgetFacts:
    return BudgetFacts(subject.kind, subject.nature, amount, subject.last_year, subject.major_policy)
