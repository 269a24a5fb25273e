"""Ex-ante assessments and registered exemptions."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin, Verdict
from jixiao.kit.fields import PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear

from .rules import AssessmentFacts, ExAnteRules
from .workflow import MACHINE, State


class Assessor(Term):
    """评估主体: the department's own line, and finance's where it chooses to assess itself."""

    DEPARTMENT = "department", "部门", "主管部门"
    FINANCE = "finance", "财政", "财政部门"


class Dimension(Term):
    """评估五维（中发〔2018〕34号）."""

    NECESSITY = "necessity", "立项必要性", "政策设立必要性"
    ECONOMY = "economy", "投入经济性", "政策保障充分性"
    TARGETS = "targets", "绩效目标合理性", "政策目标合理性"
    FEASIBILITY = "feasibility", "实施方案可行性", "政策实施可持续性"
    FUNDING = "funding", "筹资合规性", "政策资金合规性"


class Assessment(Sheet):
    """One ex-ante assessment: five dimensions scored, a conclusion by the policy's thresholds."""

    machine = MACHINE

    number = models.CharField("编号", max_length=40)
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="assessments", verbose_name="对象年度")
    trigger = models.CharField("触发原因", max_length=200, blank=True, default="")
    assessor = TermField(Assessor, verbose_name="评估主体")
    total = PointsField("得分", null=True)
    conclusion = TermField(Verdict, verbose_name="结论", blank=True, default="")
    printed_conclusion = TermField(Verdict, verbose_name="原表结论", blank=True, default="")
    because = models.TextField("依据", blank=True, default="")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "事前绩效评估"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="assessment_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="assessment_year")]

    def facts(self) -> AssessmentFacts:
        rules = self.snapshot.policy().section(ExAnteRules)
        scored = {score.dimension.label for score in self.scores.all()}
        return AssessmentFacts(
            held=self.subject_year.held,
            total=self.total,
            unscored=tuple(name for name in rules.dimensions if name not in scored),
            verdict=self.conclusion or None,
            rules=rules,
        )


class DimensionScore(models.Model):
    """Points of one dimension."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores", verbose_name="评估")
    dimension = TermField(Dimension, verbose_name="维度")
    points: Decimal = PointsField("得分")  # type: ignore[assignment]

    class Meta:
        verbose_name = "评估得分"
        constraints = [models.UniqueConstraint(fields=["assessment", "dimension"], name="dimension_score_once")]


class Exemption(models.Model):
    """例外: why an assessment that is due was not made, and who allowed it. Nothing is exempt silently."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("工作年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="assessment_exemptions", verbose_name="对象年度"
    )
    category = models.CharField("例外类别", max_length=40)
    reason = models.TextField("理由")
    approver = models.CharField("批准人岗位", max_length=80)
    on = models.DateField("日期")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "事前评估例外"
        constraints = [models.UniqueConstraint(fields=["subject_year", "category"], name="assessment_exemption_once")]
