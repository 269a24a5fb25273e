"""年度任务: what the region's rules ask of the year, against what is in the system."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.domain.policy import Policy
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.figures import Scope
from jixiao.kit.web.listing import Mark
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.rules import EvaluationRules, Workload, quotas
from jixiao.stages.monitoring.models import Attention, ReadingSheet, Round
from jixiao.stages.monitoring.rules import MonitoringRules

from .report_rows import first_level_units, project_funds


@dataclass(frozen=True, slots=True)
class Task:
    """One yearly quota: asked, reached, and where the number comes from."""

    name: str
    asked: str
    reached: str
    met: bool
    source: str

    @property
    def mark(self) -> Mark:
        return Mark("达到", "ok") if self.met else Mark("未达到", "warn")


def year_plan(scope: Scope, policy: Policy) -> list[Task]:
    """Every quota the region set itself, in the order of the cycle."""
    monitoring, evaluation = policy.section(MonitoringRules), policy.section(EvaluationRules)
    tasks = []
    if monitoring.rounds:
        source = policy.provenance("monitoring", "rounds").source
        held = Round.objects.visible_to(scope.actor).filter(year=scope.year).count()
        asked = len(monitoring.rounds)
        tasks.append(Task("绩效运行监控", f"{asked} 次", f"{held} 次", held >= asked, source))
    if monitoring.key_minimum is not None:
        source = policy.provenance("monitoring", "key_minimum").source
        key = ReadingSheet.objects.visible_to(scope.actor).filter(year=scope.year, attention=Attention.KEY)
        reached = key.values("subject_year__unit").distinct().count()
        asked = monitoring.key_minimum
        tasks.append(Task("重点监控的部门", f"不少于 {asked} 个", f"{reached} 个", reached >= asked, source))
    for quota in quotas(_workload(scope), evaluation):
        field = {
            "units": "department_units_minimum",
            "funds": "department_funds_minimum",
            "spot_checks": "spot_check_minimum",
        }.get(quota.key, quota.key)
        reached_text = "没有分母" if quota.reached is None else f"{plain(quota.reached)} {quota.unit}"
        asked_text = f"不少于 {plain(Decimal(quota.required))} {quota.unit}"
        source = policy.provenance("evaluation", field).source
        tasks.append(Task(quota.label, asked_text, reached_text, quota.met, source))
    return tasks


def _workload(scope: Scope) -> Workload:
    """Two denominators for 部门评价: units with projects, and the money of the projects of the evaluated year."""
    evaluations = Evaluation.objects.visible_to(scope.actor).filter(year=scope.year)
    by_department = evaluations.by(EvaluationMethod.DEPARTMENT).select_related("subject_year")
    evaluated = {e.subject_year_id: e.subject_year for e in by_department}
    years = {s.year for s in evaluated.values()} or {scope.year - 1}
    key = evaluations.by(EvaluationMethod.KEY)
    return Workload(
        units=first_level_units(scope),
        units_evaluated=len({s.unit_id for s in evaluated.values()}),
        funds=project_funds(scope, years),
        funds_evaluated=sum(s.budget for s in evaluated.values()),
        spot_checks=evaluations.by(EvaluationMethod.RECHECK).count(),
        key_departments=key.filter(subject_year__kind=SubjectKind.DEPARTMENT_OVERALL).count(),
        key_projects=key.exclude(subject_year__kind=SubjectKind.DEPARTMENT_OVERALL).count(),
    )
