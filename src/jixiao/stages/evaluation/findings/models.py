"""What the audit of self-evaluations found, sheet by sheet, and what was said and decided of each finding."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.domain.checks import Level
from jixiao.domain.checks.audits import CATALOGUE, TITLES
from jixiao.kit.fields import TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.subjects.models import SubjectYear

from ..self_evaluation.models import SelfEvaluation
from .rules import FindingFacts
from .workflow import MACHINE, WAITING, State


class Examination(models.Model):
    """That a self-evaluation was examined: when, in which version, and what could not be checked, a line each."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    self_evaluation = models.OneToOneField(
        SelfEvaluation, models.CASCADE, related_name="examination", verbose_name="单位自评"
    )
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="+", verbose_name="对象年度")
    at = models.DateTimeField("检查时间")
    sheet_version = models.IntegerField("自评表版本")
    inputs = models.CharField("检查所依据数据的摘要", max_length=64, blank=True, default="")
    unchecked = models.TextField("未检查", blank=True, default="")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "自评检查"
        indexes = [models.Index(fields=["region", "year", "id"], name="examination_year")]


class FindingQuerySet(ScopedQuerySet):
    """Findings of the audit."""

    def standing(self) -> FindingQuerySet:
        """Those that hold and were not rejected: what makes a risk."""
        return self.filter(holds=True).exclude(state__in=(State.REJECTED, State.CLOSED))


class AuditFinding(Sheet):
    """One finding on a self-evaluation: once for a rule and a line (name of the indicator, "" speaks of the sheet).

    `holds`: whether the last examination still found it; a finding is closed, never deleted. `year` is the work year.
    `judged_in`: number of the recheck that judged it, "" where the office judged it by itself.
    """

    machine = MACHINE

    self_evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, related_name="audit_findings", verbose_name="单位自评"
    )
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="audit_findings", verbose_name="对象年度"
    )
    code = models.CharField("规则", max_length=40)
    line = models.CharField("指标", max_length=200, blank=True, default="")
    level = TermField(Level, verbose_name="轻重")
    message = models.TextField("疑点")
    citation = models.CharField("依据", max_length=200, blank=True, default="")
    found_on = models.DateField("发现日期")
    due_on = models.DateField("答复期限")
    answer = models.TextField("答复", blank=True, default="")
    holds = models.BooleanField("现在仍成立", default=True)
    judged_on = models.DateField("判断日期", null=True)
    judged_in = models.CharField("判断它的抽查复核", max_length=60, blank=True, default="")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "自评疑点"
        constraints = [models.UniqueConstraint(fields=["self_evaluation", "code", "line"], name="audit_finding_once")]
        indexes = [models.Index(fields=["region", "year", "code", "id"], name="audit_finding_code")]

    def facts(self) -> FindingFacts:
        return FindingFacts(self.answer)

    @property
    def waiting(self) -> bool:
        """Neither judged nor closed."""
        return self.state in WAITING

    @property
    def title(self) -> str:
        """The rule in words."""
        return TITLES.get(self.code, self.code)

    @property
    def how_to_answer(self) -> str:
        """What the rule asks for."""
        return CATALOGUE[self.code].answer if self.code in CATALOGUE else ""

    def __str__(self) -> str:
        return f"{self.title}{f'：{self.line}' if self.line else ''}"
