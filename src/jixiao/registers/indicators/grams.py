"""What a search compares: neighbouring characters in pairs, and their pinyin initials in pairs and triples."""

from __future__ import annotations

import unicodedata
from itertools import pairwise, product

from .initials import initials

MOST_GRAMS = 12
"""Of a long question so many decide; more would only cost time."""


def folded(text: str) -> str:
    """Letters, digits and characters only: full-width folded, lower case, everything else dropped."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def grams(name: str) -> list[str]:
    """The grams under which a name is found, each once: pairs of characters, pairs and triples of initials."""
    signs = folded(name)
    letters = [initials(sign) for sign in signs]
    found = dict.fromkeys(first + second for first, second in pairwise(signs))
    for length in (2, 3):
        for at in range(len(signs) - length + 1):
            found |= dict.fromkeys("".join(spelled) for spelled in product(*letters[at : at + length]))
    return list(found)


def asked_grams(words: str) -> list[str]:
    """The grams that all must be there: each word of the question for itself, so that their order does not matter.

    Letters are taken as initials, three at a time where there are three: they tell more. "" and single characters
    ask nothing.
    """
    found: dict[str, None] = {}
    for word in map(folded, unicodedata.normalize("NFKC", words).split()):
        length = 3 if word.isascii() and len(word) > 2 else 2
        found |= dict.fromkeys(word[at : at + length] for at in range(len(word) - length + 1))
    return list(found)[:MOST_GRAMS]


def spelled(name: str) -> str:
    """The usual initials of a name in a row: "合格率" is "hgl"."""
    return "".join(initials(sign)[:1] for sign in folded(name))
