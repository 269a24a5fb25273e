"""How the money of a type of object is called: spending has 预算 and 支出, revenue has 应收 and 实收.

Every sentence of this system is written in the words of spending. What shows the money of one object says the sentence
in that object's words, so that no page, form or report knows which types there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self


@dataclass(frozen=True)
class MoneyWords:
    """What is planned at the year's begin, carried out, planned for the whole year, and the rate of the two.

    `spent`: the money goes out, so that it can lie idle, be taken back, and never rightly exceeds its plan; revenue
    does none of this. `terms`: what else the type calls differently, each by the word of spending that it replaces.
    """

    planned: str = "年初预算"
    carried_out: str = "支出"
    whole: str = "全年预算"
    rate: str = "执行率"
    spent: bool = True
    terms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """The table `money` of a framework's file. Raises TypeError for a key that is none."""
        return cls(**{**written, "terms": tuple(dict(written.get("terms", {})).items())})

    @property
    def plain(self) -> bool:
        """Are these the words of spending?"""
        return not self._own

    def say(self, sentence: str) -> str:
        """The sentence in these words; for what the system says, never for what people typed."""
        return self._pattern.sub(lambda found: self._own[found[0]], sentence) if self._own else sentence

    def of(self, name: str) -> str:
        """The object's word for 全年预算, 支出 … under a heading of several objects; "" where it is the heading's."""
        own = self.say(name)
        return "" if own == name else own

    @property
    def notes(self) -> dict[str, str]:
        """The words of one row under headings that several objects share; "" where the heading is right as it is."""
        return {"whole_word": self.of("全年预算"), "carried_word": self.of("支出"), "rate_word": self.of("执行率")}

    def marked(self, name: str) -> str:
        """An object's name in a printed list of several objects, with its own words for the columns of money."""
        own = "、".join(word for word in self.notes.values() if word)
        return f"{name}（{own}）" if own else name

    @cached_property
    def _own(self) -> dict[str, str]:
        known = {getattr(SPENDING, one.name): getattr(self, one.name) for one in fields(self)[:4]}
        return {word: own for word, own in (known | dict(self.terms)).items() if word != own}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(word) for word in sorted(self._own, key=len, reverse=True)))


SPENDING = MoneyWords()
