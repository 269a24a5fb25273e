"""`jixiao import`: any folder or files of tables into the database, all or nothing."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jixiao.domain.actors import system
from jixiao.kit.importing import Importer, ImportScope, Outcome, Plan, Readings, Source, run
from jixiao.kit.tables import Problem
from jixiao.overview.catalogue import IMPORTERS
from jixiao.overview.mapping import fitting, saved, values
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Region

from .database import upgrade
from .environment import Refused

# The formats that are refused are taken up too: a file passed over in silence would seem to be stored.
ENDINGS = frozenset({".xlsx", ".csv", ".xls", ".xlsm", ".xlsb", ".et", ".ods"})
MOST_SHOWN = 50
_CODE = re.compile("[0-9]{6,9}")
YEARS = range(1990, 2100)
LONGEST_NAME = 40
_UNKNOWN = "没有认出任何一张表，请使用系统模板的表名和表头，或把这个文件移出文件夹"


@dataclass(frozen=True, slots=True)
class Registration:
    """How a region is entered if it is new."""

    code: str
    name: str
    bureau: str = ""
    demo: bool = False


def load(paths: Sequence[Path], region: Registration, year: int, *, commit: bool, mapping: str = "") -> Outcome:
    """Import the files in one act; a new region is entered in the same act, so that it is there with its rows.

    `mapping` names a saved mapping: files with its headers are read by it, the others by their own headers.
    """
    sources = [Source(path.name, path.read_bytes()) for path in paths]
    named = saved(region.code, mapping) if mapping else []
    if mapping and not named:
        raise Refused(f"没有名为“{mapping}”的列对应，请先在“数据导入”页保存，或核对名称")
    for source in sources:
        found = fitting(named, source.content, source.filename)
        source.mapping = values(found) if found else None
    scope = ImportScope(region.code, year, system(region.code), for_region)
    return run(sources, [_registering(importer, region) for importer in IMPORTERS], scope, commit=commit)


def _registering(importer: Importer, region: Registration) -> Importer:
    def plan(readings: Readings, scope: ImportScope) -> Plan:
        planned = importer.plan(readings, scope)
        planned.steps.insert(0, lambda _act: _register(region))
        return planned

    return replace(importer, plan=plan)


def _register(region: Registration) -> None:
    facts = {"name": region.name, "bureau": region.bureau or f"{region.name}财政局", "demo": region.demo}
    Region.objects.get_or_create(code=region.code, defaults=facts)


def tables_in(paths: Sequence[Path]) -> list[Path]:
    """The table files named or lying in the named folders, in the order of their names. Raises Refused."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(f for f in path.iterdir() if is_table(f))
        elif path.is_file():
            found.append(path)
        else:
            raise Refused(f"没有文件或文件夹 {path}，请核对路径")
    if not found:
        raise Refused(f"{'、'.join(map(str, paths))} 里没有表格文件（.xlsx、.csv）")
    return found


def passed_over(paths: Sequence[Path]) -> list[str]:
    """Names of what lies in the named folders and is not read: no table, hidden, or a folder of its own."""
    return sorted(f.name for path in paths if path.is_dir() for f in path.iterdir() if not is_table(f))


def is_table(file: Path) -> bool:
    """Is it a file that an import takes up?"""
    # Excel and WPS leave a hidden file beside a workbook that is open.
    return file.is_file() and file.suffix.lower() in ENDINGS and not file.name.startswith((".", "~$"))


def problems_of(outcome: Outcome) -> list[tuple[str, Problem]]:
    """The problems as they are told: a file in which no table was found says so once, not once for each table."""
    told: list[tuple[str, Problem]] = []
    for file, problem in outcome.problems:
        whole_file = not problem.row and problem.message.startswith("没有找到“")
        others = sum(1 for f, p in outcome.problems if f == file and p.message.startswith("没有找到“"))
        known = Problem(problem.sheet, 0, "", _UNKNOWN) if whole_file and others > 1 else problem
        if (file, known) not in told:
            told.append((file, known))
    return told


def as_json(outcome: Outcome, region: str, year: int) -> dict[str, Any]:
    """The outcome for programs."""
    return {
        "region": region,
        "year": year,
        "stored": outcome.stored,
        "counts": outcome.counts,
        "problems": [
            {"file": file, "sheet": p.sheet, "row": p.row, "column": p.column, "message": p.message}
            for file, p in problems_of(outcome)
        ],
        "gaps": [{"table": gap.table, "message": gap.message, "rows": list(gap.rows)} for gap in outcome.gaps],
    }


def as_text(outcome: Outcome, *, check: bool) -> str:
    """The outcome for people."""
    labels = {importer.key: importer.label for importer in IMPORTERS}
    titles = {table.key: table.title for importer in IMPORTERS for table in importer.tables}
    lines = [
        f"  {labels.get(key, key)}　新增 {counts['new']}　修改 {counts['changed']}　不变 {counts['same']}"
        for key, counts in outcome.counts.items()
    ]
    problems = problems_of(outcome)
    lines += [f"问题　{file}：{problem}" for file, problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        lines.append(f"　　　另有 {len(problems) - MOST_SHOWN} 处，用 --json 可全部列出")
    for gap in outcome.gaps:
        rows = f"（第 {'、'.join(map(str, gap.rows[:10]))} 行{'等' if len(gap.rows) > 10 else ''}）" if gap.rows else ""
        lines.append(f"缺口　{titles.get(gap.table, gap.table)}：{gap.message}{rows}")
    lines.append(_verdict(outcome, len(problems), check=check))
    return "\n".join(lines)


def _verdict(outcome: Outcome, problems: int, *, check: bool) -> str:
    if problems:
        return f"有 {problems} 处问题，没有写入任何数据。请按提示改正后重新导入。"
    if check:
        return f"检查通过：将写入 {outcome.changes} 行（没有写入）。"
    return f"已写入 {outcome.changes} 行。" if outcome.stored else "没有变化，与库中一致。"


def execute(args: argparse.Namespace) -> int:
    """0 stored or nothing to change, 1 problems. Raises Refused for a wrong call."""
    if not _CODE.fullmatch(args.region):
        raise Refused(f"区划编码应为六至九位数字，如 411323，现为“{args.region}”")
    if args.year not in YEARS:
        raise Refused(f"年度应为四位年份，如 2022，现为“{args.year}”")
    if len(args.name or "") > LONGEST_NAME:
        raise Refused(f"区划名称最多 {LONGEST_NAME} 个字，现有 {len(args.name)} 个字")
    paths = tables_in(args.paths)
    upgrade()
    region = Registration(args.region, args.name or args.region)
    outcome = load(paths, region, args.year, commit=not args.check, mapping=args.mapping or "")
    if args.json:
        print(json.dumps(as_json(outcome, args.region, args.year), ensure_ascii=False, indent=1))
    else:
        if others := passed_over(args.paths):
            more = " 等" if len(others) > 10 else ""
            print(f"不是表格、没有读的文件 {len(others)} 个：{'、'.join(others[:10])}{more}")
        print(as_text(outcome, check=args.check), file=sys.stderr if outcome.problems else sys.stdout)
    return 1 if outcome.problems else 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("import", help="导入一个文件夹的表格（xlsx、csv），全部写入或全不写入")
    parser.add_argument("paths", nargs="+", type=Path, metavar="文件夹或文件")
    parser.add_argument("--region", required=True, metavar="编码", help="区划编码，如 411323；新的区划会登记")
    parser.add_argument("--name", metavar="名称", help="新区划的名称（缺省为编码）")
    parser.add_argument("--year", required=True, type=int, metavar="年度", help="工作年度，如 2022")
    parser.add_argument("--mapping", metavar="名称", help="按保存的列对应读表头相同的文件")
    parser.add_argument("--check", action="store_true", help="只检查，不写入")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.set_defaults(run=execute)
