"""`audit` over a folder: every table in it, whatever the sub-folder, each beside the others; broken ones are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jixiao.cli import main as jixiao

JISHAN = Path(__file__).parents[1] / "cases" / "published" / "jishan-yibao-2020.json"
TEXT = "秋季连续降雨使三处路基返工，工期推后两周，已与施工方约定雨季前完成土方。"


def table(**changes):
    return {**json.loads(JISHAN.read_text(encoding="utf-8")), **changes}


def put(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def answers(capsys, folder, code=0):
    assert jixiao(["audit", str(folder), "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def two_years(tmp_path):
    put(tmp_path, "b/2021.json", table(id="later", year=2021, problems=TEXT))
    put(tmp_path, "a/deep/2020.json", table(id="earlier", problems=TEXT))
    return tmp_path


def test_sub_folders_are_read_in_the_order_of_their_paths(two_years, capsys):
    assert [answer["id"] for answer in answers(capsys, two_years)] == ["earlier", "later"]


def test_what_other_years_tell_stands_under_its_own_key(two_years, capsys):
    earlier, later = answers(capsys, two_years)
    assert [found["code"] for found in later["context"]["findings"]].count("COPIED_PROBLEMS") == 1
    assert "本项目 2020 年的自评" in json.dumps(later["context"]["findings"], ensure_ascii=False)
    assert "COPIED_PROBLEMS" not in {found["code"] for found in earlier["context"]["findings"]}
    assert {"EVIDENCE_MISSING", "GRADE_AGAINST_LIGHTS"} <= {one["code"] for one in later["context"]["unchecked"]}


def test_a_single_file_is_answered_as_before(two_years, capsys):
    assert jixiao(["audit", str(two_years / "b/2021.json"), "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert set(alone) == {"id", "computed", "findings", "unchecked"}
    assert alone["findings"] == answers(capsys, two_years)[1]["findings"]


def test_a_broken_file_is_named_and_the_others_are_judged(two_years, capsys):
    put(two_years, "a/broken.json", "{")
    assert jixiao(["audit", str(two_years), "--json"]) == 2
    printed = capsys.readouterr()
    assert [answer["id"] for answer in json.loads(printed.out)] == ["earlier", "later"]
    assert "broken.json" in printed.err


def test_only_broken_files_give_no_answer(tmp_path, capsys):
    put(tmp_path, "broken.json", "[]")
    assert jixiao(["audit", str(tmp_path), "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_a_fact_of_another_type_is_one_that_nobody_knows(tmp_path, capsys):
    put(tmp_path, "one.json", table(problems=3, light="紫灯", rectifications="两件", year=[], publisher=None))
    (answer,) = answers(capsys, tmp_path)
    assert {"NO_PROBLEM_REPORTED", "GRADE_AGAINST_LIGHTS"} <= {one["code"] for one in answer["context"]["unchecked"]}


def test_a_reader_sees_both_kinds_of_findings(two_years, capsys):
    assert jixiao(["audit", str(two_years)]) == 0
    printed = capsys.readouterr().out
    assert "TOTAL_MISMATCH" in printed
    assert "对照往年和其他单位" in printed
