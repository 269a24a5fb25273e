"""What the quality check of a target sheet looks at: the sheet, its indicators, and what is known around them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from ...indicators import Comparison, indicator_class
from ...policy import Percent
from ...quantities import FEN_PER_UNIT, normalize
from ...scoring.values import Value, read_value
from ...vocabulary import IndicatorLevel1
from .. import Need

PERCENT_UNITS = frozenset({"%", "百分比", "百分点"})
QUANTITATIVE = frozenset({*Comparison} - {Comparison.QUALITATIVE})


@dataclass(frozen=True)
class TargetCheckRules:
    """Thresholds of the check. Lengths in characters, deductions in 分, shares in percent; words as officials write."""

    section: ClassVar[str] = "target_checks"

    goal_shortest: int
    goal_longest: int
    name_shortest: int
    name_longest: int
    target_longest: int
    quantified_minimum: Percent
    satisfaction_lowest: Percent
    satisfaction_highest: Percent
    weight_highest: Percent
    class_weight_tolerance: Decimal
    similar_from: Percent
    below_last_year: Percent
    above_last_year: Percent
    comparable_minimum: int
    mad_limit: Decimal
    copied_from: Percent
    error_deduction: Decimal
    advice_deduction: Decimal
    deduction_limit: Decimal
    vague_words: tuple[str, ...]
    empty_targets: tuple[str, ...]
    process_words: tuple[str, ...]
    long_term_words: tuple[str, ...]
    works_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """What the region asks of this sheet: points in all and per 一级指标, which classes, how many indicators."""

    weight_total: Decimal
    class_weights: dict[IndicatorLevel1, Decimal]
    required_classes: tuple[IndicatorLevel1, ...]
    offered_classes: tuple[IndicatorLevel1, ...]
    minimum_indicators: int
    maximum_indicators: int | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Last year's values are of the same project, `usual` of this year's other sheets.

    `range` is what the library found usual in earlier years (lowest, highest), `unit_last` what the unit reached last
    year in any of its projects. None where nobody knows.
    """

    name: str
    level1: IndicatorLevel1
    level2: str
    comparison: Comparison
    target: str
    unit: str
    weight: Decimal
    last_target: str | None = None
    last_actual: str | None = None
    usual: tuple[str, ...] | None = None
    range: tuple[Fraction, Fraction] | None = None
    unit_last: str | None = None
    duty: int | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """Another project of the same year, with those of its indicators (name, target, unit) that bear the same names."""

    label: str
    budget: int | None
    indicators: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TargetSheet:
    """A sheet and what is known around it. `budget` in fen; `start` as year, month, day.

    `duties` of the department (None: this type of object states none) and `tasks`, each with the number of its duty.
    """

    project: str
    goal: str
    year: int
    is_new: bool
    annual: bool
    budget: int | None
    start: tuple[int, int, int] | None
    indicators: tuple[Indicator, ...]
    peers: tuple[Peer, ...] | None
    framework: Framework
    duties: tuple[str, ...] | None = None
    tasks: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True)
class TargetView:
    """A sheet under its rules: the subject of the checks on the whole sheet."""

    sheet: TargetSheet
    rules: TargetCheckRules

    @cached_property
    def lines(self) -> tuple[IndicatorView, ...]:
        return tuple(IndicatorView(self, indicator) for indicator in self.sheet.indicators)

    @cached_property
    def level1s(self) -> frozenset[IndicatorLevel1]:
        return frozenset(indicator.level1 for indicator in self.sheet.indicators)

    @cached_property
    def kinds(self) -> frozenset[IndicatorLevel1]:
        """The classes present, 成本 under 产出 counted as cost."""
        return frozenset(line.kind for line in self.lines)

    @cached_property
    def unit_costs(self) -> dict[tuple[str, str], tuple[Fraction, ...]]:
        """元 of budget per unit in the other projects, by name and unit of those of our outputs that are counted."""
        found: dict[tuple[str, str], list[Fraction]] = {
            (normalize(line.name), line.unit): [] for line in self.lines if line.number and not line.is_percent
        }
        for peer in self.sheet.peers or ():
            for name, target, unit in peer.indicators if peer.budget else ():
                costs = found.get((normalize(name), normalize(unit)), [])
                if number := number_of(read_value(target, unit)):
                    costs.append(Fraction(peer.budget or 0, 100) / number)
        return {key: tuple(costs) for key, costs in found.items()}

    def level2_has(self, word: str) -> bool:
        """Whether an indicator stands under a 二级指标 with this word."""
        return any(word in indicator.level2 for indicator in self.sheet.indicators)


@dataclass(frozen=True)
class IndicatorView:
    """One indicator on its sheet: the subject of the checks on single lines."""

    view: TargetView
    indicator: Indicator

    @property
    def sheet(self) -> TargetSheet:
        return self.view.sheet

    @property
    def rules(self) -> TargetCheckRules:
        return self.view.rules

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def unit(self) -> str:
        return normalize(self.indicator.unit)

    @cached_property
    def value(self) -> Value | None:
        return read_value(self.indicator.target, self.indicator.unit)

    @property
    def number(self) -> Fraction | None:
        """The target as an exact number, None for words and days."""
        return number_of(self.value)

    @property
    def kind(self) -> IndicatorLevel1:
        return indicator_class(self.indicator.level1.label, self.indicator.level2) or self.indicator.level1

    @cached_property
    def usual(self) -> tuple[Fraction, ...]:
        """The numbers among the library's values of this indicator."""
        return numbers_in(self.indicator.usual or (), self.indicator.unit)

    @property
    def quantitative(self) -> bool:
        return self.indicator.comparison in QUANTITATIVE

    @property
    def is_percent(self) -> bool:
        return self.unit in PERCENT_UNITS or (self.value is not None and self.value.percent)

    @property
    def is_satisfaction(self) -> bool:
        return self.kind is IndicatorLevel1.SATISFACTION or "满意" in self.name

    @property
    def money(self) -> Fraction | None:
        """The target in fen if it is an amount of money."""
        unit = self.unit or ("元" if self.value is not None and self.value.text.endswith("元") else "")
        if self.number is None or unit not in FEN_PER_UNIT:
            return None
        return self.number * FEN_PER_UNIT[unit]

    @property
    def shown(self) -> str:
        """The target as people write it: ≥95%."""
        sign = self.indicator.comparison.label if self.quantitative else ""
        unit = self.indicator.unit
        return f"{sign}{self.indicator.target.removesuffix(unit) if unit else self.indicator.target}{unit}"


def number_of(value: Value | None) -> Fraction | None:
    """A read value as an exact number."""
    return None if value is None or value.num is None else Fraction(value.num, value.den)


def numbers_in(texts: tuple[str, ...], unit: str) -> tuple[Fraction, ...]:
    """Those of the texts that are numbers."""
    read = (number_of(read_value(text, unit)) for text in texts)
    return tuple(number for number in read if number is not None)


def holds(words: tuple[str, ...], text: str) -> str:
    """Those of the words that stand in the text, quoted; "" for none."""
    return "".join(f"“{word}”" for word in words if word in text)


INDICATORS = Need[TargetView]("指标明细", lambda view: bool(view.lines))
