"""Importing: read all tables, plan each against what is stored, then store everything in one act or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, models

from jixiao.domain.actors import Actor
from jixiao.domain.policy import Policy

from . import bulk, files
from .acting import Act, acting
from .mapping import Mapped, read_with
from .models import Upload, UploadState
from .tables import Problem, Reading, Row, Table, read_workbook

M = TypeVar("M", bound=models.Model)

BUSY = Problem("", 0, "", "同样的数据正由他人导入或办理，本次没有存入任何一行，请稍后重新检查")


@dataclass(frozen=True, slots=True)
class Gap:
    """What history lacks: named, never invented. `rows` are source rows that could not be stored for it."""

    table: str
    message: str
    rows: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    """What storing a table would do. Problems forbid it; gaps are listed and allowed."""

    problems: list[Problem] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    same: int = 0
    steps: list[Callable[[Act], None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportScope:
    """Where rows go and who brings them. `policies` gives the rules of a year, for scoring and snapshots."""

    region: str
    year: int
    actor: Actor
    policies: Callable[[str, int], Policy]


Readings = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Importer:
    """One or several tables planned together (a sheet and its lines). Importers run in their declared order."""

    key: str
    tables: tuple[Table, ...]
    plan: Callable[[Readings, ImportScope], Plan]
    name: str = ""

    @property
    def label(self) -> str:
        """What people call the rows that it stores."""
        return self.name or "、".join(table.title for table in self.tables)


@dataclass(slots=True)
class Source:
    """One uploaded file and what was read from it; `mapping` where its columns bear other names than ours."""

    filename: str
    content: bytes
    mapping: Mapped | None = None
    readings: dict[str, Reading] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """The result of an import: counts by importer, problems by file, gaps. `stored` tells whether rows went in."""

    stored: bool = False
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """Rows that were or would be written."""
        return sum(c["new"] + c["changed"] for c in self.counts.values())


class Overtaken(Exception):
    """Somebody moved on a sheet while the import that corrects it was being planned."""


class _Undo(Exception):
    """Leaves the transaction without a trace: a preview, or a problem found while planning."""


def read_sources(sources: Sequence[Source], importers: Sequence[Importer]) -> None:
    """Read every known table in the files. A table that two files hold is a problem of the second."""
    tables = list({table.key: table for importer in importers for table in importer.tables}.values())
    held: dict[str, str] = {}
    for source in sources:
        source.readings = _read(source, tables)
        for key, reading in source.readings.items():
            if not reading.sheet:
                continue  # the file was refused, so it holds nothing
            if key in held:
                message = f"同一张表在“{held[key]}”中已有，请只保留一份"
                reading.problems.append(Problem(reading.sheet, 0, "", message))
            held.setdefault(key, source.filename)


def _read(source: Source, tables: Sequence[Table]) -> dict[str, Reading]:
    mapping = source.mapping
    if mapping is None:
        return dict(read_workbook(source.content, source.filename, tables))
    mine = (table for table in tables if table.key == mapping.table)
    return {table.key: read_with(mapping, source.content, source.filename, table) for table in mine}


def run(
    sources: Sequence[Source],
    importers: Sequence[Importer],
    scope: ImportScope,
    *,
    commit: bool,
    checked: Upload | None = None,
    token: str = "",
) -> Outcome:
    """Import files whole. Without `commit` everything is planned and undone: the preview.

    Either all rows of all files are stored in one transaction with one batch of audit links, or none. `checked` is the
    record that the only file already has from its preview. With an idempotency `token` the same files again raise
    Repeated with the counts of the first time, other files TokenReused.
    """
    read_sources(sources, importers)
    outcome = Outcome()
    readings = _gathered(sources, outcome)
    if not outcome.problems:
        try:
            content = [[files.sha256(source.content), str(source.mapping)] for source in sources] if token else None
            with acting(scope.actor, "import", token=token, content=content) as act:
                bulk.take_turn(scope.region)
                _plan_and_store(readings, importers, scope, outcome, act)
                if outcome.problems or not commit or not outcome.changes:
                    raise _Undo
                _keep(sources, scope, outcome, act, checked)
                act.answer = outcome.counts
            outcome.stored = True
        except _Undo:
            outcome.stored = False
        except (IntegrityError, Overtaken):
            # Somebody else worked on the same rows at once and was first; nothing of this file is stored.
            outcome.problems.append((sources[0].filename, BUSY))
    return outcome


def _gathered(sources: Sequence[Source], outcome: Outcome) -> dict[str, Reading]:
    """The readings of all files by table; what is wrong with them goes to the outcome."""
    readings: dict[str, Reading] = {}
    for source in sources:
        for key, reading in source.readings.items():
            readings.setdefault(key, reading)
            outcome.problems += [(source.filename, problem) for problem in reading.problems]
    if not outcome.problems and not readings:
        outcome.problems = [
            (s.filename, Problem("", 0, "", "没有认出任何一张表，请使用系统模板的表名或表头")) for s in sources
        ]
    return readings


def _plan_and_store(
    readings: Readings, importers: Sequence[Importer], scope: ImportScope, outcome: Outcome, act: Act
) -> None:
    for importer in importers:
        mine = {table.key: readings[table.key] for table in importer.tables if table.key in readings}
        if not mine:
            continue
        plan = importer.plan(mine, scope)
        outcome.counts[importer.key] = {"new": plan.new, "changed": plan.changed, "same": plan.same}
        outcome.problems += [(_file_of(mine), problem) for problem in plan.problems]
        outcome.gaps += plan.gaps
        if outcome.problems:
            return
        for step in plan.steps:
            step(act)
        if plan.new or plan.changed:
            act.trace(f"import:{scope.year}:{importer.key}", None, outcome.counts[importer.key])


def _file_of(readings: Readings) -> str:
    return next(iter(readings.values())).table.title


def _keep(sources: Sequence[Source], scope: ImportScope, outcome: Outcome, act: Act, checked: Upload | None) -> None:
    """Keep the files themselves and one record each. A file is on disk and synced before its row."""
    if checked:
        act.trace(f"upload:{checked.sha256}", {"state": checked.state}, {"state": UploadState.CONFIRMED})
        return
    for source in sources:
        stored = files.store(settings.UPLOADS, source.content)
        mine = [gap for gap in outcome.gaps if gap.table in source.readings]
        Upload.objects.create(
            region=scope.region,
            year=scope.year,
            table="、".join(reading.table.title for reading in source.readings.values())[:40],
            filename=source.filename[:200],
            sha256=stored.digest,
            size=stored.size,
            stored_as=stored.path,
            state=UploadState.CONFIRMED,
            counts=outcome.counts,
            mapping=source.mapping.as_json() if source.mapping else None,
            gaps=[{"table": gap.table, "message": gap.message, "rows": gap.rows[:200]} for gap in mine],
            user_id=scope.actor.user_id,
            at=act.at,
        )
        act.trace(f"upload:{stored.digest}", None, {"filename": source.filename, "size": stored.size})


def reconcile(
    plan: Plan, existing: Mapping[Any, M], wanted: Mapping[Any, M], fields: Sequence[str]
) -> tuple[list[M], list[M]]:
    """Compare wanted rows with stored ones by key; count new, changed and same in the plan.

    Changed stored rows take over `fields`. Returns (new, changed), which the caller stores.
    """
    fresh, changed = [], []
    for key, row in wanted.items():
        stored = existing.get(key)
        if stored is None:
            fresh.append(row)
            continue
        different = [name for name in fields if getattr(stored, name) != getattr(row, name)]
        for name in different:
            setattr(stored, name, getattr(row, name))
        if different:
            changed.append(stored)
    plan.new += len(fresh)
    plan.changed += len(changed)
    plan.same += len(wanted) - len(fresh) - len(changed)
    return fresh, changed


def write(model: type[M], fresh: Sequence[M], changed: Sequence[M], fields: Sequence[str]) -> None:
    """Store what `reconcile` returned."""
    if fresh:
        bulk.insert(model, fresh)
    if changed:
        model._default_manager.bulk_update(changed, fields, batch_size=200)  # type: ignore[attr-defined]


def once(reading: Reading, plan: Plan, key: Callable[[Row], Any], column: str, what: str) -> dict[Any, Row]:
    """Rows by key; a key that comes twice is a problem at its second place."""
    found: dict[Any, Row] = {}
    for row in reading.rows:
        mine = key(row)
        if mine in found:
            plan.problems.append(reading.problem(row, column, f"{what}与第{found[mine].number}行重复，请删去一行"))
        found.setdefault(mine, row)
    return found
