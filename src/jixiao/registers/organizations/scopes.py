"""Who sees which rows: the one place that turns an actor into a filter. Foreign rows are simply missing (404)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.utils import timezone

from jixiao.domain.actors import REGION_WIDE, Actor, Role
from jixiao.kit.fields import subtree

EXTERNAL = frozenset({Role.AGENCY, Role.EXPERT})
"""Those whom the region engages: they see what an engagement opens, from its first day to its last."""
ALONE = frozenset({"ex_ante.assessment"})
"""Sheets that are judged by themselves: who is asked about one sees that sheet, and nothing else of its subject."""


def engaged(actor: Actor) -> models.QuerySet[Any]:
    """What the actor's engagements open today (rows of EngagementSubject); nothing without an account.

    The register of engagements stands on this floor's other side, so its table is asked for by name.
    """
    today = timezone.localdate()
    rows = apps.get_model("institutions", "EngagementSubject")._default_manager.all()
    if actor.user_id is None:
        return rows.none()
    party = "agency" if actor.role is Role.AGENCY else "expert"
    return rows.filter(
        engagement__region=actor.region,
        engagement__accounts=actor.user_id,
        engagement__since__lte=today,
        engagement__until__gte=today,
        engagement__ended_at=None,
        **{f"engagement__{party}__isnull": False},
    )


class ScopedQuerySet(models.QuerySet):
    """Rows that hang at a subject-year; `path` and `division` say how to reach its unit."""

    path: ClassVar[str] = "subject_year__unit_path"
    division: ClassVar[str] = "subject_year__division__name"

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's region, unit subtree, business division or engagements; nothing for others."""
        mine = self.filter(region=actor.region)
        if actor.role in REGION_WIDE:
            return mine
        if actor.role in (Role.UNIT, Role.DEPARTMENT) and actor.unit_path:
            first, behind = subtree(actor.unit_path)
            return mine.filter(**{f"{self.path}__gte": first, f"{self.path}__lt": behind})
        if actor.role is Role.FISCAL_DIVISION and actor.division:
            return mine.filter(**{self.division: actor.division})
        if actor.role in EXTERNAL and (subject := self._subject()):
            whole = engaged(actor).exclude(sheet_type__in=ALONE)
            return mine.filter(**{f"{subject}__in": whole.values("subject_year")})
        return mine.none()

    def _subject(self) -> str:
        """How to reach the subject-year itself; empty for rows of a unit, which no engagement opens."""
        way, found, _ = self.path.rpartition("__unit_path")
        return way if found else "pk" if self.model._meta.label == "subjects.SubjectYear" else ""


class RegionQuerySet(models.QuerySet):
    """Rows that belong to the whole region, such as documents and rounds: readable by everyone who works in it."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's region; for whom the region engages, while an engagement runs."""
        mine = self.filter(region=actor.region)
        return mine.none() if actor.role in EXTERNAL and not engaged(actor).exists() else mine
