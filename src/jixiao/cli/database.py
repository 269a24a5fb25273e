"""The database as the commands find it: made or upgraded, with its triggers, and its regions and years."""

from __future__ import annotations

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jixiao.kit.audit import install_triggers, missing_triggers
from jixiao.registers.organizations.models import Region, UnitYear
from jixiao.registers.subjects.models import SubjectYear

from .environment import Refused


def pending() -> list[str]:
    """Migrations that this program has and the database has not. Raises Refused where no database answers."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Refused(f"数据库不可用，请检查 DATABASE_URL 或 JIXIAO_HOME：{error}".strip(), code=1) from None
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def upgrade() -> int:
    """Bring the database up to this program; returns how many migrations ran. Nothing is written if none is due.

    Changing a table on SQLite drops its triggers in silence, so they are put back.
    """
    due = pending()
    if due:
        call_command("migrate", verbosity=0, interactive=False)
    if missing_triggers():
        install_triggers()
    return len(due)


def demand_upgraded() -> None:
    """Raises Refused with the remedy unless the database is there with every migration."""
    if pending():
        raise Refused("数据库尚未建立或未升级，请先运行 jixiao demo、jixiao import 或 jixiao serve", code=1)


def region_of(code: str, year: int) -> Region:
    """The region, if the year is known there. Raises Refused naming what there is."""
    demand_upgraded()
    region = Region.objects.filter(code=code).first()
    if region is None:
        known = "、".join(f"{r.code}（{r.name}）" for r in Region.objects.order_by("code"))
        raise Refused(f"没有区划 {code}；现有：{known or '（空）'}。请先用 jixiao import 导入数据")
    years = set(UnitYear.objects.filter(region=code).values_list("year", flat=True).distinct())
    years |= set(SubjectYear.objects.filter(region=code).values_list("year", flat=True).distinct())
    if year not in years:
        listed = "、".join(map(str, sorted(years)))
        raise Refused(f"{region.name}没有 {year} 年的数据；现有年度：{listed or '（空）'}")
    return region
