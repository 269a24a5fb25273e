"""事前绩效评估表, 例外登记表, the clearances of what needs no assessment, and the gate for coming years."""

from __future__ import annotations

from jixiao.kit.importing import Importer, ImportScope, Plan, Readings
from jixiao.registers.subjects.appropriations import APPROPRIATIONS
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.importer import PROJECTS

from .assessments import plan_assessments
from .clearances import plan_clearances
from .exemptions import plan_exemptions
from .tables import EXANTE, EXEMPTIONS

__all__ = ["EXANTE", "EXEMPTIONS", "IMPORTERS"]


def plan_ex_ante(readings: Readings, scope: ImportScope) -> Plan:
    """Assessments by number, then exemptions. A stored assessment keeps the rules under which it was made."""
    plan, subjects = Plan(), Subjects(scope.region)
    if "exante" in readings:
        plan_assessments(plan, readings["exante"], scope, subjects)
    if "exante_exemptions" in readings:
        plan_exemptions(plan, readings["exante_exemptions"], scope, subjects)
    return plan


IMPORTERS = (
    Importer("ex_ante", (EXANTE, EXEMPTIONS), plan_ex_ante),
    Importer("clearances", (PROJECTS, APPROPRIATIONS, EXANTE, EXEMPTIONS), plan_clearances, "事前评估放行登记"),
)
