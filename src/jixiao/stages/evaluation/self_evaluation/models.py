"""Self-evaluations: scored on the approved indicator lines, frozen with the policy they were scored under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models

from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.indicators import LineFacts
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import plain, share
from jixiao.domain.scoring import ScoringRules, SheetFacts, score_sheet
from jixiao.domain.vocabulary import Origin
from jixiao.kit import attachments
from jixiao.kit.fields import FenField, PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets.models import IndicatorLine, LineSource, TargetVersion

from .rules import EvidenceRules, ExemptionFacts, Funds, Said, SelfEvaluationFacts, SelfEvaluationRules
from .workflow import EXEMPTING, MACHINE, ExemptionState, State


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The sections of a policy by which a sheet is scored and graded, read once for many sheets."""

    scoring: ScoringRules
    grades: GradeRules

    @classmethod
    def of(cls, policy: Policy) -> Self:
        return cls(policy.section(ScoringRules), policy.section(GradeRules))


@dataclass(frozen=True, slots=True)
class FundRow:
    """One row of 项目资金: 年初预算数, 全年预算数, 全年执行数 in fen; None where nothing is known of it."""

    label: str
    initial: int | None
    budget: int
    spent: int | None

    @property
    def rate(self) -> Decimal | None:
        """执行率 in percent points."""
        return None if self.spent is None else share(self.spent, self.budget)


class SelfEvaluation(Sheet):
    """A unit's own evaluation. `year` is the work year; the subject-year's year is what was evaluated.

    `budget` and `spent` (fen) are what was scored: 全年预算 with 上年结转资金 and 其他资金, and the payments of the
    year with what was spent of 其他资金 (`funds`). Total, grade and because are stored when frozen and recompute to
    the same under `snapshot`; `printed_*` is what the imported table said of itself.
    """

    machine = MACHINE

    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="self_evaluations", verbose_name="对象年度"
    )
    target_version = models.ForeignKey(TargetVersion, models.PROTECT, verbose_name="目标版本")
    budget = FenField("全年预算")
    spent = FenField("全年执行", null=True)
    printed_spent = FenField("原表全年执行", null=True)
    execution_weight = PointsField("执行率分值")
    execution_points = PointsField("执行率得分", null=True)
    execution_because = models.TextField("执行率依据", blank=True, default="")
    execution_cause = models.TextField("执行率偏低的原因", blank=True, default="")
    total = PointsField("得分", null=True)
    grade = TermField(Grade, verbose_name="等级", blank=True, default="")
    because = models.TextField("依据", blank=True, default="")
    printed_total = PointsField("原表得分", null=True)
    printed_grade = TermField(Grade, verbose_name="原表等级", blank=True, default="")
    findings = models.TextField("自查问题", blank=True, default="")
    achieved = models.TextField("实际完成情况", blank=True, default="")
    carried_budget = FenField("上年结转预算", default=0)
    carried_spent = FenField("上年结转执行", default=0)
    carried_known = FenField("算得的上年结转", null=True)
    carried_source = models.CharField("上年结转的来源", max_length=300, blank=True, default="")
    carried_reason = models.CharField("更正结转的理由", max_length=300, blank=True, default="")
    other_budget = FenField("其他资金预算", default=0)
    other_spent = FenField("其他资金执行", default=0)
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "单位自评"
        constraints = [models.UniqueConstraint(fields=["subject_year", "year"], name="self_evaluation_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="self_evaluation_year")]

    @property
    def funds(self) -> Funds:
        """上年结转资金 and 其他资金."""
        return Funds(self.carried_budget, self.carried_spent, self.other_budget, self.other_spent)

    @funds.setter
    def funds(self, funds: Funds) -> None:
        self.carried_budget, self.carried_spent = funds.carried_budget, funds.carried_spent
        self.other_budget, self.other_spent = funds.other_budget, funds.other_spent

    @property
    def fund_rows(self) -> list[FundRow]:
        """年度资金总额, then what it is made of: 当年财政拨款, 上年结转资金, 其他资金 (财预〔2020〕10号附1)."""
        funds, subject = self.funds, self.subject_year
        initial = subject.initial if subject.budget else None
        own = self.budget - funds.carried_budget - funds.other_budget
        paid = None if self.spent is None else self.spent - funds.carried_spent - funds.other_spent
        return [
            FundRow(subject.money.say("年度资金总额"), initial, self.budget, self.spent),
            FundRow(subject.money.say("其中：当年财政拨款"), initial, own, paid),
            FundRow("上年结转资金", None, funds.carried_budget, funds.carried_spent),
            FundRow("其他资金", None, funds.other_budget, funds.other_spent),
        ]

    def sheet_facts(self, scores: Sequence[Score]) -> SheetFacts:
        """What is scored, with the lines in their order."""
        return SheetFacts(
            budget=self.budget,
            spent=self.spent,
            execution_weight=self.execution_weight,
            lines=tuple(score.line_facts() for score in scores),
            money=self.subject_year.money,
        )

    def score(self, scores: Sequence[Score], by: Yardstick) -> None:
        """Set points, total, grade and their sentences on this sheet and its lines: the one place that scores a sheet.

        What cannot be decided stays None. Nothing is saved.
        """
        result = score_sheet(self.sheet_facts(scores), by.scoring, by.grades)
        self.execution_points = result.execution.points if result.execution else None
        self.execution_because = result.execution.because if result.execution else ""
        self.total = result.total
        self.grade = result.grade or ""
        self.because = result.because
        for score, line in zip(scores, result.lines, strict=True):
            score.points, score.because, score.method = line.points, line.because, line.method
            score.flags = ",".join(line.flags)

    def facts(self) -> SelfEvaluationFacts:
        scores, policy = list(self.scores.select_related("line").order_by("position")), self.snapshot.policy()
        return SelfEvaluationFacts(
            department_above=self.subject_year.department_above,
            target_approved=all(score.line.source == LineSource.TARGET for score in scores),
            without_points=tuple(score.line.name for score in scores if score.points is None),
            unexplained=tuple(
                score.line.name
                for score in scores
                if score.points is not None and score.points < score.line.weight and not score.cause
            ),
            total=self.total,
            execution_rate=None if self.spent is None else share(self.spent, self.budget),
            execution_cause=self.execution_cause,
            unreasoned=tuple(
                score.line.name for score in scores if score.claimed is not None and not score.claim.strip()
            ),
            unproven=self._unproven(scores, policy),
            rules=policy.section(SelfEvaluationRules),
            money=self.subject_year.money,
            carried=self.carried_budget,
            carried_known=self.carried_known,
            carried_reason=self.carried_reason,
        )

    def _unproven(self, scores: Sequence[Score], policy: Policy) -> tuple[str, ...]:
        """The indicators that need a file of evidence and have none."""
        known = EvidenceRules.section in policy.settings
        border = policy.section(EvidenceRules).from_weight if known else None
        weighty = [score for score in scores if border is not None and score.line.weight >= border]
        if not weighty:
            return ()
        proven = set(attachments.attached(self).values_list("kind", flat=True))
        return tuple(score.line.name for score in weighty if score.evidence_kind not in proven)


class Score(models.Model):
    """Points of one indicator line with the sentence that explains them; `printed_points` is 原表得分.

    `claimed` are the unit's own points where it asks for fewer than the rule gives.
    """

    evaluation = models.ForeignKey(SelfEvaluation, models.CASCADE, related_name="scores", verbose_name="自评")
    position = models.IntegerField("行次")
    line = models.ForeignKey(IndicatorLine, models.PROTECT, related_name="scores", verbose_name="绩效指标")
    actual = models.CharField("完成值", max_length=200, blank=True, default="")
    tier = PointsField("定性完成度", null=True)
    points = PointsField("得分", null=True)
    because = models.TextField("怎么得的", blank=True, default="")
    flags = models.CharField("提示", max_length=200, blank=True, default="")
    method = models.CharField("计分方法", max_length=40, blank=True, default="")
    printed_points = PointsField("原表得分", null=True)
    cause = models.TextField("偏差原因", blank=True, default="")
    claimed = PointsField("自报得分", null=True)
    claim = models.CharField("自报低分的理由", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "自评得分"
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="score_once")]

    def line_facts(self) -> LineFacts:
        """The pure facts that this line is scored on."""
        line = self.line
        return LineFacts(
            name=line.name,
            level1=line.level1.label,
            level2=line.level2,
            comparison=line.comparison,
            target=line.target or None,
            actual=self.actual or None,
            weight=line.weight,
            tier=self.tier,
            method=None,
            unit=line.unit,
            claimed=self.claimed,
            claim=self.claim,
        )

    @property
    def evidence_kind(self) -> str:
        """How this indicator's evidence is marked among the files of the sheet."""
        return f"score-{self.pk}"

    @property
    def said(self) -> Said:
        """What the unit says of the indicator."""
        return Said(self.actual, self.tier, self.cause, self.claimed, self.claim)

    @said.setter
    def said(self, said: Said) -> None:
        self.actual, self.tier, self.cause = said.actual, said.tier, said.cause
        self.claimed, self.claim = said.claimed, said.claim

    def __str__(self) -> str:
        return f"{self.line.name} {plain(self.points) if self.points is not None else '—'}"


class Exemption(models.Model):
    """免评: why a subject has no self-evaluation; `category` is the policy's ground, "" where it came as history."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("工作年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="self_evaluation_exemptions", verbose_name="对象年度"
    )
    category = models.CharField("免评类别", max_length=40, blank=True, default="")
    reason = models.CharField("原因", max_length=200)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "自评免评"
        constraints = [models.UniqueConstraint(fields=["subject_year", "year"], name="self_evaluation_exemption_once")]


class ExemptionRequest(Sheet):
    """免评申请: a unit says why its subject should not be evaluated; granted, it becomes an Exemption."""

    machine = EXEMPTING

    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="self_evaluation_exemption_requests", verbose_name="对象年度"
    )
    category = models.CharField("免评类别", max_length=40)
    reason = models.CharField("申请理由", max_length=200)
    state = TermField(ExemptionState, verbose_name="状态", default=EXEMPTING.initial.value)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "免评申请"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_year", "year"],
                condition=~models.Q(state=ExemptionState.REFUSED.value),
                name="self_evaluation_exemption_request_once",
            )
        ]
        indexes = [models.Index(fields=["region", "year", "id"], name="exemption_request_year")]

    def facts(self) -> ExemptionFacts:
        place = {"subject_year": self.subject_year_id, "year": self.year}
        return ExemptionFacts(
            department_above=self.subject_year.department_above,
            begun=SelfEvaluation.objects.filter(**place).exclude(state=State.DRAFT).exists(),
            granted=Exemption.objects.filter(**place).exists(),
        )


class ReportedProblem(models.Model):
    """One problem of 自查问题 whose classes somebody has confirmed (codes with blanks between them).

    The passage is what stands in the sheet; once the unit writes it otherwise, its classes are proposed anew.
    """

    evaluation = models.ForeignKey(SelfEvaluation, models.CASCADE, related_name="reported", verbose_name="自评")
    no = models.IntegerField("序号")
    text = models.TextField("问题")
    kinds = models.CharField("归类", max_length=200)

    class Meta:
        verbose_name = "自查问题归类"
        constraints = [models.UniqueConstraint(fields=["evaluation", "no"], name="reported_problem_once")]
