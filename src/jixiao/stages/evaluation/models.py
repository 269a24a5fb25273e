"""Evaluations by departments, finance and agencies: marks by framework item, problems and suggestions, procedure."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.domain.grades import Grade
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import EvaluationMethod, Origin
from jixiao.kit.attachments import attached
from jixiao.kit.fields import FenField, PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.policies import for_region
from jixiao.registers.institutions.models import Agency, EngagementSubject, Expert
from jixiao.registers.organizations.scopes import EXTERNAL, RegionQuerySet, ScopedQuerySet, engaged
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import SubjectYear

from .findings.workflow import WAITING
from .frameworks import Framed
from .rules import (
    RESULTS,
    EvaluationFacts,
    EvaluationProcedureRules,
    EvaluationRules,
    FrameworkFacts,
    PanelFacts,
)
from .self_evaluation.models import Score, SelfEvaluation
from .workflow import DRAFTING, MACHINE, PANEL, FrameworkState, PanelState, State


class ProcedureKind(Term):
    """评价程序的步骤（财预〔2020〕10号）; also the kinds of papers that hang at an evaluation."""

    NOTICE = "notice", "通知"
    PLAN = "plan", "方案"
    FIELDWORK = "fieldwork", "现场"
    PAPERS = "papers", "底稿"
    PRELIMINARY = "preliminary", "初步结论"
    CONSULTATION = "consultation", "交换意见"
    CONCLUSION = "conclusion", "结论"
    REPORT = "report", "报告"
    ARCHIVE = "archive", "归档"


class Framework(Sheet):
    """A region's own framework: drafted from a shipped one, approved by another person; `edition` counts versions."""

    machine = DRAFTING

    title = models.CharField("名称", max_length=120)
    kind = TermField(Framed, verbose_name="适用")
    source = models.CharField("依据", max_length=200, blank=True, default="")
    edition = models.IntegerField("版次", default=1)
    state = TermField(FrameworkState, verbose_name="状态", default=DRAFTING.initial.value)

    objects: ClassVar = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "评价指标体系"
        constraints = [models.UniqueConstraint(fields=["region", "title", "edition"], name="framework_once")]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.edition} 版）"

    def facts(self) -> FrameworkFacts:
        items = list(self.items.order_by("position"))
        return FrameworkFacts(
            total=sum((item.weight for item in items), Decimal(0)),
            results=sum((item.weight for item in items if item.level1.startswith(RESULTS)), Decimal(0)),
            items=len(items),
            bare=tuple(item.name for item in items if not item.criteria.strip()),
            rules=for_region(self.region, self.year).section(EvaluationRules),
        )


class FrameworkItem(models.Model):
    """One item of a region's framework."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="items", verbose_name="评价指标体系")
    position = models.IntegerField("行次")
    level1 = models.CharField("一级指标", max_length=60)
    level2 = models.CharField("二级指标", max_length=60, blank=True, default="")
    name = models.CharField("三级指标", max_length=200)
    weight: Decimal = PointsField("分值")  # type: ignore[assignment]
    explanation = models.TextField("要点或公式", blank=True, default="")
    criteria = models.TextField("评分标准", blank=True, default="")

    class Meta:
        verbose_name = "评价指标体系条目"
        constraints = [models.UniqueConstraint(fields=["framework", "position"], name="framework_item_once")]


class EvaluationQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who are engaged open the evaluation of their engagement; units what they have been notified of."""
        mine = super().visible_to(actor)
        if actor.role in EXTERNAL:
            keys = engaged(actor).filter(sheet_type=self.model._meta.label_lower)
            return mine.filter(pk__in=keys.values("sheet_id"))
        finance = (EvaluationMethod.KEY, EvaluationMethod.RECHECK)
        if actor.role is Role.UNIT:
            return mine.exclude(state=State.DRAFT)
        return mine.exclude(state=State.DRAFT, method__in=finance) if actor.role is Role.DEPARTMENT else mine

    def by(self, method: EvaluationMethod) -> Self:
        """One 评价方式."""
        return self.filter(method=method)


class Evaluation(Sheet):
    """One evaluation. `year` is the work year; the subject-year's year is what was evaluated.

    `initial`, `arranged` and `used` are 年初预算, 经审查安排 and 经审查使用 in fen, three amounts that never stand for
    one another; `received` is 实际到位资金, by which 执行率 is divided. Total and grade follow from the marks where
    there are marks, else from the printed total; `printed_*` keep what the imported table said of itself.
    """

    machine = MACHINE

    number = models.CharField("评价编号", max_length=60)
    method = TermField(EvaluationMethod, verbose_name="评价方式")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="evaluations", verbose_name="对象年度")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, verbose_name="第三方机构")
    conducted_by = models.CharField("实施机构", max_length=120, blank=True, default="")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="again", verbose_name="原评价")
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, verbose_name="评价指标体系")
    framework_name = models.CharField("指标体系名称", max_length=160, blank=True, default="")
    initial = FenField("年初预算", null=True)
    arranged = FenField("安排资金", null=True)
    used = FenField("使用资金", null=True)
    received = FenField("实际到位资金", null=True)
    background = models.TextField("项目概况", blank=True, default="")
    work = models.TextField("评价工作开展情况", blank=True, default="")
    analysis = models.TextField("指标分析", blank=True, default="")
    experience = models.TextField("主要经验及做法", blank=True, default="")
    remarks = models.TextField("其他事项", blank=True, default="")
    opened_on = models.DateField("开展日期", null=True)
    reply_by = models.DateField("反馈意见期限", null=True)
    replied_at = models.DateTimeField("反馈时间", null=True)
    reply = models.TextField("总体反馈意见", blank=True, default="")
    panel_closed_at = models.DateTimeField("合分时间", null=True)
    concluded_on = models.DateField("审定日期", null=True)
    total = PointsField("得分", null=True)
    grade = TermField(Grade, verbose_name="等级", blank=True, default="")
    printed_total = PointsField("原表得分", null=True)
    printed_grade = TermField(Grade, verbose_name="原表等级", blank=True, default="")
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)

    objects: ClassVar = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "绩效评价"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="evaluation_once")]
        indexes = [models.Index(fields=["region", "year", "method", "id"], name="evaluation_method")]

    def facts(self) -> EvaluationFacts:
        marks, policy = list(self.marks.order_by("position")), self.snapshot.policy()
        known = EvaluationProcedureRules.section in policy.settings
        panel, given = self.panel.count(), [mark.points for mark in marks if mark.points is not None]
        return EvaluationFacts(
            without_points=tuple(mark.name for mark in marks if mark.points is None),
            total=self.total if len(given) < len(marks) or not marks else sum(given, Decimal(0)),
            framework_total=sum((mark.weight for mark in marks), Decimal(0)) if marks else None,
            output_benefit=sum((m.weight for m in marks if m.level1.startswith(RESULTS)), Decimal(0)),
            rules=policy.section(EvaluationRules),
            method=self.method,
            agency_works=self.working_agency() is not None,
            planned=attached(self, ProcedureKind.PLAN).exists(),
            without_papers=tuple(mark.name for mark in marks if not mark.found.strip()),
            without_reason=tuple(mark.name for mark in marks if mark.differs and not mark.reason.strip()),
            panel=panel,
            panel_open=bool(panel) and self.panel_closed_at is None,
            experts_minimum=policy.section(EvaluationProcedureRules).experts_minimum if known else 1,
            unanswered=self.defects.filter(answer="").count(),
            replied=self.replied_at is not None,
            reply_by=self.reply_by,
            unsettled=sum(bool(mark.objection.strip()) and not mark.settled.strip() for mark in marks),
            amounts_known=None not in (self.initial, self.arranged, self.used),
            problems=self.problems.count(),
            suggestions=self.suggestions.count(),
            as_of=timezone.localdate(),
            unjudged=self._unjudged(),
        )

    def working_agency(self) -> EngagementSubject | None:
        """The engagement under which an agency with an account works on this evaluation, running or not yet begun."""
        rows = EngagementSubject.objects.filter(sheet_type=self.sheet_type, sheet_id=self.pk)
        rows = rows.filter(engagement__agency__isnull=False, engagement__accounts__isnull=False)
        rows = rows.filter(engagement__ended_at=None)
        found = rows.filter(engagement__until__gte=timezone.localdate()).select_related("engagement__agency")
        return found.order_by("engagement__since").first()

    @property
    def recheck(self) -> bool:
        """Is it 抽查复核 or 再评价?"""
        return self.method == EvaluationMethod.RECHECK

    @property
    def rechecked(self) -> SelfEvaluation | None:
        """The self-evaluation whose lines a recheck marks again; None where another evaluation is done again."""
        if not self.recheck:
            return None
        return SelfEvaluation.objects.filter(scores__rechecks__evaluation=self).order_by("pk").first()

    def _unjudged(self) -> tuple[str, ...]:
        sheet = self.rechecked
        if sheet is None:
            return ()
        return tuple(str(one) for one in sheet.audit_findings.filter(state__in=WAITING).order_by("pk"))


class Mark(models.Model):
    """Points of one item of the evaluation framework, with its work paper (底稿).

    `score` and `before` are what a recheck compares with: the self-evaluation's line and its points, or those of the
    evaluation that is done again. `objection` is what the evaluated unit said of the item, `settled` the answer to it.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="marks", verbose_name="评价")
    position = models.IntegerField("行次")
    level1 = models.CharField("一级指标", max_length=60)
    level2 = models.CharField("二级指标", max_length=60, blank=True, default="")
    name = models.CharField("三级指标", max_length=200)
    weight: Decimal = PointsField("分值")  # type: ignore[assignment]
    points = PointsField("得分", null=True)
    explanation = models.TextField("要点或公式", blank=True, default="")
    criteria = models.TextField("评分标准", blank=True, default="")
    found = models.TextField("核实情况", blank=True, default="")
    basis = models.TextField("取证依据", blank=True, default="")
    calculation = models.TextField("计算过程", blank=True, default="")
    score = models.ForeignKey(Score, models.PROTECT, null=True, related_name="rechecks", verbose_name="自评得分行")
    before = PointsField("原得分", null=True)
    reason = models.TextField("差异理由", blank=True, default="")
    objection = models.TextField("被评价单位的异议", blank=True, default="")
    settled = models.TextField("异议答复", blank=True, default="")

    class Meta:
        verbose_name = "评价打分"
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="mark_once")]

    @property
    def differs(self) -> bool:
        """Are the points others than those before?"""
        return self.before is not None and self.points is not None and self.points != self.before


class Problem(models.Model):
    """One problem that an evaluation named: 共性问题 are counted over evaluated projects.

    `category` is how the report calls it, `kinds` the confirmed classes of the taxonomy (codes with blanks between
    them); "" until somebody confirms what the words propose.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="problems", verbose_name="评价")
    category = models.CharField("问题类别", max_length=120)
    text = models.TextField("问题描述", blank=True, default="")
    kinds = models.CharField("归类", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "评价问题"
        constraints = [models.UniqueConstraint(fields=["evaluation", "category"], name="problem_once")]

    @property
    def words(self) -> str:
        """What the problem says, heading first."""
        return self.category if self.text in ("", self.category) else f"{self.category}：{self.text}"


class Suggestion(models.Model):
    """One numbered suggestion of an evaluation."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="suggestions", verbose_name="评价")
    no = models.IntegerField("序号")
    text = models.TextField("意见建议")

    class Meta:
        verbose_name = "评价建议"
        constraints = [models.UniqueConstraint(fields=["evaluation", "no"], name="suggestion_once")]


class ProcedureStep(models.Model):
    """One dated step of the procedure: who did what; its papers hang at the evaluation under the same kind."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="procedure", verbose_name="评价")
    kind = TermField(ProcedureKind, verbose_name="步骤")
    on = models.DateField("日期")
    who = models.CharField("参加人员", max_length=200, blank=True, default="")
    note = models.TextField("说明", blank=True, default="")
    actor = models.CharField("登记人", max_length=80)

    class Meta:
        verbose_name = "评价程序"
        indexes = [models.Index(fields=["evaluation", "on"], name="procedure_step_day")]


class Defect(models.Model):
    """One numbered defect that a return named: of the plan, the papers or the report; answered before it goes on."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="defects", verbose_name="评价")
    kind = TermField(ProcedureKind, verbose_name="退回的材料")
    no = models.IntegerField("序号")
    text = models.TextField("退回意见")
    answer = models.TextField("修改情况", blank=True, default="")
    at = models.DateTimeField("退回时间")

    class Meta:
        verbose_name = "退回意见"
        constraints = [models.UniqueConstraint(fields=["evaluation", "no"], name="defect_once")]


class PanelQuerySet(ScopedQuerySet):
    path = "evaluation__subject_year__unit_path"
    division = "evaluation__subject_year__division__name"

    def visible_to(self, actor: Actor) -> Self:
        """His own marks for an expert while his engagement runs; others' for him, and all for others, once closed.

        Those who are evaluated see what came of the marks, not who gave which.
        """
        mine = super().visible_to(actor).filter(evaluation__in=Evaluation.objects.visible_to(actor))
        if actor.role is Role.UNIT:
            return mine.none()
        if actor.role is Role.DEPARTMENT:
            mine = mine.filter(evaluation__method=EvaluationMethod.DEPARTMENT)
        if actor.role is Role.EXPERT:
            return mine.filter(models.Q(account=actor.user_id) | models.Q(evaluation__panel_closed_at__isnull=False))
        return mine.filter(evaluation__panel_closed_at__isnull=False)


class PanelMember(Sheet):
    """One expert of an evaluation with his own sheet of marks, hidden from everybody else until the panel is closed."""

    machine = PANEL

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="panel", verbose_name="评价")
    expert = models.ForeignKey(Expert, models.PROTECT, verbose_name="专家")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="账号")
    opinion = models.TextField("总体意见", blank=True, default="")
    state = TermField(PanelState, verbose_name="状态", default=PANEL.initial.value)

    objects: ClassVar = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = "评价专家"
        constraints = [models.UniqueConstraint(fields=["evaluation", "expert"], name="panel_member_once")]

    @property
    def subject_year(self) -> SubjectYear:
        """What is evaluated."""
        return self.evaluation.subject_year

    def facts(self) -> PanelFacts:
        given = set(self.marks.values_list("mark_id", flat=True))
        items = self.evaluation.marks.order_by("position")
        return PanelFacts(
            without_points=tuple(item.name for item in items if item.pk not in given),
            closed=self.evaluation.panel_closed_at is not None,
        )


class PanelMark(models.Model):
    """What one expert gave one item."""

    member = models.ForeignKey(PanelMember, models.CASCADE, related_name="marks", verbose_name="评价专家")
    mark = models.ForeignKey(Mark, models.CASCADE, related_name="given", verbose_name="评价打分")
    points: Decimal = PointsField("得分")  # type: ignore[assignment]
    reason = models.CharField("理由", max_length=400, blank=True, default="")

    class Meta:
        verbose_name = "评价专家打分"
        constraints = [models.UniqueConstraint(fields=["member", "mark"], name="panel_mark_once")]
