"""Signs of risk of many subject-years at once: stops, monitoring, rectifications, and what its self-evaluation shows.

The points of each sign stand in the policy under its name; a sign that the policy does not name counts nothing. The
audit of self-evaluations gives a risk from 0 to 100 of its own: it counts in that share of its points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.domain.checks.lights import Tone
from jixiao.domain.grades import Grade
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import Likelihood
from jixiao.registers.subjects.models import Hold, Note
from jixiao.stages.evaluation.findings.reports.risks import risks
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Alarms, judged
from jixiao.stages.monitoring.reports.live import WITH_LINES, standings_of
from jixiao.stages.monitoring.workflow import RoundState

from ..rules import ChoosingRules, Risk

AUDIT = "自评审核"
LOW_GRADES = (Grade.FAIR, Grade.POOR)


@dataclass(frozen=True, slots=True)
class Watched:
    """What stands against subject-years of one region and year, by the key of the subject-year."""

    held: frozenset[int]
    impossible: frozenset[int]
    tones: dict[int, Tone]
    rectified: frozenset[int]
    sheets: dict[int, SelfEvaluation]
    hits: dict[int, int]
    audited: dict[int, Decimal]


def watched(region: str, object_year: int, work_year: int, hits: dict[int, int]) -> Watched:
    """Everything in a number of queries that does not grow with the subjects; `hits`: rule hits by subject-year."""
    here: dict[str, Any] = {"region": region, "subject_year__year": object_year}
    keys = frozenset[int]
    held = Hold.objects.filter(**here, released_on=None).values_list("subject_year", flat=True)
    lost = ReadingSheet.objects.filter(**here, likelihood=Likelihood.IMPOSSIBLE).values_list("subject_year", flat=True)
    items = Note.objects.filter(**here, stage="rectification").values_list("subject_year", flat=True)
    sheets = SelfEvaluation.objects.filter(**here, year=work_year)
    return Watched(
        keys(held),
        keys(lost),
        _tones(region, object_year),
        keys(items),
        {sheet.subject_year_id: sheet for sheet in sheets},
        hits,
        {key: risk.points for key, risk in risks(region, work_year).items()},
    )


def _tones(region: str, object_year: int) -> dict[int, Tone]:
    """The worst light of each subject in the last round of the year that was opened."""
    rounds = Round.objects.filter(region=region, year=object_year).exclude(state=RoundState.DRAFT)
    last = rounds.select_related("snapshot").order_by("-no").first()
    if last is None:
        return {}
    rows = judged(ReadingSheet.objects.filter(round=last))
    sheets = rows.select_related("subject_year", "round").prefetch_related(WITH_LINES)
    return {one.subject.pk: one.tone for one in standings_of(sheets, Alarms.of(last))}


def risk_of(key: int, found: Watched, rules: ChoosingRules) -> Risk:
    """The risk of one subject-year: its signs with the points that the policy gives them."""
    named = [(sign, rules.risk_points.get(sign, 0)) for sign in _signs(key, found, rules)]
    named.append((AUDIT, int(rules.risk_points.get(AUDIT, 0) * found.audited.get(key, Decimal(0)) / 100)))
    return Risk(tuple((sign, points) for sign, points in named if points), found.hits.get(key, 0))


def _signs(key: int, found: Watched, rules: ChoosingRules) -> Iterator[str]:
    if key in found.held:
        yield "暂停拨款或收回"
    if key in found.impossible:
        yield "监控预计完不成"
    if found.tones.get(key) is Tone.RED:
        yield "监控亮红灯"
    if found.tones.get(key) is Tone.YELLOW:
        yield "监控亮黄灯"
    if key in found.rectified:
        yield "整改事项"
    if sheet := found.sheets.get(key):
        yield from _of_sheet(sheet, rules)
    # Where the sheet was audited, the audit says how much its findings weigh.
    if found.hits.get(key) and key not in found.audited:
        yield "自评规则命中"


def _of_sheet(sheet: SelfEvaluation, rules: ChoosingRules) -> Iterable[str]:
    if sheet.grade in LOW_GRADES:
        yield "自评为中或差"
    if sheet.printed_total is not None and sheet.total is not None and sheet.printed_total != sheet.total:
        yield "原表得分与规则不一致"
    rate = None if sheet.spent is None else share(sheet.spent, sheet.budget)
    if rate is not None and rate < rules.low_execution and sheet.total is not None and sheet.total >= rules.high_score:
        yield "执行率低而自评得分高"
