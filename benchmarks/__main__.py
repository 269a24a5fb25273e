"""`python -m benchmarks NAME…`: each in a process of its own, on a home and a database that are gone afterwards."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from jixiao.cli.cluster import private_cluster
from jixiao.cli.packages import postgres_programs

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("importing", "payments", "scoring", "list_page", "deadline_day", "finding", "monitoring", "library", "audit")
START = "import django; django.setup(); from benchmarks import {0}; {0}.main()"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=f"{', '.join(NAMES)} (all)")
    parser.add_argument("--tiny", action="store_true", help="a few rows each: that it runs, not how fast")
    parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="sheets for `finding` instead of the demo's")
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL instead of SQLite")
    args = parser.parse_args()
    with ExitStack() as place:
        home = Path(place.enter_context(tempfile.TemporaryDirectory(prefix="jixiao-benchmark-")))
        surroundings = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "JIXIAO_DEMO")}
        surroundings |= {"JIXIAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jixiao.config.settings"}
        surroundings["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        if args.sheets:
            surroundings["JIXIAO_SHEETS"] = str(args.sheets.resolve())
        if args.postgres:
            programs = postgres_programs()
            if programs is None:
                parser.error("PostgreSQL is not installed: apt-get install postgresql")
            surroundings["DATABASE_URL"] = place.enter_context(private_cluster(programs, home))
            _create_database(programs, surroundings["DATABASE_URL"])
        size = ["--tiny"] if args.tiny else []
        return max(
            subprocess.run([sys.executable, "-c", START.format(name), *size], env=surroundings, check=False).returncode
            for name in args.names or NAMES
        )


def _create_database(programs: Path, url: str) -> None:
    server, _, name = url.rpartition("/")
    command = [str(programs / "psql"), "-q", f"{server.replace('postgres:', 'postgresql:')}/postgres"]
    subprocess.run([*command, "-c", f"CREATE DATABASE {name}"], check=True)


if __name__ == "__main__":
    sys.exit(main())
