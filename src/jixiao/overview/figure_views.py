"""The catalogue of figures, and the rows behind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse

from jixiao.kit.figures import Answer, Scope, answer, answers
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render

from .catalogue import FIGURES

KINDS = {"text": "text", "amount": "amount", "points": "points", "percent": "percent", "date": "date"}


def scope_of(request: SignedIn) -> Scope:
    """The reader's region and chosen work year."""
    return Scope(request.actor.region, request.shell.year, request.actor)


def figures(request: SignedIn) -> HttpResponse:
    """Every figure of the year with its definition; those without data are left out."""
    scope = scope_of(request)
    found = [found for found in answers(FIGURES, scope).values() if found.value not in (None, {})]
    return render(request, "overview/figures.html", {"answers": found, "year": scope.year})


def figure(request: SignedIn, key: str) -> HttpResponse:
    """One figure: its definition and the rows that it counts."""
    declared = next((f for f in FIGURES if f.key == key), None)
    if declared is None:
        raise Http404
    found = answer(declared, scope_of(request))
    columns = tuple(Shown(str(n), c.title, KINDS[c.kind]) for n, c in enumerate(declared.columns))
    context = {"answer": found, "columns": columns, "rows": list(_cells(found)), "year": request.shell.year}
    return render(request, "overview/figure.html", context)


def _cells(found: Answer) -> Iterator[dict[str, Any]]:
    """The rows as the drill-down's table wants them: one entry per column."""
    for row in found.rows:
        yield {str(n): column.read(row) for n, column in enumerate(found.figure.columns)}
