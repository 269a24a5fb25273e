"""支出 that counts for a subject: its own payments and those of what was merged into it.

For a 部门整体 also those of the projects at or below its unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat, Length, Substr

from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.fields import FenField, subtree

from .linking import in_force
from .models import Payment, PaymentQuerySet, SubjectLink, SubjectYear

LINKED = "subject_year__went_into__"
OVERALL = SubjectKind.DEPARTMENT_OVERALL
# "/" ends every path, and "0" is the sign behind it: the end of a subtree, as kit.fields.subtree has it.
_BEHIND = "0"


def payments_of(subject: SubjectYear, on: dt.date) -> PaymentQuerySet:
    """The payments that count for a subject-year on a day."""
    own = Q(subject_year=subject.pk)
    if subject.kind is OVERALL:
        first, behind = subtree(subject.unit_path)
        below = {"subject_year__unit_path__gte": first, "subject_year__unit_path__lt": behind}
        other = Q(**below, subject_year__in_total=True)
    else:
        joined = SubjectLink.objects.filter(in_force("", on), target=subject.pk)
        other = Q(subject_year__in=joined.values("source"))
    mine: PaymentQuerySet = Payment.objects.filter(region=subject.region, year=subject.year)
    return mine.filter(own | other)


def spent(subject: str, narrowed: Mapping[str, Any], linked: Q) -> Case:
    """The sum of `payments_of` in fen as an annotation; `subject` leads from a row to its subject-year's key ("pk").

    `narrowed` says which payments count at all, `linked` (in_force by LINKED) which links, both with OuterRef.
    """
    place = "" if subject == "pk" else f"{subject}__"
    paid = Payment.objects.filter(**narrowed).order_by()
    own = _sum(paid.filter(subject_year=OuterRef(subject)), Sum("fen"))
    joined = _sum(paid.filter(linked, **{f"{LINKED}target": OuterRef(subject)}), Sum("fen"))
    path = OuterRef(f"{place}unit_path")
    below = SubjectYear.objects.filter(
        region=OuterRef(f"{place}region"),
        year=OuterRef(f"{place}year"),
        in_total=True,
        unit_path__gte=path,
        unit_path__lt=Concat(Substr(path, 1, Length(path) - 1), Value(_BEHIND)),
    )
    # From the few subjects to their payments: the other way round every department would read the whole year.
    theirs = Q(**{f"payments__{name}": value for name, value in narrowed.items()})
    whole = own + _sum(below.order_by(), Sum("payments__fen", filter=theirs))
    overall = When(**{f"{place}kind": OVERALL}, then=whole)
    return Case(overall, default=own + joined, output_field=FenField())


def _sum(rows: Any, total: Sum) -> Coalesce:
    one = rows.annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(one.annotate(sum=total).values("sum")), Value(0), output_field=FenField())
