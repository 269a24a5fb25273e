"""项目库 over 100,000 subjects of one region and year: the real server and session, asked from a second process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from benchmarks import county
from benchmarks.loading import Load, load, sign_in
from benchmarks.showing import Figures, percentile, show, timed, tiny
from django.db import connection, connections
from django.urls import reverse

from jixiao.cli.database import upgrade
from jixiao.cli.serve import free_port
from jixiao.domain.actors import Role

REGION, LOGIN = "990201", "list-page"
WORKERS, LINES, PAGES_DEEP = 2, 8, 40
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def server(port: int) -> Iterator[int]:
    """`jixiao serve` with two workers; its process id."""
    command = [sys.executable, "-P", "-m", "jixiao", "serve", "--no-worker"]
    command += ["--port", str(port), "--workers", str(WORKERS)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield process.pid
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(300):
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/health/alive")
            return
        except ConnectionError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def family(parent: int) -> list[int]:
    """The server's processes: the arbiter and its workers."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


def cpu_seconds(processes: list[int]) -> float:
    """Processor time that these processes have used so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


def memory_mib(processes: list[int]) -> int:
    """Their memory, pages that they share counted once."""
    found = [re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{p}/smaps_rollup").read_text(), re.MULTILINE) for p in processes]
    return sum(int(match[1]) for match in found if match) // 1024


def deep(port: int, cookie: str, path: str) -> str:
    """The address behind following 下一页 as often as PAGES_DEEP, or to the end."""
    asked = HTTPConnection("127.0.0.1", port)
    for _ in range(PAGES_DEEP):
        asked.request("GET", path, headers={"Cookie": cookie})
        following = re.search(r'href="([^"]*after=[^"]*)"', asked.getresponse().read().decode())
        if not following:
            break
        query = unescape(following[1])
        path = query if query.startswith("/") else f"{path.partition('?')[0]}{query}"
    return path


def row(name: str, found: Load, cpu: float, memory: int) -> Figures:
    count = len(found.took)
    if not count or found.failed:
        raise SystemExit(f"{name}: {count} answers, {found.failed} of them no page")
    return {
        "page": name,
        "requests/s": round(count / found.seconds),
        "p50 ms": round(percentile(found.took, 50) * 1000, 1),
        "p95 ms": round(percentile(found.took, 95) * 1000, 1),
        "cpu ms/request": round(cpu / count * 1000, 2),
        "KiB/page": found.size // 1024,
        "server MiB": memory,
    }


def main() -> None:
    trial = tiny(__doc__)
    upgrade()
    count, seconds = (200, 0.3) if trial else (100_000, 6.0)
    making, _ = timed(lambda: county.subjects(county.units(REGION, min(300, count)), count))
    county.account(LOGIN, Role.PERFORMANCE_OFFICE, REGION)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    connections.close_all()
    port = free_port(18_000)
    rows = []
    with server(port) as parent:
        cookie, first = sign_in(port, LOGIN), reverse("subjects")
        scenarios = {
            "first page": first,
            "deep by key": deep(port, cookie, first),
            "search 教育": f"{first}?q={quote('教育')}",
            "by budget": f"{first}?sort=-budget",
        }
        for name, path in scenarios.items():
            load(port, path, cookie, min(1.0, seconds), LINES)
            processes = family(parent)
            before = cpu_seconds(processes)
            found = load(port, path, cookie, seconds, LINES)
            rows.append(row(name, found, cpu_seconds(processes) - before, memory_mib(processes)))
    facts = {"database": connection.vendor, "workers": WORKERS}
    show("list_page", rows, subjects=count, insert_seconds=round(making, 1), **facts)
