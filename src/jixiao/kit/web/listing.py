"""How a list is shown: its columns in order, and marks (a word with a tone) for states and lights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from jixiao.domain.money_words import MoneyWords
from jixiao.kit.web import filters

NUMERIC = ("amount", "number", "integer", "percent", "points")


class Mark(NamedTuple):
    """A state, a light or a next step as a cell shows it. The words carry the meaning.

    `tone`: ok, warn, bad or mute; for kind action "next" makes it the primary button.
    """

    words: str
    tone: str = "mute"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of `data_table`: `key` names the row's attribute or entry.

    `kind`: text, amount (fen), percent (points), number, integer, points (of a score), date, datetime, tag or lamp (a
    Mark), action (a Mark drawn as a button that leads to `link`), progress (points).
    `link` and `note_key` name attributes with the cell's address and its second line; `order` is a key of the
    page's orders.
    """

    key: str
    header: str
    kind: str = "text"
    link: str = ""
    note_key: str = ""
    order: str = ""


def called(columns: Iterable[Shown], money: MoneyWords) -> tuple[Shown, ...]:
    """The columns of a table about one object, in the words of its money."""
    return tuple(replace(column, header=money.say(column.header)) for column in columns)


def drawer(columns: Iterable[Any], unit: str, macros: Mapping[str, Callable[..., str]]) -> Callable[[Any], Markup]:
    """A function from a row to its cells: plain Python, because a macro per cell halves what a list page serves.

    `columns`: objects with key, header and kind, and optionally link and note_key. `macros` draw the kinds tag, lamp
    and progress. Amounts stand in `unit`.
    """
    planned = [
        (
            Markup('<td data-label="{}"{}>').format(c.header, Markup(' class="n"') if c.kind in NUMERIC else ""),
            c.key,
            c.kind,
            getattr(c, "link", ""),
            getattr(c, "note_key", ""),
        )
        for c in columns
    ]

    def draw(row: Any) -> Markup:
        parts: list[str] = []
        for start, key, kind, link, note_key in planned:
            value = _of(row, key)
            href = _of(row, link) if link else ""
            note = _of(row, note_key) if note_key else ""
            parts += (start, _inside(value, kind, unit, macros, href, bool(note)))
            if note:
                parts += ('<div class="why">', escape(note), "</div>")
            parts.append("</td>")
        # Every value was escaped above; what remains is this module's own markup.
        return Markup("".join(parts))  # nosec B704

    return draw


def _inside(value: Any, kind: str, unit: str, macros: Mapping[str, Callable[..., str]], href: str, noted: bool) -> str:
    if kind == "action":
        look = "btn-primary" if value and value.tone == "next" else "btn-quiet"
        return Markup('<a class="btn {}" href="{}">{}</a>').format(look, href, value.words) if value else ""
    text = _text(value, kind, unit, macros)
    if href:
        return f'<a href="{escape(href)}">{text}</a>'
    return f"<strong>{text}</strong>" if noted else text


def _text(value: Any, kind: str, unit: str, macros: Mapping[str, Callable[..., str]]) -> str:
    if kind == "amount":
        return filters.money_cell(value, unit)
    if kind == "percent":
        return filters.percent(value)
    if kind == "points":
        return filters.points(value)
    if kind in ("number", "integer"):
        return filters.plain(value)
    if kind in ("date", "datetime"):
        said = filters.date(value) if kind == "date" else filters.datetime(value)
        return f'<span class="due">{said}</span>'
    if kind == "progress":
        return macros[kind](value, "进度")
    if kind in macros and value is not None:
        return macros[kind](value.words, value.tone)
    return escape(filters.label(value))


def _of(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, Mapping) else getattr(row, key)
