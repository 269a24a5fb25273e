"""Rectifications: a problem to be put right, by when, and whether it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.kit.fields import TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation

from .rules import RectificationFacts
from .workflow import MACHINE, State


class Rectification(Sheet):
    """One item of 整改: what an evaluation found, what is asked, and the dates of its life."""

    machine = MACHINE

    number = models.CharField("整改编号", max_length=60)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, related_name="rectifications", verbose_name="评价"
    )
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="rectifications", verbose_name="对象年度"
    )
    category = models.CharField("问题类别", max_length=120)
    requirement = models.TextField("整改要求", blank=True, default="")
    issued_on = models.DateField("下达日期", null=True)
    due_on = models.DateField("整改期限", null=True)
    done_on = models.DateField("完成日期", null=True)
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "整改"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="rectification_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="rectification_year")]

    def facts(self) -> RectificationFacts:
        return RectificationFacts(self.requirement, self.issued_on, self.due_on, self.done_on)
