"""指标库条目表 and 指标标准表: the library in and out of Excel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Importer, ImportScope, Outcome, Overtaken, Plan, Readings, Source, once, run
from jixiao.kit.moving import recorded
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table

from . import search, starter
from .models import Entry, EntryVersion, Standard
from .rules import Provenance, Scope, StandardKind, class_fits, measured
from .workflow import State

LIBRARY = Table(
    "indicator_library",
    "指标库条目表",
    (
        Column("industry", "行业", required=False, longest=40),
        Column("project_type", "项目类型", required=False, longest=40),
        Column("level1", "一级指标", "term", choices=IndicatorLevel1),
        Column("level2", "二级指标", longest=60),
        Column("name", "三级指标"),
        Column("comparison", "指标性质", "term", choices=Comparison, aliases=("符号",)),
        Column("unit", "计量单位", required=False, longest=20),
        Column("method", "计算方法", longest=PARAGRAPH),
        Column("explanation", "指标解释", required=False, longest=PARAGRAPH),
        Column("data_source", "数据来源", required=False, longest=120),
        Column("evidence", "佐证资料", required=False),
        Column("scope", "共性或个性", "term", required=False, choices=Scope, default=Scope.OWN),
        Column("source", "出处", required=False),
    ),
    note="每行一个三级指标；二级指标、三级指标、计量单位都相同的视为同一个指标，导入后更新其内容。",
)
STANDARDS = Table(
    "indicator_standards",
    "指标标准表",
    (
        Column("level2", "二级指标", longest=60),
        Column("name", "三级指标"),
        Column("unit", "计量单位", required=False, longest=20),
        Column("kind", "标准类别", "term", choices=StandardKind),
        Column("value", "标准值", longest=80),
        Column("source", "标准出处"),
        Column("year", "标准年度", "year", required=False),
    ),
    note="每行一个标准值，须有出处；指标须在指标库中或同一次导入的条目表里。",
)
WRITTEN = tuple(column.key for column in LIBRARY.columns)
Key = tuple[str, str, str]


@dataclass(slots=True)
class Batch:
    """What one import writes, by key of the entry."""

    stored: dict[Key, Entry]
    fresh: dict[Key, Entry] = field(default_factory=dict)
    changed: dict[Key, Entry] = field(default_factory=dict)
    standards: list[tuple[Key, Standard]] = field(default_factory=list)
    redated: list[Standard] = field(default_factory=list)


def plan_library(readings: Readings, scope: ImportScope, provenance: Provenance = Provenance.IMPORTED) -> Plan:
    """Entries by class, name and unit, taken in as approved; what the region edited itself the starter leaves alone."""
    plan = Plan()
    batch = Batch({_key(e): e for e in Entry.objects.filter(region=scope.region)})
    if reading := readings.get(LIBRARY.key):
        for key, row in once(reading, plan, lambda row: _row_key(row), "name", "指标").items():
            _plan_entry(key, row, reading, scope, provenance, batch, plan)
    if reading := readings.get(STANDARDS.key):
        _plan_standards(reading, batch, plan)
    plan.steps.append(lambda act: _store(batch, act))
    return plan


def _key(entry: Entry) -> Key:
    return entry.level2, entry.name, entry.unit


def _row_key(row: Row) -> Key:
    values = row.values
    return values["level2"], values["name"], values["unit"]


def _plan_entry(
    key: Key, row: Row, reading: Reading, scope: ImportScope, provenance: Provenance, batch: Batch, plan: Plan
) -> None:
    made = Entry(region=scope.region, provenance=provenance, state=State.APPROVED, **row.values)
    for guard, column in ((class_fits, "level2"), (measured, "unit")):
        plan.problems += [reading.problem(row, column, reason) for reason in guard(made.facts()).reasons]
    kept = batch.stored.get(key)
    if kept is None:
        batch.fresh[key] = made
        plan.new += 1
        return
    learned = kept.provenance is Provenance.LEARNED and kept.version == 1
    differs = kept.state == State.PROPOSED or any(getattr(kept, name) != getattr(made, name) for name in WRITTEN)
    if not differs or (provenance is Provenance.STARTER and not learned):
        plan.same += 1
        return
    for name in WRITTEN:
        setattr(kept, name, getattr(made, name))
    if learned:
        kept.provenance = provenance
    batch.changed[key] = kept
    plan.changed += 1


def _plan_standards(reading: Reading, batch: Batch, plan: Plan) -> None:
    rows = once(reading, plan, lambda row: (_row_key(row), *_said(row)), "value", "标准")
    held = Standard.objects.filter(entry__in=[entry.pk for entry in batch.stored.values()])
    known = {(s.entry_id, s.kind, s.value, s.source): s for s in held}
    for (key, *said), row in rows.items():
        entry = batch.stored.get(key)
        if entry is None and key not in batch.fresh:
            plan.problems.append(reading.problem(row, "name", "指标库中没有这个指标，请先填入条目表或核对名称"))
            continue
        kept = known.get((entry.pk, *said)) if entry else None
        if kept is None:
            kind, value, source = said
            batch.standards.append((key, Standard(kind=kind, value=value, source=source, year=row.values["year"])))
            plan.new += 1
        elif kept.year != row.values["year"]:
            kept.year = row.values["year"]
            batch.redated.append(kept)
            plan.changed += 1
        else:
            plan.same += 1


def _said(row: Row) -> tuple[Any, ...]:
    return row.values["kind"], row.values["value"], row.values["source"]


def _store(batch: Batch, act: Act) -> None:
    fresh, changed = list(batch.fresh.values()), list(batch.changed.values())
    if fresh:
        made = bulk.insert_with_keys(Entry, fresh)
        search.index(made)
        recorded(made, act)
    _correct(changed, act)
    entries = batch.stored | batch.fresh
    for key, standard in batch.standards:
        standard.entry = entries[key]
    bulk.insert(Standard, [standard for _, standard in batch.standards])
    Standard.objects.bulk_update(batch.redated, ["year"])
    keep_versions([*fresh, *changed], act, "导入")


def _correct(changed: list[Entry], act: Act) -> None:
    """Bring stored entries to what the table says; one that was edited meanwhile is not overwritten."""
    held = Entry.objects.select_for_update().filter(pk__in=[entry.pk for entry in changed])
    now = {entry.pk: (entry.version, entry.state) for entry in held}
    if any(now[entry.pk][0] != entry.version for entry in changed):
        raise Overtaken
    entering = [entry for entry in changed if now[entry.pk][1] == State.PROPOSED]
    for entry in changed:
        entry.version += 1
        entry.state = State.APPROVED if now[entry.pk][1] == State.PROPOSED else now[entry.pk][1]
        act.trace(entry.reference, None, entry.content())
    Entry.objects.bulk_update(changed, [*WRITTEN, "provenance", "state", "version"], batch_size=100)
    recorded(entering, act)


def keep_versions(entries: list[Entry], act: Act, reason: str) -> None:
    """Keep what the entries say now as versions of theirs, inside an act."""
    standards: dict[int, list[list[str]]] = {}
    held = Standard.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("id")
    for entry_id, *said in held.values_list("entry_id", "kind", "value", "source", "year"):
        standards.setdefault(entry_id, []).append([str(part or "") for part in said])
    rows = [
        EntryVersion(
            entry=entry,
            no=entry.version,
            content=entry.content() | {"standards": standards.get(entry.pk, [])},
            user_id=act.actor.user_id,
            actor=act.actor.name,
            at=act.at,
            reason=reason,
        )
        for entry in entries
    ]
    bulk.insert(EntryVersion, rows)


IMPORTERS = (Importer("indicator_library", (LIBRARY, STANDARDS), plan_library, "指标库条目和标准"),)


def load_starter(scope: ImportScope, *, token: str = "") -> Outcome:
    """Take the starter library into a region, all of it or nothing; what the region has already stays as it is."""
    importer = replace(IMPORTERS[0], plan=partial(plan_library, provenance=Provenance.STARTER))
    return run([Source("起始指标库.csv", starter.content())], [importer], scope, commit=True, token=token)
