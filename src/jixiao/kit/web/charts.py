"""Charts drawn by the server as SVG: geometry here, shapes in components/charts.html, colours in the style sheet.

No chart stands alone: beside it are a sentence that answers its question and a table with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 40
MOST = 120.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One thing in a scatter: x and y in percent, its tone (ok, warn, bad, mute), its name and where it leads."""

    x: float
    y: float
    tone: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot on the drawing."""

    left: float
    top: float
    dot: Dot


@dataclass(frozen=True, slots=True)
class Scatter:
    """A scatter over two shares in percent; `time` marks on both axes how far the year has gone."""

    dots: tuple[Placed, ...]
    ticks: tuple[tuple[int, float, float], ...]
    time: tuple[float, float]
    time_at: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def scatter(dots: Sequence[Dot], time: float) -> Scatter:
    """Places the dots; what exceeds the axes is drawn at their end. Alarming ones are drawn last, on top."""
    order = ("mute", "ok", "warn", "bad")
    placed = (Placed(_left(dot.x), _top(dot.y), dot) for dot in sorted(dots, key=lambda dot: order.index(dot.tone)))
    ticks = tuple((value, _left(value), _top(value)) for value in range(0, int(MOST) + 1, 20))
    return Scatter(tuple(placed), ticks, (_left(time), _top(time)), time)


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over the months with what was planned by time beside it, both as points of a polyline."""

    actual: str
    planned: str
    ticks: tuple[tuple[int, float, float], ...]
    months: tuple[tuple[int, float], ...]
    end: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def curve(rates: Sequence[float]) -> Curve:
    """Cumulative shares in percent by month end, from January on; months still to come are left out."""
    points = [(_month(0), _top(0)), *((_month(place), _top(rate)) for place, rate in enumerate(rates, 1))]
    ticks = tuple((value, 0.0, _top(value)) for value in range(0, int(MOST) + 1, 20))
    months = tuple((month, _month(month)) for month in range(1, 13))
    return Curve(_line(points), _line([(_month(0), _top(0)), (_month(12), _top(100))]), ticks, months, points[-1])


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{left},{top}" for left, top in points)


def _month(place: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * place / 12, 1)


def _left(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), MOST) / MOST, 1)


def _top(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0.0), MOST) / MOST, 1)
