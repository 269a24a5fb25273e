"""Import of payments with reconciliation: the real importer against raw reading and inserting, and its memory.

50,000 payments to 500 projects, every fiftieth to a code that nobody knows, every hundredth a correction. After each
import the year is reconciled as its page does. Raw is calamine and `executemany` into a plain table. Memory is the peak
of a process of its own that imports nothing, a tenth, the whole and four times as much, as a workbook and as csv; and
that of its child, which opens workbooks.
"""

from __future__ import annotations

import csv
import resource
import subprocess  # nosec B404: this interpreter on this module
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from benchmarks.county import subjects, units
from benchmarks.importing import raw, workbook
from benchmarks.showing import show, timed, tiny
from django.db import connection

from jixiao.cli.database import upgrade
from jixiao.domain.actors import Actor, Role, system
from jixiao.kit.importing import ImportScope, Source, run
from jixiao.overview.reconciliation import reconcile
from jixiao.policies import for_region
from jixiao.registers.subjects.importer import IMPORTERS
from jixiao.registers.subjects.models import Payment, SubjectYear

YEAR, PROJECTS, UNIT_COUNT = 2022, 500, 50
HEAD = ("年度", "项目编码", "凭证号", "支付日期", "金额（元）", "更正凭证", "单位编码", "摘要")
ALONE = "import django; django.setup(); from benchmarks import payments; payments.alone({0!r}, {1}, {2!r})"


def rows(codes: list[str], count: int) -> Iterator[tuple[Any, ...]]:
    """The header and so many payments."""
    yield HEAD
    for n in range(count):
        code = f"无{n}" if n % 50 == 0 else codes[n % len(codes)]
        corrects = f"B{n - 1}" if n % 100 == 1 else ""
        fen = -(n % 997) if corrects else n % 9973
        day, unit = f"{YEAR}-{n % 12 + 1:02}-{n % 28 + 1:02}", f"{101 + n % UNIT_COUNT}"
        yield YEAR, code, f"B{n}", day, fen / 100, corrects, unit, f"第{n}笔"


def county(region: str) -> list[str]:
    """Units and projects without their payments; the codes of the projects."""
    subjects(units(region, UNIT_COUNT), PROJECTS)
    Payment.objects.filter(region=region).delete()
    return list(SubjectYear.objects.filter(region=region).order_by("code").values_list("code", flat=True))


def text(lines: Iterator[tuple[Any, ...]]) -> bytes:
    """The same as csv."""
    out = StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def imported(region: str, content: bytes, count: int, ending: str = ".xlsx") -> None:
    """Import and reconcile; what is matched and what is not is everything."""
    scope = ImportScope(region, YEAR, system(region), for_region)
    outcome = run([Source(f"payments{ending}", content)], IMPORTERS, scope, commit=True)
    if not outcome.stored:
        raise SystemExit(f"nothing was stored: {outcome.problems[:3]}")
    found = reconcile(Actor(None, "绩效股", Role.PERFORMANCE_OFFICE, region), YEAR)
    lost = count // 50 + (count % 50 > 0)
    if found.balance.unmatched_count != lost or sum(row.spent for row in found.rows) != found.balance.matched:
        raise SystemExit(f"the reconciliation does not add up: {found.balance}")


def alone(region: str, count: int, file: str) -> None:
    """One import in this process; prints its peak memory and that of its child in MiB."""
    county(region)
    if count:
        imported(region, Path(file).read_bytes(), count, Path(file).suffix)
    # Not getrusage: its peak is inherited from whoever started the process.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own, child = int(status.partition("VmHWM:")[2].split()[0]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(own // 1024, child // 1024)


def _peaks(region: str, count: int, codes: list[str], ending: str) -> str:
    with NamedTemporaryFile(suffix=ending) as file:
        lines = rows(codes, count)
        file.write(workbook("国库支付", list(lines)) if ending == ".xlsx" else text(lines))
        file.flush()
        command = [sys.executable, "-c", ALONE.format(region, count, file.name)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)  # nosec B603
    own, child = ended.stdout.split()[-2:]
    return f"{own}+{child}" if count and ending == ".xlsx" else own


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    count = 500 if trial else 50_000
    codes = county("990401")
    book = workbook("国库支付", list(rows(codes, count)))
    theirs, _ = timed(lambda: raw({"payments": book}, "raw"))
    ours, _ = timed(lambda: imported("990401", book, count))
    scope = ImportScope("990401", YEAR, system("990401"), for_region)
    again, outcome = timed(lambda: run([Source("payments.xlsx", book)], IMPORTERS, scope, commit=True))
    if outcome.changes or outcome.problems:
        raise SystemExit("the same file again changed something")
    ways = (("raw", theirs), ("importer", ours), ("again", again))
    told = [{"way": way, "seconds": round(took, 2)} for way, took in ways]
    sizes = (count // 10, count, count * 4)
    files = [(0, ".csv"), *((size, ending) for ending in (".csv", ".xlsx") for size in sizes)]
    peaks = {f"{size}{kind}": _peaks(f"9905{place:02}", size, codes, kind) for place, (size, kind) in enumerate(files)}
    facts = {"ratio": round(ours / theirs, 2), "database": connection.vendor, "MiB": peaks}
    show("payments", told, payments=count, projects=PROJECTS, **facts)
