"""The indicator library: entries with their standards and versions, and what each was targeted and reached."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.fields import PathField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.documents.models import Document
from jixiao.registers.organizations.scopes import RegionQuerySet, ScopedQuerySet
from jixiao.registers.subjects.models import SubjectYear

from .rules import EntryFacts, Provenance, Scope, StandardKind
from .workflow import MACHINE, State

CONTENT = (
    *("industry", "project_type", "level1", "level2", "name", "unit", "comparison", "explanation", "method"),
    *("data_source", "evidence", "scope", "source"),
)
"""What an entry says of itself: the fields that a version keeps."""


class EntryQuerySet(RegionQuerySet):
    def offered(self) -> Self:
        """What may be suggested: not withdrawn, and no variant of another entry."""
        return self.filter(variant_of=None).exclude(state=State.WITHDRAWN)


class Entry(Sheet):
    """An indicator under one name, class and unit. A variant says the same as another entry in other words."""

    machine = MACHINE
    year: Any = None

    level1 = TermField(IndicatorLevel1, verbose_name="一级指标")
    level2 = models.CharField("二级指标", max_length=60)
    name = models.CharField("三级指标", max_length=200)
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")
    industry = models.CharField("行业", max_length=40, blank=True, default="")
    project_type = models.CharField("项目类型", max_length=40, blank=True, default="")
    comparison = TermField(Comparison, verbose_name="指标性质", blank=True, default="")
    explanation = models.TextField("指标解释", blank=True, default="")
    method = models.TextField("计算方法", blank=True, default="")
    data_source = models.CharField("数据来源", max_length=120, blank=True, default="")
    evidence = models.CharField("佐证资料", max_length=200, blank=True, default="")
    scope = TermField(Scope, verbose_name="共性或个性", default=Scope.OWN)
    provenance = TermField(Provenance, verbose_name="来历", default=Provenance.LEARNED)
    source = models.CharField("出处", max_length=200, blank=True, default="")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="制度文件")
    variant_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="variants", verbose_name="归入条目")
    proposed_by = models.CharField("申报人", max_length=80, blank=True, default="")
    proposer_path = PathField("申报单位路径", max_length=200, blank=True, default="")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "指标库条目"
        constraints = [
            models.UniqueConstraint(fields=["region", "level2", "name", "unit"], name="indicator_entry_once")
        ]
        indexes = [models.Index(fields=["region", "name", "id"], name="indicator_entry_name")]

    def facts(self) -> EntryFacts:
        return EntryFacts(
            self.name,
            self.level1,
            self.level2,
            self.comparison or None,
            self.unit,
            self.method,
            tuple(self.standards.values_list("value", "source")) if self.pk else (),
        )

    def content(self) -> dict[str, str]:
        """What a version keeps."""
        return {name: str(getattr(self, name) or "") for name in CONTENT}


class Standard(models.Model):
    """A value that an indicator is set by, and the document or figures it comes from."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="standards", verbose_name="条目")
    kind = TermField(StandardKind, verbose_name="标准类别")
    value = models.CharField("标准值", max_length=80)
    source = models.CharField("出处", max_length=200)
    year = models.IntegerField("年度", null=True)

    class Meta:
        verbose_name = "指标标准"
        constraints = [models.UniqueConstraint(fields=["entry", "kind", "value", "source"], name="standard_once")]


class EntryVersion(models.Model):
    """What an entry said after an edit, with its standards; never changed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="edits", verbose_name="条目")
    no = models.IntegerField("第几版")
    content = models.JSONField("内容")
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")
    reason = models.CharField("修改原因", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "条目版本"
        constraints = [models.UniqueConstraint(fields=["entry", "no"], name="entry_version_once")]


class SearchText(models.Model):
    """The grams of an entry, separated by blanks, and the length of its name. The index is made in the migration."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+", verbose_name="条目")
    region = models.CharField("区划", max_length=9)
    length = models.IntegerField("名称字数")
    grams = models.TextField("检索词")

    class Meta:
        verbose_name = "条目检索词"


class Observation(models.Model):
    """What an entry was targeted and reached for a subject in a year; `position` is the line of its sheet."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="observations", verbose_name="条目")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="observations", verbose_name="对象年度")
    position = models.IntegerField("行次")
    target = models.CharField("指标值", max_length=200, blank=True, default="")
    actual = models.CharField("完成值", max_length=200, blank=True, default="")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "指标观测"
        constraints = [models.UniqueConstraint(fields=["subject_year", "position"], name="observation_once")]
        indexes = [models.Index(fields=["region", "entry", "year"], name="observation_entry")]
