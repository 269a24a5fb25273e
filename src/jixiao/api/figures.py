"""The figures of a year, each with its definition."""

from __future__ import annotations

from django.http import JsonResponse

from jixiao.kit.figures import Scope, answers
from jixiao.overview.catalogue import FIGURES

from .answers import answer
from .lists import Asked, year_of
from .shapes import Field, Shape

FIGURE = Shape(
    "Figure",
    (
        Field("key", "代码", path="figure.key"),
        Field("name", "名称", path="figure.name"),
        Field("unit", "单位", path="figure.unit"),
        Field("definition", "口径", path="figure.definition"),
        Field("value", "数值：文字，或分项到文字", "json"),
    ),
)
LISTED = Shape("Figures", (Field("year", "年度", "integer"), Field("figures", "数字", "many", inner=FIGURE)))


def figures(request: Asked) -> JsonResponse:
    """Every figure of the year that has a value, as on the page."""
    year = year_of(request)
    found = answers(FIGURES, Scope(request.actor.region, year, request.actor)).values()
    return answer(LISTED.of({"year": year, "figures": [one for one in found if one.value not in (None, {})]}))
