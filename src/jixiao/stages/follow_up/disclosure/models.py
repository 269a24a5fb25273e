"""What was published, where and when."""

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

from .rules import DisclosureFacts
from .workflow import MACHINE, State


class Material(Term):
    """材料类别 of what is published or handed in."""

    KEY_REPORT = "key_report", "重点绩效评价报告", "财政重点评价报告", "重点项目评价报告", "重点评价报告"
    OVERALL_SELF_REPORT = "overall_self_report", "部门整体绩效自评报告"
    SELF_REPORT = "self_report", "绩效自评报告", "自评报告"
    OVERALL_TARGET = "overall_target", "部门整体支出绩效目标", "部门整体绩效目标"
    SPECIAL_FUND_TARGET = "special_fund_target", "专项资金绩效目标"
    PROJECT_TARGET = "project_target", "项目绩效目标"
    SELF_TABLE = "self_table", "绩效自评表"


class Disclosure(Sheet):
    """One published material. `evaluation_number` is kept as given, known to the system or not."""

    machine = MACHINE

    material = TermField(Material, verbose_name="材料类别")
    evaluation_number = models.CharField("评价编号", max_length=60, blank=True, default="")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, verbose_name="评价")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, null=True, verbose_name="对象年度")
    channel = models.CharField("渠道", max_length=60)
    on = models.DateField("日期")
    redaction_confirmed = models.BooleanField("已脱密审核", default=False)
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "公开"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "material", "evaluation_number", "channel"], name="disclosure_once"
            )
        ]

    def facts(self) -> DisclosureFacts:
        subject_year = self.subject_year or (self.evaluation.subject_year if self.evaluation else None)
        return DisclosureFacts(
            secret=bool(subject_year and subject_year.withheld),
            final=self.evaluation is None or self.evaluation.state == EvaluationState.CONCLUDED,
            channel=self.channel,
            redaction_confirmed=self.redaction_confirmed,
        )
