"""A private PostgreSQL for the tests: made in an empty folder, on a free port of this machine, gone afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Nothing here outlives the tests, so nothing waits for the disk. A question that takes minutes fails with its text.
SWIFT: tuple[str, ...] = (
    "-F",
    *("-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=60"),
    *("-c", "statement_timeout=120s", "-c", "lock_timeout=60s"),
)
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


class ClusterFailed(Exception):
    """The private database did not come up; the message says at which step."""


def _account() -> str | None:
    """Under whose name the database runs: it refuses root, so root lends Debian's account for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ClusterFailed("以 root 运行时需要系统账户 postgres，请安装 postgresql 软件包")


@contextmanager
def _folder(home: Path, account: str | None) -> Iterator[Path]:
    """An empty folder that the account can reach: under `home`, else (home closed to others) in the system's own."""
    for parent in (str(home), None):
        folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=parent))
        try:
            if account:
                shutil.chown(folder, account)
            if subprocess.run(["test", "-w", str(folder)], user=account, cwd="/", check=False).returncode == 0:
                yield folder
                return
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise ClusterFailed("没有 postgres 账户可写的临时目录")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_start(server: subprocess.Popen[bytes], programs: Path, port: int, log: Path) -> None:
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + SECONDS_TO_START
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > end:
            raise ClusterFailed(f"PostgreSQL 没有启动：\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


@contextmanager
def private_cluster(programs: Path, home: Path) -> Iterator[str]:
    """Runs the database while the block does and gives its DATABASE_URL. Raises ClusterFailed.

    `programs` is the folder of initdb and postgres. The server stops with the block, Ctrl-C included: it stands in a
    group of its own, so that the terminal's signal reaches this program first and the tests end before it.
    """
    account, password = _account(), secrets.token_hex(16)
    with _folder(home, account) as folder:
        data, log, word = folder / "data", folder / "log", folder / "password"
        word.write_text(password)
        make = [str(programs / "initdb"), "-D", str(data), "-U", "jixiao", "-A", "scram-sha-256", "--pwfile", str(word)]
        make += ["--no-sync", "--no-locale", "--encoding=UTF8"]
        made = subprocess.run(make, user=account, cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise ClusterFailed(f"initdb 失败：\n{made.stderr[-2000:]}")
        port = _free_port()
        serve = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *SWIFT]
        with log.open("wb") as out:
            server = subprocess.Popen(
                serve, user=account, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0
            )
        try:
            _await_start(server, programs, port, log)
            yield f"postgres://jixiao:{password}@127.0.0.1:{port}/jixiao"
        finally:
            _stop(server)
