"""Target sheets: the versions of a subject's 绩效目标 and their indicator lines, which later stages refer to."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import ClassVar

from django.db import models

from jixiao.domain.checks.targets import TargetCheckRules
from jixiao.domain.frameworks import TaskUse, shipped
from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import IndicatorLevel1, Origin
from jixiao.kit.fields import FenField, PathField, PointsField, TermField
from jixiao.kit.moving import Sheet
from jixiao.registers.indicators.models import Entry
from jixiao.registers.organizations.models import Unit
from jixiao.registers.organizations.scopes import ScopedQuerySet
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.models import BudgetLine, SubjectYear
from jixiao.stages.ex_ante.reports.gaps import may_be_budgeted

from .rules import (
    DESKS_BEFORE,
    TargetFacts,
    TargetLine,
    TargetResultRules,
    TargetReviewRules,
    TargetRules,
    TargetTaskRules,
)
from .saying import Filled, Plan, Said, Task
from .workflow import MACHINE, State


class Horizon(Term):
    """目标期限."""

    ANNUAL = "annual", "年度"
    MEDIUM_TERM = "medium_term", "中期"


class TargetSheet(models.Model):
    """The targets of one subject for one year; what is in force is a version."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("年度")
    subject_year = models.ForeignKey(SubjectYear, models.PROTECT, related_name="target_sheets", verbose_name="对象年度")
    horizon = TermField(Horizon, verbose_name="期限", default=Horizon.ANNUAL)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "绩效目标"
        constraints = [models.UniqueConstraint(fields=["subject_year", "horizon"], name="target_sheet_once")]


class TargetVersionQuerySet(ScopedQuerySet):
    path = "sheet__subject_year__unit_path"
    division = "sheet__subject_year__division__name"


class TargetVersion(Sheet):
    """One version of a target sheet. 调整 makes a new one; the approved version is frozen.

    `work_year` is the year in which it was set; `stated_lines` what an overall target says of its indicators' number
    where the indicators themselves were not handed over. An adjustment names the version that it `adjusts`, why, and
    the budget decision that it follows. `framework` is the key of the framework under which it was opened.
    """

    machine = MACHINE

    sheet = models.ForeignKey(TargetSheet, models.PROTECT, related_name="versions", verbose_name="绩效目标")
    no = models.IntegerField("第几版", default=1)
    work_year = models.IntegerField("工作年度")
    goal = models.TextField("总体目标", blank=True, default="")
    stated_lines = models.IntegerField("指标数", null=True)
    snapshot = models.ForeignKey(PolicySnapshot, models.PROTECT, verbose_name="规则快照")
    state = TermField(State, verbose_name="状态", default=MACHINE.initial.value)
    origin = TermField(Origin, verbose_name="数据性质", default=Origin.OWN)
    framework = models.CharField("指标框架", max_length=40, blank=True, default="")
    result = TermField(Grade, verbose_name="审核结果", blank=True, default="")
    result_words = models.TextField("审核意见", blank=True, default="")
    adjusts = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="调整自")
    reason = models.TextField("调整理由", blank=True, default="")
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="+", verbose_name="预算调整")
    budget_doc_no = models.CharField("预算调整文号", max_length=80, blank=True, default="")
    doc_no = models.CharField("批复文号", max_length=80, blank=True, default="")
    disclosed_on = models.DateField("公开日期", null=True)
    for_congress = models.BooleanField("报人大", default=False)

    objects: ClassVar = TargetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "目标版本"
        constraints = [models.UniqueConstraint(fields=["sheet", "no"], name="target_version_once")]
        indexes = [models.Index(fields=["region", "year", "id"], name="target_version_year")]

    def facts(self) -> TargetFacts:
        subject_year, policy = self.sheet.subject_year, self.snapshot.policy()
        known = policy.settings
        checks = policy.section(TargetCheckRules) if TargetCheckRules.section in known else None
        return TargetFacts(
            held=subject_year.held,
            department_above=subject_year.department_above,
            goal=self.goal,
            lines=tuple(
                TargetLine(line.level1, line.level2, line.name, line.target, line.weight, line.comparison)
                for line in self.lines.filter(source=LineSource.TARGET).order_by("position")
            ),
            rules=policy.section(TargetRules),
            desks=policy.section(TargetReviewRules).desks if TargetReviewRules.section in known else DESKS_BEFORE,
            annual=self.sheet.horizon == Horizon.ANNUAL,
            framework=shipped().get(self.framework),
            vague=frozenset((*checks.vague_words, *checks.empty_targets) if checks else ()),
            result=Grade(self.result) if self.result else None,
            results=policy.section(TargetResultRules) if TargetResultRules.section in known else None,
            barred=self._barred(subject_year),
            tasks=plan.tasks if (plan := self.plan) else (),
            budget=subject_year.budget,
            task_rules=policy.section(TargetTaskRules) if TargetTaskRules.section in known else None,
        )

    def _barred(self, subject: SubjectYear) -> tuple[str, ...]:
        """Why the subject's budget may not be arranged, asked only before the approval."""
        before_approval = self.state == State.PASSED and subject.in_total
        return may_be_budgeted(subject, subject.budget).reasons if before_approval else ()

    @property
    def filled(self) -> Filled:
        """What the version says, apart from its keys."""
        lines = list(self.lines.filter(source=LineSource.TARGET).order_by("position"))
        return Filled(self.goal, tuple(line.said for line in lines), self._plan(lines))

    @property
    def takes_tasks(self) -> bool:
        """Does its type of object say the year's tasks?"""
        framework = shipped().get(self.framework)
        return framework is not None and framework.tasks is not TaskUse.NONE

    @property
    def plan(self) -> Plan | None:
        """Duties, tasks, and which indicators serve which duty; None for a type of object that says none."""
        lines = self.lines.filter(source=LineSource.TARGET).exclude(duty=None).order_by("position")
        return self._plan(lines) if self.takes_tasks else None

    def _plan(self, lines: Iterable[IndicatorLine]) -> Plan | None:
        if not self.takes_tasks:
            return None
        return Plan(
            tuple(self.duties.order_by("position").values_list("text", flat=True)),
            tuple(task.said for task in self.tasks.order_by("position")),
            tuple((line.lineage, line.duty) for line in lines if line.duty is not None),
        )


class LineSource(Term):
    """Where an indicator line comes from."""

    TARGET = "target", "批复目标"
    EVALUATION = "evaluation", "自评表补录"


def new_lineage(subject_id: int, level2: str, name: str) -> str:
    """Follows from subject and name, so that two years imported in either order meet."""
    return blake2b(f"{subject_id}|{level2}|{name}".encode(), digest_size=12).hexdigest()


class IndicatorLine(models.Model):
    """One indicator of a version. Readings and scores refer to it; `lineage` follows it through the years."""

    version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="lines", verbose_name="目标版本")
    position = models.IntegerField("行次")
    lineage = models.CharField("沿革", max_length=64)
    level1 = TermField(IndicatorLevel1, verbose_name="一级指标")
    level2 = models.CharField("二级指标", max_length=60)
    name = models.CharField("三级指标", max_length=200)
    comparison = TermField(Comparison, verbose_name="指标性质")
    target = models.CharField("指标值", max_length=200, blank=True, default="")
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")
    weight = PointsField("分值")
    source = TermField(LineSource, verbose_name="来源", default=LineSource.TARGET)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, verbose_name="指标库条目")
    duty = models.IntegerField("对应职责", null=True)

    class Meta:
        verbose_name = "绩效指标"
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="indicator_line_once")]

    @property
    def said(self) -> Said:
        return Said(
            self.level1,
            self.level2,
            self.name,
            self.comparison,
            self.target,
            self.unit,
            self.weight,
            self.lineage,
            self.entry_id,
        )


class TargetDuty(models.Model):
    """One duty of a department as its overall sheet states it; tasks and indicators name it by its `position`."""

    version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="duties", verbose_name="目标版本")
    position = models.IntegerField("行次")
    text = models.CharField("部门职责", max_length=500)

    class Meta:
        verbose_name = "部门职责"
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="target_duty_once")]


class TargetTask(models.Model):
    """One of the 年度主要任务 with its amounts (财预〔2015〕88号：部门整体支出绩效目标申报表)."""

    version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="tasks", verbose_name="目标版本")
    position = models.IntegerField("行次")
    name = models.CharField("任务名称", max_length=200)
    content = models.CharField("主要内容", max_length=1000, blank=True, default="")
    fiscal = FenField("财政拨款", default=0)
    other = FenField("其他资金", default=0)
    duty = models.IntegerField("对应职责", null=True)

    class Meta:
        verbose_name = "年度主要任务"
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="target_task_once")]

    @property
    def said(self) -> Task:
        return Task(self.name, self.content, self.fiscal, self.other, self.duty)


class Direction(Term):
    """二上二下: which way the sheet went."""

    UP = "up", "上"
    DOWN = "down", "下"


class TargetTurn(models.Model):
    """What a sheet said when it went up to finance or came back: 一上、一下、二上、二下."""

    version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="turns", verbose_name="目标版本")
    direction = TermField(Direction, verbose_name="方向")
    no = models.IntegerField("第几次")
    content = models.JSONField("内容")
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "上报与下达"
        constraints = [models.UniqueConstraint(fields=["version", "direction", "no"], name="target_turn_once")]


class Party(Term):
    """联审的一方."""

    DEPARTMENT = "department", "主管部门"
    FINANCE = "finance", "财政"
    EXPERT = "expert", "专家"


class OpinionKind(Term):
    """对一个指标的意见."""

    AGREE = "agree", "同意"
    CHANGE = "change", "修改"
    REMOVE = "remove", "删去"


class TargetOpinion(models.Model):
    """What one party of the review thinks of an indicator (no lineage: of the goal) and which cells it means.

    `answered_at`: the sheet came back after it; until then the filler has it before him.
    """

    version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="opinions", verbose_name="目标版本")
    lineage = models.CharField("沿革", max_length=64, blank=True, default="")
    line = models.CharField("指标", max_length=200)
    kind = TermField(OpinionKind, verbose_name="意见")
    cells = models.JSONField("所指的格", default=list)
    words = models.CharField("说明", max_length=500, blank=True, default="")
    party = TermField(Party, verbose_name="审核方")
    name = models.CharField("意见人", max_length=80)
    user_id = models.BigIntegerField("用户", null=True)
    at = models.DateTimeField("时间")
    answered_at = models.DateTimeField("回应时间", null=True)

    class Meta:
        verbose_name = "目标审核意见"
        indexes = [models.Index(fields=["version", "lineage"], name="target_opinion_line")]


class PilotQuerySet(ScopedQuerySet):
    """Rows that hang at a unit of the first level."""

    path = "unit_path"
    division = "division"


class Pilot(models.Model):
    """部门整体绩效管理试点: a unit and the dates of its three steps."""

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("试点年度")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    unit_name = models.CharField("单位名称", max_length=120)
    unit_path = PathField("单位路径", max_length=200)
    division = models.CharField("归口股室", max_length=60, blank=True, default="")
    framework_on = models.DateField("指标体系构建日期", null=True)
    targets_on = models.DateField("目标设置日期", null=True)
    self_evaluated_on = models.DateField("自评日期", null=True)
    version = models.IntegerField("版本", default=1)

    objects: ClassVar = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = "部门整体试点"
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="pilot_once")]


class DepartmentApproval(models.Model):
    """批复文 to a department: its number and day, and the approved sheets of the department and below that it names.

    Numbers run within the region and the year of the day; what is approved later comes into a further one.
    """

    region = models.CharField("区划", max_length=9)
    year = models.IntegerField("对象年度")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="部门")
    unit_name = models.CharField("部门名称", max_length=120)
    unit_path = PathField("单位路径", max_length=200)
    division = models.CharField("归口股室", max_length=60, blank=True, default="")
    numbered_in = models.IntegerField("编号年度")
    no = models.IntegerField("序号")
    doc_no = models.CharField("文号", max_length=80)
    on = models.DateField("批复日期")
    actor = models.CharField("办理人", max_length=80)
    versions = models.ManyToManyField(TargetVersion, related_name="department_approvals", verbose_name="目标版本")

    objects: ClassVar = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = "部门批复文"
        constraints = [
            models.UniqueConstraint(fields=["region", "numbered_in", "no"], name="department_approval_no_once"),
            models.UniqueConstraint(fields=["region", "doc_no"], name="department_approval_doc_no_once"),
        ]

    @property
    def reference(self) -> str:
        """How the audit trail names the row."""
        return f"{self._meta.label_lower}:{self.pk}"
