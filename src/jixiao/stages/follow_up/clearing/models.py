"""Runs of 存量资金清理 and the candidates that they list, with what was said and decided of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone

from jixiao.kit.fields import FenField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import RegionQuerySet, ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.stages.monitoring.models import Recovery

from .rules import Measure, RulingFacts, RunFacts, Stock, rules_in
from .workflow import MACHINE, RUN, RunState, State


class ClearingRun(Sheet):
    """One clearing of a year's money: the cut-off up to which it looks, and how many subjects it looked at."""

    machine = RUN

    no = models.IntegerField("次数")
    cutoff = models.DateField("截止日期")
    known_until = models.DateTimeField("数据冻结时间", null=True)
    examined = models.IntegerField("检查项目数", default=0)
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(RunState, verbose_name="状态", default=RUN.initial.value)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "存量资金清理"
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "no"], name="clearing_run_once"),
            models.UniqueConstraint(fields=["region", "year", "cutoff"], name="clearing_run_cutoff_once"),
        ]

    @property
    def title(self) -> str:
        """2022年第1次存量资金清理."""
        return f"{self.year}年第{self.no}次存量资金清理"

    def facts(self) -> RunFacts:
        undecided = self.candidates.exclude(state=State.DECIDED).count()
        return RunFacts(rules_in(self.snapshot.policy()) is not None, undecided)


class CandidateQuerySet(ScopedQuerySet):
    """Candidates, and their totals."""

    def totalled(self, *by: str) -> models.QuerySet:
        """Count and money of each group of these columns: idle = recovered + reduced + kept + waiting, to the fen."""
        decided = Q(state=State.DECIDED)
        return (
            self.order_by(*by)
            .values(*by)
            .annotate(
                count=Count("pk"),
                decided_count=Count("pk", filter=decided),
                idle_sum=Sum("idle"),
                recovered=Sum("fen", filter=decided & Q(measure=Measure.RECOVER), default=0),
                reduced=Sum("fen", filter=decided & Q(measure=Measure.REDUCE), default=0),
                waiting=Sum("idle", filter=~decided, default=0),
            )
        )


class Candidate(Sheet):
    """A subject whose money is to be cleared: why, how much as of the cut-off, and what was decided.

    `budget`, `spent` and `idle` (fen) are frozen when it is listed; `fen` is what the decision takes.
    """

    machine = MACHINE

    run = models.ForeignKey(ClearingRun, models.PROTECT, related_name="candidates", verbose_name="清理")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="clearing_candidates", verbose_name="对象年度"
    )
    stock = TermField(Stock, verbose_name="类别")
    reasons = models.TextField("列入理由")
    budget = FenField("全年预算")
    spent = FenField("累计支出")
    idle = FenField("闲置金额")
    view = models.TextField("情况说明", blank=True, default="")
    measure = TermField(Measure, verbose_name="清理措施", blank=True, default="")
    fen = FenField("处理金额", null=True)
    doc_no = models.CharField("文号", max_length=80, blank=True, default="")
    opinion = models.TextField("处理理由", blank=True, default="")
    decided_on = models.DateField("处理日期", null=True)
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)

    objects: ClassVar = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "清理项目"
        constraints = [models.UniqueConstraint(fields=["run", "subject_year"], name="clearing_candidate_once")]
        indexes = [models.Index(fields=["region", "year", "stock", "id"], name="clearing_candidate_year")]

    @property
    def limit(self) -> int:
        """Fen that may be taken now: what was listed, or less where money was spent or taken back since."""
        paid = Payment.objects.filter(subject_year=self.subject_year_id).aggregate(sum=Sum("fen"))["sum"] or 0
        taken = Recovery.objects.filter(subject_year=self.subject_year_id).aggregate(sum=Sum("fen"))["sum"] or 0
        return min(self.idle, self.subject_year.budget - paid - taken)

    @property
    def kept(self) -> int:
        """What a decision leaves with the subject, in fen."""
        return self.idle - (self.fen or 0) if self.state == State.DECIDED else 0

    def facts(self) -> RulingFacts:
        today = Recovery.objects.filter(subject_year=self.subject_year_id, on=timezone.localdate())
        return RulingFacts(
            run_open=self.run.state == RunState.OPEN,
            measure=self.measure if isinstance(self.measure, Measure) else None,
            fen=self.fen,
            doc_no=self.doc_no,
            opinion=self.opinion,
            limit=self.limit,
            recovered_today=today.exists(),
        )
