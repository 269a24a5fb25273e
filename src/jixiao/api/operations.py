"""How an address of the API is declared: its methods, the scope each needs, what is sent and what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from jixiao.registers.organizations.models import TokenScope

from .lists import PAGED
from .shapes import Field, Shape

PLACE = re.compile(r"<(int|str):(\w+)>")
READ, IMPORT, FILL = TokenScope.READ, TokenScope.IMPORT, TokenScope.FILL


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of an address. `asks` are its parameters, `takes` what is sent, `gives` what comes back.

    `paged`: a page of `gives`; `file`: a file may be sent instead; `keyed`: an Idempotency-Key makes it one act.
    """

    method: str
    summary: str
    scope: TokenScope
    view: Callable[..., HttpResponse]
    gives: Shape
    asks: tuple[Field, ...] = ()
    takes: Shape | None = None
    paged: bool = False
    file: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address under /api/v1/ and what can be done there."""

    name: str
    route: str
    operations: tuple[Operation, ...]

    @property
    def address(self) -> str:
        """The whole address with its places as OpenAPI writes them, e.g. /api/v1/subjects/{pk}."""
        return f"/api/v1/{PLACE.sub(lambda found: '{' + found[2] + '}', self.route)}"

    def operation(self, method: str) -> Operation | None:
        """The operation of this HTTP method; HEAD is a GET without its body."""
        wanted = "GET" if method == "HEAD" else method
        return next((one for one in self.operations if one.method == wanted), None)

    def open(self, request: HttpRequest, **place: object) -> HttpResponse:
        """The answer of the operation that the method names; 405 if there is none."""
        found = self.operation(request.method or "")
        if found is None:
            return HttpResponseNotAllowed([one.method for one in self.operations])
        return found.view(request, **place)


def listed(
    name: str, route: str, summary: str, view: Callable[..., HttpResponse], gives: Shape, *asks: Field
) -> Endpoint:
    return Endpoint(name, route, (Operation("GET", summary, READ, view, gives, (*PAGED, *asks), paged=True),))


def whole(name: str, route: str, summary: str, view: Callable[..., HttpResponse], gives: Shape) -> Endpoint:
    return Endpoint(name, route, (Operation("GET", summary, READ, view, gives),))


def act(
    name: str, route: str, summary: str, view: Callable[..., HttpResponse], gives: Shape, takes: Shape | None = None
) -> Endpoint:
    return Endpoint(name, route, (Operation("POST", summary, FILL, view, gives, takes=takes, keyed=True),))
