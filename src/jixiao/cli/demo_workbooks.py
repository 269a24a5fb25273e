"""The demo districts' CSV files written as the workbooks that a county would hand in.

A title and a line “单位：…” stand above the header, codes are text, amounts numbers, dates dates, and where officials
add a 合计 row there is one, so that the replay goes through what the tolerant reader promises.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

TITLES = {
    "units": "单位名录",
    "agencies": "第三方机构名录",
    "policies": "制度文件目录",
    "projects": "项目库",
    "indicators": "绩效目标指标表",
    "payments": "资金支付明细表",
    "exante": "事前绩效评估表",
    "exante_exemptions": "事前评估例外登记表",
    "overall_targets": "部门整体绩效目标表",
    "overall_pilots": "部门整体绩效试点表",
    "monitoring": "绩效运行监控表",
    "monitoring_readings": "监控指标完成情况表",
    "recoveries": "收回资金台账",
    "self_evaluations": "项目支出绩效自评表",
    "self_evaluation_scores": "自评指标得分表",
    "self_evaluation_exemptions": "免予自评项目表",
    "evaluations": "绩效评价情况表",
    "evaluation_scores": "评价指标得分表",
    "problems": "评价问题清单",
    "suggestions": "评价意见建议表",
    "rectifications": "整改台账",
    "disclosures": "绩效信息公开台账",
    "reports_to": "报送材料台账",
}
TOTALLED = {"projects", "payments", "self_evaluations", "recoveries"}


@dataclass(frozen=True, slots=True)
class District:
    """One demo folder: `key` is its name under demo/, `year` the work year."""

    key: str
    region_code: str
    name: str
    year: int


DISTRICTS = {
    district.key: district
    for district in (
        District("xixia-2022", "411323", "西峡县", 2022),
        District("donghu-2022", "360102", "东湖区", 2022),
        District("qingshanhu-2022", "360111", "青山湖区", 2022),
        District("gaoxin-2021", "360193", "南昌高新区", 2021),
        District("county-x-2020", "990001", "X县", 2020),
    )
}

_AMOUNT = re.compile(r"\((元|万元)\)$")
_NUMBERS = {"权重", "得分", "评价得分", "定性完成度", "指标值", "实际完成值", "截至完成值", "全年预计完成值"}
_NUMBERS |= {"立项必要性", "投入经济性", "绩效目标合理性", "实施方案可行性", "筹资合规性"}
_INTEGERS = {"监控轮次", "单位级次", "指标数", "序号"}
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")
# Left to itself, a workbook carries the second of its making, and other bytes every time.
_WRITTEN = datetime.datetime(2023, 1, 1)  # noqa: DTZ001
_WIDEST, _NARROWEST = 40, 8


def _number(text: str) -> int | float | str:
    """A number cell where the text is a number (定性 targets are words)."""
    if not _NUMERIC.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _date(text: str) -> datetime.date | str:
    return datetime.date.fromisoformat(text) if text else text


def _text(text: str) -> str:
    return text


def _cell(header: str) -> tuple[Callable[[str], Any], str]:
    """How a column's texts become cells, and which format they get."""
    if _AMOUNT.search(header):
        return _number, "amount"
    if header.endswith(("日期", "期限")):
        return _date, "date"
    if header in _NUMBERS:
        return _number, "number"
    if header in _INTEGERS or header.endswith("年度"):
        return _number, "integer"
    return _text, "text"


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    shapes: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
        "unit": {"align": "right"},
        "header": {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"},
        "text": {"num_format": "@"},
        "amount": {"num_format": "#,##0.00####"},
        "number": {"num_format": "General"},
        "integer": {"num_format": "0"},
        "date": {"num_format": "yyyy-mm-dd"},
        "total": {"bold": True, "top": 1, "num_format": "#,##0.00####"},
    }
    return {name: book.add_format({"font_name": "宋体", **shape}) for name, shape in shapes.items()}


def _write_head(sheet: Any, title: str, headers: list[str], formats: dict[str, Any]) -> int:
    """Title, unit of the amounts if there are any, header; the number of rows taken."""
    last = len(headers) - 1
    sheet.merge_range(0, 0, 0, last, title, formats["title"])
    sheet.set_row(0, 30)
    units = sorted({found[1] for header in headers if (found := _AMOUNT.search(header))})
    row = 1
    if units:
        sheet.write_string(row, last, f"单位：{units[0]}", formats["unit"])
        row += 1
    for column, header in enumerate(headers):
        sheet.write_string(row, column, header.replace("(", "（").replace(")", "）"), formats["header"])
    sheet.freeze_panes(row + 1, 0)
    return row + 1


def _write_total(sheet: Any, row: int, headers: list[str], rows: list[list[str]], formats: dict[str, Any]) -> None:
    sheet.write_string(row, 0, "合计", formats["total"])
    for column, header in enumerate(headers):
        if _AMOUNT.search(header):
            total = sum((Decimal(values[column] or 0) for values in rows), Decimal(0))
            sheet.write_number(row, column, float(total), formats["total"])


def _write_rows(sheet: Any, first: int, headers: list[str], rows: list[list[str]], formats: dict[str, Any]) -> None:
    writers = {str: sheet.write_string, int: sheet.write_number, float: sheet.write_number}
    writers[datetime.date] = sheet.write_datetime
    for column, header in enumerate(headers):
        read, shape = _cell(header)
        longest = max([len(header), *(len(values[column]) for values in rows)])
        sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, 2 * longest)))
        for number, values in enumerate(rows, first):
            if values[column]:
                value = read(values[column])
                writers[type(value)](number, column, value, formats[shape])


def make_workbook(source: Path, target: Path, title: str, *, total: bool = False) -> None:
    """Write one CSV file as a workbook with one sheet, the same bytes each time. Amounts stay in the CSV's unit."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        headers, *rows = list(csv.reader(file))
    with xlsxwriter.Workbook(target) as book:
        book.set_properties({"title": title, "created": _WRITTEN})
        formats = _formats(book)
        sheet = book.add_worksheet(TITLES.get(source.stem, "Sheet1"))
        first = _write_head(sheet, title, headers, formats)
        _write_rows(sheet, first, headers, rows, formats)
        if total and rows:
            _write_total(sheet, first + len(rows), headers, rows, formats)


def make_workbooks(source_dir: Path, target_dir: Path, heading: str | None = None) -> list[Path]:
    """One workbook per known table of a district's folder, named by the table's Chinese title, in the order of TITLES.

    `heading` stands before the title of each sheet (“西峡县2022年”); without it, it follows from the folder's name.
    """
    if heading is None:
        district = DISTRICTS.get(source_dir.name)
        heading = f"{district.name}{district.year}年" if district else ""
    target_dir.mkdir(parents=True, exist_ok=True)
    written = []
    for stem, title in TITLES.items():
        source = source_dir / f"{stem}.csv"
        if source.exists():
            target = target_dir / f"{title}.xlsx"
            make_workbook(source, target, f"{heading}{title}（演示）", total=stem in TOTALLED)
            written.append(target)
    return written
