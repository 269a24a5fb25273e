"""第三方机构 and 专家, how they were selected, what they are engaged for, and how their work was judged."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jixiao.domain.actors import REGION_WIDE, Actor, Role
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin
from jixiao.kit.fields import FenField, PointsField, TermField
from jixiao.registers.organizations.models import Unit
from jixiao.registers.organizations.scopes import EXTERNAL, RegionQuerySet
from jixiao.registers.subjects.models import SubjectYear

from .rules import AgencyGrade


class Selection(Term):
    """选取方式."""

    INQUIRY = "inquiry", "询价"
    COMPETITION = "competition", "竞争性评审"
    RANDOM = "random", "随机抽取"
    FRAMEWORK = "framework", "框架协议"


class Standing(Term):
    """委托的情况: only a running one opens data."""

    COMING = "coming", "还没有开始"
    RUNNING = "running", "委托期内"
    OVER = "over", "已经期满"
    ENDED = "ended", "已经终止"


class OfficeQuerySet(RegionQuerySet):
    """Rows of the register: agencies and experts do not read about one another."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's region; nothing for those whom the region engages."""
        return self.none() if actor.role in EXTERNAL else super().visible_to(actor)


class Agency(models.Model):
    """A third-party institution as a region registered it for a year.

    `platform_number` and `checked_on` are of the 信用管理平台 (财监〔2021〕4号); the evidence hangs at the row.
    """

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    name = models.CharField("机构名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    lead_appraiser = models.CharField("主评人", max_length=60, blank=True, default="")
    selection = TermField(Selection, verbose_name="选取方式", blank=True, default="")
    platform_number = models.CharField("平台登记号", max_length=60, blank=True, default="")
    checked_on = models.DateField("平台核查日期", null=True)
    violation = models.CharField("近年重大违法记录", max_length=200, blank=True, default="")
    suspended_until = models.DateField("暂停选用至", null=True)
    suspension = models.CharField("暂停原因", max_length=200, blank=True, default="")
    contact = models.CharField("联系方式", max_length=120, blank=True, default="")
    version = models.IntegerField("版本", default=1)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "第三方机构"
        constraints = [models.UniqueConstraint(fields=["region", "year", "name"], name="agency_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def sheet_type(self) -> str:
        """Under which name the evidence is attached."""
        return self._meta.label_lower

    @property
    def reference(self) -> str:
        """How the audit trail names the row."""
        return f"{self.sheet_type}:{self.pk}"


class Appraiser(models.Model):
    """主评人: who signs an agency's reports, with title or certificate and whole years of work and of evaluating."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="appraisers", verbose_name="第三方机构")
    name = models.CharField("姓名", max_length=40)
    qualification = models.CharField("职称或执业资格", max_length=120)
    working_years = models.IntegerField("从业年限")
    evaluating_years = models.IntegerField("绩效评价年限")

    class Meta:
        verbose_name = "主评人"
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="appraiser_once")]


class Expert(models.Model):
    """A person whom the region asks for marks and opinions, in one or more fields."""

    region = models.CharField("区划", max_length=9)
    name = models.CharField("姓名", max_length=40)
    organisation = models.CharField("工作单位", max_length=120)
    title = models.CharField("职称或职务", max_length=80)
    field = models.CharField("专业领域", max_length=120)
    contact = models.CharField("联系方式", max_length=120, blank=True, default="")
    active = models.BooleanField("在库", default=True)
    version = models.IntegerField("版本", default=1)

    objects: ClassVar = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        constraints = [models.UniqueConstraint(fields=["region", "name", "organisation"], name="expert_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.organisation}）"

    @property
    def reference(self) -> str:
        """How the audit trail names the row."""
        return f"{self._meta.label_lower}:{self.pk}"


class Recusal(models.Model):
    """回避: a declared relation of an agency or an expert with a unit, whose evaluation they may not be given."""

    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="recusals", verbose_name="第三方机构")
    expert = models.ForeignKey(Expert, models.CASCADE, null=True, related_name="recusals", verbose_name="专家")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    relation = models.CharField("利害关系", max_length=200)
    declared_on = models.DateField("声明日期")

    class Meta:
        verbose_name = "回避"


class SelectionRecord(models.Model):
    """How an agency was selected: the way, the reason, and for a draw the seed by which anybody can draw again."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    purpose = models.CharField("选取事项", max_length=200)
    way = TermField(Selection, verbose_name="选取方式")
    seed = models.CharField("随机种子", max_length=60, blank=True, default="")
    reason = models.TextField("选定理由", blank=True, default="")
    chosen = models.ForeignKey(Agency, models.PROTECT, related_name="selected", verbose_name="选定机构")
    on = models.DateField("选定日期")
    actor = models.CharField("办理人", max_length=80)

    objects: ClassVar = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "机构选取记录"

    def __str__(self) -> str:
        return f"{self.purpose}：{self.chosen.name}"


class Bid(models.Model):
    """One agency that took part in a selection: its quote (fen), its mark, its place in a draw."""

    record = models.ForeignKey(SelectionRecord, models.CASCADE, related_name="bids", verbose_name="选取记录")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="bids", verbose_name="第三方机构")
    fen = FenField("报价", null=True)
    points = PointsField("评审得分", null=True)
    rank = models.IntegerField("抽取次序", null=True)

    class Meta:
        verbose_name = "参选机构"
        constraints = [models.UniqueConstraint(fields=["record", "agency"], name="bid_once")]


class EngagementQuerySet(OfficeQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Their own for those who are engaged, while it runs; of others what opens a subject they see; units nothing.

        Who evaluates whom, for how much and through which accounts is not for those who are evaluated.
        """
        if actor.role is Role.UNIT:
            return self.none()
        if actor.role in EXTERNAL:
            return self.running(timezone.localdate()).filter(region=actor.region, accounts=actor.user_id)
        mine = super().visible_to(actor)
        if actor.role in REGION_WIDE:
            return mine
        opened = EngagementSubject.objects.filter(subject_year__in=SubjectYear.objects.visible_to(actor))
        return mine.filter(pk__in=opened.values("engagement"))

    def running(self, today: dt.date) -> Self:
        """In force on a day."""
        return self.filter(since__lte=today, until__gte=today, ended_at=None)


class Engagement(models.Model):
    """An agency or an expert is engaged from a day until a day: the only key to data that its accounts have.

    Before `since` and after `until` they see nothing; in between its EngagementSubject rows and what hangs there.
    `ended_at` is when it was ended before its time: from then on it opens nothing, and stays on record.
    """

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="engagements", verbose_name="第三方机构")
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="engagements", verbose_name="专家")
    selection = models.ForeignKey(
        SelectionRecord, models.PROTECT, null=True, related_name="engagements", verbose_name="选取记录"
    )
    contract = models.CharField("委托事项", max_length=200)
    since = models.DateField("自")
    until = models.DateField("至")
    fee = FenField("委托费用", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    ended_because = models.CharField("终止原因", max_length=200, blank=True, default="")
    accounts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="engagements", verbose_name="账号")
    version = models.IntegerField("版本", default=1)

    objects: ClassVar = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = "委托"
        indexes = [models.Index(fields=["region", "since", "until"], name="engagement_days")]
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=models.F("until")), name="engagement_days_in_order"),
            models.CheckConstraint(
                condition=Q(agency=None, expert__isnull=False) | Q(agency__isnull=False, expert=None),
                name="engagement_of_one",
            ),
        ]

    @property
    def name(self) -> str:
        """Who is engaged."""
        return str(self.agency or self.expert)

    def standing(self, today: dt.date) -> Standing:
        """Whether it opens data on a day."""
        if self.ended_at is not None:
            return Standing.ENDED
        if today < self.since:
            return Standing.COMING
        return Standing.OVER if today > self.until else Standing.RUNNING

    @property
    def reference(self) -> str:
        """How the audit trail names the row."""
        return f"{self._meta.label_lower}:{self.pk}"


class EngagementSubject(models.Model):
    """What an engagement opens: a subject of a year, and the one sheet there that is to be worked on."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="subjects", verbose_name="委托")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="engagement_subjects", verbose_name="对象年度"
    )
    sheet_type = models.CharField("表类型", max_length=60)
    sheet_id = models.BigIntegerField("表编号")

    class Meta:
        verbose_name = "委托对象"
        constraints = [
            models.UniqueConstraint(fields=["engagement", "sheet_type", "sheet_id"], name="engagement_subject_once")
        ]
        indexes = [models.Index(fields=["sheet_type", "sheet_id"], name="engagement_sheet")]


class Deliverable(models.Model):
    """交付成果: what is owed by a day, and when it came."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="deliverables", verbose_name="委托")
    name = models.CharField("交付成果", max_length=120)
    due_on = models.DateField("应交日期")
    delivered_on = models.DateField("实交日期", null=True)

    class Meta:
        verbose_name = "交付成果"
        constraints = [models.UniqueConstraint(fields=["engagement", "name"], name="deliverable_once")]


class AgencyScore(models.Model):
    """机构考核 of one engagement: total and grade under the rules of its day; the items are its AgencyMark rows."""

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="quality", verbose_name="委托")
    region = models.CharField("区划", max_length=9)
    total = PointsField("考核得分")
    grade = TermField(AgencyGrade, verbose_name="考核等次")
    remark = models.TextField("考核意见", blank=True, default="")
    on = models.DateField("考核日期")
    actor = models.CharField("办理人", max_length=80)

    class Meta:
        verbose_name = "机构考核"


class AgencyMark(models.Model):
    """Points of one item of an agency's appraisal."""

    score = models.ForeignKey(AgencyScore, models.CASCADE, related_name="marks", verbose_name="机构考核")
    item = models.CharField("考核项目", max_length=40)
    full = PointsField("满分")
    points = PointsField("得分")

    class Meta:
        verbose_name = "机构考核得分"
        constraints = [models.UniqueConstraint(fields=["score", "item"], name="agency_mark_once")]
