"""实时监控: how the year stands today, between the rounds."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.utils import timezone

from jixiao.domain.checks.lights import Lamp, Tone
from jixiao.domain.quantities import Unreadable, read_date, round2, share
from jixiao.kit.fields import subtree
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.charts import scatter
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear

from ..models import in_scope
from ..reports.live import COLUMNS, Past, Standing, dots, heat, rows, sentence, standings
from ..rules import time_progress

SHOWN = 40
ASKED = ("as_of", "unit", "tone", "lamp", "q")


def live(request: SignedIn) -> HttpResponse:
    """The lights of the projects I see on a day of the year, with what they will have spent at its end."""
    year, actor = request.shell.year, request.actor
    policy = for_region(actor.region, year)
    asked = {name: text(request.GET, name) for name in ASKED}
    day, refused = _day(asked["as_of"], year, timezone.localdate())
    found = standings(actor, year, day, policy)
    listed = [one for one in found if _asked_for(one, asked)]
    units = UnitYear.objects.filter(region=actor.region, year=year, level=1).values_list("path", "name")
    tones = {tone: sum(one.tone is tone and not one.facts.stopped for one in found) for tone in Tone}
    spent, budget = sum(one.facts.spent for one in found), sum(one.facts.budget for one in found)
    context = {
        "asked": asked | {"as_of": day.isoformat()},
        "day": day,
        "refused": refused,
        "found": len(found),
        "silent": in_scope(actor.region, year, day).filter(merged_into=None).in_total().visible_to(actor).count()
        - len(found),
        "listed": len(listed),
        "rows": rows(listed[:SHOWN], Past.of(actor.region, year, day, policy)),
        "shown": SHOWN,
        "columns": COLUMNS,
        "red": tones[Tone.RED],
        "yellow": tones[Tone.YELLOW],
        "green": tones[Tone.GREEN],
        "budget": budget,
        "spent": spent,
        "rate": share(spent, budget),
        "time_gone": round2(time_progress(day) * 100),
        "tones": [(tone.value, tone.label) for tone in (Tone.RED, Tone.YELLOW, Tone.GREEN, Tone.UNCHECKED)],
        "lamps": Lamp.choices(),
        "heat": heat(found, dict(units)),
        "chart": scatter(dots(found), float(time_progress(day) * 100)),
        "sentence": sentence(found),
    }
    return render(request, "monitoring/live.html", context)


def _day(written: str, year: int, today: dt.date) -> tuple[dt.date, str]:
    """The day asked for, else today, within the year; and what was wrong with the one asked for."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    usual = min(max(today, first), last)
    if not written:
        return usual, ""
    try:
        day = read_date(written)
    except Unreadable as unreadable:
        return usual, str(unreadable)
    return (day, "") if first <= day <= last else (usual, f"日期应在 {year} 年之内，已改为 {usual}")


def _asked_for(one: Standing, asked: dict[str, str]) -> bool:
    """Is this one of the subjects that the reader asked for?"""
    if asked["unit"]:
        first, behind = subtree(asked["unit"])
        if not first <= one.subject.unit_path < behind:
            return False
    looked = [light for light in one.lights if not asked["lamp"] or light.lamp.value == asked["lamp"]]
    if asked["tone"] or asked["lamp"]:
        wanted = asked["tone"] or Tone.RED.value
        tones = {light.tone.value for light in looked} if asked["lamp"] else {one.tone.value}
        if wanted not in tones:
            return False
    words = asked["q"]
    return not words or any(words in field for field in (one.subject.name, one.subject.code, one.subject.unit_name))
