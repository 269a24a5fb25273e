"""Who sees which rows: the one place that turns an actor into a filter. Foreign rows are simply missing (404)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from jixiao.domain.actors import REGION_WIDE, Actor, Role
from jixiao.kit.fields import subtree


class ScopedQuerySet(models.QuerySet):
    """Rows that hang at a subject-year; `path` and `division` say how to reach its unit."""

    path: ClassVar[str] = "subject_year__unit_path"
    division: ClassVar[str] = "subject_year__division__name"

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's region, unit subtree or business division; nothing for everybody else."""
        mine = self.filter(region=actor.region)
        if actor.role in REGION_WIDE:
            return mine
        if actor.role in (Role.UNIT, Role.DEPARTMENT) and actor.unit_path:
            first, behind = subtree(actor.unit_path)
            return mine.filter(**{f"{self.path}__gte": first, f"{self.path}__lt": behind})
        if actor.role is Role.FISCAL_DIVISION and actor.division:
            return mine.filter(**{self.division: actor.division})
        return mine.none()


class RegionQuerySet(models.QuerySet):
    """Rows that belong to the whole region, such as documents and rounds: readable by everyone who works in it."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's region."""
        return self.filter(region=actor.region)
