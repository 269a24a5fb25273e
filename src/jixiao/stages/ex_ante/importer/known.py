"""What stands already for both tables: rules of each year, subjects by code."""

from __future__ import annotations

from typing import Any

from jixiao.domain.policy import Policy
from jixiao.kit.importing import ImportScope, Plan
from jixiao.kit.tables import Reading, Row
from jixiao.registers.parameters.models import PolicySnapshot, snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear

from ..rules import ExAnteRules


class Rules:
    """The rules of each year and of each snapshot, read once."""

    def __init__(self, scope: ImportScope) -> None:
        self.scope = scope
        self._snapshots: dict[int, PolicySnapshot] = {}
        self._read: dict[str, tuple[ExAnteRules, str]] = {}

    def snapshot(self, year: Any) -> PolicySnapshot:
        if year not in self._snapshots:
            self._snapshots[year] = snapshot_of(self.scope.policies(self.scope.region, year))
        return self._snapshots[year]

    def of(self, snapshot: PolicySnapshot) -> tuple[ExAnteRules, str]:
        """The rules, and where their thresholds are written."""
        if snapshot.digest not in self._read:
            policy: Policy = snapshot.policy()
            source = policy.provenance(ExAnteRules.section, "support_from").source
            self._read[snapshot.digest] = (policy.section(ExAnteRules), source)
        return self._read[snapshot.digest]


def subject_of(plan: Plan, reading: Reading, row: Row, subjects: Subjects) -> SubjectYear | None:
    code, kind = str(row.values["code"]), row.values.get("kind")
    subject = subjects.near(code, row.values["year"])
    if subject is None:
        message = f"没有编码为 {code} 的绩效管理对象，请先导入项目库或改正"
        plan.problems.append(reading.problem(row, "code", message))
    elif kind is not None and kind != subject.kind:
        message = f"项目库中 {code} 是“{subject.kind.label}”，请核对对象类型"
        plan.problems.append(reading.problem(row, "kind", message))
    return subject
