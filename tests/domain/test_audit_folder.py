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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"  \n", "文件是空的"),
        (b"{", "第1行"),
        (b"null", "应是一个 JSON 对象"),
        (b"[]", "应是一个 JSON 对象"),
        ('{"id": "表"}'.encode("gbk"), "不是 UTF-8"),
        ('{"id": "表"}'.encode("utf-16"), "不是 UTF-8"),
        (b'{"id": NaN}', "NaN"),
        (b'{"id": "a", "id": "b"}', "写了两次"),
        (b"[" * 100_000, "嵌套过深"),
        (json.dumps(table(budget=10**40)).encode(), "budget：数值超出范围"),
        (json.dumps(table(lines=[1])).encode(), "lines 第1行"),
        (json.dumps(table(policy="../x")).encode(), "../x"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_with_its_place(two_years, capsys, content, said):
    (two_years / "a/odd.json").write_bytes(content)
    assert jixiao(["audit", str(two_years), "--json"]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "odd.json" in printed.err
    assert [answer["id"] for answer in json.loads(printed.out)] == ["earlier", "later"]


def test_a_mark_at_the_beginning_and_capital_letters_in_the_name_are_nothing_odd(tmp_path, capsys):
    (tmp_path / "A.JSON").write_bytes(b"\xef\xbb\xbf" + JISHAN.read_bytes())
    assert len(answers(capsys, tmp_path)) == 1


def test_tables_in_another_format_are_not_passed_over_in_silence(two_years, capsys):
    for name in ("自评表.xlsx", "报告.docx", "~$自评表.xlsx", "说明.txt"):
        (two_years / name).write_bytes(b"PK")
    assert jixiao(["audit", str(two_years), "--json"]) == 0
    printed = capsys.readouterr().err
    assert "不是 JSON 的表没有检查：报告.docx、自评表.xlsx，" in printed
    assert "说明.txt" not in printed


def test_a_link_that_leads_nowhere_is_named(two_years, capsys):
    (two_years / "gone.json").symlink_to(two_years / "nowhere.json")
    assert jixiao(["audit", str(two_years), "--json"]) == 2
    assert "gone.json：没有这个文件" in capsys.readouterr().err


def test_the_same_table_twice_is_judged_twice_and_named(tmp_path, capsys):
    for name in ("one.json", "two.json"):
        put(tmp_path, name, table(id="same"))
    assert jixiao(["audit", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)) == 2
    assert "id 相同，都已检查，请核对是否重复：same" in printed.err


def test_half_a_character_in_a_text_is_a_text_that_nobody_knows(tmp_path, capsys):
    put(tmp_path, "one.json", table(project="\ud800", problems="\ud800"))
    (answer,) = answers(capsys, tmp_path)
    assert "NO_PROBLEM_REPORTED" in {one["code"] for one in answer["context"]["unchecked"]}
