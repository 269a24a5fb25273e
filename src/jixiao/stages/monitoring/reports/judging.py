"""By what a round is judged, and a round in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThan

from jixiao.domain.checks.lights import (
    Light,
    LightFacts,
    LightRules,
    LineProgress,
    accumulates,
    judge,
    share_reached,
)
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import Likelihood
from jixiao.registers.subjects.models import Hold

from ..models import OPEN_END, STOPPING, Reading, Round
from ..rules import MonitoringRules, Progress, judge_progress, time_progress


@dataclass(frozen=True, slots=True)
class Pace:
    """By what a round's spending is judged: the rules of its snapshot and where the border comes from."""

    rules: MonitoringRules
    citation: str

    @classmethod
    def of(cls, held: Round) -> Self:
        policy = held.snapshot.policy()
        border = policy.provenance(MonitoringRules.section, "slow_behind")
        return cls(policy.section(MonitoringRules), f"{border.source}{'，数值为推断' if border.guess else ''}")

    def judge(self, sheet: Any) -> Progress:
        """The verdict on a sheet that came through `judged`."""
        stopped = sheet.stops or sheet.on_hold
        found = judge_progress(
            sheet.budget, sheet.spent, sheet.round.cutoff, stopped=stopped, rules=self.rules, citation=self.citation
        )
        return replace(found, because=sheet.subject_year.money.say(found.because))

    def slow(self, held: Round) -> Q:
        """`is_slow` as a condition on `judged` rows of this round: budget × border > spent, in whole numbers."""
        border = time_progress(held.cutoff) * 100 - Fraction(self.rules.slow_behind)
        behind = GreaterThan(F("budget") * border.numerator, F("spent") * (100 * border.denominator))
        return Q(behind, round=held, budget__gt=0, on_hold=False) & ~Q(handling__in=STOPPING)


@dataclass(frozen=True, slots=True)
class Alarms:
    """By what a round's lights are judged; rounds held before the policy had lights show none."""

    rules: LightRules | None
    policy: Policy

    @classmethod
    def of(cls, held: Round) -> Self:
        return cls.by(held.snapshot.policy())

    @classmethod
    def by(cls, policy: Policy) -> Self:
        """The lights of this policy, if it has any."""
        known = LightRules.section in policy.settings
        return cls(policy.section(LightRules) if known else None, policy)

    def cite(self, key: str) -> str:
        border = self.policy.provenance(LightRules.section, key)
        return f"{border.source}{'，数值为推断' if border.guess else ''}"

    def judge(self, sheet: Any, readings: Iterable[Reading]) -> tuple[Light, ...]:
        """The lights of a sheet that came through `judged`."""
        return self.lights(light_facts(sheet, readings))

    def lights(self, facts: LightFacts) -> tuple[Light, ...]:
        """The lights of whatever has these facts."""
        return judge(facts, self.rules, self.cite) if self.rules else ()


def light_facts(sheet: Any, readings: Iterable[Reading]) -> LightFacts:
    """What the lights look at in a sheet that came through `judged`."""
    time, stopped = time_progress(sheet.round.cutoff) * 100, sheet.stops or sheet.on_hold
    lines = tuple(line_progress(reading) for reading in readings)
    return LightFacts(time, sheet.budget, sheet.spent, stopped, lines, sheet.subject_year.money)


def line_progress(reading: Reading) -> LineProgress:
    line = reading.line
    said = (reading.actual, reading.expected)
    reached, expected = [share_reached(line.comparison, line.target, value, line.unit) for value in said]
    outlook = reading.likelihood if isinstance(reading.likelihood, Likelihood) else None
    grows = accumulates(line.level1, line.comparison, line.target, line.unit)
    return LineProgress(line.name, line.weight, grows, reached, expected, outlook)


@dataclass(frozen=True, slots=True)
class Summary:
    """A round in numbers, over the projects that the reader sees; amounts in fen, `rate` in percent points.

    `overall`: how many 部门整体 are looked at beside them.
    """

    sheets: int
    units: int
    slow: int
    budget: int
    spent: int
    overall: int

    @property
    def rate(self) -> Decimal | None:
        return share(self.spent, self.budget)


def judged(rows: Any) -> Any:
    """Adds `spent` and `on_hold` to reading sheets: what a judgement needs beside the row.

    A closed round keeps the stops of the day on which it was frozen: a later one, or its end, changes nothing there.
    """
    in_time = Q(since__lte=OuterRef("frozen_on"))
    standing = Q(released_on=None) | Q(released_on__gt=OuterRef("frozen_on"))
    held = Hold.objects.filter(in_time & standing, subject_year=OuterRef("subject_year"))
    frozen_on = Coalesce(TruncDate("round__known_until"), Value(OPEN_END.date()))
    return rows.all().with_spent().alias(frozen_on=frozen_on).annotate(on_hold=Exists(held))


def sortable(rows: Any) -> Any:
    """Adds `rate_order`, spent ÷ budget in hundredths of a percent; sheets without a budget come first."""
    rate = When(budget__gt=0, then=F("spent") * 10_000 / F("budget"))
    return rows.annotate(rate_order=Case(rate, default=Value(-1), output_field=BigIntegerField()))


def summary(rows: Any, held: Round, pace: Pace) -> Summary:
    """Count and add up the round's visible sheets of projects."""
    found = judged(rows.projects()).aggregate(
        sheets=Count("pk"),
        units=Count("subject_year__unit", distinct=True),
        slow=Count("pk", filter=pace.slow(held)),
        budget_sum=Sum("budget"),
        spent_sum=Sum("spent"),
    )
    money = (found["budget_sum"] or 0, found["spent_sum"] or 0)
    overall = rows.exclude(subject_year__in_total=True).count()
    return Summary(found["sheets"], found["units"], found["slow"], *money, overall)
