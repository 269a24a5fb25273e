"""制度文件 of a region."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jixiao.registers.organizations.scopes import RegionQuerySet


class Document(models.Model):
    """One document of the region's 1+N rules; the policy's values name it by number or title."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    title = models.CharField("文件名称", max_length=200)
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")
    stage = models.CharField("环节", max_length=40, blank=True, default="")
    in_force = models.BooleanField("现行有效", default=True)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "制度文件"
        constraints = [models.UniqueConstraint(fields=["region", "year", "title"], name="document_once")]
