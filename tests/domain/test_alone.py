"""`domain` and the shipped policies need no framework: they load, score and audit where Django cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCKED = """
import sys
for name in ("django", "jinja2", "openpyxl", "psycopg", "docx", "typst"):
    sys.modules[name] = None
import pkgutil, jixiao.domain
for module in pkgutil.walk_packages(jixiao.domain.__path__, "jixiao.domain."):
    __import__(module.name)
from jixiao.cli import main
code = main(["score", sys.argv[1], "--json"]) or main(["audit", sys.argv[2], "--json"]) or main(["conform"])
sys.exit(code)
"""


def test_scoring_audit_and_conformance_run_without_django():
    published = ROOT / "tests" / "cases" / "published"
    arguments = [str(published / "jishan-yibao-2020.json"), str(published)]
    done = subprocess.run(
        [sys.executable, "-B", "-c", BLOCKED, *arguments],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert '"99.77"' in done.stdout
