"""The clearances of everything that needs no assessment, and the gate for budgets of years that are still to come."""

from __future__ import annotations

from django.db.models import Q

from jixiao.domain.quantities import format_amount
from jixiao.domain.vocabulary import SubjectKind, Verdict
from jixiao.kit.importing import Gap, ImportScope, Plan, Readings, reconcile, write
from jixiao.registers.subjects.clearances import given
from jixiao.registers.subjects.models import Clearance, SubjectYear
from jixiao.registers.subjects.rules import covers

from ..rules import BudgetFacts, Due, ExAnteRules, assessment_due
from .gate import refused

FREE = "免评判定"
CLEARED = ("covered", "reason")
JUDGED_ANEW = {"projects", "exante", "exante_exemptions"}


def plan_clearances(readings: Readings, scope: ImportScope) -> Plan:
    """Clear the region's subject-years that are below every threshold and list those above without a conclusion.

    The list begins with the work year: earlier budgets were decided before anybody could be asked here. 部门整体 has no
    budget of its own and stays out.
    """
    plan = Plan()
    if not JUDGED_ANEW & readings.keys():
        plan.problems += refused(readings, scope)
        return plan
    clearances = given(~Q(source=FREE), region=scope.region)
    rules = _rules_by_year(scope)
    wanted: dict[int, Clearance] = {}
    missing: list[SubjectYear] = []
    subjects = SubjectYear.objects.filter(region=scope.region).exclude(kind=SubjectKind.DEPARTMENT_OVERALL)
    for subject in subjects.order_by("year", "code"):
        mine, source = rules[subject.year]
        due = assessment_due(_budget_facts(subject), mine)
        if due.required:
            if subject.year >= scope.year and not covers(clearances.get(subject.pk, []), subject.budget):
                missing.append(subject)
        elif subject.pk not in clearances:
            wanted[subject.pk] = _clearance(subject, due, source)
    stored = {c.subject_year_id: c for c in Clearance.objects.filter(region=scope.region, source=FREE)}
    fresh, changed = reconcile(plan, stored, wanted, CLEARED)
    plan.steps.append(lambda _act: write(Clearance, fresh, changed, CLEARED))
    if missing:
        plan.gaps.append(_gap(missing))
    plan.problems += refused(readings, scope)
    return plan


def _budget_facts(subject: SubjectYear) -> BudgetFacts:
    return BudgetFacts(
        kind=subject.kind,
        nature=subject.nature,
        amount=subject.budget,
        last_year=subject.last_year,
        major=subject.major_policy,
    )


def _rules_by_year(scope: ImportScope) -> dict[int, tuple[ExAnteRules, str]]:
    years = SubjectYear.objects.filter(region=scope.region).values_list("year", flat=True).distinct()
    policies = {year: scope.policies(scope.region, year) for year in years}
    return {
        year: (policy.section(ExAnteRules), policy.provenance(ExAnteRules.section, "new_threshold").source)
        for year, policy in policies.items()
    }


def _clearance(subject: SubjectYear, due: Due, source: str) -> Clearance:
    return Clearance(
        subject_year_id=subject.pk,
        region=subject.region,
        verdict=Verdict.NOT_REQUIRED,
        covered=subject.budget,
        reason="；".join(due.reasons) or f"没有达到须作事前评估的条件（{source}）",
        source=FREE,
    )


def _gap(missing: list[SubjectYear]) -> Gap:
    total = format_amount(sum(subject.budget for subject in missing))
    named = "、".join(f"{subject.year}年 {subject.code}" for subject in missing[:20])
    more = " 等" if len(missing) > 20 else ""
    message = (
        f"补录缺口：{len(missing)} 个对象（共 {total} 万元）达到事前评估条件但没有覆盖其预算的评估结论：{named}{more}"
    )
    return Gap("projects", message)
