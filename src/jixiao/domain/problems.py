"""共性问题: the classes under which the problems of many evaluations are counted.

Words only propose a class; a person confirms it. A problem may belong to several classes, written as codes with blanks
between them; none written means that nobody has confirmed it yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

OTHER = "other"
OTHER_NAME = "其他"
_NOTHING = " \t。，、；;.,无没有暂"
_NUMBER = re.compile(
    r"(?:^|(?<=[。；;：:\s]))"
    r"(?:[(（][一二三四五六七八九十\d]{1,3}[)）]、?|[一二三四五六七八九十]{1,3}(?:、|是(?=\S))|\d{1,2}(?:[、．)）]|\.(?!\d)))\s*"
)


@dataclass(frozen=True)
class ProblemClass:
    """One class: its Chinese name, and the words by which a problem of it is recognised."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class ProblemRules:
    """`classes` by code, in the order in which they are offered; 其他 is always there."""

    section: ClassVar[str] = "problems"

    classes: dict[str, ProblemClass]

    def choices(self) -> list[tuple[str, str]]:
        """Code and name of every class, 其他 last."""
        return [*((code, known.name) for code, known in self.classes.items()), (OTHER, OTHER_NAME)]

    def name(self, code: str) -> str:
        """The class's name; a code that the rules no longer know stands for itself."""
        return dict(self.choices()).get(code, code)


@dataclass(frozen=True, slots=True)
class Classed:
    """The classes of one problem by code, and whether a person has confirmed them."""

    codes: tuple[str, ...]
    confirmed: bool


def classes_of(problem: str, rules: ProblemRules) -> tuple[str, ...]:
    """The classes that a problem's words name, in the order of the rules; 其他 where they name none."""
    found = (c for c, known in rules.classes.items() if any(word in problem for word in (known.name, *known.words)))
    return tuple(found) or (OTHER,)


def classed(problem: str, confirmed: str, rules: ProblemRules) -> Classed:
    """What was confirmed (codes with blanks), else what the words propose."""
    codes = tuple(confirmed.split())
    return Classed(codes or classes_of(problem, rules), bool(codes))


def written(codes: Iterable[str], rules: ProblemRules) -> str:
    """Confirmed classes as they are stored: once each, in the order of the rules."""
    wanted = set(codes)
    return " ".join(code for code, _ in rules.choices() if code in wanted)


def passages(text: str) -> tuple[str, ...]:
    """The single problems of a text: its lines, and within a line what is numbered (1.、（一）、一是); 无 is none."""
    found = (part for line in text.splitlines() for part in _NUMBER.split(line))
    kept = (part.strip().rstrip("；;") for part in found)
    return tuple(dict.fromkeys(part for part in kept if part.strip(_NOTHING)))
