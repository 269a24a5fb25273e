"""`jixiao test` runs everything it was asked for and never passes over a part in silence."""

from __future__ import annotations

import sys

import pytest
from tests.architecture.sources import ROOT

from jixiao.cli import testing
from jixiao.cli.packages import Need, install_line
from jixiao.cli.testing import Step, run_steps, static_steps, suites

ABSENT = Need("一种数据库", ("some-database",), lambda: False)


def ends_with(code: int) -> tuple[str, ...]:
    return (sys.executable, "-c", f"raise SystemExit({code})")


@pytest.fixture
def away(tmp_path, monkeypatch):
    """A home of its own and a machine on which nothing may be installed."""
    monkeypatch.setenv("JIXIAO_HOME", str(tmp_path))
    monkeypatch.setattr(testing, "install", lambda needs: None)
    return tmp_path


def test_a_failed_step_stops_no_later_one(away):
    tally = run_steps([Step("first", ends_with(1)), Step("second", ends_with(0))], ROOT)
    assert [title.split("（")[0] for title in tally.failed] == ["first"]
    assert [title.split("（")[0] for title in tally.passed] == ["second"]


def test_a_part_left_out_is_listed_with_its_install_line(away, capsys):
    tally = run_steps([Step("数据库上的测试", ends_with(0), (ABSENT,))], ROOT)
    tally.report()
    shown = capsys.readouterr().out
    assert tally.passed == tally.failed == []
    assert "未运行  数据库上的测试" in shown
    assert install_line([ABSENT]) in shown


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_part_left_out_fails_in_ci_only(away, monkeypatch, ci, code):
    monkeypatch.setenv("CI", ci)
    tally = run_steps([Step("数据库上的测试", ends_with(0), (ABSENT,))], ROOT)
    assert tally.exit_code() == code


def test_no_step_leaves_a_file_in_the_home_of_the_machine(away):
    run_steps(
        [Step("writes", (sys.executable, "-c", "import os; open(os.environ['JIXIAO_HOME'] + '/left', 'w')"))], ROOT
    )
    assert list(away.iterdir()) == []


def test_the_whole_run_covers_both_databases_documents_and_browser():
    everything = [step.title for step in [*static_steps(), *suites(fast=False, sqlite=True, postgresql=True)]]
    assert everything[-5:-1] == ["测试（SQLite）", "测试（PostgreSQL）", "文书（LibreOffice 打开）", "浏览器"]
    assert everything[-1] == "浏览器（PostgreSQL）"


def test_a_fast_run_stays_on_sqlite():
    assert [step.title for step in suites(fast=True, sqlite=True, postgresql=False)] == ["测试（SQLite）"]
