"""What is managed: a subject's identity, its year facts, its money, and what the stages write down about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from jixiao.domain.actors import REGION_WIDE, Actor, Role
from jixiao.domain.frameworks import framework_of
from jixiao.domain.money_words import MoneyWords
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Category, Extension, FundBook, FundLevel, Nature, Origin, SubjectKind, Verdict
from jixiao.kit.fields import FenField, PathField, PointsField, TermField, subtree
from jixiao.registers.organizations.models import Division, Unit, UnitYear
from jixiao.registers.organizations.scopes import ScopedQuerySet


class Subject(models.Model):
    """Identity of what is managed through the years."""

    region = models.CharField("区划", max_length=9)
    kind = TermField(SubjectKind, verbose_name="对象类型")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级对象")

    class Meta:
        verbose_name = "绩效管理对象"


class SubjectYearQuerySet(ScopedQuerySet):
    path = "unit_path"
    division = "division__name"

    def in_total(self) -> SubjectYearQuerySet:
        """Only what may be added up: no 部门整体, no parent funds beside their projects."""
        return self.filter(in_total=True)

    def projects(self) -> SubjectYearQuerySet:
        """对象类型为项目."""
        return self.filter(kind=SubjectKind.PROJECT)

    def with_spent(self) -> SubjectYearQuerySet:
        """Adds `spent`: all payments of the year, in fen."""
        paid = Payment.objects.filter(subject_year=OuterRef("pk")).order_by().values("subject_year")
        return self.annotate(spent=Coalesce(Subquery(paid.annotate(sum=Sum("fen")).values("sum")), 0))


class SubjectYear(models.Model):
    """A subject in one budget year: name, code, unit, classes and budget."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="years", verbose_name="对象")
    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    code = models.CharField("编码", max_length=40)
    name = models.CharField("名称", max_length=200)
    kind = TermField(SubjectKind, verbose_name="对象类型")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    unit_name = models.CharField("单位名称", max_length=120)
    unit_path = PathField("单位路径", max_length=200)
    division = models.ForeignKey(Division, models.PROTECT, null=True, verbose_name="归口股室")
    field = models.CharField("领域", max_length=40, blank=True, default="")
    category = TermField(Category, verbose_name="项目类别", blank=True, default="")
    nature = TermField(Nature, verbose_name="项目性质", blank=True, default="")
    book = TermField(FundBook, verbose_name="预算类型", blank=True, default="")
    fund_level = TermField(FundLevel, verbose_name="资金层级", blank=True, default="")
    extension = TermField(Extension, verbose_name="扩展类型", blank=True, default="")
    initial = FenField("年初预算", default=0)
    added = FenField("追加调整", default=0)
    last_year = FenField("上年预算", default=0)
    major_policy = models.BooleanField("重大政策", default=False)
    livelihood = models.BooleanField("民生或重点", default=False)
    goal = models.TextField("绩效总目标", blank=True, default="")
    withheld = models.CharField("不宜公开的理由", max_length=200, blank=True, default="")
    in_total = models.BooleanField("计入合计", default=True)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)
    version = models.IntegerField("版本", default=1)

    objects: ClassVar = SubjectYearQuerySet.as_manager()

    class Meta:
        verbose_name = "对象年度"
        constraints = [
            models.UniqueConstraint(fields=["subject", "year"], name="subject_year_once"),
            models.UniqueConstraint(fields=["region", "year", "kind", "code"], name="subject_year_code_once"),
        ]
        indexes = [
            models.Index(fields=["region", "year", "unit_path", "id"], name="subject_year_path"),
            models.Index(fields=["region", "year", "kind", "id"], name="subject_year_kind"),
            models.Index(fields=["region", "year", "name", "id"], name="subject_year_name"),
            models.Index(fields=["region", "year", "initial", "id"], name="subject_year_initial"),
            models.Index(fields=["region", "year", "code", "id"], name="subject_year_ordered"),
            models.Index("region", "year", F("initial") + F("added"), "id", name="subject_year_budget"),
            models.Index(fields=["region", "code"], name="subject_year_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def department_above(self) -> bool:
        """Does a department stand above its unit, which then reviews what the unit files?"""
        return self.unit_path.count("/") > 1

    @property
    def money(self) -> MoneyWords:
        """How its money is called wherever it is shown."""
        return framework_of(self.kind, self.book, self.extension).money

    @property
    def held(self) -> bool:
        """Is a stop on its money in force?"""
        return self.holds.filter(released_on=None).exists()

    @property
    def budget(self) -> int:
        """全年预算 in fen: 年初预算 and 追加调整."""
        return self.initial + self.added


class LinkKind(Term):
    """How one subject goes on as part of another within a year."""

    MERGE = "merge", "合并"
    RECODE = "recode", "改码"


class SubjectLink(models.Model):
    """From a day on `source` goes on in `target`: its money counts there, and no later round looks at it apart."""

    region = models.CharField("区划", max_length=9)
    kind = TermField(LinkKind, verbose_name="方式")
    source = models.ForeignKey(SubjectYear, models.PROTECT, related_name="went_into", verbose_name="原对象")
    target = models.ForeignKey(SubjectYear, models.PROTECT, related_name="took_in", verbose_name="并入对象")
    on = models.DateField("自")
    reason = models.CharField("原因", max_length=200)
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "合并与改码"
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(withdrawn_at=None), name="subject_link_once")
        ]


class BudgetPhase(Term):
    """预算安排的时点."""

    INITIAL = "initial", "年初预算"
    ADDED = "added", "追加调整"


class BudgetLine(models.Model):
    """One decision about a subject's budget; the year's budget is their sum up to a day."""

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="budget_lines", verbose_name="对象年度")
    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    phase = TermField(BudgetPhase, verbose_name="时点")
    book = TermField(FundBook, verbose_name="预算类型", blank=True, default="")
    fund_level = TermField(FundLevel, verbose_name="资金层级", blank=True, default="")
    fen = FenField("金额")
    effective_on = models.DateField("生效日期")
    recorded_at = models.DateTimeField("登记时间")
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "预算行"
        indexes = [models.Index(fields=["region", "year", "subject_year"], name="budget_line_subject")]


class ImportedQuerySet(ScopedQuerySet):
    """Rows of another system: they name a project code, which may be in no register."""

    def unmatched(self) -> Self:
        """Rows whose project code is in no register; a list to resolve, never dropped."""
        return self.filter(subject_year=None)

    def unmatched_for(self, actor: Actor) -> Self:
        """The unmatched rows that an actor may see: of his units, as far as a row names its unit."""
        rows = self.unmatched().filter(region=actor.region)
        if actor.role in REGION_WIDE:
            return rows
        units = UnitYear.objects.filter(region=actor.region, year=OuterRef("year"), code=OuterRef("unit_code"))
        if actor.role is Role.FISCAL_DIVISION and actor.division:
            return rows.filter(Exists(units.filter(division__name=actor.division)))
        if actor.role in (Role.UNIT, Role.DEPARTMENT) and actor.unit_path:
            first, behind = subtree(actor.unit_path)
            return rows.filter(Exists(units.filter(path__gte=first, path__lt=behind)))
        return rows.none()


class PaymentQuerySet(ImportedQuerySet):
    def up_to(self, cutoff: date, known_until: datetime | None = None) -> PaymentQuerySet:
        """Payments dated up to the cut-off and, for a frozen round, known by then."""
        known = Q() if known_until is None else Q(recorded_at__lte=known_until)
        return self.filter(known, paid_on__lte=cutoff)

    def corrections(self) -> PaymentQuerySet:
        """红字 and 更正: lines that take back or put right another one."""
        return self.filter(Q(fen__lt=0) | ~Q(corrects_voucher=""))


class Payment(models.Model):
    """One line of a treasury voucher. A correction is a further signed line."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, null=True, related_name="payments", verbose_name="对象年度"
    )
    code = models.CharField("项目编码", max_length=40)
    voucher = models.CharField("凭证号", max_length=60)
    line = models.IntegerField("凭证行", default=1)
    paid_on = models.DateField("支付日期")
    recorded_at = models.DateTimeField("登记时间")
    fen = FenField("金额")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正")
    corrects_voucher = models.CharField("更正凭证", max_length=60, blank=True, default="")
    corrects_line = models.IntegerField("更正凭证行", default=1)
    name = models.CharField("项目名称", max_length=200, blank=True, default="")
    unit_code = models.CharField("单位编码", max_length=40, blank=True, default="")
    summary = models.CharField("摘要", max_length=200, blank=True, default="")

    objects: ClassVar = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "支付"
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "voucher", "line"], name="payment_voucher_once")
        ]
        indexes = [models.Index(fields=["region", "year", "subject_year", "paid_on"], name="payment_subject")]

    @property
    def shown_code(self) -> str:
        """The project code as people read it."""
        return self.code or "无编码"

    @property
    def place(self) -> str:
        """Voucher and line in words."""
        return f"{self.voucher} 第 {self.line} 行"


class PaymentMatchQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        """Matches that nobody took back."""
        return self.filter(withdrawn_at=None)


class PaymentMatch(models.Model):
    """How a payment that had no project came to one: by whom, why, or because the project was imported later.

    From then on the payment's 登记时间 is that of the match, so that a frozen round keeps its figures; the first one
    stands here as `recorded_at`. A match that was taken back stays, with who did it and why.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="matches", verbose_name="支付")
    region = models.CharField("区划", max_length=9)
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="+", verbose_name="对象年度")
    reason = models.CharField("原因", max_length=200)
    recorded_at = models.DateTimeField("首次登记时间")
    user_id = models.BigIntegerField("用户", null=True)
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.BigIntegerField("撤回用户", null=True)
    withdrawn_actor = models.CharField("撤回人", max_length=80, blank=True, default="")
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True, default="")

    objects: ClassVar = PaymentMatchQuerySet.as_manager()

    class Meta:
        verbose_name = "支付对账"
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=Q(withdrawn_at=None), name="payment_match_once")
        ]


class Appropriation(models.Model):
    """预算指标 as the budget system exports it, beside the budget that 项目库 states; never rewritten."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, null=True, related_name="appropriations", verbose_name="对象年度"
    )
    code = models.CharField("项目编码", max_length=40)
    name = models.CharField("项目名称", max_length=200, blank=True, default="")
    unit_code = models.CharField("单位编码", max_length=40, blank=True, default="")
    number = models.CharField("指标编号", max_length=60)
    fen = FenField("金额")
    effective_on = models.DateField("生效日期")
    recorded_at = models.DateTimeField("登记时间")
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")

    objects: ClassVar = ImportedQuerySet.as_manager()

    class Meta:
        verbose_name = "预算指标"
        constraints = [models.UniqueConstraint(fields=["region", "year", "number"], name="appropriation_once")]
        indexes = [models.Index(fields=["region", "year", "subject_year"], name="appropriation_subject")]


class HoldKind(Term):
    """暂停的种类."""

    RECOVERED = "recovered", "已收回"
    SUSPENDED = "suspended", "暂停拨款"
    STOPPED = "stopped", "停止实施"


class Hold(models.Model):
    """A stop on a subject's money, asked by every later money-relevant move."""

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="holds", verbose_name="对象年度")
    region = models.CharField("区划", max_length=9)
    kind = TermField(HoldKind, verbose_name="种类")
    reason = models.TextField("原因")
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")
    since = models.DateField("自")
    released_on = models.DateField("解除日期", null=True)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "暂停"
        constraints = [models.UniqueConstraint(fields=["subject_year", "kind", "since"], name="hold_once")]


class Note(models.Model):
    """What a stage found and a later one should see, e.g. a slow payment pace."""

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="notes", verbose_name="对象年度")
    region = models.CharField("区划", max_length=9)
    stage = models.CharField("环节", max_length=32)
    source = models.CharField("来源", max_length=80)
    text = models.TextField("内容")
    on = models.DateField("日期")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "提示"
        constraints = [models.UniqueConstraint(fields=["subject_year", "stage", "source"], name="note_once")]


class Clearance(models.Model):
    """What ex-ante assessment allows: a verdict and the amount it covers. A raise above it asks again."""

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="clearances", verbose_name="对象年度")
    region = models.CharField("区划", max_length=9)
    verdict = TermField(Verdict, verbose_name="结论")
    covered = FenField("放行金额")
    reason = models.TextField("理由", blank=True, default="")
    source = models.CharField("来源", max_length=80)
    on = models.DateField("日期", null=True)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "放行"
        constraints = [models.UniqueConstraint(fields=["subject_year", "source"], name="clearance_once")]


class Outcome(models.Model):
    """The result of a stage for next year's earlier stages: total and grade."""

    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="outcomes", verbose_name="对象年度")
    region = models.CharField("区划", max_length=9)
    stage = models.CharField("环节", max_length=32)
    total = PointsField("得分", null=True)
    grade = models.CharField("等级", max_length=16, blank=True, default="")
    source = models.CharField("来源", max_length=80)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "结果"
        constraints = [models.UniqueConstraint(fields=["subject_year", "stage"], name="outcome_once")]
