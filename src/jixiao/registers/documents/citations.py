"""Which values of the rules cite which document of the register."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.domain.policy import Policy
from jixiao.domain.quantities import normalize

from .models import Document

# A shorter title would be found inside sources that name another document.
SHORTEST_TITLE = 6
_QUOTES = re.compile(r"[《》“”\s]")


def cites(source: str, document: Document) -> bool:
    """Does this source name the document, by its number or by its title?"""
    said, number, title = _folded(source), _folded(document.doc_no), _folded(document.title)
    return bool(number and number in said) or (len(title) >= SHORTEST_TITLE and title in said)


def citations(policy: Policy, documents: Iterable[Document]) -> tuple[dict[int, list[tuple[str, str]]], list[str]]:
    """Pairs of section and key by document id, and the sources that name no document of the register."""
    cited: dict[int, list[tuple[str, str]]] = {document.pk: [] for document in documents}
    unknown: dict[str, None] = {}
    known = list(documents)
    for section, keys in policy.settings.items():
        for key, setting in keys.items():
            naming = [document for document in known if cites(setting.provenance.source, document)]
            for document in naming:
                cited[document.pk].append((section, key))
            if not naming:
                unknown[setting.provenance.source] = None
    return cited, list(unknown)


def _folded(text: str) -> str:
    """Brackets and spaces of a 文号 are written in many ways."""
    return _QUOTES.sub("", normalize(text)).replace("[", "〔").replace("]", "〕")
