"""A Term is a code and its Chinese name born together, so that models, forms, Excel and the API cannot drift."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class UnknownTerm(ValueError):
    """A text that names no member of a Term; the message is Chinese and lists what would be accepted."""


class Term(StrEnum):
    """One vocabulary of the field: `class Grade(Term): GOOD = "good", "良"`; further texts are accepted aliases."""

    label: str
    aliases: tuple[str, ...]

    def __new__(cls, code: str, label: str = "", *aliases: str) -> Self:
        if not label:
            raise TypeError(f"the term {code} has no Chinese name")
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.aliases = aliases
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of code and Chinese name, in the order written."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def read(cls, text: object) -> Self:
        """The member that a code, a Chinese name or an alias stands for.

        Raises UnknownTerm with the accepted names.
        """
        wanted = str(text or "").strip()
        for member in cls:
            if wanted and wanted in (member.label, member.value, *member.aliases):
                return member
        accepted = "、".join(member.label for member in cls)
        raise UnknownTerm(f"“{wanted}”不在可选范围内，请填：{accepted}")
