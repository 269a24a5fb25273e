"""Every replay figure worked out from a district's CSV folder alone, to hold the product's figures against.

Standard library only, exact fractions, nothing of the product: two programs that agree by accident would have to
misread the same definition twice. Run as

    python tests/replay/independent.py demo/xixia-2022 2022 [spotcheck.min=30 …]

Figures whose value is a parameter of the region's policy cannot follow from rows: they are passed in as key=value.
A figure without a denominator, or without a round to speak of, is left out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]
Value = str | dict[str, str]
GRADES = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}
STOPPED = ("收回", "暂停", "停止", "取消")
NPC = {
    "npc.key_reports": ("重点项目评价报告", "重点绩效评价报告"),
    "npc.overall_self": ("部门整体绩效自评报告",),
    "npc.overall_targets": ("部门整体支出绩效目标",),
    "npc.special_funds": ("专项资金绩效目标",),
}


def number(text: str) -> Fraction:
    return Fraction(text.strip() or "0")


def cents(value: Fraction) -> Fraction:
    """Half up to 0.01; no figure here is negative."""
    return Fraction(int(value * 100 + Fraction(1, 2)), 100)


def plain(value: Fraction | int) -> str:
    """Shortest exact decimal text: fen in 万元 need six places, no value needs more."""
    millionths = Fraction(value) * 10**6
    if millionths.denominator != 1:
        raise ValueError(f"{value} has more than six decimals")
    whole, rest = divmod(int(millionths), 10**6)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def percent(part: Fraction | int, whole: Fraction | int) -> str | None:
    return plain(cents(Fraction(part) * 100 / whole)) if whole else None


def grade(total: Fraction) -> str:
    return "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"


def line_points(row: Row) -> Fraction:
    """财预〔2020〕10号: in proportion to what was reached and capped; a 定性 line gets the share granted to it."""
    weight = number(row["权重"])
    if not row["符号"]:
        return cents(weight * number(row["定性完成度"]) / 100)
    target, actual = number(row["指标值"]), number(row["实际完成值"])
    if row["符号"] == "≤":
        return cents(weight * min(Fraction(1), target / actual)) if actual else weight
    return cents(weight * min(Fraction(1), actual / target))


class District:
    """The tables of one folder and one work year."""

    def __init__(self, folder: Path, year: int) -> None:
        self.folder, self.year = folder, str(year)
        self.projects = {row["项目编码"]: row for row in self.rows("projects")}
        self.units = {row["单位编码"]: row for row in self.rows("units")}
        self.paid: dict[tuple[str, str], list[tuple[str, Fraction]]] = defaultdict(list)
        for row in self.rows("payments"):
            self.paid[row["年度"], row["项目编码"]].append((row["支付日期"], number(row["金额(元)"]) / 10_000))
        self.paid_years = {year for year, _ in self.paid}
        self.marks: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("evaluation_scores"):
            self.marks[row["评价编号"]].append(row)

    def rows(self, table: str, **wanted: str) -> list[Row]:
        path = self.folder / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in wanted.items())]

    def spent(self, year: str, project: str, until: str = "9999-12-31") -> Fraction:
        return sum((amount for day, amount in self.paid[year, project] if day <= until), Fraction(0))

    def unit_of(self, row: Row) -> str:
        return self.projects[row["项目编码"]]["单位编码"]

    def total(self, evaluation: Row) -> Fraction:
        marks = self.marks.get(evaluation["评价编号"])
        return sum((number(row["得分"]) for row in marks), Fraction(0)) if marks else number(evaluation["得分"])

    def key_evaluations(self, year: str, kind: str | None = None) -> list[Row]:
        found = self.rows("evaluations", 评价方式="财政重点评价", 评价年度=year)
        return [row for row in found if kind in (None, row["对象类型"])]

    def self_evaluations(self) -> list[Row]:
        return [row for row in self.rows("self_evaluations", 工作年度=self.year) if row["项目编码"] in self.projects]


def add(rows: Iterable[Row], column: str) -> Fraction:
    return sum((number(row[column]) for row in rows), Fraction(0))


def targets(d: District) -> dict[str, Value | None]:
    projects = [p for p in d.projects.values() if p["年度"] == d.year and p["对象类型"] == "项目"]
    projects = [p for p in projects if number(p["年初预算(万元)"]) > 0]
    lines: dict[str, int] = defaultdict(int)
    for row in d.rows("indicators", 年度=d.year):
        lines[row["项目编码"]] += 1
    result: dict[str, Value | None] = {
        "targets.projects": str(len(projects)),
        "targets.amount": plain(add(projects, "年初预算(万元)")),
        "indicators.max": str(max(lines.values(), default=0)),
    }
    for key, category in {"general": "一般性项目", "policy": "政策性项目"}.items():
        of_category = [p for p in projects if p["项目类别"] == category]
        result[f"targets.amount.{key}"] = plain(add(of_category, "年初预算(万元)"))
    return result


def ex_ante(d: District) -> dict[str, Value | None]:
    rows = d.rows("exante", 工作年度=d.year)
    units = [d.units[code] for code in {row["单位编码"] for row in rows}]
    return {
        "exante.first_level_units": str(sum(u["单位级次"] == "1" and u["单位类型"] == "部门" for u in units)),
        "exante.towns": str(sum(u["单位类型"] == "乡镇" for u in units)),
        "exante.policies": str(sum(row["对象类型"] == "政策" for row in rows)),
        "exante.projects": str(sum(row["对象类型"] == "项目" for row in rows)),
    }


def slow(d: District, row: Row, recovered: set[str]) -> bool:
    """More than 20 points behind time (cut-offs are month ends) and still to be carried out."""
    budget = number(row["全年预算(万元)"])
    if not budget or row["项目编码"] in recovered or any(word in row["处置意见"] for word in STOPPED):
        return False
    elapsed = Fraction(int(row["截止日期"][5:7]), 12)
    return elapsed - d.spent(d.year, row["项目编码"], row["截止日期"]) / budget > Fraction(1, 5)


def monitoring(d: District) -> dict[str, Value | None]:
    rows = d.rows("monitoring", 年度=d.year)
    rounds = {int(row["监控轮次"]) for row in rows}
    recovered = d.rows("recoveries", 年度=d.year)
    result: dict[str, Value | None] = {
        "monitoring.rounds": str(len(rounds)),
        "recovery.amount": plain(add(recovered, "收回金额(万元)")),
        **key_monitoring(d, rows),
    }
    last = [row for row in rows if int(row["监控轮次"]) == max(rounds)]
    spent = sum((d.spent(d.year, row["项目编码"], row["截止日期"]) for row in last), Fraction(0))
    budget = add(last, "全年预算(万元)")
    stopped = {row["项目编码"] for row in recovered}
    return result | {
        "monitoring.projects": str(len({row["项目编码"] for row in last})),
        "monitoring.units": str(len({d.unit_of(row) for row in last})),
        "monitoring.amount": plain(budget),
        "monitoring.spent": plain(spent),
        "monitoring.rate": percent(spent, budget),
        "monitoring.slow": str(sum(slow(d, row, stopped) for row in last)),
        "monitoring.period": f"1-{int(max(row['截止日期'] for row in last)[5:7])}" if last else None,
    }


def key_monitoring(d: District, rows: list[Row]) -> dict[str, Value | None]:
    latest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: int(row["监控轮次"])):
        if row["监控性质"] == "重点监控":
            latest[row["项目编码"]] = row
    rates = {
        d.projects[code]["项目名称"]: percent(d.spent(d.year, code, row["截止日期"]), number(row["全年预算(万元)"]))
        for code, row in latest.items()
    }
    return {
        "monitoring.key": str(len(latest)),
        "monitoring.key.amount": plain(add(latest.values(), "全年预算(万元)")),
        "monitoring.key.rate": {name: rate for name, rate in rates.items() if rate is not None},
    }


def self_score(d: District, row: Row, lines: list[Row]) -> Fraction:
    """执行 10 分 plus the lines; the printed 全年执行 counts only where the object year has no payments at all."""
    budget = number(row["全年预算(万元)"])
    known = row["对象年度"] in d.paid_years
    spent = d.spent(row["对象年度"], row["项目编码"]) if known else number(row["全年执行(万元)"])
    execution = cents(10 * min(Fraction(1), spent / budget)) if budget else Fraction(0)
    return execution + sum((line_points(line) for line in lines), Fraction(0))


def self_scores(d: District) -> dict[tuple[str, str], Fraction]:
    """(对象年度, 项目编码) → recomputed total."""
    lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in d.rows("self_evaluation_scores"):
        lines[row["对象年度"], row["项目编码"]].append(row)
    keyed = {(row["对象年度"], row["项目编码"]): row for row in d.self_evaluations()}
    return {key: self_score(d, row, lines[key]) for key, row in keyed.items()}


def self_evaluation(d: District) -> dict[str, Value | None]:
    rows = d.self_evaluations()
    grades = [grade(total) for total in self_scores(d).values()]
    result: dict[str, Value | None] = {
        "self.units": str(len({d.unit_of(row) for row in rows})),
        "self.projects": str(len(rows)),
        "self.amount": plain(add(rows, "全年预算(万元)")),
    }
    for key, name in GRADES.items():
        result[f"self.{key}"] = str(grades.count(name))
        result[f"self.{key}.share"] = percent(grades.count(name), len(grades))
    return result


def evaluation(d: District) -> dict[str, Value | None]:
    year, before = d.year, str(int(d.year) - 1)
    projects, departments = d.key_evaluations(year, "项目"), d.key_evaluations(year, "部门整体")
    earlier = d.key_evaluations(before, "项目")
    result: dict[str, Value | None] = {
        "key.projects": str(len(projects)),
        "key.departments": str(len(departments)),
        "key.projects.departments": str(len({row["单位编码"] for row in projects})),
        "key.amount": plain(add(projects, "安排资金(万元)")),
        "key.projects.amount": plain(add(projects, "安排资金(万元)")),
        "key.departments.arranged": plain(add(departments, "安排资金(万元)")),
        "key.departments.used": plain(add(departments, "使用资金(万元)")),
        "key.score": {row["对象名称"]: plain(d.total(row)) for row in departments},
        "key.projects.previous_year": str(len(earlier)),
    }
    for key, name in GRADES.items():
        result[f"key.projects.{key}"] = str(sum(grade(d.total(row)) == name for row in projects))
        result[f"key.{key}.previous_year"] = str(sum(grade(d.total(row)) == name for row in earlier))
    return result


def follow_up(d: District) -> dict[str, Value | None]:
    key = {row["评价编号"] for row in d.key_evaluations(d.year)}
    object_of = {row["评价编号"]: row["对象编码"] for row in d.key_evaluations(d.year, "项目")}
    common: dict[str, set[str]] = defaultdict(set)
    for row in d.rows("problems"):
        if row["评价编号"] in object_of:
            common[row["问题类别"]].add(object_of[row["评价编号"]])
    published = d.rows("disclosures", 工作年度=d.year)
    sent = d.rows("reports_to", 工作年度=d.year, 报送对象="人大")
    result: dict[str, Value | None] = {
        "problems.common": {name: str(len(projects)) for name, projects in common.items()},
        "rectification.items": str(sum(row["评价编号"] in key for row in d.rows("rectifications"))),
        "disclosure.reports": str(sum(row["材料类别"].endswith("评价报告") for row in published)),
    }
    return result | {name: str(sum(row["材料类别"] in kinds for row in sent)) for name, kinds in NPC.items()}


def whole(d: District) -> dict[str, Value | None]:
    first = {code for code, unit in d.units.items() if unit["单位级次"] == "1"}
    overall = d.rows("overall_targets", 工作年度=d.year)
    active = {d.unit_of(row) for row in d.self_evaluations()} | {row["单位编码"] for row in overall}
    pilots = {row["单位编码"] for row in d.rows("overall_pilots") if row["试点年度"] <= d.year}
    return {
        "units.total": str(len(first)),
        "units.coverage": percent(len(first & active), len(first)),
        "overall.targets": str(len(overall)),
        "overall.pilots": str(len(pilots)),
        "policies.count": str(len(d.rows("policies", 年度=d.year))),
    }


def figures(folder: Path, year: int, constants: dict[str, str] | None = None) -> dict[str, Value]:
    """Every figure of the work year by key: a decimal text, or label → text where it has a breakdown."""
    d = District(folder, year)
    found: dict[str, Value | None] = {}
    for part in (targets, ex_ante, monitoring, self_evaluation, evaluation, follow_up, whole):
        found |= part(d)
    return {key: value for key, value in found.items() if value is not None} | (constants or {})


if __name__ == "__main__":
    given = dict(text.split("=", 1) for text in sys.argv[3:])
    print(json.dumps(figures(Path(sys.argv[1]), int(sys.argv[2]), given), ensure_ascii=False, indent=1))
