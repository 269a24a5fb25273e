"""A small county of planted faults: nearly all are found, hardly anything else."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks.audit import measure, populate
from benchmarks.planting import grow

from jixiao.domain.checks.audits import CATALOGUE

ROOT = Path(__file__).parents[2] / "benchmarks"


def test_planted_faults_are_found_and_little_else():
    measured = measure(populate(130))
    planted, right, wrong = (sum(row[place] for row in measured.values()) for place in range(3))
    assert set(measured) == set(CATALOGUE)
    assert right >= planted * 0.95
    assert right >= (right + wrong) * 0.98


def test_the_same_seed_grows_the_same_county():
    assert grow(40).documents == grow(40).documents


def test_the_generator_knows_nothing_of_the_program():
    for name in ("planting.py", "faults.py", "nearly.py", "crowds.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {module for module in modules if module and module.startswith("jixiao")}
