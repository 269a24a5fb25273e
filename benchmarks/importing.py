"""Import of 10,000 projects with 10 indicators each: the real importer against raw reading and inserting.

Raw is calamine and `executemany` into plain tables of the same columns, in the same database: no guard, no child
process, no types, no checks, no audit, no indexes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from statistics import median
from typing import Any

import xlsxwriter
from benchmarks.showing import show, timed, tiny
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from jixiao.cli.database import upgrade
from jixiao.domain.actors import system
from jixiao.kit.importing import ImportScope, Outcome, Source, run
from jixiao.policies import for_region
from jixiao.registers.organizations.importer import IMPORTERS as UNITS
from jixiao.registers.organizations.models import Region
from jixiao.registers.subjects.importer import IMPORTERS as SUBJECTS
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

YEAR, UNIT_COUNT, PER_PROJECT, ROUNDS = 2022, 300, 10, 3
UNIT_HEAD = ("单位编码", "单位名称", "上级单位编码", "单位类型", "归口股室")
PROJECT_HEAD = ("年度", "项目编码", "项目名称", "单位编码", "年初预算（万元）", "追加调整（万元）", "绩效总目标")
INDICATOR_HEAD = (
    *("年度", "项目编码", "一级指标", "二级指标", "三级指标"),
    *("指标性质", "符号", "指标值", "计量单位", "权重"),
)
CLASSES = (
    *(("产出指标", "数量指标"), ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标")),
    *(("成本指标", "经济成本指标"), ("效益指标", "经济效益指标"), ("效益指标", "社会效益指标")),
    *(("效益指标", "生态效益指标"), ("效益指标", "可持续影响指标"), ("满意度指标", "服务对象满意度指标")),
)
Rows = list[tuple[Any, ...]]


def tables(projects: int) -> dict[str, Rows]:
    """Rows by file stem, the header first. Every third indicator is worded for its project alone."""
    units: Rows = [UNIT_HEAD]
    units += [(f"{101 + n}", f"第{n}局", "", "部门", f"第{n % 10}股") for n in range(UNIT_COUNT)]
    listed: Rows = [PROJECT_HEAD]
    for n in range(projects):
        amounts = (n % 997 + 0.5, n % 7)
        listed.append((YEAR, _code(n), f"第{n}号项目", f"{101 + n % UNIT_COUNT}", *amounts, f"完成第{n}号项目"))
    return {"units": units, "projects": listed, "indicators": [INDICATOR_HEAD, *_indicators(projects)]}


def _indicators(projects: int) -> Iterator[tuple[Any, ...]]:
    for n in range(projects):
        for place in range(PER_PROJECT):
            name = f"第{n}号项目第{place}项" if place % 3 == 0 else f"第{n % 50}类第{place}项"
            worded = place == PER_PROJECT - 2
            measure = ("定性", "", "较好") if worded else ("定量", "≥", (n + place) % 400 + 1)
            yield YEAR, _code(n), *CLASSES[place], name, *measure, "" if worded else "个", 9


def _code(number: int) -> str:
    return f"41132322101{number:010d}"


def workbook(title: str, rows: Rows) -> bytes:
    """One sheet as an office would hand it in."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def through_importer(books: dict[str, bytes], region: str) -> Outcome:
    """Every check, every index, one act."""
    Region.objects.create(code=region, name="测县", bureau="测县财政局")
    scope = ImportScope(region, YEAR, system(region), for_region)
    sources = [Source(f"{stem}.xlsx", content) for stem, content in books.items()]
    outcome = run(sources, (*UNITS, *SUBJECTS, *TARGETS), scope, commit=True)
    if not outcome.stored:
        raise SystemExit(f"nothing was stored: {outcome.problems[:3]}")
    return outcome


def raw(books: dict[str, bytes], name: str) -> None:
    """The same cells into tables without a meaning."""
    with transaction.atomic(), connection.cursor() as cursor:
        for stem, content in books.items():
            head, *rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
            columns = [f"c{place}" for place in range(len(head))]
            cursor.execute(f"CREATE TABLE {name}_{stem} ({', '.join(f'{column} text' for column in columns)})")
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {name}_{stem} VALUES ({marks})", rows)


TICK = 0.01  # processor time comes in hundredths of a second; the least work took none of them


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall time and of processor time, that of child processes included."""
    before = os.times()
    seconds, _ = timed(work)
    return seconds, sum(os.times()[:4]) - sum(before[:4])


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    projects, rounds = (20, 1) if trial else (10_000, ROUNDS)
    sheets = tables(projects)
    books = {stem: workbook(stem, rows) for stem, rows in sheets.items()}
    count = sum(map(len, sheets.values())) - len(sheets)
    theirs, ours = [], []
    for number in range(rounds):  # in turn, so that both meet the same busy neighbours
        theirs.append(spent(lambda number=number: raw(books, f"raw{number}")))
        ours.append(spent(lambda number=number: through_importer(books, f"99010{number}")))
    rows = []
    for way, took in (("raw", theirs), ("importer", ours)):
        wall, cpu = (median(times) for times in zip(*took, strict=True))
        rows.append({"way": way, "seconds": round(wall, 2), "cpu s": round(cpu, 2), "rows/s": round(count / wall)})
    facts = {
        name: round(median(mine[place] / max(base[place], TICK) for mine, base in zip(ours, theirs, strict=True)), 2)
        for place, name in enumerate(("ratio", "cpu_ratio"))
    }
    facts |= {"database": connection.vendor, "rounds": rounds}
    show("importing", rows, projects=projects, sheet_rows=count, **facts)
