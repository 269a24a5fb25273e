"""What is usual for an indicator, from what was targeted and reached: exact quantiles, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jixiao.domain.quantities import Unreadable, plain, read_number, read_percent, round2

from .rules import LibraryRules

PERCENT = ("%", "％")


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle of some readings: `low` to `high` hold the share that the rules call usual; `sign` is % or ""."""

    count: int
    low: Fraction
    middle: Fraction
    high: Fraction
    sign: str = ""

    @property
    def words(self) -> str:
        """ "85–95%"."""
        low, high = plain(round2(self.low)), plain(round2(self.high))
        return f"{low}{self.sign}" if low == high else f"{low}–{high}{self.sign}"

    def holds(self, value: Decimal | Fraction) -> bool:
        """Is the value within what is usual?"""
        return self.low <= Fraction(value) <= self.high


@dataclass(frozen=True, slots=True)
class Sample:
    """One observation: what was targeted and reached, when, by what kind of unit."""

    year: int
    target: str
    actual: str
    unit_kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The distribution of some samples under one heading; None where too few can be read as numbers."""

    label: str
    count: int
    targets: Usual | None
    actuals: Usual | None


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which `share` (0…1) of the ordered values lie, between two of them in proportion; exact."""
    place = share * (len(ordered) - 1)
    below = int(place)
    if below + 1 >= len(ordered):
        return ordered[-1]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)


def number(text: str) -> Fraction | None:
    """The number that an indicator's value states; None for words."""
    try:
        return Fraction(read_percent(text) if text.strip().endswith(PERCENT) else read_number(text))
    except Unreadable:
        return None


def usual(texts: Iterable[str], rules: LibraryRules, unit: str = "") -> Usual | None:
    """What most of these values say; None if fewer than `least_observed` are numbers."""
    filled = [text for text in texts if text.strip()]
    found = sorted(value for text in filled if (value := number(text)) is not None)
    if len(found) < max(rules.least_observed, 1):
        return None
    percent = unit in PERCENT or all(text.strip().endswith(PERCENT) for text in filled)
    at = [quantile(found, Fraction(share) / 100) for share in (rules.usual_from, Decimal(50), rules.usual_to)]
    return Usual(len(found), at[0], at[1], at[2], "%" if percent else "")


def sentence(found: Usual | None, own_last: str = "", unit: str = "") -> str:
    """ "通常 85–95%，本单位上年 92%"; "" if nothing is known."""
    parts = [f"通常 {found.words}"] if found else []
    if own_last.strip():
        sign = "%" if unit in PERCENT and number(own_last) is not None and own_last.strip()[-1] not in PERCENT else ""
        parts.append(f"本单位上年 {own_last.strip()}{sign}")
    return "，".join(parts)


def by_year(samples: Iterable[Sample], rules: LibraryRules, unit: str = "") -> list[Group]:
    """One group a year, the newest first."""
    listed = list(samples)
    years = sorted({sample.year for sample in listed}, reverse=True)
    return [_group(f"{year} 年", [s for s in listed if s.year == year], rules, unit) for year in years]


def by_unit_kind(samples: Iterable[Sample], rules: LibraryRules, unit: str = "") -> list[Group]:
    """One group for each kind of unit, in the order of their names."""
    listed = list(samples)
    kinds = sorted({sample.unit_kind for sample in listed})
    return [_group(kind or "未注明", [s for s in listed if s.unit_kind == kind], rules, unit) for kind in kinds]


def by_place(samples: Iterable[Sample], rules: LibraryRules, unit: str = "") -> list[Group]:
    """One group for each region or department, those with most samples first."""
    listed = list(samples)
    counts = {place: sum(s.place == place for s in listed) for place in {s.place for s in listed}}
    places = sorted(counts, key=lambda place: (-counts[place], place))
    return [_group(place or "未注明", [s for s in listed if s.place == place], rules, unit) for place in places]


def _group(label: str, samples: Sequence[Sample], rules: LibraryRules, unit: str) -> Group:
    targets, actuals = [s.target for s in samples], [s.actual for s in samples]
    return Group(label, len(samples), usual(targets, rules, unit), usual(actuals, rules, unit))
