"""What is typed of a candidate, what was chosen and why, draws that can be drawn again, reports on 转移支付."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.attachments import attached
from jixiao.kit.fields import PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import RegionQuerySet, ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation

from .rules import Concern, ReportFacts
from .workflow import CHOICE, REPORT, ReportState, State


class Profile(models.Model):
    """选评信息: what no other stage knows of a subject-year and somebody has to say."""

    region = models.CharField("区划", max_length=9)
    subject_year = models.OneToOneField(
        SubjectYear, models.PROTECT, related_name="choosing_profile", verbose_name="对象年度"
    )
    concern = TermField(Concern, verbose_name="社会关注度", blank=True, default="")
    concern_basis = models.CharField("关注度依据", max_length=200, blank=True, default="")
    reach = models.IntegerField("受益人数", null=True)
    first_year = models.IntegerField("实施起始年", null=True)
    last_year = models.IntegerField("实施截止年", null=True)
    version = models.IntegerField("版本", default=1)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "选评信息"

    def __str__(self) -> str:
        return f"{self.subject_year_id}"


class Draw(models.Model):
    """One draw, frozen: seed, population as a CSV file with its digest and strata, method, and how many.

    `parties` are the numbers that those present gave, `nonce` what the system added in the same act: neither alone
    decides what is drawn. Whoever has `population`, `seed` and the two numbers draws the same again.
    """

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    no = models.IntegerField("次数")
    object_year = models.IntegerField("评价年度")
    overall = models.BooleanField("部门整体")
    parties = models.CharField("各方数字", max_length=200)
    nonce = models.CharField("系统随机数", max_length=64)
    population = models.TextField("抽样总体")
    digest = models.CharField("总体摘要", max_length=64)
    counted = models.IntegerField("总体个数")
    method = models.CharField("抽样方法", max_length=40)
    size = models.IntegerField("抽取个数")
    most_certain = models.IntegerField("必抽上限")
    least_each = models.IntegerField("每层至少", default=0)
    reason = models.CharField("再抽的理由", max_length=200, blank=True, default="")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "随机抽样"
        constraints = [models.UniqueConstraint(fields=["region", "year", "no"], name="draw_once")]

    @property
    def seed(self) -> str:
        """What the numbers are drawn from: the parties' numbers and the system's."""
        return f"{self.parties}|{self.nonce}"

    @property
    def title(self) -> str:
        """2022年第1次抽样."""
        return f"{self.year}年第{self.no}次抽样"

    @property
    def group(self) -> str:
        """What kind of subjects it draws from."""
        return "部门整体" if self.overall else "项目"


class Picked(models.Model):
    """One subject drawn, in its place; `certain`: by rule hits, not by chance. `key` is number ÷ weight."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="picks", verbose_name="随机抽样")
    region = models.CharField("区划", max_length=9)
    position = models.IntegerField("次序")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="+", verbose_name="对象年度")
    certain = models.BooleanField("必抽")
    weight = models.BigIntegerField("权数")
    hits = models.IntegerField("规则命中")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "抽中对象"
        constraints = [
            models.UniqueConstraint(fields=["draw", "position"], name="picked_once"),
            models.UniqueConstraint(fields=["draw", "subject_year"], name="picked_subject_once"),
        ]


class TransferReminder(models.Model):
    """催报: that a report on a transfer was asked for once more, until when, by whom."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="transfer_reminders", verbose_name="对象年度"
    )
    due_on = models.DateField("报送期限")
    words = models.CharField("催报说明", max_length=200, blank=True, default="")
    actor = models.CharField("催报人", max_length=80)
    at = models.DateTimeField("时间")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "转移支付催报"
        indexes = [models.Index(fields=["region", "year", "subject_year"], name="transfer_reminder_subject")]

    def __str__(self) -> str:
        return f"{self.subject_year_id} {self.due_on}"


class Choice(Sheet):
    """A subject-year chosen or not chosen for an 评价方式 in a work year, with the mark it had and why."""

    machine = CHOICE

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="choices", verbose_name="对象年度")
    method = TermField(EvaluationMethod, verbose_name="评价方式")
    mark = PointsField("选评分", null=True)
    because = models.TextField("选评依据", blank=True, default="")
    reason = models.CharField("选或不选的理由", max_length=200, blank=True, default="")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="choices", verbose_name="随机抽样")
    evaluation = models.OneToOneField(Evaluation, models.PROTECT, null=True, related_name="choice", verbose_name="评价")
    state = TermField(State, verbose_name="状态", default=CHOICE.initial.value)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "选评"
        constraints = [models.UniqueConstraint(fields=["subject_year", "year", "method"], name="choice_once")]
        indexes = [models.Index(fields=["region", "year", "method", "id"], name="choice_method")]

    def __str__(self) -> str:
        return f"{self.method.label} {plain(self.mark) if self.mark is not None else '—'}"


class TransferReport(Sheet):
    """转移支付评价报告: what a department hands in on a transfer, and the day on which the office signed for it."""

    machine = REPORT

    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="transfer_reports", verbose_name="对象年度"
    )
    title = models.CharField("报告名称", max_length=200)
    submitted_on = models.DateField("报送日期", null=True)
    signed_on = models.DateField("签收日期", null=True)
    signed_by = models.CharField("签收人", max_length=80, blank=True, default="")
    state = TermField(ReportState, verbose_name="状态", default=REPORT.initial.value)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "转移支付评价报告"
        constraints = [models.UniqueConstraint(fields=["subject_year", "year"], name="transfer_report_once")]

    def __str__(self) -> str:
        return self.title

    def facts(self) -> ReportFacts:
        return ReportFacts(attached(self).exists())
