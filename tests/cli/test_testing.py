"""`jixiao test` judges its own steps: passed, failed, or hanging and ended."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from jixiao.cli import testing


def judged(program: str) -> bool:
    return testing._ends_well((sys.executable, "-c", program), Path.cwd(), dict(os.environ))


def test_a_step_is_judged_by_how_it_ends():
    assert judged("")
    assert not judged("raise SystemExit(1)")


def test_a_step_that_hangs_is_ended_and_has_failed(monkeypatch, capsys):
    monkeypatch.setattr(testing, "LONGEST", 1)
    began = time.monotonic()
    assert not judged("import time; time.sleep(60)")
    assert time.monotonic() - began < 30
    assert "没有结束" in capsys.readouterr().out
