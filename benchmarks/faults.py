"""The faults that `planting` plants, one function each: it spoils an honest sheet and says what was planted."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.planting import PLANTS, Doc, Fault, _deserved, _first, _met, _story, plants, settle, total

__all__ = ["PLANTS"]


@plants("TOTAL_MISMATCH")
def _total(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc["total_printed"] = float(Decimal(str(doc["total_printed"])) - dice.choice((1, 2, Decimal("0.5"))))
    return {("TOTAL_MISMATCH", None)}


@plants("WEIGHTS_NOT_100")
def _weights(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    _first(doc)["weight"] += dice.choice((2, 5))
    settle(doc)
    return {("WEIGHTS_NOT_100", None)}


@plants("EXECUTION_RATE")
def _rate(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    rate = Decimal(doc["execution_rate_printed"].rstrip("%"))
    doc["execution_rate_printed"] = f"{rate - dice.randrange(2, 9)}%"
    return {("EXECUTION_RATE", None)}


@plants("EXECUTION_POINTS")
def _execution(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc["execution_points_printed"] = float(Decimal(str(doc["execution_points_printed"])) - Decimal("0.6"))
    total(doc)
    return {("EXECUTION_POINTS", None)}


@plants("EXECUTION_OVER_100")
def _over_budget(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc["executed"] = doc["budget"] + doc["budget"] // 20
    doc["execution_rate_printed"] = f"{doc['executed'] * 100 / doc['budget']:.2f}%"
    settle(doc)
    return {("EXECUTION_OVER_100", None)}


@plants("NO_EXECUTION_SCORE")
def _no_execution(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    _first(doc)["weight"] += 10
    settle(doc)
    doc["execution_weight"] = doc["execution_points_printed"] = None
    total(doc)
    return {("NO_EXECUTION_SCORE", None)}


@plants("EXECUTION_COUNTED_TWICE")
def _twice(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = next(line for line in doc["lines"] if line["level2"] == "质量指标")
    line |= {"name": "项目预算执行率", "level2": "时效指标", "target": 90, "actual": 95.5, "cause": ""}
    doc["executed"] = int(doc["budget"] * Decimal("0.955"))
    doc["execution_rate_printed"] = f"{doc['executed'] * 100 / doc['budget']:.2f}%"
    settle(doc)
    return {("EXECUTION_COUNTED_TWICE", None)}


@plants("POINTS_ABOVE_RULE")
def _above(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _first(doc)
    line |= {"actual": line["target"] * 7 // 10, "cause": "厂家停产改用代用件", "points_printed": line["weight"]}
    total(doc)
    return {("POINTS_ABOVE_RULE", line["name"])}


@plants("POINTS_BELOW_RULE")
def _below(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _first(doc)
    line["points_printed"] = float(_deserved(line) - 2)
    total(doc)
    return {("POINTS_BELOW_RULE", line["name"])}


@plants("NO_VALUE_SCORED")
def _no_value(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = next(line for line in doc["lines"] if line["level2"] == "可持续影响指标")
    line |= {"target": None, "actual": None, "comparison": "定性"}
    return {("NO_VALUE_SCORED", line["name"])}


@plants("TARGET_COPIED")
def _copied(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _first(doc)
    line |= {"actual": f"≥{line['target']}", "cause": "", "points_printed": line["weight"]}
    total(doc)
    return {("TARGET_COPIED", line["name"])}


@plants("OVERACHIEVED")
def _over(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _met(doc)
    line["actual"] = line["target"] * dice.randrange(140, 260) // 100 + 1
    settle(doc)
    return {("OVERACHIEVED", line["name"])}


@plants("MONEY_AS_OUTPUT")
def _money(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _first(doc)
    line |= {"name": "投入项目经费", "unit": "元", "target": doc["executed"], "actual": doc["executed"], "cause": ""}
    settle(doc)
    return {("MONEY_AS_OUTPUT", line["name"])}


@plants("PAYMENT_OUTPUT_DIVERGENCE", "GRADE_AGAINST_EXECUTION")
def _divergence(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc["executed"] = doc["budget"] * dice.randrange(30, 55) // 100
    doc["execution_rate_printed"] = f"{doc['executed'] * 100 / doc['budget']:.2f}%"
    for line in doc["lines"]:
        if line["level1"] == "产出指标" and line["actual"] < line["target"]:
            line |= {"actual": line["target"] + 1, "cause": ""}
    settle(doc)
    faults: set[Fault] = {("PAYMENT_OUTPUT_DIVERGENCE", None)}
    return faults | ({("GRADE_AGAINST_EXECUTION", None)} if doc["total_printed"] >= 90 else set())


@plants("NO_BENEFIT_INDICATOR")
def _no_benefit(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    gone = [line for line in doc["lines"] if line["level1"] == "效益指标"]
    doc["lines"] = [line for line in doc["lines"] if line not in gone]
    _first(doc)["weight"] += sum(line["weight"] for line in gone)
    settle(doc)
    return {("NO_BENEFIT_INDICATOR", None)}


@plants("NO_SATISFACTION_INDICATOR")
def _no_satisfaction(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    gone = doc["lines"].pop()
    _first(doc)["weight"] += gone["weight"]
    settle(doc)
    return {("NO_SATISFACTION_INDICATOR", None)}


@plants("ALL_FULL_MARKS")
def _full(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if len(doc["lines"]) < 6:
        return set()
    doc["executed"], doc["execution_rate_printed"] = doc["budget"], "100%"
    for line in doc["lines"]:
        if line["actual"] < line["target"]:
            line |= {"actual": line["target"] + 1 + line["target"] // 30, "cause": ""}
    settle(doc)
    doc["problems"] = "无"
    return {("ALL_FULL_MARKS", None)}


@plants("ACTUAL_EQUALS_TARGET")
def _equal(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    for line in doc["lines"]:
        line |= {"actual": line["target"], "cause": ""}
    settle(doc)
    return {("ACTUAL_EQUALS_TARGET", None)}


@plants("ROUND_NUMBERS")
def _round_numbers(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if len(doc["lines"]) < 8:
        return set()
    for line in doc["lines"]:
        if line["unit"] == "%":
            line |= {"target": 94, "actual": 95, "cause": ""}
        elif line["unit"] != "年":
            line["actual"] = (line["target"] * 9 // 80 + 1) * 10
            line["actual"] += 10 if line["actual"] <= line["target"] else 0
            line["cause"] = ""
        else:
            line |= {"target": 12, "actual": 15}
    settle(doc)
    return {("ROUND_NUMBERS", None)}


@plants("COPIED_ACTUALS")
def _copied_actuals(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if last is None or len(doc["lines"]) < 6:
        return set()
    for line, old in zip(doc["lines"], last["lines"], strict=True):
        line["actual"] = old["actual"]
        line["cause"] = line["cause"] if line["actual"] < line["target"] else ""
    settle(doc)
    return {("COPIED_ACTUALS", None)}


@plants("COPIED_PROBLEMS")
def _copied_problems(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if last is None:
        return set()
    doc["problems"] = last["problems"]
    return {("COPIED_PROBLEMS", None)}


@plants("COPIED_CAUSE")
def _copied_cause(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if last is None:
        return set()
    story, line, mine = _story(dice), _first(last), _first(doc)
    line |= {"actual": line["target"] * 9 // 10, "cause": f"{doc['project']}停用 40 天，{story}"}
    settle(last)
    mine |= {"actual": mine["target"] * 9 // 10, "cause": f"停用 50 天；{story}"}
    settle(doc)
    return {("COPIED_CAUSE", mine["name"])}


@plants("GRADE_AGAINST_LIGHTS")
def _lights(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc["light"] = "红灯"
    return {("GRADE_AGAINST_LIGHTS", None)} if doc["total_printed"] >= 90 else set()


@plants("ACHIEVED_AGAINST_FORECAST")
def _forecast(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _met(doc)
    line["likelihood"] = "完全不可能"
    return {("ACHIEVED_AGAINST_FORECAST", line["name"])}


@plants("NO_PROBLEM_REPORTED")
def _silent(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc |= {"problems": dice.choice(("", "无", "没有")), "rectifications": 1}
    return {("NO_PROBLEM_REPORTED", None)}


@plants("STOCK_PHRASE")
def _stock(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    doc |= {"problems": dice.choice(("有待进一步加强管理。", "绩效意识不强，今后将加强学习。", "需进一步完善。"))}
    doc["light"] = "黄灯"
    return {("STOCK_PHRASE", None)}


@plants("OVERFULFILLED_AGAIN", "OVERACHIEVED")
def _again(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = _met(doc)
    line["actual"] = line["target"] * 15 // 10 + 1
    settle(doc)
    if last is None:
        return {("OVERACHIEVED", line["name"])}
    old = next(one for one in last["lines"] if one["name"] == line["name"])
    old |= {"target": line["target"] * 9 // 10, "actual": line["target"] * 13 // 10, "cause": ""}
    settle(last)
    low: set[Fault] = {("TARGET_BELOW_LAST", line["name"])} if line["target"] * 10 < old["actual"] * 7 else set()
    return {("OVERACHIEVED", line["name"]), ("OVERFULFILLED_AGAIN", line["name"])} | low


@plants("TARGET_BELOW_LAST")
def _low(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    if last is None:
        return set()
    line = _met(doc)
    old = next(one for one in last["lines"] if one["name"] == line["name"])
    old |= {"target": line["target"] * 16 // 10, "actual": line["target"] * 17 // 10 + 1, "cause": ""}
    settle(last)
    return {("TARGET_BELOW_LAST", line["name"])}


@plants("TARGET_BELOW_PEERS", "OVERACHIEVED")
def _peers(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = doc["lines"][-1]
    line["target"] = 50
    settle(doc)
    if last is not None:
        last["lines"][-1]["actual"] = 70.5
        last["lines"][-1]["target"] = 65
        settle(last)
    faults: set[Fault] = {("TARGET_BELOW_PEERS", line["name"]), ("OVERACHIEVED", line["name"])}
    return faults


@plants("EVIDENCE_MISSING")
def _evidence(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = next(line for line in doc["lines"] if line["weight"] >= 10)
    line["evidence"] = False
    return {("EVIDENCE_MISSING", line["name"])}


@plants("WRONG_CLASS")
def _class(doc: Doc, last: Doc | None, dice: Random) -> set[Fault]:
    line = next(line for line in doc["lines"] if line["level2"] == "可持续影响指标")
    line |= {"name": "工程验收合格率", "unit": "%", "target": 95, "actual": 96.4}
    settle(doc)
    return {("WRONG_CLASS", line["name"])}
