"""Twins of the faults that must stay silent: each comes as near to a fault as an honest sheet may."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from benchmarks.planting import Doc, Fault, _first, _met, _round, _story, settle, total

Twin = Callable[[Doc, Doc | None, Random], set[Fault] | None]


def _rate_to_a_tenth(doc: Doc, last: Doc | None, dice: Random) -> None:
    doc["execution_rate_printed"] = f"{_round(Decimal(doc['executed']) * 100 / doc['budget'], '0.1')}%"


def _spent_to_the_last(doc: Doc, last: Doc | None, dice: Random) -> None:
    doc["executed"], doc["execution_rate_printed"] = doc["budget"], "100%"
    line = _first(doc)
    line |= {"actual": line["target"] * 19 // 20 - 1, "cause": _story(dice)}
    settle(doc)


def _a_tenth_short_of_full(doc: Doc, last: Doc | None, dice: Random) -> None:
    """Every indicator reached, the money not quite spent."""
    _reach_all(doc)
    _spend(doc, Decimal("0.995"))
    doc["problems"] = "无"


def _all_but_one_equal(doc: Doc, last: Doc | None, dice: Random) -> None:
    for line in doc["lines"][1:]:
        line |= {"actual": line["target"], "cause": ""}
    _met_again(doc)


def _nearly_a_third_over(doc: Doc, last: Doc | None, dice: Random) -> None:
    line = _met(doc)
    line["actual"] = (line["target"] * 129 - 1) // 100
    settle(doc)


def _earned_money(doc: Doc, last: Doc | None, dice: Random) -> None:
    """元 as a benefit is no output counted in money."""
    line = next(line for line in doc["lines"] if line["level2"] == "可持续影响指标")
    line |= {"name": "户均年增收", "unit": "元", "level2": "经济效益指标", "target": 1203, "actual": 1288}
    settle(doc)


def _paid_late(doc: Doc, last: Doc | None, dice: Random) -> None:
    _spend(doc, Decimal("0.82"))


def _copied_in_part(doc: Doc, last: Doc | None, dice: Random) -> None:
    """One or two values happen to be last year's."""
    if last is not None:
        for line, old in list(zip(doc["lines"], last["lines"], strict=True))[:2]:
            line |= {"target": old["target"], "actual": old["actual"], "cause": ""}
        settle(doc)


def _the_same_trouble(doc: Doc, last: Doc | None, dice: Random) -> None:
    """The same trouble as last year, in words of its own."""
    if last is not None:
        doc["problems"] = last["problems"][: len(last["problems"]) // 2] + _story(dice)


def _yellow_and_open_about_it(doc: Doc, last: Doc | None, dice: Random) -> None:
    doc |= {"light": "黄灯", "problems": f"有待进一步加强管理：{_story(dice)}"}


def _red_and_not_excellent(doc: Doc, last: Doc | None, dice: Random) -> None:
    doc["light"] = "红灯"
    for line in doc["lines"]:
        if line["unit"] not in ("%", "年"):
            line |= {"actual": line["target"] * 7 // 10, "cause": _story(dice)}
    settle(doc)


def _forecast_and_missed(doc: Doc, last: Doc | None, dice: Random) -> None:
    line = _first(doc)
    line |= {"likelihood": "完全不可能", "actual": line["target"] * 9 // 10, "cause": _story(dice)}
    settle(doc)


def _a_quarter_below(doc: Doc, last: Doc | None, dice: Random) -> None:
    if last is not None:
        line = _met(doc)
        old = next(one for one in last["lines"] if one["name"] == line["name"])
        old |= {"target": line["target"] * 12 // 10, "actual": line["target"] * 13 // 10, "cause": ""}
        settle(last)


def _below_the_others_a_little(doc: Doc, last: Doc | None, dice: Random) -> None:
    doc["lines"][-1] |= {"target": 80, "actual": 83.5}
    settle(doc)


def _light_without_evidence(doc: Doc, last: Doc | None, dice: Random) -> None:
    first, *_, light = doc["lines"]
    first["weight"] += light["weight"] - 5
    light |= {"weight": 5, "evidence": False}
    settle(doc)


def _in_its_class(doc: Doc, last: Doc | None, dice: Random) -> None:
    line = next(line for line in doc["lines"] if line["level2"] == "质量指标")
    line |= {"name": "工程验收合格率", "target": 95, "actual": 96.4}
    settle(doc)


def _halves_of_points(doc: Doc, last: Doc | None, dice: Random) -> None:
    """Weights in halves still make a hundred."""
    first, second, *_ = doc["lines"]
    first["weight"], second["weight"] = first["weight"] + 0.5, second["weight"] - 0.5
    for line in (first, second):
        line["weight"] = Decimal(str(line["weight"]))
    settle(doc)
    for line in (first, second):
        line["weight"] = float(line["weight"])


def _written_with_zeros(doc: Doc, last: Doc | None, dice: Random) -> None:
    """95.60 is 95.6."""
    doc["total_printed"] = f"{Decimal(str(doc['total_printed'])):.2f}"


def _spend(doc: Doc, rate: Decimal) -> None:
    doc["executed"] = int(doc["budget"] * rate)
    doc["execution_rate_printed"] = f"{_round(Decimal(doc['executed']) * 100 / doc['budget'], '0.01')}%"
    settle(doc)


def _reach_all(doc: Doc) -> None:
    for line in doc["lines"]:
        if line["actual"] < line["target"]:
            line |= {"actual": line["target"] + 1 + line["target"] // 30, "cause": ""}


def _met_again(doc: Doc) -> None:
    line = _first(doc)
    line |= {"actual": line["target"] + 1 + line["target"] // 40, "cause": ""}
    settle(doc)
    total(doc)


TWINS: tuple[Twin, ...] = (
    _rate_to_a_tenth,
    _spent_to_the_last,
    _a_tenth_short_of_full,
    _all_but_one_equal,
    _nearly_a_third_over,
    _earned_money,
    _paid_late,
    _copied_in_part,
    _the_same_trouble,
    _yellow_and_open_about_it,
    _red_and_not_excellent,
    _forecast_and_missed,
    _a_quarter_below,
    _below_the_others_a_little,
    _light_without_evidence,
    _in_its_class,
    _halves_of_points,
    _written_with_zeros,
)
