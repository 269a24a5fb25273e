"""The cases of `tests/cases/audits`: one good sheet, the smallest changes to it, and the sheets beside it."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jixiao.domain.checks.audits import LineRecord, SheetRecord
from jixiao.domain.checks.audits.facts import AuditCheckRules
from jixiao.domain.checks.audits.gathering import Surroundings
from jixiao.domain.checks.lights import Tone
from jixiao.domain.grades import GradeRules, grade_of
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import Likelihood
from jixiao.policies import load

CASES = Path(__file__).parent.parent / "cases" / "audits"
RULES = load("national/2020").section(AuditCheckRules)
GRADES = load("national/2020").section(GradeRules)
_OF_SHEET = ("total", "executed", "problems", "light", "rectifications")
Table = dict[str, Any]


@cache
def cases() -> tuple[Table, ...]:
    """Every case, with the file it stands in."""
    files = sorted(file for file in CASES.glob("*.toml") if file.stem != "sheet")
    return tuple({**case, "file": file.stem} for file in files for case in tomllib.loads(file.read_text())["case"])


def changed(change: Table) -> SheetRecord:
    """The good sheet after a change, beside what stands around it."""
    sheet = _changed(change)
    beside = [_beside(sheet, change, no) for no in range(change.get("others", 0))]
    beside += [_stranger(sheet, change, no) for no in range(change.get("strangers", 0))]
    if "last" in change:
        beside.append(_last(sheet, change))
    records = [_record(table) for table in (sheet, *beside)]
    return Surroundings(records, RULES).around(records[0])


def _changed(change: Table) -> Table:
    sheet = deepcopy(_sheet())
    sheet |= {key: change[key] for key in _OF_SHEET if key in change}
    sheet["lines"] = [line for line in sheet["lines"] if line["name"] not in change.get("remove", ())]
    for line in sheet["lines"]:
        if change.get("actual_as_target"):
            line["actual"] = line["target"]
        line |= change.get("lines", {}).get(line["name"], {})
        if change.get("no_loss"):
            line["points"] = line["weight"]
        if "digits" in change and line["unit"]:
            line["actual"] = line["actual"].split(".")[0] + "." + change["digits"]
        line.pop(change.get("forget"), None)
    if change.get("no_loss"):
        sheet["execution_points"] = sheet["execution_weight"]
    sheet.pop(change.get("forget"), None)
    if change.get("forget") == "level1":
        for line in sheet["lines"]:
            line["level2"] = ""
    return sheet


def _beside(sheet: Table, change: Table, no: int) -> Table:
    """Another project's sheet of the year; of the same unit where the case says so."""
    other = deepcopy(sheet)
    other["unit"] = sheet["unit"] if change.get("same_unit") else f"乙局{'一二三四五六七八九'[no]}科"
    other["project"] = f"项目{no}"
    if "totals" in change:
        other["total"] = change["totals"][no]
    for line in other["lines"]:
        line["target"] = change.get("peers", line["target"]) if "满意度" in line["name"] else line["target"]
    return _reworded(other, change, no + 1)


def _reworded(other: Table, change: Table, no: int) -> Table:
    if not change.get("keep_actuals") and "digits" not in change:
        for line in other["lines"]:
            line["actual"] = line["actual"] if "年" in line["actual"] else str(Decimal(line["actual"]) + no * 3)
    if not change.get("keep_words"):
        other["problems"] = change.get("others_problems", "")
        for line in other["lines"]:
            line["cause"] = ""
    return other


def _stranger(sheet: Table, change: Table, no: int) -> Table:
    """A sheet of a unit that has only this one."""
    other = _beside(sheet, {key: value for key, value in change.items() if key != "totals"}, no % 9)
    return {**other, "unit": f"外局{no}", "total": change.get("strangers_total", 95 if no % 3 == 0 else 84)}


def _last(sheet: Table, change: Table) -> Table:
    """The same project a year before."""
    last = deepcopy(sheet) | {"year": sheet["year"] - 1}
    for line in last["lines"]:
        line |= change["last"].get(line["name"], {})
    return _reworded(last, {"keep_actuals": True} | change, 0)


@cache
def _sheet() -> Table:
    return tomllib.loads((CASES / "sheet.toml").read_text())


def _record(sheet: Table) -> SheetRecord:
    total = None if sheet.get("total") is None else Decimal(str(sheet["total"]))
    return SheetRecord(
        id=f"{sheet['unit']}{sheet['project']}{sheet['year']}",
        unit=sheet["unit"],
        project=sheet["project"],
        year=sheet["year"],
        budget=sheet["budget"],
        executed=sheet.get("executed"),
        execution_weight=Decimal(sheet["execution_weight"]),
        execution_points=Decimal(str(sheet["execution_points"])),
        total=total,
        grade=None if total is None else grade_of(total, GRADES),
        lines=tuple(map(_line, sheet["lines"])),
        problems=sheet.get("problems"),
        tone=Tone.read(sheet["light"]) if sheet["light"] else None,
        rectifications=sheet["rectifications"],
    )


def _line(line: Table) -> LineRecord:
    return LineRecord(
        name=line["name"],
        level1=line.get("level1", ""),
        level2=line["level2"],
        comparison=Comparison.read(line["comparison"]),
        target=line["target"],
        actual=line["actual"],
        unit=line["unit"],
        weight=Decimal(str(line["weight"])),
        points=Decimal(str(line["points"])) if "points" in line else None,
        cause=line["cause"],
        evidence=line.get("evidence"),
        likelihood=Likelihood.read(line["likelihood"]) if "likelihood" in line else None,
    )
