"""共性问题: the classes under which the problems of many evaluations are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

OTHER = "其他"


@dataclass(frozen=True)
class ProblemRules:
    """`classes`: each class with the words by which a problem is recognised; a problem may belong to several."""

    section: ClassVar[str] = "problems"

    classes: dict[str, tuple[str, ...]]


def classes_of(problem: str, rules: ProblemRules) -> tuple[str, ...]:
    """The classes that a problem's words name, in the order of the rules; 其他 where they name none."""
    found = tuple(name for name, words in rules.classes.items() if any(word in problem for word in (name, *words)))
    return found or (OTHER,)
