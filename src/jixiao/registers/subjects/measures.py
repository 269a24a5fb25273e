"""What befalls a subject's money by decision: a stop, a smaller budget, a word on its file. Written inside an act.

The caller has locked the subject and judged the decision; amounts are in fen.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jixiao.kit.acting import Act

from .models import BudgetLine, BudgetPhase, Hold, HoldKind, Note, SubjectYear


def stop(subject: SubjectYear, kind: HoldKind, reason: str, doc_no: str, today: dt.date) -> None:
    """A stop that is already in force stays as it is."""
    if not Hold.objects.filter(subject_year=subject, kind=kind, released_on=None).exists():
        place: dict[str, Any] = {"subject_year": subject, "kind": kind, "since": today}
        Hold.objects.update_or_create(
            **place, defaults={"region": subject.region, "reason": reason, "doc_no": doc_no, "released_on": None}
        )


def change(subject: SubjectYear, fen: int, doc_no: str, act: Act) -> None:
    """The year's budget becomes larger or smaller by a line of its own; the lines before it stay as they were."""
    today = timezone.localdate(act.at)
    BudgetLine.objects.create(
        subject_year=subject,
        region=subject.region,
        year=subject.year,
        phase=BudgetPhase.ADDED,
        book=subject.book,
        fund_level=subject.fund_level,
        fen=fen,
        effective_on=min(today, dt.date(subject.year, 12, 31)),
        recorded_at=act.at,
        doc_no=doc_no,
    )
    before = subject.added
    subject.added += fen
    subject.version += 1
    subject.save(update_fields=["added", "version"])
    act.trace(f"subject_year:{subject.pk}", {"added": before}, {"added": subject.added})


def note(subject: SubjectYear, stage: str, source: str, words: str, today: dt.date) -> None:
    """What a stage decided stands on the subject's file; `source` once for each stage."""
    place: dict[str, Any] = {"subject_year": subject, "stage": stage, "source": source}
    Note.objects.update_or_create(**place, defaults={"region": subject.region, "text": words, "on": today})
