"""Rounds of 绩效运行监控, one reading sheet per subject and round, and money taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Likelihood, Origin, SubjectKind
from jixiao.kit.fields import FenField, PathField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import RegionQuerySet, ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import Hold, SubjectLink, SubjectYear
from jixiao.registers.subjects.spending import LINKED, spent
from jixiao.stages.ex_ante.reports.gaps import may_be_budgeted
from jixiao.stages.targets.models import Horizon, IndicatorLine, LineSource
from jixiao.stages.targets.workflow import State as TargetState

from .rules import Handling, HandlingRules, MonitoringRules, ReadingFacts, RoundFacts, is_slow, offered_handlings
from .saying import Read
from .workflow import MACHINE, ROUND, RoundState, State

OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)


class LeaveKind(Term):
    """给一个单位的例外."""

    EXTENSION = "extension", "延期"
    REOPENING = "reopening", "重新开放"


class Round(Sheet):
    """One round of the year: its cut-off, and for a frozen round the moment up to which payments were known."""

    machine = ROUND

    no = models.IntegerField("轮次")
    cutoff = models.DateField("截止日期")
    known_until = models.DateTimeField("数据冻结时间", null=True)
    due_on = models.DateField("报送期限", null=True)
    purpose = models.CharField("用意", max_length=40, blank=True, default="")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(RoundState, verbose_name="状态", default=ROUND.initial.value)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "监控轮次"
        constraints = [models.UniqueConstraint(fields=["region", "year", "no"], name="round_once")]

    @property
    def held_here(self) -> bool:
        """Opened in this system, not recorded afterwards: its sheets are filled here and no import changes them."""
        return self.state != RoundState.CLOSED or self.known_until is not None

    def facts(self) -> RoundFacts:
        if self.state == RoundState.DRAFT:
            return RoundFacts(
                sheets=in_scope(self.region, self.year, self.cutoff).filter(**READY).count(), open_sheets=0
            )
        concluded = State.CONCLUDED
        return RoundFacts(sheets=self.sheets.count(), open_sheets=self.sheets.exclude(state=concluded).count())


class Leave(models.Model):
    """What one unit of a round is allowed beyond the others, and why: more time, or to correct a concluded sheet.

    It holds for the unit and those below it. Money stays frozen as the round froze it.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="leaves", verbose_name="轮次")
    kind = TermField(LeaveKind, verbose_name="种类")
    unit_name = models.CharField("单位名称", max_length=120)
    unit_path = PathField("单位路径", max_length=200)
    due_on = models.DateField("延长至")
    reason = models.CharField("理由", max_length=200)
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "延期与重开"
        indexes = [models.Index(fields=["round", "unit_path"], name="leave_round")]


READY = {"on_hold": False, "targeted": True, "merged_into": None}


def approved_lines(region: str, year: int) -> models.QuerySet[IndicatorLine]:
    """The indicators of the year's approved targets, which readings refer to."""
    return IndicatorLine.objects.filter(
        source=LineSource.TARGET,
        version__region=region,
        version__state=TargetState.APPROVED,
        version__sheet__horizon=Horizon.ANNUAL,
        version__sheet__year=year,
    )


def in_scope(region: str, year: int, on: date) -> Any:
    """Projects and 部门整体 that a round looks at, with what keeps one out on a day.

    `on_hold`, `targeted` (an approved target with indicators) and `merged_into` (the name of another project).
    `in_total()` of them are the projects: no sum mixes the two.
    """
    lines = approved_lines(region, year).filter(version__sheet__subject_year=OuterRef("pk"))
    stops = Hold.objects.filter(subject_year=OuterRef("pk"), released_on=None)
    looked_at = Q(kind=SubjectKind.PROJECT, in_total=True) | Q(kind=SubjectKind.DEPARTMENT_OVERALL)
    subjects = SubjectYear.objects.filter(looked_at, region=region, year=year)
    merged = SubjectLink.objects.filter(in_force("", on), source=OuterRef("pk")).values("target__name")
    return subjects.annotate(on_hold=Exists(stops), targeted=Exists(lines), merged_into=Subquery(merged))


class Attention(Term):
    """监控性质."""

    DAILY = "daily", "日常监控"
    KEY = "key", "重点监控"


STOPPING = (Handling.SUSPEND, Handling.RECOVER)


class ReadingSheetQuerySet(ScopedQuerySet):
    def with_spent(self) -> ReadingSheetQuerySet:
        """Adds `spent`: payments dated up to the round's cut-off and known when it was frozen, in fen."""
        known = Coalesce(OuterRef("round__known_until"), Value(OPEN_END))
        cutoff = OuterRef("round__cutoff")
        in_time = {"paid_on__lte": cutoff, "recorded_at__lte": known}
        return self.annotate(spent=spent("subject_year", in_time, in_force(LINKED, cutoff, known)))

    def projects(self) -> ReadingSheetQuerySet:
        """Without 部门整体, which are never added up with the projects that they consist of."""
        return self.filter(subject_year__in_total=True)


class VisitKind(Term):
    """How finance or a department met the unit."""

    SITE = "site", "现场核查"
    INTERVIEW = "interview", "约谈"


class SiteVisitQuerySet(ScopedQuerySet):
    path = "sheet__subject_year__unit_path"
    division = "sheet__subject_year__division__name"


class ReadingSheet(Sheet):
    """What one subject had spent and reached at a round's cut-off.

    `budget` is 全年预算 as it stood then (fen); `printed_spent` what an imported sheet said beside the payments,
    `expected_spent` what the unit expects for the year. `causes` are about the money; an indicator has its own.
    """

    machine = MACHINE

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets", verbose_name="轮次")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="reading_sheets", verbose_name="对象年度"
    )
    attention = TermField(Attention, verbose_name="监控性质")
    attention_reason = models.CharField("选为重点的理由", max_length=200, blank=True, default="")
    budget = FenField("全年预算")
    printed_spent = FenField("原表累计执行", null=True)
    progress = models.CharField("绩效目标完成情况", max_length=200, blank=True, default="")
    likelihood = TermField(Likelihood, verbose_name="完成目标可能性", blank=True, default="")
    expected_spent = FenField("全年预计执行", null=True)
    causes = models.TextField("支出偏差原因", blank=True, default="")
    handling = TermField(Handling, verbose_name="处置", default=Handling.CONTINUE)
    advice = models.TextField("处置意见", blank=True, default="")
    handling_fen = FenField("处置金额", null=True)
    handling_doc_no = models.CharField("处置文号", max_length=80, blank=True, default="")
    handling_to = models.ForeignKey(
        SubjectYear, models.PROTECT, null=True, related_name="+", verbose_name="调剂到的项目"
    )
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = ReadingSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "监控表"
        constraints = [models.UniqueConstraint(fields=["round", "subject_year"], name="reading_sheet_once")]
        indexes = [models.Index(fields=["region", "year", "subject_year"], name="reading_sheet_subject")]

    def facts(self) -> ReadingFacts:
        readings = list(self.readings.select_related("line"))
        paid = ReadingSheet.objects.with_spent().values_list("spent", flat=True).get(pk=self.pk)
        rules = self.round.snapshot.policy().section(MonitoringRules)
        return ReadingFacts(
            **self._when(),
            department_above=self.subject_year.department_above,
            without_value=tuple(r.line.name for r in readings if not r.actual),
            without_outlook=tuple(r.line.name for r in readings if not r.likelihood),
            unexplained=tuple(r.line.name for r in readings if r.likelihood == Likelihood.IMPOSSIBLE and not r.causes),
            slow=is_slow(self.budget, paid, self.round.cutoff, self.stopped, rules),
            cause=self.causes,
            disposal=self.advice,
            handling=self.handling,
            handling_fen=self.handling_fen,
            handling_doc_no=self.handling_doc_no,
            moved_to=self.handling_to.name if self.handling_to else "",
            barred=self._barred(),
            unspent=self.budget - paid - self._taken_back(),
            offered=self.offered(),
            money=self.subject_year.money,
        )

    def _when(self) -> dict[str, Any]:
        """Whether the round takes this sheet, and until when, with what the unit was allowed beyond the others."""
        path, held = self.subject_year.unit_path, self.round
        mine = [leave for leave in held.leaves.all() if path.startswith(leave.unit_path)]
        reopened = any(leave.kind == LeaveKind.REOPENING for leave in mine)
        due_on = held.due_on if held.state == RoundState.OPEN else None
        if mine and (due_on is not None or reopened):
            due_on = max([leave.due_on for leave in mine] + [due_on] if due_on else [leave.due_on for leave in mine])
        is_open = held.state == RoundState.OPEN or reopened
        return {"round_open": is_open, "due_on": due_on, "asked_on": timezone.localdate()}

    def offered(self) -> tuple[Handling, ...]:
        """The handlings that this round's purpose allows, under the rules it was opened with."""
        policy, subject = self.round.snapshot.policy(), self.subject_year
        known = HandlingRules.section in policy.settings
        rules = policy.section(HandlingRules) if known else None
        return offered_handlings(self.round.purpose, rules, money=subject.in_total and subject.money.spent)

    def _barred(self) -> str:
        """Why the project that is to get transferred money may not have it."""
        other = self.handling_to
        if other is None or self.handling != Handling.TRANSFER:
            return ""
        if other.pk == self.subject_year_id:
            return "不能调剂到项目自己，请填另一个项目的编码"
        if other.held:
            return f"“{other.name}”已暂停、停止或收回资金，不能调入"
        raised = may_be_budgeted(other, other.budget + (self.handling_fen or 0))
        return "" if raised else f"“{other.name}”不能调入：{'；'.join(raised.reasons)}"

    def _taken_back(self) -> int:
        return Recovery.objects.filter(subject_year=self.subject_year_id).aggregate(sum=Sum("fen"))["sum"] or 0

    @property
    def stops(self) -> bool:
        """What this sheet itself decided ends the spending: money taken back, or the subject stopped or suspended."""
        return self.handling in STOPPING

    @property
    def stopped(self) -> bool:
        """No longer spending, by this sheet or by a stop that is in force."""
        return self.stops or self.subject_year.held


class Reading(models.Model):
    """One indicator at the cut-off: reached so far, expected at year's end, how likely, and why it deviates."""

    sheet = models.ForeignKey(ReadingSheet, models.CASCADE, related_name="readings", verbose_name="监控表")
    line = models.ForeignKey(IndicatorLine, models.PROTECT, related_name="readings", verbose_name="绩效指标")
    actual = models.CharField("截至完成值", max_length=200, blank=True, default="")
    expected = models.CharField("全年预计完成值", max_length=200, blank=True, default="")
    likelihood = TermField(Likelihood, verbose_name="完成目标可能性", blank=True, default="")
    causes = models.TextField("偏差原因", blank=True, default="")
    remark = models.CharField("备注", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "监控读数"
        constraints = [models.UniqueConstraint(fields=["sheet", "line"], name="reading_once")]

    @property
    def said(self) -> Read:
        """What the unit says of the indicator."""
        return Read(self.actual, self.expected, self.likelihood, self.causes, self.remark)

    @said.setter
    def said(self, read: Read) -> None:
        self.actual, self.expected, self.likelihood = read.actual, read.expected, read.likelihood
        self.causes, self.remark = read.causes, read.remark


class SiteVisit(models.Model):
    """现场核查 of a subject under key monitoring, or 约谈 of its unit: when, with whom, and what was found or agreed.

    Photos and papers hang at the sheet.
    """

    sheet = models.ForeignKey(ReadingSheet, models.PROTECT, related_name="visits", verbose_name="监控表")
    region = models.CharField("区划", max_length=9)
    kind = TermField(VisitKind, verbose_name="方式", default=VisitKind.SITE)
    on = models.DateField("日期")
    people = models.CharField("参加人员", max_length=200)
    findings = models.TextField("情况")
    actor = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("时间")

    objects: ClassVar = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "现场核查与约谈"
        indexes = [models.Index(fields=["sheet", "on"], name="site_visit_sheet")]


class Recovery(models.Model):
    """Money taken back, with its reason and document; a running total of 存量资金 is their sum."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="recoveries", verbose_name="对象年度")
    fen = FenField("收回金额")
    reason = models.TextField("原因")
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")
    on = models.DateField("日期")
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "资金收回"
        constraints = [models.UniqueConstraint(fields=["subject_year", "on"], name="recovery_once")]
