"""A county of self-evaluation sheets with planted faults, written without the rules that are to find them.

It knows the printed table (points by proportion, HALF_UP to 0.01) and what the codes mean in words; it imports nothing
of the program. Honest sheets carry honest noise: targets missed and surpassed by less than a third, small sheets with
all points, execution rounded to 0.1, values that are the same as last year by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

Doc = dict[str, Any]
Fault = tuple[str, str | None]
Planter = Callable[[Doc, Doc | None, Random], set[Fault] | None]
SEED = 20221231
OUTPUTS = (
    "维修道路长度/公里",
    "新建水池/处",
    "培训人员/人次",
    "发放宣传册/份",
    "检测样品/批次",
    "清理河道/公里",
    "栽植苗木/株",
    "入户走访/户",
    "更换路灯/盏",
    "开设课程/课时",
    "接种疫苗/剂次",
    "修缮房屋/间",
)
QUALITY = ("验收合格率/%", "检测准确率/%", "设备完好率/%", "档案完整率/%")
BENEFITS = ("受益群众/人", "减少投诉/件", "节约用水/吨", "缩短办理时间/小时", "覆盖村组/个")
PLACES = "东西南北上下前后左右金银铜铁石木水火土云山河湖海林田星辰光明"
THINGS = (
    "连续降雨",
    "原材料涨价",
    "厂家停产",
    "图纸变更",
    "土地未交付",
    "人员调动",
    "疫情封控",
    "上级计划调整",
    "招标流标",
    "设备返修",
)
PARTS = (
    "第一标段",
    "北片三个村",
    "县城段",
    "二期工程",
    "夏季批次",
    "山区学校",
    "河东片区",
    "老旧小区",
    "冷链设备",
    "信息系统",
)
EFFECTS = (
    "推后两周完工",
    "少做了几处",
    "只到货一半",
    "改由邻县承接",
    "转到下年实施",
    "缩小了范围",
    "增加了费用",
    "重新组织招标",
)
STEPS = (
    "已与施工方约定雨季前完成土方",
    "改为分批采购并预付定金",
    "提前一季度报送设计",
    "由分管领导每周调度",
    "与乡镇签订交地协议",
    "备选两家供货单位",
    "年初细化到月计划",
)


@dataclass
class County:
    """The documents by file name, and for each the faults that were planted."""

    documents: dict[str, Doc] = field(default_factory=dict)
    planted: dict[str, set[Fault]] = field(default_factory=dict)


def grow(count: int, seed: int = SEED, twins: Sequence[Planter] = ()) -> County:
    """`count` sheets of 2022, two thirds of them with one of 2021 before them.

    Every other one has a fault; of the rest every other one is made a twin of a fault that must stay silent.
    """
    dice, county = Random(seed), County()
    kinds = list(PLANTS)
    for no in range(count):
        unit = f"{PLACES[no // 6 % 30]}{PLACES[no // 180 % 30]}{'局委办处'[no // 6 % 4]}"
        now = honest(dice, no, unit, 2022)
        faults: set[Fault] = set()
        last = before(dice, now) if no % 3 else None
        if no % 2 == 0:
            faults = PLANTS[kinds[no // 2 % len(kinds)]](now, last, dice) or set()
            faults |= _implied(now, faults, dice)
        elif twins and no % 4 == 1:
            twins[no // 4 % len(twins)](now, last, dice)
            faults = _implied(now, faults, dice)
        name = f"{unit}/{now['id']}"
        county.documents[f"2022/{name}.json"], county.planted[now["id"]] = now, faults
        if last:
            county.documents[f"2021/{name}.json"], county.planted[last["id"]] = last, _implied(last, set(), dice)
    return county


def _implied(doc: Doc, faults: set[Fault], dice: Random) -> set[Fault]:
    """What follows from another fault by the meaning of its code; who lost points honestly says why."""
    quiet = doc["total_printed"] == 100 and doc["light"] == "绿灯"
    if doc["problems"] == "无" and ("NO_PROBLEM_REPORTED", None) not in faults and not quiet:
        doc["problems"] = _story(dice)
    found: set[Fault] = {("OVERACHIEVED", line["name"]) for line in doc["lines"] if _far_beyond(line)}
    return found | ({("ALL_FULL_MARKS", None)} if doc["total_printed"] == 100 and len(doc["lines"]) >= 5 else set())


def _far_beyond(line: Doc) -> bool:
    numbers = all(isinstance(line[key], int | float) for key in ("target", "actual"))
    return numbers and line["actual"] * 10 >= line["target"] * 13


def honest(dice: Random, no: int, unit: str, year: int) -> Doc:
    """A sheet without a fault."""
    small = no % 9 == 4
    budget = dice.randrange(200, 9000) * 10000 + dice.randrange(10000)
    rate = Decimal(100) if small else Decimal(dice.randrange(7600, 10000)) / 100
    executed = int(budget * rate / 100)
    lines = _lines(dice, small)
    doc: Doc = {
        "id": f"{year}-{no:05d}", "publisher": unit, "source": "", "year": year,
        "project": f"{PLACES[no % 30]}{PLACES[no // 30 % 30]}{PLACES[no // 900 % 30]}片项目",
        "complete": True, "missing": "", "policy": "national/2020", "money_unit": "元",
        "budget": budget, "executed": executed,
        "execution_rate_printed": f"{_round(Decimal(executed) * 100 / budget, '0.01')}%", "execution_weight": 10,
        "execution_points_printed": None, "lines": lines, "total_printed": None,
        "problems": _story(dice), "light": "绿灯", "rectifications": 0,
    }  # fmt: skip
    if small:
        doc["problems"] = "无"
    settle(doc)
    return doc


def _lines(dice: Random, small: bool) -> list[Doc]:
    chosen = dice.sample(OUTPUTS, 2 if small else 4)
    rows = [("产出指标", "数量指标", name) for name in chosen]
    rows += [("产出指标", "质量指标", name) for name in dice.sample(QUALITY, 1)]
    rows += [("效益指标", "社会效益指标", name) for name in dice.sample(BENEFITS, 1 if not small else 0)]
    rows.append(("效益指标", "可持续影响指标", "持续使用年限/年"))
    rows.append(("满意度指标", "服务对象满意度指标", "服务对象满意度/%"))
    weights = [90 // len(rows)] * len(rows)
    weights[0] += 90 - sum(weights)
    if small:
        rows, weights = [rows[0], rows[2], rows[3], rows[4]], [40, 20, 20, 10]
    return [_line(dice, row, weight, small) for row, weight in zip(rows, weights, strict=True)]


def _line(dice: Random, row: tuple[str, str, str], weight: int, small: bool) -> Doc:
    name, unit = row[2].split("/")
    if unit == "%":
        target = dice.choice((90, 92, 95)) if "满意" in name else dice.choice((95, 96, 98))
        actual: Any = min(Decimal(100), target + Decimal(dice.randrange(1, 46)) / 10)
    elif unit == "年":
        target, actual = dice.choice((5, 8, 10)), None
        actual = target
    else:
        target = dice.randrange(40, 900)
        share = dice.choice((dice.randrange(80, 99), dice.randrange(101, 124), dice.randrange(101, 124)))
        actual = max(1, target * (share if not small else dice.randrange(101, 124)) // 100)
        actual += 1 if actual % 10 in (0, 5) else 0
    line: Doc = {
        "level1": row[0], "level2": row[1], "name": name, "comparison": "≥", "target": target, "unit": unit,
        "actual": float(actual) if isinstance(actual, Decimal) else actual, "weight": weight, "points_printed": None,
        "cause": "", "evidence": True, "likelihood": "有可能",
    }  # fmt: skip
    if Decimal(str(line["actual"])) < target:
        line["cause"] = _story(dice)
    return line


def before(dice: Random, now: Doc) -> Doc:
    """The year before of the same project: near it, but measured anew."""
    last = {**now, "id": now["id"].replace("2022", "2021"), "year": 2021, "problems": _story(dice)}
    last["lines"] = [dict(line) for line in now["lines"]]
    for line in last["lines"]:
        if line["unit"] not in ("%", "年"):
            line["target"] = max(30, line["target"] * dice.randrange(88, 104) // 100)
            line["actual"] = line["target"] * dice.randrange(101, 112) // 100 + 1
        elif line["unit"] == "%":
            line["actual"] = float(min(Decimal(100), line["target"] + Decimal(dice.randrange(1, 46)) / 10))
        line["cause"] = ""
    settle(last)
    return last


def settle(doc: Doc) -> None:
    """Print the points that the rule gives, and the total."""
    rate = min(Decimal(1), Decimal(doc["executed"]) / doc["budget"])
    doc["execution_points_printed"] = float(_round(doc["execution_weight"] * rate, "0.01"))
    for line in doc["lines"]:
        line["points_printed"] = float(_deserved(line))
    total(doc)


def total(doc: Doc) -> None:
    """Add up what is printed."""
    parts = [doc["execution_points_printed"], *(line["points_printed"] for line in doc["lines"])]
    doc["total_printed"] = float(sum((Decimal(str(part)) for part in parts if part is not None), Decimal(0)))


def _deserved(line: Doc) -> Decimal:
    target, actual = Decimal(str(line["target"])), Decimal(str(line["actual"]))
    return _round(line["weight"] * min(Decimal(1), actual / target), "0.01")


def _round(value: Decimal, to: str) -> Decimal:
    return value.quantize(Decimal(to), ROUND_HALF_UP)


def _story(dice: Random) -> str:
    """A cause in words of its own: what happened where, with what effect, and what is done about it; twice."""
    whats, wheres = dice.sample(THINGS, 2), dice.sample(PARTS, 2)
    effects, steps = dice.sample(EFFECTS, 2), dice.sample(STEPS, 2)
    parts = zip(whats, wheres, effects, steps, strict=True)
    return "".join(
        f"{_village(dice)}{where}因{what}{effect}，{_village(dice)}{step}。" for what, where, effect, step in parts
    )


def _village(dice: Random) -> str:
    return "".join(dice.sample(PLACES, 3)) + "村"


def _first(doc: Doc) -> Doc:
    found: Doc = doc["lines"][0]
    return found


def _met(doc: Doc) -> Doc:
    """A quantity that was reached."""
    for reached in doc["lines"]:
        if reached["level2"] == "数量指标" and Decimal(str(reached["actual"])) > reached["target"]:
            found: Doc = reached
            return found
    line = _first(doc)
    line["actual"], line["cause"] = line["target"] + max(1, line["target"] // 20), ""
    settle(doc)
    return line


PLANTS: dict[str, Planter] = {}


def plants(*codes: str) -> Callable[[Planter], Planter]:
    """Register a planter under the codes that it plants."""

    def keep(planter: Planter) -> Planter:
        PLANTS["+".join(codes)] = planter
        return planter

    return keep
