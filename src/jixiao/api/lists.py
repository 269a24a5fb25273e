"""What every list of the API has: a work year, filters, pages by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.kit.tables import Problem
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.paging import COUNTED_UP_TO, Order, page_of
from jixiao.overview.shell import years_of
from jixiao.registers.organizations.models import AccessToken

from .answers import Unfit, answer
from .shapes import Field, Shape

USUAL_SIZE, MOST = 50, 500
BY_ID = (Order("id", "编号", "id"),)
YEAR = Field("year", "年度，缺省为最近的工作年度", "integer")
PAGED = (
    YEAR,
    Field("size", f"每页行数，缺省 {USUAL_SIZE}，最多 {MOST}", "integer"),
    Field("after", "下一页的位置，取自上一页的 next"),
)


class Asked(HttpRequest):
    """A request of another program: the door set who acts, and by which token."""

    actor: Actor
    access_token: AccessToken


def year_of(request: Asked) -> int:
    """The year asked for, or the region's newest. Raises Unfit."""
    if said := text(request.GET, "year"):
        year = number(request.GET, "year", 0)
        if not 1990 <= year < 2100:
            raise Unfit("年度应为四位年份，如 2022", [Problem("", 0, "year", f"“{said}”不是年度")])
        return year
    return next(iter(years_of(request.actor.region)), timezone.localdate().year)


def key_of(request: Asked, name: str) -> int | None:
    """A row's number in the query; None if none was asked for, 0, which no row has, for what is none."""
    return number(request.GET, name, 0) if text(request.GET, name) else None


def of_subject(request: Asked, rows: Any, column: str = "subject_year") -> Any:
    """The rows of the object year asked for, all where none was."""
    key = key_of(request, "subject")
    return rows if key is None else rows.filter(**{column: key})


def token_of(request: Asked) -> str:
    """The Idempotency-Key of an act, or "". Raises Unfit."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 64 or not key.isascii() or not key.isprintable():
        raise Unfit("Idempotency-Key 应为不超过 64 个字符的字母、数字和符号")
    return key


def page(
    request: Asked,
    rows: Any,
    shape: Shape,
    orders: Sequence[Order] = BY_ID,
    shown: Callable[[Any], Any] = lambda row: row,
) -> JsonResponse:
    """One page of visible rows; `next` is the address of the following one, `count` is null beyond ten thousand.

    `shown` makes of a row what the shape reads.
    """
    size = min(max(number(request.GET, "size", USUAL_SIZE), 1), MOST)
    found = page_of(rows, request.GET, orders, size=size)
    return answer(
        {
            "count": found.count if found.count <= COUNTED_UP_TO else None,
            "next": None if found.next_query is None else f"{request.path}?{found.next_query}",
            "rows": [shape.of(shown(row)) for row in found.rows],
        }
    )
