"""What-if: concluded self-evaluations under another policy. Nothing is stored; what was frozen stays frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch

from jixiao.domain.grades import Grade
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import round2
from jixiao.domain.scoring import SheetFacts, SheetScore, score_sheet

from ...self_evaluation.models import Score, SelfEvaluation, Yardstick
from ...self_evaluation.workflow import State

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One sheet as it was frozen and as it would be: totals, grades and the sentences behind both."""

    sheet: SelfEvaluation
    score: SheetScore

    @property
    def before(self) -> tuple[Decimal | None, Grade | None]:
        """What was frozen."""
        grade = self.sheet.grade
        return self.sheet.total, grade if isinstance(grade, Grade) else None

    @property
    def after(self) -> tuple[Decimal | None, Grade | None]:
        """What the other policy gives."""
        return self.score.total, self.score.grade

    @property
    def regraded(self) -> bool:
        """Is the grade another?"""
        return self.before[1] != self.after[1]

    @property
    def because(self) -> str:
        """Why it would be so: where the points of single lines change, these lines."""
        scores, execution = self.sheet.scores.all(), self.score.execution
        changed = [
            f"{old.line.name}：{new.because}"
            for old, new in zip(scores, self.score.lines, strict=True)
            if old.points != new.points
        ]
        if execution is not None and execution.points != self.sheet.execution_points:
            changed.insert(0, f"预算执行：{execution.because}")
        return "；".join([*changed, self.score.because])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What another policy comes to: how many sheets, the grades before and after, and what changes."""

    sheets: int
    before: dict[Grade | None, int]
    after: dict[Grade | None, int]
    regraded: tuple[Recomputed, ...]
    repointed: int


def recompute(sheets: Any, policy: Policy) -> Iterator[Recomputed]:
    """Concluded sheets under `policy`, some hundreds at a time."""
    by, frozen = Yardstick.of(policy), _Weights()
    scores = Prefetch("scores", Score.objects.select_related("line").order_by("position"))
    rows = sheets.filter(state=State.CONCLUDED).select_related("subject_year", "snapshot").prefetch_related(scores)
    for sheet in rows.order_by("pk").iterator(chunk_size=CHUNK):
        facts = sheet.sheet_facts(list(sheet.scores.all()))
        if sheet.execution_weight == frozen.of(sheet) != by.scoring.execution_weight:
            facts = reweighed(facts, by.scoring.execution_weight)
        yield Recomputed(sheet, score_sheet(facts, by.scoring, by.grades))


class _Weights:
    """The weight of 预算执行率 under the rules that a sheet was frozen with; each rules are read once."""

    def __init__(self) -> None:
        self.known: dict[Any, Decimal] = {}

    def of(self, sheet: SelfEvaluation) -> Decimal:
        if sheet.snapshot_id not in self.known:
            self.known[sheet.snapshot_id] = Yardstick.of(sheet.snapshot.policy()).scoring.execution_weight
        return self.known[sheet.snapshot_id]


def reweighed(facts: SheetFacts, execution: Decimal) -> SheetFacts:
    """The same sheet with another weight of 预算执行率: the indicators share what is left in their proportion.

    Weights keep two decimals; what rounding leaves goes to the last indicator, so that the whole stays the whole.
    """
    indicators = sum((line.weight for line in facts.lines), Decimal(0))
    left = indicators + (facts.execution_weight or 0) - execution
    if not indicators or left <= 0:
        return replace(facts, execution_weight=execution)
    part = Fraction(left) / Fraction(indicators)
    lines = [
        replace(
            line,
            weight=round2(Fraction(line.weight) * part),
            claimed=None if line.claimed is None else round2(Fraction(line.claimed) * part),
        )
        for line in facts.lines
    ]
    rest = left - sum((line.weight for line in lines[:-1]), Decimal(0))
    lines[-1] = replace(lines[-1], weight=rest)
    return replace(facts, execution_weight=execution, lines=tuple(lines))


def outcome(found: Iterable[Recomputed]) -> Outcome:
    """The stream as a whole; only those whose grade changes are kept."""
    before, after = Counter[Grade | None](), Counter[Grade | None]()
    regraded, repointed = [], 0
    for one in found:
        before[one.before[1]] += 1
        after[one.after[1]] += 1
        repointed += one.before[0] != one.after[0]
        if one.regraded:
            regraded.append(one)
    return Outcome(before.total(), dict(before), dict(after), tuple(regraded), repointed)
