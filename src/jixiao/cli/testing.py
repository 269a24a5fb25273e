"""`jixiao test`: every check the project has, one after the other, and at the end what failed and what was left out."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from .cluster import ClusterFailed, private_cluster
from .environment import Refused, checkout, home
from .packages import (
    CHINESE_FONT,
    CHROMIUM,
    LIBREOFFICE,
    POPPLER,
    POSTGRESQL,
    Need,
    install,
    install_line,
    missing,
    postgres_programs,
)

PROGRAMS = Path(sys.executable).parent
OFFICE = (LIBREOFFICE, POPPLER, CHINESE_FONT)
BROWSER = (CHROMIUM, CHINESE_FONT)


@dataclass(frozen=True)
class Step:
    """One check: a heading, the command (run in the checkout), what the system must have and which settings it sets."""

    title: str
    command: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    on_postgresql: bool = False
    settings: tuple[tuple[str, str], ...] = ()


LONGEST = 2100  # seconds
# The journeys that also run on PostgreSQL: filing, reviewing and approving, which write most and in every role.
ON_BOTH = ("tests/journeys/test_filing_targets.py", "tests/journeys/test_before_the_money.py")


@dataclass
class Tally:
    """What came of the steps so far."""

    total: int
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    started: int = 0

    def begin(self, title: str) -> None:
        self.started += 1
        print(f"\n━━ {self.started}/{self.total} {title}", flush=True)

    def report(self) -> None:
        print("\n━━ 小结")
        for word, titles in (("通过", self.passed), ("未运行", self.left_out), ("失败", self.failed)):
            for title in titles:
                print(f"  {word}  {title}")
        sys.stdout.flush()

    def exit_code(self) -> int:
        """A part left out fails only in CI (CI=true), where nothing may be missing."""
        return 1 if self.failed or (self.left_out and os.environ.get("CI") == "true") else 0


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


def _tests(marks: str, *paths: str, workers: int) -> tuple[str, ...]:
    # A module stays on one worker: what its tests share is made there once.
    spread = ("-n", str(workers), "--dist", "loadscope") if workers > 1 else ()
    return _python("pytest", "-o", f"cache_dir={home() / 'cache' / 'pytest'}", *spread, "-m", marks, *paths)


def static_steps() -> list[Step]:
    """What is judged without running the program, and Django's own checks."""
    caches = home() / "cache"
    return [
        Step("ruff check", _python("ruff", "check", "--cache-dir", str(caches / "ruff"))),
        Step("ruff format", _python("ruff", "format", "--check", "--cache-dir", str(caches / "ruff"))),
        Step("mypy", _python("mypy", "--cache-dir", str(caches / "mypy"))),
        Step("楼层", (str(PROGRAMS / "lint-imports"), "--no-logo", "--cache-dir", str(caches / "imports"))),
        Step("bandit", _python("bandit", "-q", "-r", "src", "-ll")),
        Step("迁移齐全", _python("django", "makemigrations", "--check", "--dry-run")),
        Step(
            "部署检查",
            _python("django", "check", "--deploy", "--fail-level", "WARNING"),
            settings=(("JIXIAO_HTTPS", "1"),),
        ),
    ]


def suites(*, fast: bool, sqlite: bool, postgresql: bool) -> list[Step]:
    """The tests themselves: those that open documents apart, because they need LibreOffice, and the browser last."""
    slow = " and not slow" if fast else ""
    plain = f"not browser and not office{slow}"
    steps = []
    if sqlite:
        steps.append(Step("测试（SQLite）", _tests(plain, workers=2)))
    if postgresql:
        steps.append(Step("测试（PostgreSQL）", _tests(plain, workers=2), (POSTGRESQL,), on_postgresql=True))
    if sqlite and not fast:
        steps.append(Step("文书（LibreOffice 打开）", _tests("office", workers=1), OFFICE))
        steps.append(Step("浏览器", _tests("browser", workers=1), BROWSER))
    if postgresql and not fast:
        journeys = _tests("browser", *ON_BOTH, workers=1)
        steps.append(Step("浏览器（PostgreSQL）", journeys, (*BROWSER, POSTGRESQL), on_postgresql=True))
    return steps


def _surroundings(root: Path, scratch: str) -> dict[str, str]:
    """The environment of every step: a home of its own, so that no test touches the data of this machine."""
    kept = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "JIXIAO_DEMO", "JIXIAO_HTTPS")
    }
    return kept | {
        "PYTHONPATH": str(root / "src"),
        "DJANGO_SETTINGS_MODULE": "jixiao.config.settings",
        "JIXIAO_HOME": scratch,
        "JIXIAO_SECRET_KEY": secrets.token_urlsafe(48),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home() / "cache" / "hypothesis"),
    }


def _run(step: Step, root: Path, surroundings: dict[str, str]) -> bool:
    """Runs one step with its output shown as it comes; the private database starts and ends with the step."""
    programs = postgres_programs()
    if not step.on_postgresql or programs is None:
        return _ends_well(step.command, root, surroundings)
    try:
        with private_cluster(programs, home()) as url:
            with_database = {**surroundings, "DATABASE_URL": url}
            return _ends_well(step.command, root, with_database)
    except ClusterFailed as failure:
        print(failure, flush=True)
        return False


def _ends_well(command: tuple[str, ...], root: Path, surroundings: dict[str, str]) -> bool:
    """A step that hangs is ended and has failed: it must not take the others' time."""
    try:
        return subprocess.run(command, cwd=root, env=surroundings, check=False, timeout=LONGEST).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"超过 {LONGEST // 60} 分钟没有结束，已停止", flush=True)
        return False


def run_steps(steps: list[Step], root: Path) -> Tally:
    """All steps, a failed one stopping nothing; a step whose needs the system lacks is counted as left out."""
    install(missing(need for step in steps for need in step.needs))
    tally = Tally(total=len(steps))
    with tempfile.TemporaryDirectory(prefix="test-", dir=home()) as scratch:
        surroundings = _surroundings(root, scratch)
        for step in steps:
            tally.begin(step.title)
            lacking = missing(step.needs)
            if lacking:
                reason = (
                    f"{step.title}：缺少 {'、'.join(need.name for need in lacking)}，请运行 {install_line(lacking)}"
                )
                print(f"未运行  {reason}", flush=True)
                tally.left_out.append(reason)
                continue
            began = time.monotonic()
            outcome = tally.passed if _run(step, root, surroundings | dict(step.settings)) else tally.failed
            outcome.append(f"{step.title}（{time.monotonic() - began:.0f} 秒）")
    return tally


def run(args: argparse.Namespace) -> int:
    """0 when everything asked for passed. Raises Refused outside a checkout."""
    root = checkout()
    if root is None:
        raise Refused("测试只能在源代码目录中运行：请取得源代码后运行 ./jixiao test")
    home().mkdir(parents=True, exist_ok=True)
    # Ended from outside, the program still leaves through the blocks that stop the database and clear the folders.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    only_postgresql = args.postgres and not args.fast
    steps = [] if only_postgresql else static_steps()
    steps += suites(fast=args.fast, sqlite=not only_postgresql, postgresql=args.postgres or not args.fast)
    tally = run_steps(steps, root)
    tally.report()
    return tally.exit_code()


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("test", help="运行全部检查和测试")
    parser.add_argument("--fast", action="store_true", help="三分钟以内：只用 SQLite，略去慢的、文书和浏览器测试")
    parser.add_argument(
        "--postgres", action="store_true", help="只跑 PostgreSQL 上的测试；与 --fast 合用则在快速检查之外加上它"
    )
    parser.set_defaults(run=run)
