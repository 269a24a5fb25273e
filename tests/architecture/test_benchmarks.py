"""Every benchmark runs, on a handful of rows, and says what it measured as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.architecture.sources import ROOT


@pytest.mark.slow
def test_every_benchmark_runs_and_prints_its_figures():
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "benchmarks", "--tiny"]
    ran = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    names = "importing payments scoring list_page deadline_day finding monitoring library audit"
    assert [figures["benchmark"] for figures in told] == names.split()
    assert told[0]["ratio"] > 0
    assert [row["way"] for row in told[1]["rows"]] == ["raw", "importer", "again"]
    assert [row["way"] for row in told[2]["rows"]] == ["bare loop", "score_line"]
    assert all(row["requests/s"] > 0 for row in told[3]["rows"])
    assert told[4]["rows"][0]["flaws"] == 0
    assert all(0 <= row["recall@10 %"] <= 100 for row in told[5]["rows"])
    assert [row["asked"] for row in told[6]["rows"]] == ["bare sum", "counts", "list", "lights"]
    assert all(row["p95 ms"] > 0 for row in told[7]["rows"])
    assert all(row["precision"] >= 0.98 and row["recall"] >= 0.95 for row in told[8]["rows"])
