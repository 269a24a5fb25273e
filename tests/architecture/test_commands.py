"""The launcher and the commands behind it."""

from __future__ import annotations

import argparse
import re
import subprocess
from importlib import import_module

import pytest
from tests.architecture.sources import ROOT

from jixiao.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_registers_itself(name):
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    import_module(f"jixiao.cli.{COMMANDS[name].module}").register(subparsers)
    assert name in subparsers.choices


def test_without_a_command_the_usage_is_shown(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


def test_an_unknown_command_ends_with_the_usage_and_code_2(capsys):
    assert main(["nonsense"]) == 2
    assert "没有“nonsense”这个命令" in capsys.readouterr().err


def test_the_launcher_builds_no_environment_for_commands_that_need_none():
    alone = re.search(r"\|( score[^)]*)\) exec", (ROOT / "jixiao").read_text(encoding="utf-8")).group(1)
    assert {word.strip() for word in alone.split("|")} == {n for n, c in COMMANDS.items() if c.module == "sheets"}


def test_the_launcher_works_through_a_link_from_anywhere_and_writes_only_to_its_home(tmp_path):
    folder = tmp_path / "a folder 文件夹"
    folder.mkdir()
    link = folder / "jixiao"
    link.symlink_to(ROOT / "jixiao")
    surroundings = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder / "empty"), "JIXIAO_HOME": "own home"}
    shown = subprocess.run([link], cwd=folder, env=surroundings, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("用法：jixiao 命令")
    assert {path.name for path in folder.iterdir()} <= {"jixiao", "own home"}
