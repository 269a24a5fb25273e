"""年度任务: what the region's rules ask of the year, against what is in the system."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.domain.policy import Policy
from jixiao.kit.figures import Scope
from jixiao.kit.web.listing import Mark
from jixiao.stages.evaluation.choosing.reports.coverage import quota_rows
from jixiao.stages.monitoring.models import Attention, ReadingSheet, Round
from jixiao.stages.monitoring.rules import MonitoringRules


@dataclass(frozen=True, slots=True)
class Task:
    """One yearly quota: asked, reached, where the number comes from, and where its rows stand."""

    name: str
    asked: str
    reached: str
    met: bool
    source: str
    url: str = ""

    @property
    def mark(self) -> Mark:
        return Mark("达到", "ok") if self.met else Mark("未达到", "warn")


def year_plan(scope: Scope, policy: Policy) -> list[Task]:
    """Every quota the region set itself, in the order of the cycle."""
    monitoring = policy.section(MonitoringRules)
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
    tasks += [
        Task(row["label"], row["required"], row["reached"], row["met"], row["source"], row["url"])
        for row in quota_rows(scope.actor, scope.year, policy)
    ]
    return tasks
