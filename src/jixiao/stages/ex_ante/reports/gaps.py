"""Why a budget is due for assessment or not, what may pass the gate, and which budgets have no clearance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Decision
from jixiao.domain.frameworks import framework_of
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import Nature
from jixiao.policies import for_region
from jixiao.registers.subjects.clearances import given
from jixiao.registers.subjects.models import SubjectYear
from jixiao.registers.subjects.rules import Cleared, covered, covers

from ..gate import GateFacts, may_budget, may_enter
from ..models import Exemption, InvestmentReview
from ..rules import JUDGED, BudgetFacts, Due, ExAnteRules, assessment_due, why_not_due

READ = (
    *("id", "code", "name", "unit_name", "kind", "book", "extension"),
    *("nature", "initial", "added", "last_year", "major_policy"),
)


@dataclass(frozen=True, slots=True)
class Uncleared:
    """A subject whose budget (fen) is due for assessment: why, and what is missing.

    `whole_word`: how its 全年预算 is called where that differs.
    """

    id: int
    code: str
    name: str
    unit_name: str
    amount: int
    covered: int | None
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    whole_word: str


def uncleared(actor: Actor, year: int, policy: Policy) -> list[Uncleared]:
    """The gaps among the subjects of an object year that the actor may see, largest budget first."""
    rules = policy.section(ExAnteRules)
    rows = _candidates(actor, year)
    clearances = given(subject_year__in=rows.order_by().values("pk"))
    gaps = (_gap(row, rules, clearances.get(row["id"], [])) for row in rows.values(*READ).iterator())
    return sorted((gap for gap in gaps if gap), key=lambda gap: (-gap.amount, gap.code))


def _candidates(actor: Actor, year: int) -> QuerySet[Any]:
    """All that could be due: new, grown, or a major policy; the rules then judge each."""
    new = Q(nature=Nature.NEW) | Q(last_year__lte=0)
    grown = Q(last_year__lt=F("initial") + F("added"))
    return SubjectYear.objects.visible_to(actor).filter(new | grown | Q(major_policy=True), year=year, kind__in=JUDGED)


def _gap(row: dict[str, Any], rules: ExAnteRules, clearances: list[Cleared]) -> Uncleared | None:
    amount = row["initial"] + row["added"]
    due = assessment_due(BudgetFacts(row["kind"], row["nature"], amount, row["last_year"], row["major_policy"]), rules)
    missing = covers(clearances, amount).reasons
    if not due.required or not missing:
        return None
    named = (row["id"], row["code"], row["name"], row["unit_name"])
    words = framework_of(row["kind"], row["book"], row["extension"]).money.notes
    return Uncleared(*named, amount, covered(clearances), due.reasons, missing, words["whole_word"])


def budget_facts(subject: SubjectYear, amount: int | None = None) -> BudgetFacts:
    """What decides about a subject-year, with the amount (fen) that is asked for; without one, its year's budget."""
    wanted = subject.budget if amount is None else amount
    return BudgetFacts(subject.kind, subject.nature, wanted, subject.last_year, subject.major_policy)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a subject's page says of the gate: is an assessment due and why, by which document, what is covered."""

    due: Due
    why: str
    citation: str
    covered: int | None
    enter: Decision
    budget: Decision
    exemptions: tuple[Exemption, ...]


def standing_of(subject: SubjectYear) -> Standing:
    """The gate for the year's budget as it stands."""
    policy = for_region(subject.region, subject.year)
    rules = policy.section(ExAnteRules)
    asked = gate_facts(subject, subject.budget, rules)
    due = assessment_due(asked.budget, rules)
    key = "every_new_due" if rules.every_new_due else "new_threshold" if _as_new(subject) else "growth_threshold"
    return Standing(
        due=due,
        why="；".join(due.reasons) or why_not_due(asked.budget, rules),
        citation=policy.provenance(ExAnteRules.section, key).source,
        covered=covered(asked.clearances),
        enter=may_enter(asked),
        budget=may_budget(asked),
        exemptions=tuple(Exemption.objects.filter(subject_year=subject).order_by("on", "id")),
    )


def _as_new(subject: SubjectYear) -> bool:
    return subject.nature == Nature.NEW or subject.last_year <= 0


def gate_facts(subject: SubjectYear, amount: int, rules: ExAnteRules) -> GateFacts:
    """A budget of `amount` fen for this subject-year before the gate."""
    waiting = InvestmentReview.objects.filter(assessment__subject_year=subject, returned_on=None)
    return GateFacts(
        budget=budget_facts(subject, amount),
        rules=rules,
        clearances=given(subject_year=subject).get(subject.pk, []),
        held=subject.held,
        under_review=waiting.exists(),
    )


def may_be_budgeted(subject: SubjectYear, amount: int) -> Decision:
    """安排预算 at every door: may the subject's budget of the year become `amount` fen?"""
    rules = for_region(subject.region, subject.year).section(ExAnteRules)
    return may_budget(gate_facts(subject, amount, rules))
