"""Sentences as templates over figures: a clause whose figures are missing is left out, so that nothing is invented.

In a clause `{key}` is a figure (left out when it is missing or 0), `{key!}` one that may be 0, `{=word}` a name, a
date or a 文号 taken from rows, and `{key|“@”有#个/“@”各有#个|、}` a breakdown: labels (@) with their number (#), joined
by the last part; the shape after `/` is for several labels of the same number. Labels at 0 are passed over unless the
key ends in `!`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jixiao.kit.figures import Answer
from jixiao.kit.paper import Number, Span

FIELD = re.compile(r"\{([^{}]+)\}")
SLOT = re.compile(r"([@#])")
ZERO = re.compile(r"0(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of: figures by key, and words by name."""

    answers: Mapping[str, Answer]
    words: Mapping[str, str]

    def says(self, clause: str) -> tuple[Span, ...] | None:
        """The clause with its fields filled in, or None where one of them has nothing to say."""
        spans: list[Span] = []
        for place, part in enumerate(FIELD.split(clause)):
            found = ((part,) if part else ()) if place % 2 == 0 else self._field(part)
            if found is None:
                return None
            spans += found
        return tuple(spans)

    def _field(self, field: str) -> tuple[Span, ...] | None:
        if field.startswith("="):
            word = self.words.get(field[1:])
            return (word,) if word else None
        name, _, form = field.partition("|")
        key = name.removesuffix("!")
        zero_too = name != key
        value = self.answers[key].value if key in self.answers else None
        if isinstance(value, dict):
            shape, _, joint = form.partition("|")
            listed = {label: text for label, text in value.items() if zero_too or not ZERO.fullmatch(text)}
            return tuple(_listed(listed, key, shape, joint)) or None
        if value is None or (ZERO.fullmatch(value) and not zero_too):
            return None
        return (Number(value, key),)


def _listed(values: Mapping[str, str], key: str, form: str, joint: str) -> Iterator[Span]:
    one, _, several = form.partition("/")
    groups = [(label, text) for label, text in values.items()]
    if several:
        alike = {text: [label for label, other in groups if other == text] for _, text in groups}
        groups = [("”“".join(labels), text) for text, labels in alike.items()]
    for place, (label, text) in enumerate(groups):
        if place:
            yield joint
        for part in filter(None, SLOT.split(several if "”“" in label else one)):
            yield label if part == "@" else Number(text, key) if part == "#" else part


@dataclass(frozen=True, slots=True, init=False)
class Sentence:
    """Clauses (texts, or sentences within) joined to one sentence, between `lead` and `tail`.

    Without a single clause that stands, or without the first where it `leads`, it falls away.
    """

    clauses: tuple[str | Sentence, ...]
    lead: str
    tail: str
    joint: str
    leads: bool

    def __init__(
        self, *clauses: str | Sentence, lead: str = "", tail: str = "", joint: str = "，", leads: bool = False
    ) -> None:
        given = (("clauses", clauses), ("lead", lead), ("tail", tail), ("joint", joint), ("leads", leads))
        for name, value in given:
            object.__setattr__(self, name, value)

    def spans(self, material: Material) -> tuple[Span, ...]:
        """The sentence with its 。, or nothing."""
        said = self.said(material)
        return () if said is None else (*said, "。")

    def said(self, material: Material) -> tuple[Span, ...] | None:
        """The sentence without its 。, or None."""
        said = [one.said(material) if isinstance(one, Sentence) else material.says(one) for one in self.clauses]
        standing = [spans for spans in said if spans is not None]
        lead, tail = material.says(self.lead), material.says(self.tail)
        if not standing or lead is None or tail is None or (self.leads and said[0] is None):
            return None
        joined: list[Span] = [*lead, *standing[0]]
        for spans in standing[1:]:
            joined += (self.joint, *spans)
        return (*joined, *tail)
