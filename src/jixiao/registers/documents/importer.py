"""制度文件表."""

from __future__ import annotations

from jixiao.kit.importing import Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.tables import Column, Table

from .models import Document

DOCUMENTS = Table(
    "policies",
    "制度文件",
    (
        Column("year", "年度", "year"),
        Column("title", "文件名称"),
        Column("doc_no", "文号", required=False, longest=80),
        Column("stage", "环节", required=False, longest=40),
    ),
    aliases=("制度文件目录",),
)
FIELDS = ("doc_no", "stage")


def plan_documents(readings: Readings, scope: ImportScope) -> Plan:
    """Documents by year and title."""
    plan, reading = Plan(), readings["policies"]
    rows = once(reading, plan, lambda row: (row.values["year"], row.values["title"]), "title", "文件")
    wanted = {key: Document(region=scope.region, **row.values) for key, row in rows.items()}
    stored = {(d.year, d.title): d for d in Document.objects.filter(region=scope.region)}
    fresh, changed = reconcile(plan, stored, wanted, FIELDS)
    plan.steps.append(lambda _act: write(Document, fresh, changed, FIELDS))
    return plan


IMPORTERS = (Importer("policies", (DOCUMENTS,), plan_documents),)
