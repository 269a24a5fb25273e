"""第三方机构表."""

from __future__ import annotations

from jixiao.domain.vocabulary import Origin
from jixiao.kit.importing import Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.tables import Column, Table

from .models import Agency, Selection

AGENCIES = Table(
    "agencies",
    "第三方机构",
    (
        Column("name", "机构名称", longest=120),
        Column("credit_code", "统一社会信用代码", "code", required=False, longest=18),
        Column("lead_appraiser", "主评人", required=False, longest=60),
        Column("selection", "选取方式", "term", required=False, choices=Selection, default=""),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("第三方机构名录",),
)
FIELDS = ("credit_code", "lead_appraiser", "selection", "origin")


def plan_agencies(readings: Readings, scope: ImportScope) -> Plan:
    """Agencies of the work year by name."""
    plan, reading = Plan(), readings["agencies"]
    rows = once(reading, plan, lambda row: row.values["name"], "name", "机构名称")
    wanted = {name: Agency(region=scope.region, year=scope.year, **row.values) for name, row in rows.items()}
    stored = {a.name: a for a in Agency.objects.filter(region=scope.region, year=scope.year)}
    fresh, changed = reconcile(plan, stored, wanted, FIELDS)
    plan.steps.append(lambda _act: write(Agency, fresh, changed, FIELDS))
    return plan


IMPORTERS = (Importer("agencies", (AGENCIES,), plan_agencies),)
