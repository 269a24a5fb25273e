"""A rule of the target check that is broken in one place is noticed by its cases, at its borders too."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from tests.domain.mutating import mutants
from tests.domain.target_cases import cases, changed
from tests.domain.test_target_checks import RULES, holds

from jixiao.domain.checks import Check, Report, run, targets
from jixiao.domain.checks.targets import TargetSheet

PACKAGE = "jixiao.domain.checks.targets"
SHARED = ("facts", "completeness")
ROOMS = ("facts", "completeness", "wording", "values", "weights", "fit", "comparison")


# Broken like this a rule says the same of every sheet.
SPARED = "only spares reading what no rule asks for: a rule on quantities applies to nothing else"
TYPED = "what is asked before has made sure of a value; this tells the type"
FAR = "tells a share apart from the border only on a sheet of more than thirty indicators"
EQUIVALENT = {
    "facts": {
        "unit_costs: line.number and (not line.is_percent) → line.number or not line.is_percent": SPARED,
        "unit_costs: line.number and (not line.is_percent) → not line.is_percent": SPARED,
        "unit_costs: line.number and (not line.is_percent) → line.number": SPARED,
        "kind: indicator_class(self.indicator.level1.label, self.indicator.level2) or self.indicator.level1"
        " → indicator_class(self.indicator.level1.label, self.indicator.level2)": "every 一级指标 has a class",
    },
    "completeness": {"_little_quantified: 100 → 101": FAR},
    "values": {
        "_no_unit: line.value is not None and (not line.value.percent) and (not line.value.transcribed)"
        " → not line.value.percent and (not line.value.transcribed)": TYPED,
        "_sign_twice: line.value.sign if line.value else None → line.value.sign": TYPED,
        "_words_as_quantified: value is None or value.flag is not None or value.day or value.on_time or"
        " _NUMBERS.search(value.text) → value.flag is not None or value.day or value.on_time or"
        " _NUMBERS.search(value.text)": TYPED,
    },
    "fit": {
        "_similar: False → True": "difflib looks away from common signs only in texts of 200 and more",
        "_money: money <= budget → money < budget": "what equals the budget is the budget's own sum already",
    },
    "comparison": {
        "_unit_cost: abs(log(own / middle)) <= spread * _NORMAL * float(line.rules.mad_limit)"
        " → abs(log(own / middle)) < spread * _NORMAL * float(line.rules.mad_limit)": "logarithms never meet exactly",
        "_copied: 100 → 101": FAR,
    },
}
# Every case asks for its sheets again and again.
SHEETS = {
    id(case[said]): changed(case[said]) for case in cases() for said in ("fires", "silent", "unknown") if said in case
}


@cache
def source(room: str) -> str:
    return (Path(targets.__file__).parent / f"{room}.py").read_text()


@cache
def whole(room: str) -> CodeType:
    return compile(source(room), room, "exec")


def built(broken: str, code: CodeType) -> dict[str, ModuleType]:
    """The rooms of the check with one of them broken, and those that build on it made anew."""
    rooms = {room: sys.modules[f"{PACKAGE}.{room}"] for room in ROOMS}
    with patch.dict(sys.modules):
        for room in ROOMS[ROOMS.index(broken) :] if broken in SHARED else (broken,):
            rooms[room] = sys.modules[f"{PACKAGE}.{room}"] = ModuleType(f"{PACKAGE}.{room}")
            rooms[room].__package__ = PACKAGE
            exec(code if room == broken else whole(room), rooms[room].__dict__)
    return rooms


def noticed(broken: str, code: CodeType) -> bool:
    """Whether a case does not hold any more, or the check breaks down."""
    with suppress(Exception):
        rooms = built(broken, code)
        touched = ROOMS if broken in SHARED else (broken,)
        return not all(_holds(case, rooms) for case in cases() if case["file"] in touched)
    return True


def _holds(case: dict[str, Any], rooms: dict[str, ModuleType]) -> bool:
    room, facts = rooms[case["file"]], rooms["facts"]
    of_sheet = {check.code: check for check in getattr(room, "SHEET_CHECKS", ())}
    of_line = {check.code: check for check in getattr(room, "LINE_CHECKS", ())}

    def reported(sheet: TargetSheet, check: Check[Any]) -> Report:
        view = facts.TargetView(sheet, RULES)
        subjects = [(None, view)] if check.code in of_sheet else [(line.name, line) for line in view.lines]
        return run((check,), subjects)

    return holds(case, (of_sheet | of_line)[case["rule"]], reported, lambda change: SHEETS[id(change)])


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_a_case_notices_whatever_is_broken_in_a_rule(room: str) -> None:
    broken = dict(mutants(source(room)))
    assert len(broken) > 30
    assert {name for name, code in broken.items() if not noticed(room, code)} == {*EQUIVALENT.get(room, ())}


def test_nothing_is_noticed_of_rules_that_are_whole() -> None:
    assert [room for room in ROOMS if noticed(room, whole(room))] == []
