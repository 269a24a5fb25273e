"""绩效目标指标表, 部门整体绩效目标表 and 部门整体绩效试点表."""

from __future__ import annotations

from jixiao.kit.importing import Importer

from .indicators import plan_indicators
from .overall import plan_overall, plan_pilots
from .tables import INDICATORS, OVERALL, PILOTS

__all__ = ["IMPORTERS", "INDICATORS", "OVERALL", "PILOTS"]
IMPORTERS = (
    Importer("targets", (INDICATORS,), plan_indicators),
    Importer("overall_targets", (OVERALL,), plan_overall),
    Importer("overall_pilots", (PILOTS,), plan_pilots),
)
