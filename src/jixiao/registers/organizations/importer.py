"""单位表: units of the work year, their superiors and divisions."""

from __future__ import annotations

from jixiao.domain.vocabulary import Origin, UnitKind
from jixiao.kit.importing import Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.tables import Column, Reading, Row, Table

from .models import Division, Unit, UnitYear

UNITS = Table(
    "units",
    "预算单位",
    (
        Column("code", "单位编码", "code"),
        Column("name", "单位名称", longest=120),
        Column("parent", "上级单位编码", "code", required=False),
        Column("level", "单位级次", "integer", required=False, aliases=("级次",)),
        Column("kind", "单位类型", "term", choices=UnitKind, aliases=("类型",)),
        Column("division", "归口股室", required=False, aliases=("归口业务股室", "业务股室"), longest=60),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("单位名录", "单位表"),
)
LONGEST_PATH = 200
FIELDS = ("name", "path", "level", "kind", "division_id", "origin")


def plan_units(readings: Readings, scope: ImportScope) -> Plan:
    """Units by code. The level follows from the superiors; a stated level that contradicts them is a problem."""
    plan, reading = Plan(), readings["units"]
    rows = once(reading, plan, lambda row: row.values["code"], "code", "单位编码")
    stored = {u.code: u for u in UnitYear.objects.filter(region=scope.region, year=scope.year)}
    paths = _paths(reading, plan, rows, {code: unit.path for code, unit in stored.items()})
    if plan.problems:
        return plan
    divisions = _divisions(scope.region, {str(row.values["division"]) for row in rows.values()})
    wanted = {code: _unit_year(code, row, paths[code], divisions, scope) for code, row in rows.items()}
    fresh, changed = reconcile(plan, stored, wanted, FIELDS)

    def store(_act: object) -> None:
        known = _identities(scope.region)
        for unit in fresh:
            unit.unit_id = known.get(unit.code) or Unit.objects.create(region=scope.region).pk
        write(UnitYear, fresh, changed, FIELDS)
        _link_parents(scope, {code: str(row.values["parent"]) for code, row in rows.items()})

    plan.steps.append(store)
    return plan


def _unit_year(code: str, row: Row, path: str, divisions: dict[str, Division], scope: ImportScope) -> UnitYear:
    division = divisions.get(str(row.values["division"]))
    return UnitYear(
        region=scope.region,
        year=scope.year,
        code=code,
        name=row.values["name"],
        path=path,
        level=path.count("/"),
        kind=row.values["kind"],
        division_id=division.pk if division else None,
        origin=row.values["origin"],
    )


def _paths(reading: Reading, plan: Plan, rows: dict[str, Row], stored: dict[str, str]) -> dict[str, str]:
    """Each unit's path of codes from the top; unknown and circular superiors are problems."""
    paths: dict[str, str] = {}
    for code, row in rows.items():
        if "/" in code:
            plan.problems.append(reading.problem(row, "code", "单位编码不能含有“/”，请改正"))
            continue
        chain, superior = [code], str(row.values["parent"])
        while superior and superior in rows and superior not in chain:
            chain.append(superior)
            superior = str(rows[superior].values["parent"])
        if superior in chain or code in stored.get(superior, "").split("/"):
            plan.problems.append(reading.problem(row, "parent", "上级单位互为上下级，请核对上级单位编码"))
        elif superior and superior not in stored:
            plan.problems.append(reading.problem(row, "parent", f"没有编码为 {superior} 的单位，请先填报上级单位"))
        paths[code] = stored.get(superior, "") + "".join(f"{step}/" for step in reversed(chain))
        if len(paths[code]) > LONGEST_PATH:
            plan.problems.append(reading.problem(row, "parent", "上级单位的层级过多或编码过长，请核对上级单位编码"))
        stated = row.values["level"]
        if stated is not None and stated != paths[code].count("/"):
            message = f"填的是第 {stated} 级，按上级单位应为第 {paths[code].count('/')} 级"
            plan.problems.append(reading.problem(row, "level", message))
    return paths


def _divisions(region: str, names: set[str]) -> dict[str, Division]:
    """The named divisions, made where they are new. Undone with the transaction if the import is."""
    return {name: Division.objects.get_or_create(region=region, name=name)[0] for name in names if name}


def _identities(region: str) -> dict[str, int]:
    """Unit identities by their newest code: the same code in another year is the same unit."""
    years = UnitYear.objects.filter(region=region).order_by("year").values_list("code", "unit_id")
    return dict(years)


def _link_parents(scope: ImportScope, parents: dict[str, str]) -> None:
    units = {u.code: u for u in UnitYear.objects.filter(region=scope.region, year=scope.year)}
    moved = []
    for code, superior in parents.items():
        parent_id = units[superior].pk if superior else None
        if units[code].parent_id != parent_id:
            units[code].parent_id = parent_id
            moved.append(units[code])
    UnitYear.objects.bulk_update(moved, ["parent"], batch_size=200)


IMPORTERS = (Importer("units", (UNITS,), plan_units),)
