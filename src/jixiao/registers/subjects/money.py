"""The four sources of a year's money side by side: read in groups, so that memory grows with projects, not payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, Sum

from jixiao.domain.actors import Actor
from jixiao.domain.vocabulary import SubjectKind

from .models import Appropriation, BudgetLine, Hold, Payment, SubjectYear, SubjectYearQuerySet
from .rules import Money

FACTS = ("pk", "code", "name", "unit_path", "initial", "added", "in_total")
Day = dt.date | None


def subjects_of(actor: Actor, year: int) -> SubjectYearQuerySet:
    """The subject-years that money goes to, as far as the actor sees them."""
    rows: SubjectYearQuerySet = SubjectYear.objects.visible_to(actor).filter(year=year)
    return rows.exclude(kind=SubjectKind.DEPARTMENT_OVERALL)


def money_of(actor: Actor, year: int, monitored: Mapping[int, int], only: Iterable[int] | None = None) -> list[Money]:
    """What each source says of each subject-year, by code; `monitored` are the budgets of the latest round, in fen."""
    subjects = subjects_of(actor, year).order_by("code", "pk")
    place: dict[str, Any] = {"year": year}
    if only is not None:
        keys = list(only)
        subjects, place = subjects.filter(pk__in=keys), place | {"subject_year__in": keys}
    paid = Payment.objects.visible_to(actor).filter(**place)
    lines = _sums(BudgetLine.objects.visible_to(actor).filter(**place), "effective_on")
    granted = _sums(Appropriation.objects.visible_to(actor).filter(**place), "effective_on")
    spent = _sums(paid.exclude(subject_year=None), "paid_on")
    on_hold = _sums(_during_a_stop(paid), "paid_on")
    payers = _payers(paid)
    return [
        Money(
            key=key,
            code=code,
            name=name,
            unit_path=path,
            budget=initial + added,
            lines=lines.get(key, (0, None))[0],
            appropriated=granted[key][0] if key in granted else None,
            effective_on=granted.get(key, lines.get(key, (0, None)))[1],
            spent=spent.get(key, (0, None))[0],
            first_paid=spent.get(key, (0, None))[1],
            payers=tuple(payers.get(key, ())),
            on_hold=on_hold.get(key, (0, None))[0],
            monitored=monitored.get(key),
            counted=in_total,
        )
        for key, code, name, path, initial, added, in_total in subjects.values_list(*FACTS)
    ]


def _sums(rows: Any, day: str) -> dict[int, tuple[int, Day]]:
    """Sum and first day by subject-year; lines that are taken back wholly do not begin anything."""
    first = Min(day, filter=Q(fen__gt=0))
    found = rows.order_by().values_list("subject_year").annotate(sum=Sum("fen"), since=first)
    return {key: (fen, since) for key, fen, since in found}


def _during_a_stop(paid: Any) -> Any:
    stops = Hold.objects.filter(subject_year=OuterRef("subject_year"), since__lte=OuterRef("paid_on"))
    in_force = stops.filter(Q(released_on=None) | Q(released_on__gt=OuterRef("paid_on")))
    return paid.exclude(subject_year=None).filter(Exists(in_force))


def _payers(paid: Any) -> dict[int, list[tuple[str, int]]]:
    """The units that payments name, where they are not the subject's own."""
    named = paid.exclude(subject_year=None).exclude(unit_code="").order_by()
    found: dict[int, list[tuple[str, int]]] = {}
    for key, code, fen in named.values_list("subject_year", "unit_code").annotate(Sum("fen")).order_by("unit_code"):
        found.setdefault(key, []).append((code, fen))
    return found


@dataclass(frozen=True, slots=True)
class Balance:
    """All payments of a year that an actor sees: `matched` and `unmatched` are everything that was imported, in fen."""

    matched: int
    unmatched: int
    unmatched_count: int
    not_registered: int
    not_registered_count: int

    @property
    def imported(self) -> int:
        return self.matched + self.unmatched


def balance_of(actor: Actor, year: int) -> Balance:
    """The sums of what has a project and of what has none."""
    matched = Payment.objects.visible_to(actor).filter(year=year).exclude(subject_year=None)
    lost = Payment.objects.unmatched_for(actor).filter(year=year)
    orphans = Appropriation.objects.unmatched_for(actor).filter(year=year)
    return Balance(
        matched=_total(matched),
        unmatched=_total(lost),
        unmatched_count=lost.count(),
        not_registered=_total(orphans),
        not_registered_count=orphans.count(),
    )


def _total(rows: Any) -> int:
    fen: int | None = rows.aggregate(sum=Sum(F("fen")))["sum"]
    return fen or 0
