"""What a table is, and what reading one gives: declarations without any file format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.domain.quantities import Unreadable, amount_plain, plain
from jixiao.domain.terms import Term

from .cells import KINDS, fold, unit_of, visible

PARAGRAPH = 4000
"""Characters of a text that is written in sentences; models keep it without a length."""
MOST_PROBLEMS = 1000
_LONGEST = {"text": 200, "code": 40}
_RANGES = {"number": (0, 1000), "points": (0, 1000), "percent": (0, 100), "integer": (0, 1_000_000)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` decides the type of a value:

    text str · code str · number Decimal · points Decimal to 0.01 · amount fen (int) · percent Decimal percent points to
    0.01 · date datetime.date ·
    flag bool · term member of `choices` · integer int · year int ("2022年") · month int 1–12 ("7月").
    `unit` (元, 万元, 亿元) is that of bare amounts unless the header or a line “单位：元” above it says another.
    A column that is not `required` may be missing or blank: then the value is `default`, or "" for text and codes.
    One that is required and `may_be_blank` has to be there, its cells may be blank.
    `longest` counts the characters of texts and codes; `least` and `most` bound numbers (amounts in fen). Where they
    are not given the kind decides: points and counts are not negative, amounts may be.
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
    longest: int = 0
    least: int | None = None
    most: int | None = None
    may_be_blank: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS or (self.kind == "term") != (self.choices is not None):
            raise ValueError(f"column {self.key}: kind {self.kind} with choices {self.choices}")

    @property
    def filled(self) -> bool:
        """Must every cell be filled in?"""
        return self.required and not self.may_be_blank

    @property
    def blank(self) -> object:
        """What a blank optional cell means."""
        return "" if self.default is None and self.kind in ("text", "code") else self.default

    def checked(self, value: object) -> object:
        """The value itself if it keeps within the column's bounds; raises Unreadable otherwise."""
        if isinstance(value, str):
            if not isinstance(value, Term):
                self._check_text(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            least, most = _RANGES.get(self.kind, (None, None))
            least, most = (least if self.least is None else self.least), (most if self.most is None else self.most)
            if least is not None and value < least:
                raise Unreadable(f"“{self._shown(value)}”不能小于 {self._shown(least)}，请核对后改正")
            if most is not None and value > most:
                raise Unreadable(f"“{self._shown(value)}”不能大于 {self._shown(most)}，请核对后改正")
        return value

    def _check_text(self, text: str) -> None:
        if len(text) > self.limit:
            raise Unreadable(f"有 {len(text)} 个字，最多 {self.limit} 个字，请缩短后填写")
        if not visible(text, breaks=self.kind == "text"):
            raise Unreadable("含有看不见的控制字符，请删去内容后重新录入，不要从其他软件粘贴")

    def _shown(self, value: int | Decimal) -> str:
        if self.kind == "amount" and isinstance(value, int):
            return f"{amount_plain(value, self.own_unit)} {self.own_unit}"
        text = plain(value)
        return text if len(text) <= 30 else f"{text[:30]}…"

    @property
    def limit(self) -> int:
        """The most characters that a text or code may have."""
        return self.longest or _LONGEST.get(self.kind, PARAGRAPH)

    @property
    def own_unit(self) -> str:
        """The unit of the declaration: the one its header states, else `unit`."""
        return unit_of(self.header) or self.unit


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table. `title` is the sheet's name; `aliases` are other sheet names and file stems.

    The rows of a `long` table may be so many that a reading holds none of them: see `Reading.each`.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    note: str = ""
    long: bool = False

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


class Problems(list[Problem]):
    """The first thousand problems and the number of all: a file of wrong rows is told on a page, however long it is."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def append(self, problem: Problem) -> None:
        """Count a problem, and keep it if it is among the first."""
        self.total += 1
        if self.total <= MOST_PROBLEMS:
            super().append(problem)

    def close(self, sheet: str) -> None:
        """Say how many there are, if there are more than are kept."""
        if self.total > MOST_PROBLEMS:
            message = f"共有 {self.total} 处问题，只列出前 {MOST_PROBLEMS} 处，请先改正这些再重新上传"
            super().append(Problem(sheet, 0, "", message))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says about one table. Rows with a problem are not among `rows`; `ignored` are unknown headers.

    For a `long` table `rows` stays empty and `kept` holds them in a temporary file.
    """

    table: Table
    sheet: str = ""
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    header_row: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: Iterable[Row] | None = None

    def each(self) -> Iterator[Row]:
        """The readable rows in their order, as often as asked."""
        return iter(self.rows if self.kept is None else self.kept)

    @property
    def ok(self) -> bool:
        """Nothing stands against importing all rows."""
        return not self.problems

    def problem(self, row: Row, key: str, message: str) -> Problem:
        """A problem found later (an unknown code, a doubled row), placed at the cell it came from."""
        return Problem(row.sheet, row.number, self.headers.get(key, key and self.table.column(key).header), message)
