"""`score` and `audit` on files: the JSON answer, the readable one, and every way a file can be wrong."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.cli import main as jixiao

FOLDER = Path(__file__).parents[1] / "cases" / "published"
JISHAN = FOLDER / "jishan-yibao-2020.json"


def answered(capsys, *arguments):
    assert jixiao([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_score_gives_every_number_as_decimal_text(capsys):
    answer = answered(capsys, "score", str(JISHAN))
    computed = answer["computed"]
    assert set(answer) == {"id", "computed", "findings", "unchecked"}
    assert (computed["execution_rate"], computed["execution_points"]) == ("99.10", "9.91")
    assert (computed["total"], computed["grade"]) == ("99.77", "优")
    assert computed["lines"][0] == {
        "index": 1,
        "name": "全县参合人数",
        "points": "14.86",
        "because": "8,676÷8,755≈99.10%，15×8,676÷8,755≈14.86",
    }
    parts = [computed["execution_points"], *(line["points"] for line in computed["lines"])]
    assert sum(map(Decimal, parts)) == Decimal(computed["total"])


def test_a_line_that_cannot_be_scored_gives_a_range_and_leaves_the_total_open(capsys):
    computed = answered(capsys, "score", str(FOLDER / "zhongjiang-shuili-2022.json"))["computed"]
    line = computed["lines"][7]
    assert (line["points"], line["range"]) == (None, ["8.00", "10.00"])
    assert (computed["total"], computed["grade"]) == (None, None)


def test_audit_of_a_folder_answers_for_every_file(capsys):
    answers = answered(capsys, "audit", str(FOLDER))
    assert [answer["id"] for answer in answers] == sorted(file.stem for file in FOLDER.glob("*.json"))


def test_a_finding_names_code_line_and_reason(capsys):
    findings = answered(capsys, "audit", str(JISHAN))["findings"]
    assert {"code": "TOTAL_MISMATCH", "line": None, "message": "各项得分相加为93，表上总分为94"} in findings


@pytest.mark.parametrize("command", ["score", "audit"])
def test_without_json_the_answer_is_readable(command, capsys):
    assert jixiao([command, str(JISHAN)]) == 0
    printed = capsys.readouterr().out
    assert "总分　99.77　等级　优" in printed
    assert "TOTAL_MISMATCH" in printed


def changed(**changes):
    return json.dumps({**json.loads(JISHAN.read_text(encoding="utf-8")), **changes}).encode()


def with_line(**changes):
    document = json.loads(JISHAN.read_text(encoding="utf-8"))
    document["lines"][0].update(changes)
    return json.dumps(document).encode()


def without(key):
    document = json.loads(JISHAN.read_text(encoding="utf-8"))
    del document[key]
    return json.dumps(document).encode()


MALFORMED = {
    "empty": b"",
    "not json": b"{",
    "binary": bytes(range(256)),
    "zip": b"PK\x03\x04\x14\x00",
    "utf-16": '{"id": 1}'.encode("utf-16"),
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "deep": b"[" * 100_000,
    "nan": changed(budget=float("nan")),
    "infinity": changed(total_printed=float("inf")),
    "huge": JISHAN.read_bytes().replace(b"65.66", b"1e999999"),
    "tiny": JISHAN.read_bytes().replace(b"65.66", b"1e-999999"),
    "long": JISHAN.read_bytes().replace(b"65.66", b"9" * 5000),
    "text amount": changed(budget="很多"),
    "negative budget": changed(budget=-1),
    "flag amount": changed(budget=True),
    "unknown unit": changed(money_unit="美元"),
    "unit missing": changed(money_unit=None),
    "complete as text": changed(complete="是"),
    "lines as text": changed(lines="无"),
    "line as text": changed(lines=["行"]),
    "too many lines": changed(lines=[{}] * 5001),
    "unknown policy": changed(policy="nowhere/1999"),
    "policy path": changed(policy="../../etc/passwd"),
    "policy as list": changed(policy=[]),
    "id as number": changed(id=1),
    "rate as object": changed(execution_rate_printed={}),
    "weight as text": with_line(weight="十"),
    "negative weight": with_line(weight=-1),
    "huge weight": with_line(weight=1e300),
    "flag target": with_line(target=True),
    "list actual": with_line(actual=[1]),
    "unknown sign": with_line(comparison="约"),
    "name missing": with_line(name=None),
    "level as object": with_line(level1={}),
    "half a character": with_line(name="\ud800"),
    "doubled key": JISHAN.read_bytes().replace(b'"year"', b'"id"'),
    "unknown method": with_line(method="proportional/9"),
    **{f"without {key}": without(key) for key in ("id", "policy", "lines", "budget", "execution_weight", "complete")},
}


@pytest.mark.parametrize("command", ["score", "audit"])
@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_gets_a_message_and_code_2(command, content, tmp_path, capsys):
    file = tmp_path / "表.json"
    file.write_bytes(content)
    assert jixiao([command, str(file), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "表.json" in printed.err


def test_a_missing_file_and_a_folder_without_tables_are_refused(tmp_path, capsys):
    assert jixiao(["score", str(tmp_path / "none.json")]) == 2
    assert jixiao(["score", str(tmp_path)]) == 2
    assert jixiao(["audit", str(tmp_path), "--json"]) == 2
    assert "没有 .json 文件" in capsys.readouterr().err


def test_numbers_may_come_as_cells_hold_them(tmp_path, capsys):
    file = tmp_path / "text.json"
    file.write_bytes(changed(total_printed="94分", execution_points_printed="９"))
    findings = answered(capsys, "audit", str(file))["findings"]
    assert [finding["code"] for finding in findings][:2] == ["TOTAL_MISMATCH", "EXECUTION_POINTS"]


def test_a_row_may_leave_out_its_unit_and_levels(tmp_path):
    document = json.loads(JISHAN.read_text(encoding="utf-8"))
    for key in ("unit", "level1", "level2"):
        del document["lines"][0][key]
    file = tmp_path / "short.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert jixiao(["score", str(file)]) == 0


def test_a_byte_order_mark_is_no_fault(tmp_path):
    file = tmp_path / "bom.json"
    file.write_bytes(b"\xef\xbb\xbf" + JISHAN.read_bytes())
    assert jixiao(["score", str(file)]) == 0
