"""What a table is, and what reading one gives: declarations without any file format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jixiao.domain.terms import Term

from .cells import KINDS, fold, unit_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` decides the type of a value:

    text str · code str · number Decimal · amount fen (int) · percent Decimal percent points · date datetime.date ·
    flag bool · term member of `choices` · integer int · year int ("2022年") · month int 1–12 ("7月").
    `unit` (元, 万元, 亿元) is that of bare amounts unless the header or a line “单位：元” above it says another.
    A column that is not `required` may be missing or blank: then the value is `default`, or "" for text and codes.
    """

    key: str
    header: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = True
    choices: type[Term] | None = None
    note: str = ""
    unit: str = "万元"
    default: object = None
    width: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS or (self.kind == "term") != (self.choices is not None):
            raise ValueError(f"column {self.key}: kind {self.kind} with choices {self.choices}")

    @property
    def blank(self) -> object:
        """What a blank optional cell means."""
        return "" if self.default is None and self.kind in ("text", "code") else self.default

    @property
    def own_unit(self) -> str:
        """The unit of the declaration: the one its header states, else `unit`."""
        return unit_of(self.header) or self.unit


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table. `title` is the sheet's name; `aliases` are other sheet names and file stems."""

    key: str
    title: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    note: str = ""

    def column(self, key: str) -> Column:
        """The column of this key; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def called(self, name: str) -> bool:
        """Is this sheet name or file stem one of the table's own?"""
        return fold(name) in {fold(own) for own in (self.title, self.key, *self.aliases)}


@dataclass(frozen=True, slots=True)
class Row:
    """One wholly readable row; `number` as Excel shows it, `values` by column key."""

    number: int
    sheet: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to put it right. Row 0 concerns the whole sheet or file."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"“{self.sheet}”" if self.sheet else ""
        where += f"第{self.row}行" if self.row else ""
        where += f"“{self.column}”" if self.column else ""
        return f"{where}：{self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says about one table. Rows with a problem are not among `rows`; `ignored` are unknown headers."""

    table: Table
    sheet: str = ""
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    header_row: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing stands against importing all rows."""
        return not self.problems

    def problem(self, row: Row, key: str, message: str) -> Problem:
        """A problem found later (an unknown code, a doubled row), placed at the cell it came from."""
        return Problem(row.sheet, row.number, self.headers.get(key, key and self.table.column(key).header), message)
