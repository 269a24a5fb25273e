"""Ex-ante assessments with their points and experts, 财政评审 of what they concluded, and registered exemptions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from jixiao.domain.actors import Actor, Role
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin, Verdict
from jixiao.kit.attachments import attached
from jixiao.kit.fields import FenField, PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.institutions.models import Expert
from jixiao.registers.organizations.scopes import ScopedQuerySet, engaged
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear

from .frameworks import Framed
from .marks import Spread, spread
from .rules import AssessmentFacts, ExAnteRules, ProcedureRules
from .workflow import MACHINE, State

MATERIAL, EXPERT = "material-", "expert-"
"""What the kind of an attachment begins with: a paper of the list by its place, an expert's signed sheet by his key."""


class Assessor(Term):
    """评估主体: the department's own line, and finance's where it chooses to assess itself."""

    DEPARTMENT = "department", "部门", "主管部门"
    FINANCE = "finance", "财政", "财政部门"


class Dimension(Term):
    """评估五维（中发〔2018〕34号）."""

    NECESSITY = "necessity", "立项必要性", "政策设立必要性"
    ECONOMY = "economy", "投入经济性", "政策保障充分性"
    TARGETS = "targets", "绩效目标合理性", "政策目标合理性"
    FEASIBILITY = "feasibility", "实施方案可行性", "政策实施可持续性"
    FUNDING = "funding", "筹资合规性", "政策资金合规性"


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point, what each expert gave it, and their average and spread; None before anybody scored."""

    item: Any
    points: tuple[Decimal, ...]
    spread: Spread | None


class AssessmentQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Finance's own line opens for units and departments when it is concluded; an expert's is what he is asked.

        Of a subject that he evaluates an expert also reads the concluded ones.
        """
        mine = super().visible_to(actor)
        if actor.role is Role.EXPERT:
            asked = engaged(actor).filter(sheet_type=self.model._meta.label_lower).values("sheet_id")
            read = models.Q(state=State.CONCLUDED, pk__in=mine.values("pk"))
            return self.filter(models.Q(pk__in=asked) | read, region=actor.region)
        if actor.role in (Role.UNIT, Role.DEPARTMENT):
            return mine.exclude(~models.Q(state=State.CONCLUDED), assessor=Assessor.FINANCE)
        return mine


class Assessment(Sheet):
    """One ex-ante assessment: five dimensions scored, a conclusion by the policy's thresholds.

    `asked` and `advised` are 申报金额 and 建议金额 in fen; 核减额 is their difference and stored nowhere. One that was
    recorded afterwards has no framework, no experts and no texts.
    """

    machine = MACHINE

    number = models.CharField("编号", max_length=40)
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="assessments", verbose_name="对象年度")
    trigger = models.CharField("触发原因", max_length=200, blank=True, default="")
    assessor = TermField(Assessor, verbose_name="评估主体")
    total = PointsField("得分", null=True)
    conclusion = TermField(Verdict, verbose_name="结论", blank=True, default="")
    printed_conclusion = TermField(Verdict, verbose_name="原表结论", blank=True, default="")
    because = models.TextField("依据", blank=True, default="")
    framework = TermField(Framed, verbose_name="指标体系", blank=True, default="")
    asked = FenField("申报金额", null=True)
    advised = FenField("建议金额", null=True)
    background = models.TextField("背景和内容", blank=True, default="")
    goal = models.TextField("预期绩效目标", blank=True, default="")
    funding = models.TextField("资金构成", blank=True, default="")
    method = models.TextField("评估工作", blank=True, default="")
    suggestions = models.TextField("相关建议", blank=True, default="")
    remarks = models.TextField("其他事项", blank=True, default="")
    reason = models.TextField("改变结论的理由", blank=True, default="")
    concluded_on = models.DateField("审定日期", null=True)
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "事前绩效评估"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="assessment_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="assessment_year")]

    def facts(self) -> AssessmentFacts:
        policy = self.snapshot.policy()
        rules = policy.section(ExAnteRules)
        scored = {score.dimension.label for score in self.scores.all()}
        needed, kinds = self.needed_materials(), set(attached(self).values_list("kind", flat=True))
        experts = list(self.experts.prefetch_related("marks").order_by("id"))
        marked = [expert for expert in experts if expert.marks.all()]
        known = ProcedureRules.section in policy.settings
        return AssessmentFacts(
            held=self.subject_year.held,
            total=self.total,
            unscored=tuple(name for name in rules.dimensions if name not in scored),
            verdict=self.conclusion or None,
            rules=rules,
            reason=self.reason,
            finance_line=self.assessor is Assessor.FINANCE,
            department_above=self.subject_year.department_above,
            drafted=self.state == State.DRAFT,
            at_department=self.state == State.DEPARTMENT_REVIEW,
            at_office=self.state == State.FINANCE_ASSESSMENT,
            at_finance=self.state == State.FISCAL_REVIEW,
            asked=self.asked,
            advised=self.advised,
            blank=tuple(
                label
                for name, label in (("background", "背景和内容"), ("goal", "预期绩效目标"), ("funding", "资金构成"))
                if not getattr(self, name).strip()
            ),
            missing_materials=tuple(name for n, name in enumerate(needed) if f"{MATERIAL}{n}" not in kinds),
            experts=len(marked),
            experts_minimum=policy.section(ProcedureRules).experts_minimum if known else 1,
            unsigned=tuple(one.name for one in marked if not one.account_id and f"{EXPERT}{one.pk}" not in kinds),
            awaited=tuple(expert.name for expert in experts if not expert.marks.all()),
        )

    def point_lines(self) -> list[PointLine]:
        """Every point with what its experts gave, in the order of the experts, and what that comes to."""
        experts = {expert.pk: n for n, expert in enumerate(self.experts.order_by("id"))}
        lines = []
        for item in self.items.prefetch_related("marks").order_by("position"):
            given = sorted(item.marks.all(), key=lambda mark: experts[mark.expert_id])
            points = tuple(mark.points for mark in given)
            lines.append(PointLine(item, points, spread(points)))
        return lines

    def needed_materials(self) -> tuple[str, ...]:
        """The papers without which nothing is submitted."""
        rules = self._procedure()
        return rules.needed_materials.get(self.framework, ()) if rules else ()

    def materials(self) -> tuple[str, ...]:
        """The whole list of papers, the needed ones first; a paper is called by its place."""
        rules = self._procedure()
        return self.needed_materials() + (rules.other_materials.get(self.framework, ()) if rules else ())

    def _procedure(self) -> ProcedureRules | None:
        """None under rules that were frozen before they named a procedure."""
        policy = self.snapshot.policy()
        return policy.section(ProcedureRules) if ProcedureRules.section in policy.settings else None


class DimensionScore(models.Model):
    """Points of one dimension."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores", verbose_name="评估")
    dimension = TermField(Dimension, verbose_name="维度")
    points: Decimal = PointsField("得分")  # type: ignore[assignment]

    class Meta:
        verbose_name = "评估得分"
        constraints = [models.UniqueConstraint(fields=["assessment", "dimension"], name="dimension_score_once")]


class AssessmentPoint(models.Model):
    """One third-level point as the framework stood when the assessment was opened, with its full points."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="items", verbose_name="评估")
    position = models.IntegerField("行次")
    dimension = TermField(Dimension, verbose_name="维度")
    level2 = models.CharField("二级指标", max_length=60)
    name = models.CharField("评估要点", max_length=80)
    look_at = models.CharField("看什么", max_length=200, blank=True, default="")
    full: Decimal = PointsField("满分")  # type: ignore[assignment]

    class Meta:
        verbose_name = "评估要点"
        constraints = [models.UniqueConstraint(fields=["assessment", "position"], name="assessment_point_once")]


class AssessmentExpert(models.Model):
    """A person who gives points, named with organisation and title as they were then.

    Of the register he is `expert`. With an `account` he marks himself; else the scan of what he signed hangs at the
    sheet.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="experts", verbose_name="评估")
    name = models.CharField("姓名", max_length=40)
    organisation = models.CharField("工作单位", max_length=120)
    title = models.CharField("职称或职务", max_length=80)
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="assessments", verbose_name="专家库")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="账号"
    )
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "评估专家"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "name", "organisation"], name="assessment_expert_once")
        ]


class ExpertMark(models.Model):
    """What one expert gave one point."""

    expert = models.ForeignKey(AssessmentExpert, models.CASCADE, related_name="marks", verbose_name="专家")
    item = models.ForeignKey(AssessmentPoint, models.CASCADE, related_name="marks", verbose_name="评估要点")
    points: Decimal = PointsField("得分")  # type: ignore[assignment]

    class Meta:
        verbose_name = "专家打分"
        constraints = [models.UniqueConstraint(fields=["expert", "item"], name="expert_mark_once")]


class InvestmentReview(models.Model):
    """财政评审 of what an assessment concluded: sent with a 文号, answered with an amount (fen), a day and a 文号."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="review", verbose_name="评估")
    region = models.CharField("区划", max_length=9)
    sent_no = models.CharField("送审文号", max_length=80)
    sent_on = models.DateField("送审日期")
    fen = FenField("评审金额", null=True)
    returned_no = models.CharField("评审文号", max_length=80, blank=True, default="")
    returned_on = models.DateField("返回日期", null=True)
    remark = models.TextField("评审说明", blank=True, default="")

    class Meta:
        verbose_name = "财政评审"


class Exemption(models.Model):
    """例外: why an assessment that is due was not made, and who allowed it. Nothing is exempt silently."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("工作年度")
    subject_year = models.ForeignKey(
        SubjectYear, models.PROTECT, related_name="assessment_exemptions", verbose_name="对象年度"
    )
    category = models.CharField("例外类别", max_length=40)
    reason = models.TextField("理由")
    approver = models.CharField("批准人岗位", max_length=80)
    on = models.DateField("日期")

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "事前评估例外"
        constraints = [models.UniqueConstraint(fields=["subject_year", "category"], name="assessment_exemption_once")]
