"""What an audit knows of a self-evaluation and of what stands around it: other years, other units, monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from ...grades import Grade
from ...indicators import Comparison, indicator_class
from ...policy import Percent
from ...quantities import normalize
from ...scoring.values import Value, read_value
from ...vocabulary import IndicatorLevel1, Likelihood
from .. import Need
from ..lights import Tone


@dataclass(frozen=True)
class AuditCheckRules:
    """Thresholds of the checks with history and peers. Shares in percent; counts are numbers of sheets or lines.

    `similar_text`: two texts of at least `text_length` characters are copies from this likeness on.
    `excellent_*`: how many sheets a unit needs, which share of 优 and which chance (in %) of it among the others'.
    `full_marks_lines`, `equal_lines`, `round_lines`, `digit_values`, `copied_lines`: how many lines make a pattern.
    `over_target`, `below_last`, `below_peers`: what makes a target low; `peers_least`: how many peers it takes.
    """

    section: ClassVar[str] = "audit_checks"

    similar_text: Percent
    text_length: int
    stock_phrases: tuple[str, ...]
    excellent_sheets: int
    excellent_share: Percent
    excellent_chance: Percent
    same_total_share: Percent
    full_marks_lines: int
    equal_lines: int
    round_lines: int
    round_share: Percent
    digit_values: int
    digit_share: Percent
    copied_lines: int
    over_target: Percent
    below_last: Percent
    below_peers: Percent
    peers_least: int
    low_execution: Percent
    evidence_weight: int
    lost_points: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A passage that was found elsewhere: where, and how alike in percent (100: the same)."""

    where: str
    alike: Fraction


@dataclass(frozen=True, slots=True)
class LineRecord:
    """One indicator as reported. None: nobody knows; `cause` None: the table has no such column.

    `copied` is where its text was found (None: there was nothing to compare with), `last_target` and `last_actual` are
    of the same project and indicator a year before, `peers` how many other units' sheets have the same indicator, and
    the median of their targets.
    `impossible`: the last monitoring said 完全不可能完成.
    """

    name: str
    level1: str
    level2: str
    comparison: Comparison
    target: str | None
    actual: str | None
    unit: str
    weight: Decimal
    points: Decimal | None
    cause: str | None = None
    evidence: bool | None = None
    likelihood: Likelihood | None = None
    copied: tuple[Text, ...] | None = None
    last_target: str | None = None
    last_actual: str | None = None
    peers: tuple[int, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit's sheets of the year beside the others' of the region: grades, totals, and last digits of actuals."""

    excellent: int
    sheets: int
    others_excellent: int
    others: int
    totals: tuple[Decimal, ...]
    digits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A self-evaluation and its surroundings. Money in fen; None where nobody knows.

    `problems`: 自查问题 as written; `tone`: the worst light of the last monitoring; `rectifications`: how many there
    were in the year. `problems_copied`: where that text was found.
    """

    id: str
    unit: str
    project: str
    year: int | None
    budget: int | None
    executed: int | None
    execution_weight: Decimal | None
    execution_points: Decimal | None
    total: Decimal | None
    grade: Grade | None
    lines: tuple[LineRecord, ...]
    problems: str | None = None
    tone: Tone | None = None
    rectifications: int | None = None
    problems_copied: tuple[Text, ...] | None = None
    twin: tuple[str, int, int] | None = None
    compared: bool = False
    of_unit: UnitRecord | None = None


@dataclass(frozen=True)
class LineCase:
    """One line on its sheet, with its values read."""

    sheet: SheetRecord
    line: LineRecord
    rules: AuditCheckRules

    @cached_property
    def target(self) -> Fraction | None:
        return number(self.line.target, self.line.unit)

    @cached_property
    def actual(self) -> Fraction | None:
        return number(self.line.actual, self.line.unit)

    @cached_property
    def last_target(self) -> Fraction | None:
        return number(self.line.last_target, self.line.unit)

    @cached_property
    def last_actual(self) -> Fraction | None:
        return number(self.line.last_actual, self.line.unit)

    @property
    def upward(self) -> bool:
        """More is better."""
        return self.line.comparison in (Comparison.AT_LEAST, Comparison.MORE)

    @property
    def is_share(self) -> bool:
        """A percentage, that cannot go above 100."""
        text = f"{self.line.unit}{self.line.target or ''}"
        return "%" in text or "％" in text

    @property
    def kind(self) -> IndicatorLevel1 | None:
        """The class that the line stands under."""
        return indicator_class(self.line.level1, self.line.level2)

    @property
    def full(self) -> bool:
        """All of the points."""
        return self.line.points is not None and self.line.points == self.line.weight > 0


@dataclass(frozen=True)
class SheetCase:
    """A sheet with its lines as cases."""

    sheet: SheetRecord
    rules: AuditCheckRules

    @cached_property
    def lines(self) -> tuple[LineCase, ...]:
        return tuple(LineCase(self.sheet, line, self.rules) for line in self.sheet.lines)

    @property
    def rate(self) -> Fraction | None:
        """Executed ÷ budget in percent."""
        if not self.sheet.budget or self.sheet.executed is None:
            return None
        return Fraction(self.sheet.executed * 100, self.sheet.budget)

    @property
    def lost(self) -> Decimal:
        """Points that the lines did not get."""
        known = [(line.weight, line.points) for line in self.sheet.lines if line.points is not None]
        execution = (self.sheet.execution_weight, self.sheet.execution_points)
        if execution[0] is not None and execution[1] is not None:
            known.append((execution[0], execution[1]))
        return sum((weight - points for weight, points in known), Decimal(0))


def number(text: str | None, unit: str) -> Fraction | None:
    """A value as an exact number; None for words and dates."""
    value: Value | None = read_value(text, unit) if text else None
    return None if value is None or value.num is None else Fraction(value.num, value.den)


def is_stock(text: str, rules: AuditCheckRules) -> bool:
    """Whether a passage says nothing beyond stock phrases of the region's list."""
    left = bare(text)
    for phrase in sorted(map(bare, rules.stock_phrases), key=len, reverse=True):
        left = left.replace(phrase, "")
    return not left


def bare(text: str) -> str:
    """A passage without punctuation and spaces, full-width folded."""
    return "".join(character for character in normalize(text) if character.isalnum())


ACTUAL = Need[LineCase]("数值的完成值", lambda case: case.actual is not None)
