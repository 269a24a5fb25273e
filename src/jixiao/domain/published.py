"""Published 项目支出绩效自评表 as JSON, read into facts; the printed numbers stay beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

from .indicators import Comparison, LineFacts
from .money_words import SPENDING, MoneyWords
from .quantities import FEN_PER_UNIT, Unreadable, normalize, plain, read_amount, read_number
from .scoring import SheetFacts
from .terms import UnknownTerm

_LARGEST = Decimal(10) ** 15
_LONGEST_TEXT = 2000
_MOST_LINES = 5000
_MONEY_UNITS = ("元", "万元", "亿元")


class MalformedTable(ValueError):
    """A document that is no published table. str() is Chinese and names the place."""


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """One row: the facts to score, and the points that the unit printed (None = not legible)."""

    facts: LineFacts
    weighted: bool
    points_printed: Decimal | None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table. Where `complete` is False rows are missing: its sums and coverage say nothing.

    `money`: how the object's money is called, where the system knows the object.
    """

    id: str
    policy: str
    complete: bool
    budget: int | None
    executed: int | None
    execution_rate_printed: str | None
    execution_weight: Decimal | None
    execution_points_printed: Decimal | None
    lines: tuple[PublishedLine, ...]
    total_printed: Decimal | None
    money: MoneyWords = SPENDING

    def facts(self) -> SheetFacts:
        """What scoring needs, without anything that was printed as a result."""
        lines = tuple(line.facts for line in self.lines)
        return SheetFacts(self.budget, self.executed, self.execution_weight, lines, self.money)


def parse(content: bytes) -> PublishedTable:
    """Read one JSON document. Raises MalformedTable with a Chinese message that names the key and the remedy."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedTable("文件不是 UTF-8 文本，请另存为 UTF-8 编码的 JSON") from None
    if not text.strip():
        raise MalformedTable("文件是空的，请重新导出")
    try:
        document = json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_keys_once,
        )
    except json.JSONDecodeError as error:
        raise MalformedTable(f"文件不是有效的 JSON：第{error.lineno}行第{error.colno}列有误") from None
    except (RecursionError, ArithmeticError):
        raise MalformedTable("JSON 嵌套过深或数值超出范围") from None
    return read(document)


def read(document: object) -> PublishedTable:
    """Check a decoded document and turn it into facts. Raises MalformedTable."""
    if not isinstance(document, Mapping):
        raise MalformedTable("文件应是一个 JSON 对象 {…}，每个文件一张表")
    table = _Record(document, "")
    unit = table.text("money_unit")
    if unit not in _MONEY_UNITS:
        table.wrong("money_unit", "应为 元、万元 或 亿元")
    complete = table.get("complete")
    if not isinstance(complete, bool):
        table.wrong("complete", "应为 true 或 false")
    rows = table.get("lines")
    if not isinstance(rows, list) or len(rows) > _MOST_LINES:
        table.wrong("lines", f"应为不超过{_MOST_LINES}行的列表 […]")
    return PublishedTable(
        id=table.text("id"),
        policy=table.text("policy"),
        complete=complete,
        budget=table.amount("budget", unit),
        executed=table.amount("executed", unit),
        execution_rate_printed=table.value("execution_rate_printed"),
        execution_weight=table.number("execution_weight"),
        execution_points_printed=table.number("execution_points_printed"),
        lines=tuple(read_line(row, f"lines 第{number}行 ") for number, row in enumerate(rows, 1)),
        total_printed=table.number("total_printed"),
    )


def read_line(row: object, where: str, *, printed: bool = True) -> PublishedLine:
    """One row of `lines`; with `printed=False` one that comes to be scored, without 得分. Raises MalformedTable."""
    if not isinstance(row, Mapping):
        raise MalformedTable(f"{where}应是一个 JSON 对象 {{…}}")
    line = _Record(row, where)
    try:
        comparison = Comparison.of(line.value("comparison"))
    except UnknownTerm:
        line.wrong("comparison", "应为 ≥ ≤ = > < 或 定性")
    weight = line.number("weight")
    facts = LineFacts(
        name=line.text("name"),
        level1=line.optional("level1") or "",
        level2=line.optional("level2") or "",
        comparison=comparison,
        target=line.value("target"),
        actual=line.value("actual"),
        weight=weight or Decimal(0),
        tier=line.percent("tier") if "tier" in row else None,
        method=line.optional("method"),
        unit=line.optional("unit") or "",
    )
    points = line.number("points_printed") if printed else None
    return PublishedLine(facts, weight is not None, points)


@dataclass(frozen=True)
class _Record:
    """A JSON object whose keys are read by type; every refusal names the key."""

    content: Mapping[str, Any]
    where: str

    def wrong(self, key: str, remedy: str) -> NoReturn:
        raise MalformedTable(f"{self.where}{key}：{remedy}")

    def get(self, key: str) -> Any:
        if key not in self.content:
            self.wrong(key, "缺少这一项，没有值时请写 null")
        return self.content[key]

    def text(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT:
            self.wrong(key, "应为文字，不能为空")
        return self._printable(key, value)

    def value(self, key: str) -> str | None:
        """Text or a number as text; None for null."""
        value = self.get(key)
        if isinstance(value, Decimal):
            return plain(self._finite(key, value))
        if value is not None and (not isinstance(value, str) or len(value) > _LONGEST_TEXT):
            self.wrong(key, "应为数、文字或 null")
        return value if value is None else self._printable(key, value)

    def optional(self, key: str) -> str | None:
        """The same, where a table may leave the key out."""
        return self.value(key) if key in self.content else None

    def number(self, key: str) -> Decimal | None:
        """A number that is not negative, as such or as a cell holds it ("10分"), or None for null."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = read_number(normalize(value).removesuffix("分"))
            except Unreadable:
                self.wrong(key, "应为数或 null，可带“分”字")
        if not isinstance(value, Decimal):
            self.wrong(key, "应为数或 null")
        if self._finite(key, value) < 0:
            self.wrong(key, "不能是负数")
        return value

    def percent(self, key: str) -> Decimal | None:
        """A share between 0 and 100, or None for null."""
        value = self.number(key)
        if value is not None and value > 100:
            self.wrong(key, "不能超过100")
        return value

    def amount(self, key: str, unit: str) -> int | None:
        """Money in fen, rounded to it (a table may carry the digits of a spreadsheet's division)."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                fen = read_amount(value, unit)
            except Unreadable as error:
                self.wrong(key, str(error))
        else:
            number = self.number(key)
            fen = int(Fraction(number or 0) * FEN_PER_UNIT[unit] + Fraction(1, 2))
        if fen < 0:
            self.wrong(key, "不能是负数")
        return fen

    def _printable(self, key: str, value: str) -> str:
        """Half a character, as an escape can smuggle it in, has no place in any output."""
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.wrong(key, "含有不完整的字符，请重新填写")
        return value

    def _finite(self, key: str, value: Decimal) -> Decimal:
        exponent = value.as_tuple().exponent
        if not value.is_finite() or not isinstance(exponent, int) or exponent < -20 or abs(value.adjusted()) > 20:
            if value == 0 and value.is_finite():
                return Decimal(0)
            self.wrong(key, "数值超出范围，请核对")
        if abs(value) > _LARGEST:
            self.wrong(key, "数值过大，请核对单位")
        return value


def _no_constant(name: str) -> NoReturn:
    raise MalformedTable(f"文件里有 {name}，它不是数，请改为实际的数或 null")


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise MalformedTable(f"“{key[:30]}”在同一个对象里写了两次，请只留一个")
        content[key] = value
    return content
