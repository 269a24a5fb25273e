"""The suite in conformance/ is hand-computed; this program must answer all of it, through its own text protocol."""

import json
import shlex
import sys
from collections import Counter

import pytest

from jixiao.cli import conformance
from jixiao.cli import main as jixiao
from jixiao.cli.environment import checkout
from jixiao.domain.scoring import METHODS

FOLDER = checkout() / "conformance"
CASES = conformance.load_suite(FOLDER)
REPLIES = conformance.ask(None, CASES)
ITSELF = f"{shlex.quote(sys.executable)} -c 'from jixiao.cli import main; raise SystemExit(main())' conform --answer"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_program_answers_as_computed_by_hand(case):
    assert conformance.compare(case, REPLIES[case.id]) == []


def test_every_method_has_at_least_five_cases():
    counted = Counter(case.id.partition("/")[0] for case in CASES)
    for method in METHODS:
        assert counted[method.partition("/")[0]] >= 5, method


def test_the_suite_states_its_policy_values_itself():
    for file in FOLDER.glob("*.json"):
        suite = json.loads(file.read_text(encoding="utf-8"))
        assert set(suite["policy"]) == {"scoring", "grades", "sheet_checks"}, file.name


def test_conform_counts_what_passed(capsys):
    assert jixiao(["conform"]) == 0
    assert f"通过 {len(CASES)}，未通过 0" in capsys.readouterr().out


def test_another_program_is_asked_over_its_standard_input(capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(checkout() / "src"))
    assert jixiao(["conform", "--program", ITSELF]) == 0
    assert "未通过 0" in capsys.readouterr().out


def test_a_program_that_answers_nothing_fails_every_case(capsys):
    assert jixiao(["conform", "--program", "true"]) == 1
    assert f"通过 0，未通过 {len(CASES)}" in capsys.readouterr().out


def test_a_program_that_does_not_exist_is_named(capsys):
    assert jixiao(["conform", "--program", "no-such-program"]) == 2
    assert "no-such-program" in capsys.readouterr().err


def test_a_folder_without_cases_is_refused(tmp_path, capsys):
    assert jixiao(["conform", "--suite", str(tmp_path)]) == 2
    assert "样例" in capsys.readouterr().err


def test_a_wrong_answer_is_named_with_both_values(tmp_path, capsys):
    suite = json.loads((FOLDER / "grades.json").read_text(encoding="utf-8"))
    suite["cases"] = [{"id": "错", "total": "90", "expect": {"grade": "good"}}]
    (tmp_path / "wrong.json").write_text(json.dumps(suite), encoding="utf-8")
    assert jixiao(["conform", "--suite", str(tmp_path)]) == 1
    assert "wrong/错：grade 应为 good，答案是 excellent" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["[]", "x", "{}", '{"id": "a"}', '{"id": "a", "policy": {}, "line": {}}'])
def test_a_request_that_makes_no_sense_is_answered_with_an_error(line):
    assert "error" in json.loads(conformance.respond(line))
