"""Which indicators fit a project: by its own words, and by what similar ones used. Pure, so that it can be measured."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .grams import folded

NAME, PURPOSE, FIELD, KIND = 3.0, 1.0, 2.0, 0.5
_NOISE = re.compile(r"\d+年?度?|项目|专项|经费|资金|工作|及|的|年")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a project when its indicators are chosen. `kind`: that of its unit."""

    name: str
    purpose: str = ""
    field: str = ""
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A project of before or of others, with the indicators of its approved sheet, by any key."""

    label: str
    profile: Profile
    indicators: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One indicator with its place in the order and why it is here."""

    key: int
    score: float
    because: str


@dataclass(slots=True)
class Words:
    """How telling each pair of characters is, over all texts that will be compared."""

    seen: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    weights: dict[str, float] = field(default_factory=dict)
    whole: dict[frozenset[str], float] = field(default_factory=dict)

    def learn(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.seen.update(pairs(text))
            self.texts += 1

    def weight(self, pair: str) -> float:
        if pair not in self.weights:
            self.weights[pair] = math.log((self.texts + 1) / (self.seen[pair] + 1)) + 0.1
        return self.weights[pair]

    def sum_of(self, pairs: frozenset[str]) -> float:
        """The weight of all these pairs, reckoned once: the order of adding must not matter to the digit."""
        if pairs not in self.whole:
            self.whole[pairs] = math.fsum(map(self.weight, pairs))
        return self.whole[pairs]

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """0…1: the weight of what both say against that of what either says."""
        both = one & other
        if not both:
            return 0.0
        return math.fsum(map(self.weight, both)) / math.sqrt(self.sum_of(one) * self.sum_of(other))


@lru_cache(maxsize=65536)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without years and words that every project bears."""
    said = _NOISE.sub(" ", folded(text))
    return frozenset(part[at : at + 2] for part in said.split() for at in range(len(part) - 1))


def similar(mine: Profile, cases: Sequence[Case], most: int) -> list[tuple[float, Case]]:
    """The cases most like mine, best first; those that share nothing are left out."""
    words = Words()
    words.learn(case.profile.name for case in cases)
    name, purpose = pairs(mine.name), pairs(mine.purpose)
    found = []
    for case in cases:
        other = case.profile
        score = NAME * words.likeness(name, pairs(other.name)) + PURPOSE * words.likeness(purpose, pairs(other.purpose))
        score += FIELD * (mine.field != "" and mine.field == other.field) + KIND * (mine.kind == other.kind != "")
        if score > KIND:
            found.append((score, case))
    return sorted(found, key=lambda pair: (-pair[0], pair[1].label))[:most]


def from_cases(nearest: Sequence[tuple[float, Case]]) -> list[Found]:
    """What the similar projects measured, that of the most similar and most frequent first."""
    scores: Counter[int] = Counter()
    by: dict[int, list[str]] = {}
    for score, case in nearest:
        for key in dict.fromkeys(case.indicators):
            scores[key] += score  # type: ignore[assignment]
            by.setdefault(key, []).append(case.label)
    return [Found(key, score, _cases_said(by[key])) for key, score in _ordered(scores)]


def from_words(
    mine: Profile, texts: Mapping[int, str], industries: Mapping[int, str], fits: frozenset[str]
) -> list[Found]:
    """Entries whose own words are those of the project; one of a fitting industry counts more.

    `texts`: name, explanation and project type by key; `industries` by key; `fits`: those that the project belongs to.
    """
    words = Words()
    words.learn(texts.values())
    asked = pairs(f"{mine.name} {mine.purpose} {mine.unit} {mine.field}")
    title = pairs(mine.name)
    scores: dict[int, float] = {}
    said: dict[int, str] = {}
    for key, text in texts.items():
        own = pairs(text)
        shared, fitting = runs(text, asked & own), industries[key] in fits
        score = words.likeness(title, own) * NAME + words.likeness(asked, own) * PURPOSE + FIELD * fitting * bool(fits)
        if shared or fitting:
            scores[key] = score
            said[key] = _words_said(shared, industries[key] if fitting else "")
    return [Found(key, score, said[key]) for key, score in _ordered(scores)]


def runs(text: str, shared: frozenset[str]) -> list[str]:
    """The stretches of a text that consist of shared pairs, in their order."""
    signs, found, at = folded(text), [], 0
    while at < len(signs) - 1:
        end = at
        while signs[end : end + 2] in shared:
            end += 1
        if end > at:
            found.append(signs[at : end + 1])
        at = max(end, at + 1)
    return list(dict.fromkeys(found))


def _ordered(scores: Mapping[int, float]) -> list[tuple[int, float]]:
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _cases_said(labels: Sequence[str]) -> str:
    first = f"“{labels[0]}”"
    return f"{first}等 {len(labels)} 个相似项目用过" if len(labels) > 1 else f"相似项目{first}用过"


def _words_said(shared: Sequence[str], industry: str) -> str:
    parts = [f"属于{industry}"] if industry else []
    if shared:
        parts.append(f"与项目名称、目标、单位同有“{'”“'.join(shared[:3])}”")
    return "，".join(parts)
