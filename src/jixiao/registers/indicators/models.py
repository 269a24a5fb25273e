"""The indicator library: entries, and what each was targeted and reached per subject-year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.fields import TermField
from jixiao.registers.organizations.scopes import RegionQuerySet, ScopedQuerySet
from jixiao.registers.subjects.models import SubjectYear


class Entry(models.Model):
    """An indicator under one name, class and unit, learned from approved sheets."""

    region = models.CharField("区划", max_length=9)
    level1 = TermField(IndicatorLevel1, verbose_name="一级指标")
    level2 = models.CharField("二级指标", max_length=60)
    name = models.CharField("三级指标", max_length=200)
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "指标库条目"
        constraints = [
            models.UniqueConstraint(fields=["region", "level2", "name", "unit"], name="indicator_entry_once")
        ]


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
