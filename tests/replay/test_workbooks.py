"""The workbooks say what the CSV says, in the shape in which officials hand them in."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.replay.faults import Fault, faults, locate

from jixiao.cli.demo_workbooks import DISTRICTS, TITLES, TOTALLED, make_workbooks

pytestmark = pytest.mark.slow

DEMO = Path(__file__).resolve().parents[2] / "demo"
STEMS = {title: stem for stem, title in TITLES.items()}


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory) -> dict[str, list[Path]]:
    folder = tmp_path_factory.mktemp("workbooks")
    return {key: make_workbooks(DEMO / key, folder / key) for key in ("gaoxin-2021", "xixia-2022")}


def same(cell: object, text: str) -> bool:
    if isinstance(cell, datetime.date):
        return cell.isoformat() == text
    if isinstance(cell, int | float):
        return Decimal(str(cell)) == Decimal(text)
    return cell == text


@pytest.mark.parametrize("district", ["gaoxin-2021", "xixia-2022"])
def test_every_cell_comes_back_with_the_value_of_the_csv(workbooks, district):
    for path in workbooks[district]:
        with (DEMO / district / f"{STEMS[path.stem]}.csv").open(encoding="utf-8-sig", newline="") as file:
            headers, *rows = list(csv.reader(file))
        cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        written = [[str(cell).replace("（", "(").replace("）", ")") for cell in row] for row in cells]
        first = written.index(headers) + 1
        for row, expected in zip(cells[first:], rows, strict=False):
            assert all(map(same, row, expected)), (path.name, row, expected)
        below = cells[first + len(rows) :]
        assert [row[0] for row in below] == (["合计"] if STEMS[path.stem] in TOTALLED else [])


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_table_of_a_district_becomes_a_workbook(district, tmp_path):
    written = {STEMS[path.stem] for path in make_workbooks(DEMO / district, tmp_path)}
    assert written == {path.stem for path in (DEMO / district).glob("*.csv")}


def test_the_title_names_district_year_and_table(workbooks):
    book = next(path for path in workbooks["xixia-2022"] if path.stem == "项目库")
    cells = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    assert cells[0][0] == "西峡县2022年项目库（演示）"
    assert cells[1][-1] == "单位：万元"


def test_codes_are_text_amounts_numbers_and_dates_dates(workbooks):
    book = next(path for path in workbooks["xixia-2022"] if path.stem == "资金支付明细表")
    sheet = load_workbook(book).worksheets[0]
    row = locate(sheet).first
    kinds = {header: sheet.cell(row, number).data_type for header, number in locate(sheet).columns.items()}
    assert kinds == {"年度": "n", "项目编码": "s", "凭证号": "s", "支付日期": "d", "金额（元）": "n"}


def test_the_same_rows_make_the_same_bytes(tmp_path):
    def digests(name: str) -> list[str]:
        paths = make_workbooks(DEMO / "gaoxin-2021", tmp_path / name, heading="南昌高新区2021年")
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]

    assert digests("first") == digests("second")


def spoilt(workbooks: dict[str, list[Path]], title: str) -> dict[str, Fault]:
    book = next(path for path in workbooks["gaoxin-2021"] if path.stem == title)
    return {fault.kind: fault for fault in faults(book)}


def test_a_payment_table_can_be_spoilt_in_eight_ways(workbooks):
    kinds = set(spoilt(workbooks, "资金支付明细表"))
    assert kinds == {
        "wrong_amount",
        "broken_formula",
        "wrong_date",
        "unknown_code",
        "blank_code",
        "duplicate_key",
        "missing_column",
        "missing_sheet",
    }


def test_a_fault_stands_where_it_says_and_nowhere_else(workbooks):
    fault = spoilt(workbooks, "资金支付明细表")["wrong_amount"]
    good = next(path for path in workbooks["gaoxin-2021"] if path.stem == "资金支付明细表")
    before, after = load_workbook(good).worksheets[0], load_workbook(io.BytesIO(fault.content)).worksheets[0]
    changed = [
        (old.row, old.column)
        for rows in zip(before.iter_rows(), after.iter_rows(), strict=True)
        for old, new in zip(*rows, strict=True)
        if old.value != new.value
    ]
    assert changed == [(fault.row, locate(before).columns[fault.column])]


def test_a_missing_column_is_gone_and_its_neighbours_stay(workbooks):
    fault = spoilt(workbooks, "项目库")["missing_column"]
    headers = locate(load_workbook(io.BytesIO(fault.content)).worksheets[0]).columns
    assert fault.column == "项目编码"
    assert "项目编码" not in headers
    assert "项目名称" in headers
