"""Whole units with a fault that no single sheet shows, and units beside them that come near it and must stay silent.

Each kind has a year of its own, so that its units are judged among their like: how many others are 优 is part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from random import Random

from benchmarks.planting import PLACES, County, Doc, Fault, _story, honest, settle

Spoil = Callable[[list[Doc], Random], None]


def crowd(county: County, count: int, dice: Random) -> None:
    """Add to a county, for every twenty-fifth of `count` sheets, a unit of each kind with a near miss of it."""
    for times in range(max(1, count // 200)):
        _same_totals(county, dice, times)
        _digits(county, dice, times)
    _inflated(county, dice, max(2, count // 400))


def _unit(county: County, dice: Random, name: str, year: int, sheets: int) -> list[Doc]:
    """Honest sheets of one unit; none so small that all points come by themselves."""
    start = len(county.documents) * 9 + year
    numbers = [no for no in range(start, start + 2 * sheets) if no % 9 != 4][:sheets]
    docs = [honest(dice, no, name, year) for no in numbers]
    for doc in docs:
        doc["id"] = f"{year}-{name}-{doc['id']}"
        county.documents[f"{year}/{name}/{doc['id']}.json"], county.planted[doc["id"]] = doc, set()
    return docs


def _plant(county: County, docs: Iterable[Doc], code: str) -> None:
    faults: set[Fault] = {(code, None)}
    for doc in docs:
        county.planted[doc["id"]] |= faults


def _name(kind: str, times: int) -> str:
    return f"{PLACES[times % 30]}{PLACES[times // 30 % 30]}{kind}"


def _same_totals(county: County, dice: Random, times: int) -> None:
    """Six projects with one total; beside them a unit in which four of six have one, by chance and honestly."""
    docs = _unit(county, dice, _name("管理站", times), 2018, 6)
    for doc in docs:
        _reach(doc, Decimal("0.94"))
    _plant(county, docs, "SAME_TOTALS")
    for no, doc in enumerate(_unit(county, dice, _name("服务站", times), 2018, 6)):
        _reach(doc, Decimal("0.94") if no < 4 else Decimal("0.87") + Decimal(no) / 100)


def _digits(county: County, dice: Random, times: int) -> None:
    """Every count ends in 7; beside it a unit in which a third of them do, and one with too few counts to tell."""
    docs = _unit(county, dice, _name("监测站", times), 2017, 6)
    _end_in(docs, 7, 1)
    _plant(county, docs, "DIGIT_PATTERN")
    _end_in(_unit(county, dice, _name("检测站", times), 2017, 6), 7, 4)
    _end_in(_unit(county, dice, _name("试验站", times), 2017, 2), 7, 1)


def _inflated(county: County, dice: Random, times: int) -> None:
    """A year in which a third are 优: some units give themselves nothing else, others come near that."""
    for no in range(20 + 12 * times):
        for at, doc in enumerate(_unit(county, dice, _name("中心", no), 2016, 6)):
            if at % 3:
                _fall_short(doc, dice)
            else:
                _reach(doc, Decimal("0.9") + Decimal(dice.randrange(90)) / 1000)
    for no in range(times):
        docs = _unit(county, dice, _name("办事处", no), 2016, 8)
        for at, doc in enumerate(docs):
            _reach(doc, Decimal("0.9") + Decimal(at * 11 + no % 7) / 1000)
        _plant(county, docs, "INFLATED_EXCELLENT")
        nearly = _unit(county, dice, _name("管理处", no), 2016, 8)
        for at, doc in enumerate(nearly):
            _reach(doc, Decimal("0.9") + Decimal(at * 11 + no % 7) / 1000)
        _fall_short(nearly[no % 8], dice)
        for at, doc in enumerate(_unit(county, dice, _name("工作站", no), 2016, 4)):
            _reach(doc, Decimal("0.9") + Decimal(at * 13 + no % 5) / 1000)


def _reach(doc: Doc, rate: Decimal) -> None:
    """Every indicator reached, and so much of the money spent."""
    doc["executed"] = int(doc["budget"] * rate)
    doc["execution_rate_printed"] = f"{Decimal(doc['executed']) * 100 / doc['budget']:.2f}%"
    for line in doc["lines"]:
        if line["actual"] < line["target"]:
            line |= {"actual": line["target"] * 104 // 100 + 1, "cause": ""}
            line["actual"] += 1 if line["actual"] % 5 == 0 else 0
    settle(doc)


def _fall_short(doc: Doc, dice: Random) -> None:
    """良 or 中: the counts were missed, and the sheet says why."""
    for line in doc["lines"]:
        if line["unit"] not in ("%", "年"):
            line |= {"actual": max(1, line["target"] * dice.randrange(62, 78) // 100), "cause": _story(dice)}
            line["actual"] += 1 if line["actual"] % 5 == 0 else 0
    settle(doc)


def _end_in(docs: list[Doc], digit: int, every: int) -> None:
    """Every nth count ends in the digit; it stays as near to its target as it was."""
    no = 0
    for doc in docs:
        for line in doc["lines"]:
            if line["unit"] in ("%", "年"):
                continue
            no += 1
            others = (1, 2, 3, 4, 6, 8, 9)
            line["actual"] = line["actual"] // 10 * 10 + (digit if no % every == 0 else others[no % 7])
            if line["actual"] in (line["target"], 7):
                line["actual"] += 10
            if line["actual"] * 10 >= line["target"] * 13:
                line["actual"] -= 10
        settle(doc)
