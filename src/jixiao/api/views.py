"""The API described: as an OpenAPI document for programs, as a page for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.importer import IMPORTERS

from .answers import answer
from .endpoints import ENDPOINTS
from .openapi import document


def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document; it holds no data, so anyone may read it."""
    return answer(document())


def described(request: SignedIn) -> HttpResponse:
    """接口说明."""
    tables = [table for importer in IMPORTERS for table in importer.tables]
    return render(request, "api/described.html", {"endpoints": ENDPOINTS, "tables": tables})
