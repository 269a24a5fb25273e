"""A district's folder changed at random: rows dropped, amounts, actuals and payments moved, results blanked.

The same seed gives the same bytes. Three modes:
cascade  any row may go, and with a parent go the rows that refer to it; values change
leaf     only rows that no table needs to be whole may go, their references stay; values change
blank    rows and inputs stay, every 得分 and 等级 that follows from other rows is emptied

    python tests/replay/mutate.py demo/xixia-2022 OUT 7 cascade
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]
Tables = dict[str, list[Row]]
MODES = ("cascade", "leaf", "blank")

# child → (its columns, (parent, the parent's columns), …): one of the parents must hold the key, unless it is empty.
UNITS, PROJECTS = ("units", ("单位编码",)), ("projects", ("项目编码",))
EVALUATIONS = ("evaluations", ("评价编号",))
INDICATORS = ("indicators", ("年度", "项目编码", "三级指标"))
Parent = tuple[str, tuple[str, ...]]
REFERENCES: tuple[tuple[str, tuple[str, ...], tuple[Parent, ...]], ...] = (
    ("units", ("上级单位编码",), (UNITS,)),
    *((table, ("单位编码",), (UNITS,)) for table in ("projects", "evaluations", "exante")),
    *((table, ("单位编码",), (UNITS,)) for table in ("overall_targets", "overall_pilots")),
    *((table, ("项目编码",), (PROJECTS,)) for table in ("indicators", "payments", "monitoring", "recoveries")),
    *((table, ("项目编码",), (PROJECTS,)) for table in ("self_evaluations", "self_evaluation_exemptions")),
    *((table, ("对象编码",), (PROJECTS,)) for table in ("exante", "exante_exemptions")),
    *((table, ("对象编码",), (UNITS, PROJECTS)) for table in ("evaluations", "reports_to")),
    *((table, ("评价编号",), (EVALUATIONS,)) for table in ("evaluation_scores", "problems", "suggestions")),
    *((table, ("评价编号",), (EVALUATIONS,)) for table in ("disclosures", "rectifications", "reports_to")),
    ("rectifications", ("评价编号", "问题类别"), (("problems", ("评价编号", "问题类别")),)),
    ("monitoring_readings", INDICATORS[1], (INDICATORS,)),
    (
        "monitoring_readings",
        ("年度", "监控轮次", "项目编码"),
        (("monitoring", ("年度", "监控轮次", "项目编码")),),
    ),
    ("self_evaluation_scores", ("对象年度", "项目编码", "三级指标"), (INDICATORS,)),
    (
        "self_evaluation_scores",
        ("对象年度", "项目编码"),
        (("self_evaluations", ("对象年度", "项目编码")),),
    ),
)
LEAVES = ("payments", "self_evaluation_scores", "monitoring_readings", "problems", "indicators")
KEPT = ("agencies",)
# A parent takes its children along, so it goes more rarely.
SHARE_DROPPED = {"units": 0.02, "projects": 0.04}
BLANKED = {
    "self_evaluations": ("评价得分", "评价等级"),
    "self_evaluation_scores": ("得分",),
    "evaluations": ("得分", "等级"),
}


def read(folder: Path) -> Tables:
    tables: Tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def write(tables: Tables, source: Path, target: Path) -> None:
    """Headers are the source's, so that a table emptied of rows keeps its columns."""
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (source / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            headers = next(csv.reader(file))
        with (target / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(rows)


def drop(tables: Tables, chance: random.Random, share: float, only: tuple[str, ...] | None = None) -> None:
    for name, rows in tables.items():
        if name in KEPT or (only is not None and name not in only):
            continue
        gone = SHARE_DROPPED.get(name, share)
        tables[name] = [row for row in rows if chance.random() >= gone]


def orphans(tables: Tables) -> list[tuple[str, Row]]:
    """Rows whose reference no parent holds any more."""
    found = []
    for child, columns, parents in REFERENCES:
        keys = {tuple(row[c] for c in where) for parent, where in parents for row in tables.get(parent, [])}
        for row in tables.get(child, []):
            key = tuple(row[c] for c in columns)
            if all(key) and key not in keys:
                found.append((child, row))
    return found


def cascade(tables: Tables) -> None:
    while lost := orphans(tables):
        for name in {name for name, _ in lost}:
            without = {id(row) for child, row in lost if child == name}
            tables[name] = [row for row in tables[name] if id(row) not in without]


def scaled(text: str, chance: random.Random, places: int, low: float, high: float) -> str:
    """The number times a random factor, never zero: what nothing is divided by is another test."""
    step = Decimal(1).scaleb(-places)
    factor = Decimal(chance.randint(int(low * 1000), int(high * 1000))) / 1000
    return str(max(step, (Decimal(text) * factor).quantize(step)))


def change_amount(column: str, low: float, high: float) -> Callable[[Row, random.Random], None]:
    def change(row: Row, chance: random.Random) -> None:
        if Decimal(row[column]):
            row[column] = scaled(row[column], chance, 2, low, high)

    return change


def change_actual(row: Row, chance: random.Random) -> None:
    if row["符号"]:
        row["实际完成值"] = scaled(row["实际完成值"], chance, 1, 0.3, 1.6)
    else:
        row["定性完成度"] = str(chance.randint(0, 100))


def change_payment(row: Row, chance: random.Random) -> None:
    row["金额(元)"] = scaled(row["金额(元)"], chance, 2, 0.2, 1.4)
    first = date(int(row["年度"]), 1, 1)
    row["支付日期"] = (first + timedelta(days=chance.randrange(365))).isoformat()


CHANGES: dict[str, Callable[[Row, random.Random], None]] = {
    "projects": change_amount("年初预算(万元)", 0.4, 1.8),
    "monitoring": change_amount("全年预算(万元)", 0.6, 1.6),
    "self_evaluations": change_amount("全年预算(万元)", 0.7, 1.4),
    "self_evaluation_scores": change_actual,
    "payments": change_payment,
}


def change(tables: Tables, chance: random.Random, share: float) -> None:
    for name, act in CHANGES.items():
        for row in tables.get(name, []):
            if chance.random() < share:
                act(row, chance)


def blank(tables: Tables) -> None:
    """An evaluation without marks keeps its 得分: it follows from nothing else here."""
    marked = {row["评价编号"] for row in tables.get("evaluation_scores", [])}
    for name, columns in BLANKED.items():
        for row in tables.get(name, []):
            if name != "evaluations" or row["评价编号"] in marked:
                row.update(dict.fromkeys(columns, ""))


def mutate(source: Path, target: Path, seed: int, mode: str, share: float = 0.1) -> Tables:
    """Write the changed tables of `source` to `target` and return them; `share` of the rows is dropped or changed."""
    chance = random.Random(f"{source.name}/{mode}/{seed}")
    tables = read(source)
    if mode == "cascade":
        drop(tables, chance, share)
        cascade(tables)
    elif mode == "leaf":
        drop(tables, chance, share, only=LEAVES)
    elif mode == "blank":
        blank(tables)
    else:
        raise ValueError(f"mode is one of {MODES}, not {mode}")
    if mode != "blank":
        change(tables, chance, 3 * share)
    write(tables, source, target)
    return tables


if __name__ == "__main__":
    mutate(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
