"""Places of their own for the program: a home folder, and a database in it or on the server that the tests run on."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
OWN = ("DATABASE_URL", "JIXIAO_HOME", "JIXIAO_DEMO", "JIXIAO_AUDIT_KEY", "JIXIAO_HTTPS")
UNITS = "单位编码,单位名称,单位类型,归口股室\n101,甲县教育局,部门,教科文股\n"
PROJECT_HEAD = "年度,项目编码,项目名称,单位编码,年初预算（万元）\n"
PAYMENT_HEAD = "年度,项目编码,凭证号,支付日期,金额（元）\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program runs: its home and its settings."""

    home: Path
    settings: dict[str, str]

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """The program with everything it starts in a group of its own."""
        kept = {key: value for key, value in os.environ.items() if key not in OWN}
        surroundings = {**kept, **self.settings, "JIXIAO_HOME": str(self.home), "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "jixiao", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(command, env=surroundings, text=True, process_group=0, **pipes)

    def run(self, *arguments: object, code: int = 0) -> str:
        """What the program says (output, then errors) when it ends with the expected code."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, f"{process.returncode}\n{out}\n{err}"
        return out + err

    def kill(self, process: subprocess.Popen[str]) -> None:
        """As a power cut would: nobody of the group is asked."""
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def count(self, *tables: str) -> list[int]:
        """How many rows the tables hold, asked of the database itself."""
        url = self.settings.get("DATABASE_URL")
        with closing(psycopg.connect(url) if url else sqlite3.connect(self.home / "jixiao.sqlite3")) as database:
            return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    def summary(self) -> str:
        """The 数据摘要 of a place that the doctor finds sound."""
        return next(line for line in self.run("doctor").splitlines() if line.startswith("数据摘要"))


@contextmanager
def _database(template: str | None) -> Iterator[str]:
    """A database beside that of the tests, gone afterwards; its name."""
    name = f"jixiao_{secrets.token_hex(6)}"
    options = {"TEMPLATE": template} if template else {}
    with psycopg.connect(**_server(), autocommit=True) as server:
        clause = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if options else sql.SQL("")
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + clause)
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _server() -> dict[str, str]:
    known = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {key: str(known[name]) for key, name in names.items() if known[name]} | {"dbname": "postgres"}


def _url(name: str) -> str:
    at = _server()
    who = f"{quote(at.get('user', ''))}:{quote(at.get('password', ''))}"
    return f"postgres://{who}@{at.get('host', '')}:{at.get('port', '')}/{name}"


@contextmanager
def place(home: Path, *, like: Place | None = None, vendor: str = "") -> Iterator[Place]:
    """A fresh place, or a copy of another one, on the database of the tests (or on `vendor`)."""
    if like is not None:
        shutil.copytree(like.home, home)
    home.mkdir(parents=True, exist_ok=True)
    if (vendor or connection.vendor) == "sqlite":
        yield Place(home, {})
        return
    template = like.settings["DATABASE_URL"].rsplit("/", 1)[1] if like else None
    with _database(template) as name:
        yield Place(home, {"DATABASE_URL": _url(name)})


def folder(where: Path, *, projects: int = 3, payments: int = 3) -> Path:
    """A folder of three tables: one unit, its projects, and payments on the first of them."""
    where.mkdir(parents=True, exist_ok=True)
    project = "".join(f"2022,P{number},项目{number},101,{number}.5\n" for number in range(1, projects + 1))
    payment = "".join(f"2022,P1,V{number},2022-03-01,{number}.01\n" for number in range(1, payments + 1))
    tables = {"units": UNITS, "projects": PROJECT_HEAD + project, "payments": PAYMENT_HEAD + payment}
    for name, text in tables.items():
        (where / f"{name}.csv").write_text(text, encoding="utf-8")
    return where
