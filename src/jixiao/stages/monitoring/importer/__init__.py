"""绩效运行监控表 with 监控指标完成情况表, and 收回资金台账."""

from __future__ import annotations

from jixiao.kit.importing import Importer

from .monitoring import plan_monitoring
from .recoveries import plan_recoveries
from .rounds import handling_of
from .tables import MONITORING, READINGS, RECOVERIES

__all__ = ["IMPORTERS", "MONITORING", "READINGS", "RECOVERIES", "handling_of"]
IMPORTERS = (
    Importer("recoveries", (RECOVERIES,), plan_recoveries),
    Importer("monitoring", (MONITORING, READINGS), plan_monitoring),
)
