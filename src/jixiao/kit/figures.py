"""Figures: one number, its definition, one query, one way back to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import amount_plain, plain, share

Value = str | dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: a region, its work year, and the reader whose rows count."""

    region: str
    year: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One column of a figure's drill-down: how a row shows itself. `kind` is text, amount (fen), points or percent."""

    title: str
    read: Callable[[Any], Any]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the annual report.

    `definition` is the sentence on the page, denominator included. `rows` gives what is counted; `measure` turns those
    rows into text (amounts in 万元) or label → text. Both see the same rows, so the number always opens them.
    """

    key: str
    name: str
    unit: str
    definition: str
    rows: Callable[[Scope], Iterable[Any]]
    measure: Callable[[Sequence[Any], Scope], Value]
    columns: tuple[RowColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure computed for a scope, with the rows behind it."""

    figure: Figure
    value: Value
    rows: Sequence[Any]


def answer(figure: Figure, scope: Scope) -> Answer:
    """Compute one figure."""
    return answers([figure], scope)[figure.key]


def answers(figures: Iterable[Figure], scope: Scope) -> dict[str, Answer]:
    """Compute figures, by key; rows that several of them share are fetched once."""
    fetched: dict[Callable[[Scope], Iterable[Any]], Sequence[Any]] = {}
    found = {}
    for figure in figures:
        if figure.rows not in fetched:
            fetched[figure.rows] = list(figure.rows(scope))
        rows = fetched[figure.rows]
        found[figure.key] = Answer(figure, figure.measure(rows, scope), rows)
    return found


def count(rows: Sequence[Any], _scope: Scope) -> str:
    """How many rows."""
    return str(len(rows))


def distinct(read: Callable[[Any], object]) -> Callable[[Sequence[Any], Scope], str]:
    """How many different values the rows show."""
    return lambda rows, _scope: str(len({read(row) for row in rows}))


def total(read: Callable[[Any], int]) -> Callable[[Sequence[Any], Scope], str]:
    """The sum of an amount in fen, as 万元."""
    return lambda rows, _scope: amount_plain(sum(read(row) for row in rows), "万元")


def percent(part: int, whole: int) -> str | None:
    """part ÷ whole in percent, rounded HALF_UP to 0.01; None where there is nothing to divide by."""
    result = share(part, whole)
    return None if result is None else plain(result)


def by_label(pairs: Iterable[tuple[str, Decimal | int | str | None]]) -> dict[str, str]:
    """A breakdown label → text; labels that would collide are told apart by a running number."""
    result: dict[str, str] = {}
    for label, number in pairs:
        if number is None:
            continue
        name, again = label, 2
        while name in result:
            name, again = f"{label}（{again}）", again + 1
        result[name] = number if isinstance(number, str) else plain(number)
    return result
