"""事前评估缺口: budgets that needed an assessment first and have no clearance that covers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from jixiao.domain.actors import Actor
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import Nature, SubjectKind
from jixiao.registers.subjects.models import Clearance, SubjectYear

from .models import Exemption
from .rules import BudgetFacts, ExAnteRules, assessment_due, covers

JUDGED = (SubjectKind.PROJECT, SubjectKind.PROGRAMME_POLICY, SubjectKind.SPECIAL_FUND)
READ = ("id", "code", "name", "unit_name", "kind", "nature", "initial", "added", "last_year", "major_policy")


@dataclass(frozen=True, slots=True)
class Uncleared:
    """A subject whose budget (fen) is due for assessment: why, and what is missing."""

    id: int
    code: str
    name: str
    unit_name: str
    amount: int
    covered: int | None
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


def uncleared(actor: Actor, year: int, policy: Policy) -> list[Uncleared]:
    """The gaps among the subjects of an object year that the actor may see, largest budget first."""
    rules = policy.section(ExAnteRules)
    gaps = (_gap(row, rules) for row in _candidates(actor, year).values(*READ, "covered", "exemption").iterator())
    return sorted((gap for gap in gaps if gap), key=lambda gap: (-gap.amount, gap.code))


def _candidates(actor: Actor, year: int) -> QuerySet[Any]:
    """All that could be due: new, grown, or a major policy; the rules then judge each."""
    cleared = Clearance.objects.filter(subject_year=OuterRef("pk")).order_by().values("subject_year")
    exempt = Exemption.objects.filter(subject_year=OuterRef("pk")).order_by("id").values("category")[:1]
    new = Q(nature=Nature.NEW) | Q(last_year__lte=0)
    grown = Q(last_year__lt=F("initial") + F("added"))
    rows = SubjectYear.objects.visible_to(actor).filter(new | grown | Q(major_policy=True), year=year, kind__in=JUDGED)
    return rows.annotate(
        covered=Subquery(cleared.annotate(most=Max("covered")).values("most")), exemption=Subquery(exempt)
    )


def _gap(row: dict[str, Any], rules: ExAnteRules) -> Uncleared | None:
    amount = row["initial"] + row["added"]
    facts = BudgetFacts(
        row["kind"], row["nature"], amount, row["last_year"], row["major_policy"], row["exemption"] or ""
    )
    due = assessment_due(facts, rules)
    missing = covers(row["covered"], amount).reasons
    if not due.required or not missing:
        return None
    named = (row["id"], row["code"], row["name"], row["unit_name"])
    return Uncleared(*named, amount, row["covered"], due.reasons, missing)
