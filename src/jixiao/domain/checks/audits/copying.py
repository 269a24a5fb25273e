"""Likeness of texts, exact and the same on every machine: shared pairs of characters after names and numbers are gone.

`Copies` compares thousands of passages: of each only its rarest pairs are looked up, which finds every pair of
passages at or above the border and few others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from .facts import bare

Owner = TypeVar("Owner", bound=Hashable)
_PIECE = 2


def essence(text: str, names: Sequence[str] = ()) -> str:
    """A passage without the names of its project and unit, without digits and punctuation."""
    left = bare(text)
    for name in sorted(filter(None, map(bare, names)), key=len, reverse=True):
        left = left.replace(name, "")
    return "".join(character for character in left if not character.isdigit())


def pieces(text: str) -> frozenset[str]:
    """Every pair of neighbouring characters."""
    return frozenset(text[at : at + _PIECE] for at in range(max(len(text) - _PIECE + 1, 1))) if text else frozenset()


def likeness(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Shared ÷ all pairs of characters, in percent (Jaccard)."""
    whole = len(one | other)
    return Fraction(len(one & other) * 100, whole) if whole else Fraction(0)


@dataclass(frozen=True, slots=True)
class Alike(Generic[Owner]):
    """Somebody else's passage, and how alike it is in percent."""

    owner: Owner
    alike: Fraction


class Copies(Generic[Owner]):
    """Finds for every passage the others at least `border` percent alike, the most alike first."""

    def __init__(self, passages: Iterable[tuple[Owner, str]], border: Fraction) -> None:
        self._border = border
        self._owners: dict[str, list[Owner]] = defaultdict(list)
        for owner, text in passages:
            self._owners[text].append(owner)
        self._pieces = {text: pieces(text) for text in self._owners}
        counts = Counter(piece for found in self._pieces.values() for piece in found)
        self._order = {piece: (count, piece) for piece, count in counts.items()}
        self._index: dict[str, list[str]] = defaultdict(list)
        for text, found in self._pieces.items():
            for piece in self._prefix(found):
                self._index[piece].append(text)

    def of(self, owner: Owner, text: str) -> list[Alike[Owner]]:
        """Where else the passage stands; `owner` himself is left out."""
        mine = self._pieces.get(text) or pieces(text)
        candidates = {other for piece in self._prefix(mine) for other in self._index.get(piece, ())}
        found = []
        for other in candidates:
            theirs = self._pieces[other]
            shared = len(mine & theirs)
            if shared * 100 >= self._border * (len(mine) + len(theirs) - shared):
                alike = likeness(mine, theirs)
                found += [Alike(holder, alike) for holder in self._owners[other] if holder != owner]
        return sorted(found, key=lambda one: (-one.alike, str(one.owner)))

    def _prefix(self, found: frozenset[str]) -> list[str]:
        """The rarest pairs, so many that two passages above the border share one of them."""
        ordered = sorted(found, key=lambda piece: self._order.get(piece, (0, piece)))
        needed = -(-len(ordered) * self._border // 100)
        return ordered[: len(ordered) - int(needed) + 1]
