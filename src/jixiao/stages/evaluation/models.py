"""Evaluations by departments, finance and agencies: marks by framework item, problems and suggestions."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import EvaluationMethod, Origin
from jixiao.kit.fields import FenField, PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.institutions.models import Agency
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear

from .rules import EvaluationFacts, EvaluationRules
from .workflow import MACHINE, State

OUTPUT_AND_BENEFIT = ("产出", "效益")


class EvaluationQuerySet(ScopedQuerySet):
    def by(self, method: EvaluationMethod) -> EvaluationQuerySet:
        """One 评价方式."""
        return self.filter(method=method)


class Evaluation(Sheet):
    """One evaluation. `year` is the work year; the subject-year's year is what was evaluated.

    `arranged` and `used` are 安排资金 and 使用资金 in fen. Total and grade follow from the marks where there are marks,
    else from the printed total; `printed_*` keep what the imported table said of itself.
    """

    machine = MACHINE

    number = models.CharField("评价编号", max_length=60)
    method = TermField(EvaluationMethod, verbose_name="评价方式")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="evaluations", verbose_name="对象年度")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, verbose_name="第三方机构")
    conducted_by = models.CharField("实施机构", max_length=120, blank=True, default="")
    arranged = FenField("安排资金", null=True)
    used = FenField("使用资金", null=True)
    total = PointsField("得分", null=True)
    grade = TermField(Grade, verbose_name="等级", blank=True, default="")
    printed_total = PointsField("原表得分", null=True)
    printed_grade = TermField(Grade, verbose_name="原表等级", blank=True, default="")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "绩效评价"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="evaluation_once")]
        indexes = [models.Index(fields=["region", "year", "method", "id"], name="evaluation_method")]

    def facts(self) -> EvaluationFacts:
        marks = list(self.marks.all())
        return EvaluationFacts(
            without_points=tuple(mark.name for mark in marks if mark.points is None),
            total=self.total,
            framework_total=sum((mark.weight for mark in marks), Decimal(0)) if marks else None,
            output_benefit=sum((m.weight for m in marks if m.level1.startswith(OUTPUT_AND_BENEFIT)), Decimal(0)),
            rules=self.snapshot.policy().section(EvaluationRules),
        )


class Mark(models.Model):
    """Points of one item of the evaluation framework."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="marks", verbose_name="评价")
    position = models.IntegerField("行次")
    level1 = models.CharField("一级指标", max_length=60)
    level2 = models.CharField("二级指标", max_length=60, blank=True, default="")
    name = models.CharField("三级指标", max_length=200)
    weight = PointsField("分值")
    points = PointsField("得分", null=True)

    class Meta:
        verbose_name = "评价打分"
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="mark_once")]


class Problem(models.Model):
    """One problem that an evaluation named, by its class: 共性问题 are counted over evaluated projects."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="problems", verbose_name="评价")
    category = models.CharField("问题类别", max_length=120)
    text = models.TextField("问题描述", blank=True, default="")

    class Meta:
        verbose_name = "评价问题"
        constraints = [models.UniqueConstraint(fields=["evaluation", "category"], name="problem_once")]


class Suggestion(models.Model):
    """One numbered suggestion of an evaluation."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="suggestions", verbose_name="评价")
    no = models.IntegerField("序号")
    text = models.TextField("意见建议")

    class Meta:
        verbose_name = "评价建议"
        constraints = [models.UniqueConstraint(fields=["evaluation", "no"], name="suggestion_once")]
