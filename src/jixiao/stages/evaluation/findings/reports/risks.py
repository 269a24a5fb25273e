"""The risk of each examined sheet with its parts, and how often each rule was right."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q

from jixiao.domain.checks import Level
from jixiao.domain.checks.audits import Risk, RiskRules, risk_of
from jixiao.policies import for_region

from ..models import AuditFinding, Examination
from ..rules import Hits
from ..workflow import WAITING, State


def risks(region: str, year: int) -> dict[int, Risk]:
    """The risk of every examined subject-year (by its key) in a work year; who has no finding has a risk of 0."""
    examined = Examination.objects.filter(region=region, year=year).values_list("subject_year", flat=True)
    return _by_subject(region, year, list(examined), AuditFinding.objects.filter(region=region, year=year))


def risks_of(findings: Any, region: str, year: int, subjects: list[int]) -> dict[int, Risk]:
    """The same for some subjects, from findings that the reader may see."""
    return _by_subject(region, year, subjects, findings.filter(year=year, subject_year__in=subjects))


def _by_subject(region: str, year: int, subjects: list[int], findings: Any) -> dict[int, Risk]:
    rules = for_region(region, year).section(RiskRules)
    found: dict[int, list[tuple[str, Level]]] = defaultdict(list)
    for subject, code, level in findings.standing().order_by("pk").values_list("subject_year", "code", "level"):
        found[subject].append((code, Level(level)))
    return {subject: risk_of(found[subject], rules) for subject in subjects}


def hits(findings: Any) -> dict[str, Hits]:
    """How each rule did over these findings, by its code."""
    counted = (
        findings.order_by("code")
        .values("code")
        .annotate(
            confirmed=Count("pk", filter=Q(state=State.CONFIRMED)),
            rejected=Count("pk", filter=Q(state=State.REJECTED)),
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            rechecked=Count("pk", filter=~Q(judged_in="")),
        )
    )
    return {row.pop("code"): Hits(**row) for row in counted}
