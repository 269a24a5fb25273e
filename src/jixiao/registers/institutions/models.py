"""第三方机构 that evaluate."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin
from jixiao.kit.fields import TermField
from jixiao.registers.organizations.scopes import RegionQuerySet


class Selection(Term):
    """选取方式."""

    INQUIRY = "inquiry", "询价"
    COMPETITION = "competition", "竞争性评审"
    RANDOM = "random", "随机抽取"
    FRAMEWORK = "framework", "框架协议"


class Agency(models.Model):
    """A third-party institution as a region registered it."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    name = models.CharField("机构名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    lead_appraiser = models.CharField("主评人", max_length=60, blank=True, default="")
    selection = TermField(Selection, verbose_name="选取方式", blank=True, default="")
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "第三方机构"
        constraints = [models.UniqueConstraint(fields=["region", "year", "name"], name="agency_once")]
