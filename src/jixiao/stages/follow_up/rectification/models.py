"""Notices and their items: a problem to be put right, by when, and whether it was."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models

from jixiao.domain.actors import Actor
from jixiao.kit.fields import PathField, TermField
from jixiao.kit.moving import Sheet, timeline
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.subjects.models import Note, SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.monitoring.models import ReadingSheet, Round

from .rules import RectificationFacts
from .workflow import MACHINE, State


class NoticeQuerySet(ScopedQuerySet):
    """Notices hang at a unit; of finance only who sees the whole region lists them."""

    path = "unit_path"
    division = "items__subject_year__division__name"

    def visible_to(self, actor: Actor) -> Self:
        """Each notice once, however many of its items the actor sees."""
        return super().visible_to(actor).distinct()


class Notice(models.Model):
    """整改通知书: what one unit has to put right by when; its items are rectifications. Money stands with the items."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    number = models.CharField("文号", max_length=80)
    unit_name = models.CharField("单位名称", max_length=120)
    unit_path = PathField("单位路径", max_length=200)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="notices", verbose_name="监控轮次")
    basis = models.TextField("依据", blank=True, default="")
    materials = models.TextField("报送材料", blank=True, default="")
    contact = models.CharField("联系人", max_length=120, blank=True, default="")
    issued_on = models.DateField("下达日期")
    due_on = models.DateField("整改期限")
    actor = models.CharField("下达人", max_length=80)
    at = models.DateTimeField("时间")

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "整改通知书"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="notice_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="notice_year")]


class Rectification(Sheet):
    """One item of 整改: what an evaluation found, what is asked, and the dates of its life."""

    machine = MACHINE

    number = models.CharField("整改编号", max_length=60)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, related_name="rectifications", verbose_name="评价"
    )
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="rectifications", verbose_name="对象年度"
    )
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="items", verbose_name="整改通知书")
    reading_sheet = models.ForeignKey(
        ReadingSheet, models.PROTECT, null=True, related_name="rectifications", verbose_name="监控表"
    )
    finding = models.TextField("发现的问题", blank=True, default="")
    measures = models.TextField("整改措施", blank=True, default="")
    responsible = models.CharField("责任人", max_length=80, blank=True, default="")
    category = models.CharField("问题类别", max_length=120)
    requirement = models.TextField("整改要求", blank=True, default="")
    issued_on = models.DateField("下达日期", null=True)
    due_on = models.DateField("整改期限", null=True)
    done_on = models.DateField("完成日期", null=True)
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "整改"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="rectification_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="rectification_year")]

    def facts(self) -> RectificationFacts:
        noticed = self.notice_id is not None
        return RectificationFacts(
            self.requirement, self.issued_on, self.due_on, self.done_on, noticed=noticed, measures=self.measures
        )

    def note_down(self) -> None:
        """What is asked and how far it is stands on the subject's file, where next year's stages read it."""
        asked = "；".join(part for part in (self.finding or self.category, self.requirement) if part)
        until = f"，{self.due_on} 前完成" if self.due_on and self.state != State.CLOSED else ""
        text, on = f"{asked}（{self.state.label}{until}）", self.issued_on or dt.date(self.year, 12, 31)
        place: dict[str, Any] = {"subject_year_id": self.subject_year_id, "stage": "rectification"}
        facts = {"region": self.region, "text": text, "on": on}
        Note.objects.update_or_create(**place, source=f"整改 {self.number}", defaults=facts)

    def submitted_by(self) -> int | None:
        """Who replied last; he may not strike the item off."""
        last = timeline(self).filter(move="reply").order_by("-id").first()
        return last.user_id if last else None
