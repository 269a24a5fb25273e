"""The cases of `tests/cases/targets`: one good sheet, and the smallest changes to it."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jixiao.domain.checks.targets import Framework, Indicator, Peer, TargetSheet
from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import read_amount, read_date, read_number
from jixiao.domain.vocabulary import IndicatorLevel1

CASES = Path(__file__).parent.parent / "cases" / "targets"
_FILLED = re.compile(r"\{(\d+)\}")
_OF_SHEET = ("project", "goal", "budget", "start", "is_new", "annual", "duties", "tasks")
Table = dict[str, Any]


@cache
def cases() -> tuple[Table, ...]:
    """Every case, with the file it stands in."""
    files = sorted(file for file in CASES.glob("*.toml") if file.stem != "sheet")
    return tuple({**case, "file": file.stem} for file in files for case in tomllib.loads(file.read_text())["case"])


def changed(change: Table) -> TargetSheet:
    """The good sheet after a change."""
    sheet = deepcopy(_sheet())
    sheet |= {key: _long(change[key]) for key in _OF_SHEET if key in change}
    sheet["framework"] |= change.get("framework", {})
    gone, kept = change.get("remove", ()), change.get("only")
    lines = [line for line in sheet["lines"] if line["name"] not in gone and (kept is None or line["name"] in kept)]
    for line in lines:
        line |= {"weight": change.get("weight", line["weight"])}
        line |= {"duty": change["duty"]} if "duty" in change else {}
        if change.get("same_as_last_year"):
            line["last_target"] = line["target"]
        line |= {key: _long(value) for key, value in change.get("lines", {}).get(line["name"], {}).items()}
        line.pop(change.get("forget"), None)
    sheet["lines"] = lines
    sheet.pop(change.get("forget"), None)
    return _built(sheet)


@cache
def _sheet() -> Table:
    return tomllib.loads((CASES / "sheet.toml").read_text())


def _long(value: Any) -> Any:
    """ "整洁{49}" is 整洁 with 49 characters behind it."""
    return _FILLED.sub(lambda found: "字" * int(found[1]), value) if isinstance(value, str) else value


def _built(sheet: Table) -> TargetSheet:
    start = read_date(sheet["start"]) if sheet["start"] else None
    peers = sheet.get("peers")
    return TargetSheet(
        project=sheet["project"],
        goal=sheet["goal"],
        year=sheet["year"],
        is_new=sheet["is_new"],
        annual=sheet["annual"],
        budget=read_amount(sheet["budget"]) if sheet["budget"] else None,
        start=(start.year, start.month, start.day) if start else None,
        indicators=tuple(map(_indicator, sheet["lines"])),
        peers=None if peers is None else tuple(map(_peer, peers)),
        framework=_framework(sheet["framework"]),
        duties=tuple(sheet["duties"]) if "duties" in sheet else None,
        tasks=tuple((name, duty or None) for name, duty in sheet.get("tasks", ())),
    )


def _indicator(line: Table) -> Indicator:
    usual = line.get("usual")
    return Indicator(
        line["name"],
        IndicatorLevel1.read(line["level1"]),
        line["level2"],
        Comparison.read(line["comparison"]),
        line["target"],
        line["unit"],
        read_number(line["weight"]),
        line.get("last_target"),
        line.get("last_actual"),
        None if usual is None else tuple(usual),
        tuple(Fraction(bound) for bound in line["range"]) if "range" in line else None,
        line.get("unit_last"),
        line.get("duty"),
    )


def _peer(peer: Table) -> Peer:
    return Peer(peer["label"], read_amount(peer["budget"]), tuple(map(tuple, peer["lines"])))


def _framework(table: Table) -> Framework:
    level1 = IndicatorLevel1.read
    return Framework(
        read_number(table["weight_total"]),
        {level1(name): read_number(weight) for name, weight in table["class_weights"].items()},
        tuple(map(level1, table["required_classes"])),
        tuple(map(level1, table["offered_classes"])),
        table["minimum_indicators"],
        table["maximum_indicators"],
    )
