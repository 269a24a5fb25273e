"""Domain, policies, rules and workflows: nothing but Python, and today is an argument."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.architecture.sources import PACKAGE, imported, place, pure_files, tree

# What would make the same facts give another answer on another day or machine.
CLOCKS = {"now", "utcnow", "today", "localtime", "monotonic", "perf_counter", "time_ns"}
OUTSIDE = {"time", "random", "secrets", "os", "socket", "subprocess", "threading", "sqlite3", "locale"}

STARTS_ALONE = """
import sys

class OnlyPython:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "jixiao"}:
            raise ModuleNotFoundError(f"{name} is not part of Python", name=name)

sys.meta_path.insert(0, OnlyPython())
from jixiao.cli import main
sys.exit(main(["score", "--help"]))
"""


def test_pure_code_imports_nothing_but_python_and_the_project():
    known = sys.stdlib_module_names | {"jixiao"}
    strangers = [
        f"{place(path, node)} {name}"
        for path in pure_files()
        for node in ast.walk(tree(path))
        for name in imported(node)
        if name.partition(".")[0] not in known
    ]
    assert strangers == []


def test_pure_code_asks_no_clock():
    asked = [
        f"{place(path, node)} {node.attr}"
        for path in pure_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]
    assert asked == []


def test_pure_code_reads_nothing_of_the_machine():
    read = [
        f"{place(path, node)} {name}"
        for path in pure_files()
        for node in ast.walk(tree(path))
        for name in imported(node)
        if name.partition(".")[0] in OUTSIDE
    ]
    assert read == []


def test_scoring_a_file_starts_where_only_python_is_installed():
    command = [sys.executable, "-c", STARTS_ALONE]
    started = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
