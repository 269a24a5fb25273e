"""What stages wrote down about a subject, as a later one shows it: last year's findings beside this year's money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jixiao.domain.actors import Actor
from jixiao.domain.grades import Grade
from jixiao.domain.quantities import plain

from .models import Hold, Note, Outcome, SubjectYear

STAGES = {
    "ex_ante": "事前评估",
    "targets": "绩效目标",
    "monitoring": "运行监控",
    "self_evaluation": "单位自评",
    "evaluation": "绩效评价",
    "rectification": "整改",
    "clearing": "存量资金清理",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found; `open` while it still stands against the subject."""

    year: int
    on: dt.date | None
    source: str
    text: str
    open: bool = False


def findings_of(subject: SubjectYear, actor: Actor) -> list[Finding]:
    """Stops, notes and results of this year and the year before, the newest first, as far as the actor sees them."""
    place = {"subject_year__subject": subject.subject_id, "subject_year__year__in": (subject.year - 1, subject.year)}
    found = [
        Finding(hold.subject_year.year, hold.since, hold.kind.label, _hold(hold), hold.released_on is None)
        for hold in Hold.objects.visible_to(actor).filter(**place).select_related("subject_year")
    ]
    found += [
        Finding(note.subject_year.year, note.on, note.source, note.text)
        for note in Note.objects.visible_to(actor).filter(**place).select_related("subject_year")
    ]
    outcomes = Outcome.objects.visible_to(actor).filter(**place, subject_year__year=subject.year - 1)
    found += [
        Finding(result.subject_year.year, None, STAGES.get(result.stage, result.source), _outcome(result))
        for result in outcomes.select_related("subject_year")
    ]
    return sorted(found, key=lambda one: (not one.open, -one.year, -(one.on or dt.date(one.year, 12, 31)).toordinal()))


def _hold(hold: Hold) -> str:
    released = f"；{hold.released_on} 解除" if hold.released_on else "，仍在执行"
    return f"{hold.reason}{f'（{hold.doc_no}）' if hold.doc_no else ''}{released}"


def _outcome(outcome: Outcome) -> str:
    points = f"{plain(outcome.total)} 分" if outcome.total is not None else "没有得分"
    return f"{points}，{Grade(outcome.grade).label}" if outcome.grade else points
