"""What a file says lies in a temporary file: read again and again, also by several at once, and gone afterwards."""

from __future__ import annotations

import gc
import json

import pytest

from jixiao.kit.keys import Keys
from jixiao.kit.sheets import open_sheets
from jixiao.kit.spool import Kept, Spool
from jixiao.kit.tables import Column, Table, read

LONG = Table("t", "表", (Column("code", "编码", "code", may_be_blank=True), Column("fen", "金额", "amount")), long=True)
TEXT = "编码,金额\na,1\n,2\nb,多\nc,4\n"


def test_several_go_through_the_same_rows_at_once():
    spool = Spool()
    ones, others = Kept(spool, json.loads), Kept(spool, json.loads)
    for start in (0, 2):
        ones.add(json.dumps([start, start + 1]).encode())
        others.add(json.dumps([-start]).encode())
    assert list(zip(ones, ones, strict=True)) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert list(others) == [0, -2]


@pytest.mark.filterwarnings("error")
def test_the_file_is_gone_with_its_rows():
    spool = Spool()
    file = spool._file
    kept = Kept(spool, json.loads)
    del spool
    assert not file.closed
    del kept
    gc.collect()
    assert file.closed


def test_a_long_table_is_gone_through_as_often_as_asked_and_its_problems_are_told_once():
    reading = read(TEXT.encode(), "a.csv", LONG)
    assert reading.rows == []
    assert [row.number for row in reading.each()] == [row.number for row in reading.each()] == [2, 3, 5]
    assert [problem.row for problem in reading.problems] == [4]


def test_a_cell_that_may_be_blank_is_read_as_nothing_but_its_column_has_to_be_there():
    assert [row.values["code"] for row in read(TEXT.encode(), "a.csv", LONG).each()] == ["a", "", "c"]
    assert "编码" in read("金额\n1\n".encode(), "a.csv", LONG).problems[0].message


def test_a_text_in_the_county_s_old_encoding_is_read_to_its_end():
    text = "编码,金额\n" + "".join(f"a{n},1\n" for n in range(3000)) + "校舍,2\n"
    [sheet] = open_sheets(text.encode("gb18030"), "a.csv")
    assert [len(list(sheet.rows)), list(sheet.rows)[-1]] == [3002, ["校舍", "2"]]


def test_a_key_knows_where_it_came_first():
    keys, others = Keys(), Keys()
    assert [keys.first("a", 2), keys.first("b", 3), keys.first("a", 4)] == [2, 3, 2]
    others.first("b", 9)
    assert list(keys.without(others)) == [2]
