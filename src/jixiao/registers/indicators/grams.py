"""What a search compares: neighbouring characters in pairs, and their pinyin initials in pairs and triples."""

from __future__ import annotations

import unicodedata
from itertools import pairwise, product

from .initials import initials

MOST_GRAMS = 12
"""Of a long question so many decide; more would only cost time."""
LEADS = "①"
"""Stands before what a name begins with: a sign that no folded text holds."""
LEAST_LIKE, LEAST_CUT = 3, 5
"""From so many signs on a word that nobody wrote may be meant as another: by its sound, by one sign."""


def folded(text: str) -> str:
    """Letters, digits and characters only: full-width folded, lower case, everything else dropped."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def grams(name: str) -> list[str]:
    """The grams under which a name is found, each once: pairs of characters, pairs and triples of initials.

    Those that it begins with, and its first sign and initial alone, are there once more behind `LEADS`.
    """
    signs = folded(name)
    letters = [initials(sign) for sign in signs]
    found = dict.fromkeys(first + second for first, second in pairwise(signs))
    leading = dict.fromkeys((signs[:1], signs[:2], *letters[0])) if signs else {}
    for length in (2, 3):
        for at in range(len(signs) - length + 1):
            spelt = dict.fromkeys("".join(spelled) for spelled in product(*letters[at : at + length]))
            found |= spelt
            leading |= {} if at else spelt
    return [*found, *(LEADS + gram for gram in leading)]


def asked_grams(words: str) -> list[str]:
    """The grams that all must be there: each word of the question for itself, so that their order does not matter.

    Letters are taken as initials, three at a time where there are three: they tell more. "" and single characters
    ask nothing.
    """
    found: dict[str, None] = {}
    for word in asked_words(words):
        length = 3 if word.isascii() and len(word) > 2 else 2
        found |= dict.fromkeys(word[at : at + length] for at in range(len(word) - length + 1))
    return list(found)[:MOST_GRAMS]


def asked_words(words: str) -> list[str]:
    """The words of a question, folded."""
    return [word for word in map(folded, unicodedata.normalize("NFKC", words).split()) if word]


def sounding(words: str) -> list[str]:
    """The question by its sounds, as a keyboard offers other characters for them: "合各率" may mean "合格率"."""
    asked = asked_words(words)
    meant = any(len(word) >= LEAST_LIKE and not word.isascii() for word in asked)
    return [" ".join(map(spelled, asked))] if meant else []


def shortened(words: str) -> list[str]:
    """The question without one of its signs, which may be wrong or too many: what stands before and behind it."""
    asked = asked_words(words)
    return [
        " ".join((*asked[:at], word[:cut], word[cut + 1 :], *asked[at + 1 :]))
        for at, word in enumerate(asked)
        if LEAST_CUT + word.isascii() <= len(word) <= MOST_GRAMS
        for cut in range(len(word))
    ]


def says(name: str, words: str) -> bool:
    """Whether a name holds every word of the question, in characters or initials."""
    return set(asked_grams(words)) <= set(grams(name))


def spelled(name: str) -> str:
    """The usual initials of a name in a row: "合格率" is "hgl"."""
    return "".join(initials(sign)[:1] for sign in folded(name))
