"""What was handed to 人大 and government."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.domain.terms import Term
from jixiao.kit.fields import TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import RegionQuerySet
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State as EvaluationState
from jixiao.stages.follow_up.disclosure.models import Material

from .rules import SubmissionFacts
from .workflow import MACHINE, State


class Recipient(Term):
    """报送对象."""

    PEOPLES_CONGRESS = "peoples_congress", "人大", "人大常委会"
    GOVERNMENT = "government", "政府"
    PARTY_COMMITTEE = "party_committee", "党委", "区委", "县委"


class Submission(Sheet):
    """One material handed in. Evaluation and subject codes are kept as given, known to the system or not."""

    machine = MACHINE

    recipient = TermField(Recipient, verbose_name="报送对象")
    material = TermField(Material, verbose_name="材料类别")
    evaluation_number = models.CharField("评价编号", max_length=60, blank=True, default="")
    code = models.CharField("对象编码", max_length=40, blank=True, default="")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, verbose_name="评价")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, null=True, verbose_name="对象年度")
    on = models.DateField("日期")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "报送"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "recipient", "material", "evaluation_number", "code"], name="submission_once"
            )
        ]

    def facts(self) -> SubmissionFacts:
        return SubmissionFacts(
            final=self.evaluation is None or self.evaluation.state == EvaluationState.CONCLUDED,
            recipient=self.recipient,
            material=self.material,
        )
