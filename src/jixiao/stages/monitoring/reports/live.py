"""实时监控: how the year's subjects stand on a day, between the rounds. Computed from what is stored, never stored."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.checks.lights import Lamp, Light, LightFacts, Tone, worst
from jixiao.domain.forecast import Forecast, ForecastRules, PastYear, forecast
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import format_amount, round2, share
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.web.charts import Dot
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.linking import in_force
from jixiao.registers.subjects.models import BudgetLine, SubjectLink, SubjectYear
from jixiao.registers.subjects.spending import LINKED, spent

from ..models import Reading, ReadingSheet, in_scope
from ..rules import time_progress
from ..workflow import RoundState
from .judging import Alarms, light_facts, line_progress
from .sheets import TONES

PAST_YEARS = 5
WITH_LINES = Prefetch("readings", Reading.objects.select_related("line"))
COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount", note_key="whole_word"),
    Shown("spent", "累计支出", "amount", note_key="carried_word"),
    Shown("rate", "执行率", "percent", note_key="rate_word"),
    Shown("done", "产出完成", "percent"),
    Shown("expected", "预计全年支出", "amount", note_key="interval"),
    Shown("tone", "灯", "lamp", note_key="why"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject on a day: its lights, and the reading sheet that last said something of its results."""

    subject: Any
    facts: LightFacts
    lights: tuple[Light, ...]
    sheet: ReadingSheet | None

    @property
    def tone(self) -> Tone:
        return worst(self.lights)

    @property
    def alarming(self) -> tuple[Light, ...]:
        """The lights that made the tone; none where all is well."""
        wrong = self.tone in (Tone.RED, Tone.YELLOW)
        return tuple(light for light in self.lights if wrong and light.tone is self.tone)


def standings(actor: Actor, year: int, as_of: dt.date, policy: Policy) -> list[Standing]:
    """The projects that the actor sees and that were paid for or monitored this year, the most alarming first.

    Six queries, however many there are.
    """
    alarms = Alarms.by(policy)
    said = (
        ReadingSheet.objects.filter(subject_year=OuterRef("pk"), round__cutoff__lte=as_of)
        .exclude(round__state=RoundState.DRAFT)
        .exclude(readings__actual="")
        .filter(readings__isnull=False)
        .order_by("-round__no")
    )
    subjects = list(
        in_scope(actor.region, year, as_of)
        .filter(merged_into=None)
        .in_total()
        .visible_to(actor)
        .annotate(
            spent=spent("pk", {"paid_on__lte": as_of}, in_force(LINKED, as_of)),
            said=Subquery(said.values("pk")[:1]),
            watched=Exists(ReadingSheet.objects.filter(subject_year=OuterRef("pk"))),
        )
        .exclude(watched=False, spent=0)
    )
    budgets = budgets_on(actor.region, year, as_of)
    sheets = ReadingSheet.objects.filter(pk__in=[s.said for s in subjects if s.said]).select_related("round")
    known = {sheet.subject_year_id: sheet for sheet in sheets.prefetch_related(WITH_LINES)}
    time = time_progress(as_of) * 100
    found = [
        _standing(subject, known.get(subject.pk), budgets.get(subject.pk, 0), time, alarms) for subject in subjects
    ]
    order = list(Tone)
    return sorted(found, key=lambda one: (-order.index(one.tone), one.facts.rate or 0, one.subject.code))


def standings_of(sheets: Iterable[Any], alarms: Alarms) -> list[Standing]:
    """The subjects of a round as its cut-off shows them; `sheets` come through `judged`, their readings prefetched."""
    found = []
    for sheet in sheets:
        facts = light_facts(sheet, sheet.readings.all())
        found.append(Standing(sheet.subject_year, facts, alarms.lights(facts), sheet))
    return found


def budgets_on(region: str, year: int, day: dt.date) -> dict[int, int]:
    """全年预算 by subject-year in fen: the budget lines in effect on the day; what was merged counts in its target."""
    lines = BudgetLine.objects.filter(region=region, year=year, effective_on__lte=day)
    found = dict(lines.order_by().values_list("subject_year").annotate(sum=Sum("fen")))
    links = SubjectLink.objects.filter(in_force("", day), region=region, source__year=year)
    for source, target in links.values_list("source", "target"):
        found[target] = found.get(target, 0) + found.pop(source, 0)
    return found


def overall_budgets(region: str, year: int, budgets: dict[int, int]) -> dict[int, int]:
    """全年预算 of each 部门整体 without a budget of its own: that of the projects at or below its unit, in fen."""
    subjects = SubjectYear.objects.filter(region=region, year=year)
    projects = list(subjects.in_total().values_list("pk", "unit_path"))
    overall = subjects.filter(kind=SubjectKind.DEPARTMENT_OVERALL).values_list("pk", "unit_path")
    return {
        pk: sum(budgets.get(project, 0) for project, place in projects if place.startswith(path))
        for pk, path in overall
        if not budgets.get(pk)
    }


def _standing(subject: Any, sheet: ReadingSheet | None, budget: int, time: Fraction, alarms: Alarms) -> Standing:
    readings: Iterable[Reading] = sheet.readings.all() if sheet else ()
    lines = tuple(line_progress(reading) for reading in readings)
    facts = LightFacts(time, budget, subject.spent, subject.on_hold, lines, subject.money)
    return Standing(subject, facts, alarms.lights(facts), sheet)


@dataclass(frozen=True, slots=True)
class Past:
    """The years of a region that are over, for the expectation of this one."""

    own: dict[int, list[PastYear]]
    alike: dict[tuple[str, str], list[PastYear]]
    kinds: dict[str, list[PastYear]]
    rules: ForecastRules

    @classmethod
    def of(cls, region: str, year: int, as_of: dt.date, policy: Policy) -> Past:
        """Up to five years back; one query a year."""
        past = cls({}, {}, {}, policy.section(ForecastRules))
        known = SubjectYear.objects.filter(region=region, year__lt=year, year__gte=year - PAST_YEARS).order_by()
        for before in known.values_list("year", flat=True).distinct():
            past._add(region, before, _same_day(before, as_of))
        return past

    def _add(self, region: str, year: int, day: dt.date) -> None:
        rows = SubjectYear.objects.filter(region=region, year=year).annotate(
            by_then=Sum("payments__fen", filter=Q(payments__paid_on__lte=day)), in_all=Sum("payments__fen")
        )
        columns = rows.filter(in_all__isnull=False).values_list(
            "subject_id", "kind", "field", F("initial") + F("added"), "by_then", "in_all"
        )
        for subject, kind, field, budget, by_then, in_all in columns:
            if budget <= 0:
                continue
            one = PastYear(by_then or 0, in_all, budget)
            self.own.setdefault(subject, []).append(one)
            self.alike.setdefault((str(kind), field), []).append(one)
            self.kinds.setdefault(str(kind), []).append(one)

    def expect(self, subject: SubjectYear, facts: LightFacts) -> Forecast | None:
        """What the subject will have spent by the year's end; its like are those of its field, else of its kind."""
        own = self.own.get(subject.subject_id, [])
        alike = self.alike.get((str(subject.kind), subject.field), [])
        enough = len(alike) >= self.rules.past_minimum
        peers = alike if enough else self.kinds.get(str(subject.kind), [])
        others = list((Counter(peers) - Counter(own)).elements())
        return forecast(facts.budget, facts.spent, facts.time / 100, own, others, self.rules)


def _same_day(year: int, day: dt.date) -> dt.date:
    return dt.date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def rows(found: Sequence[Standing], past: Past) -> list[dict[str, Any]]:
    """The subjects as the page lists them."""
    shown = []
    for one in found:
        expected = past.expect(one.subject, one.facts)
        address = (
            reverse("reading-sheet", args=[one.sheet.pk]) if one.sheet else reverse("subject", args=[one.subject.pk])
        )
        shown.append(
            {
                "name": one.subject.name,
                "url": address,
                "unit": one.subject.unit_name,
                "budget": one.facts.budget,
                "spent": one.facts.spent,
                "rate": share(one.facts.spent, one.facts.budget),
                **one.subject.money.notes,
                "done": None if one.facts.done is None else round2(one.facts.done),
                "expected": _rough(expected.expected) if expected else None,
                "interval": between(expected),
                "tone": Mark("已停止" if one.facts.stopped else one.tone.label, TONES[one.tone]),
                "why": "；".join(f"{light.name}：{light.because}" for light in one.alarming),
            }
        )
    return shown


def between(expected: Forecast | None) -> str:
    """The interval in words; nothing where nothing is expected."""
    return f"{format_amount(_rough(expected.low))} 至 {format_amount(_rough(expected.high))} 万元" if expected else ""


def _rough(fen: int) -> int:
    """To 100 元: an expectation does not know the fen."""
    return (fen + 5_000) // 10_000 * 10_000


@dataclass(frozen=True, slots=True)
class Heat:
    """One row of the heat map: a unit, its subjects, and by lamp how many are red and yellow."""

    name: str
    path: str
    subjects: int
    cells: tuple[tuple[Lamp, int, int, str], ...]


def heat(found: Sequence[Standing], names: dict[str, str]) -> list[Heat]:
    """Units of the first level with a red or yellow light, by lamp; `names` by path. The most red come first."""
    by_unit: dict[str, list[Standing]] = {}
    for one in found:
        by_unit.setdefault(one.subject.unit_path.split("/")[0] + "/", []).append(one)
    made = [_heat(path, names.get(path, path.strip("/")), mine) for path, mine in by_unit.items()]
    made = [row for row in made if any(red or yellow for _, red, yellow, _ in row.cells)]
    return sorted(
        made, key=lambda row: (-sum(red for _, red, _, _ in row.cells), -sum(c[2] for c in row.cells), row.path)
    )


def _heat(path: str, name: str, mine: Sequence[Standing]) -> Heat:
    cells = []
    for lamp in Lamp:
        tones = Counter(light.tone for one in mine for light in one.lights if light.lamp is lamp)
        red, yellow = tones[Tone.RED], tones[Tone.YELLOW]
        looked = red + yellow + tones[Tone.GREEN]
        step = "none" if not looked else "bad" if red * 4 >= looked else "some" if red else "warn" if yellow else "ok"
        cells.append((lamp, red, yellow, step))
    return Heat(name, path, len(mine), tuple(cells))


def dots(found: Iterable[Standing]) -> list[Dot]:
    """What the scatter shows: x execution rate, y outputs reached, for subjects of which both are known."""
    return [
        Dot(
            float(one.facts.rate),
            float(one.facts.done),
            TONES[one.tone],
            one.subject.name,
            reverse("reading-sheet", args=[one.sheet.pk]) if one.sheet else reverse("subject", args=[one.subject.pk]),
        )
        for one in found
        if one.facts.rate is not None and one.facts.done is not None and not one.facts.stopped
    ]


def sentence(found: Sequence[Standing]) -> str:
    """What the scatter answers: does money run ahead of results, or results ahead of money?"""
    both = [(one.facts.rate, one.facts.done, one.facts.time) for one in found if not one.facts.stopped]
    known = [(rate, done, time) for rate, done, time in both if rate is not None and done is not None]
    if not known:
        return "还没有项目同时有支出和产出完成值，不能比较。"
    behind = sum(rate < time and done < time for rate, done, time in known)
    money = sum(rate >= time > done for rate, done, time in known)
    work = sum(done >= time > rate for rate, done, time in known)
    return (
        f"{len(known)} 个项目同时有支出和产出完成值：{behind} 个两样都落后于时序进度，"
        f"{money} 个钱跟上了、产出落后，{work} 个产出跟上了、钱没有花，"
        f"其余 {len(known) - behind - money - work} 个都跟上了。"
    )
