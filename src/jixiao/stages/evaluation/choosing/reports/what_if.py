"""What-if: everything that was concluded in a work year under other rules. Nothing is stored; frozen stays frozen.

Self-evaluations are scored again line by line. Other evaluations keep the points that people gave; only the grade
follows the rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jixiao.domain.grades import Grade, GradeRules, grade_of
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.tables import PARAGRAPH, Column, Table
from jixiao.kit.web.listing import Mark, Shown
from jixiao.stages.evaluation.findings.reports.recomputing import Outcome, outcome, recompute
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.reports.sheets import grade_mark
from jixiao.stages.evaluation.workflow import State

COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("method", "评价方式"),
    Shown("before", "原得分", "points"),
    Shown("grade", "原等级", "tag"),
    Shown("after", "换规则后", "points"),
    Shown("other", "换规则后等级", "tag"),
    Shown("was", "原来的依据"),
    Shown("because", "换规则后的依据"),
)
COUNTS = (
    Shown("method", "评价方式"),
    Shown("grade", "等级"),
    Shown("before", "原来", "integer"),
    Shown("after", "换规则后", "integer"),
)
TABLE = Table(
    "what_if",
    "等级改变的评价",
    (
        Column("code", "编码"),
        Column("name", "对象"),
        Column("unit", "单位"),
        Column("method", "评价方式", "term", choices=EvaluationMethod),
        Column("before", "原得分", "points"),
        Column("grade", "原等级", "term", choices=Grade, required=False),
        Column("after", "换规则后得分", "points"),
        Column("other", "换规则后等级", "term", choices=Grade, required=False),
        Column("because", "换规则后的依据", longest=PARAGRAPH, width=70),
    ),
)


@dataclass(frozen=True, slots=True)
class Regraded:
    """One that gets another grade: what was frozen, what it would be, and both sentences."""

    sheet: Any
    method: EvaluationMethod
    before: tuple[Decimal | None, Grade | None]
    after: tuple[Decimal | None, Grade | None]
    was: str
    because: str

    @property
    def url(self) -> str:
        """The frozen sheet."""
        name = "self-evaluation" if self.method is EvaluationMethod.SELF else "evaluation"
        return reverse(name, args=[self.sheet.pk])


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other rules come to: the self-evaluations, the others' grades before and after, and who changes."""

    own: Outcome
    before: Counter[tuple[EvaluationMethod, Grade | None]]
    after: Counter[tuple[EvaluationMethod, Grade | None]]
    regraded: tuple[Regraded, ...]

    @property
    def count(self) -> int:
        """How many were recomputed."""
        return self.before.total()


def what_if(sheets: QuerySet[SelfEvaluation], evaluations: QuerySet[Evaluation], policy: Policy) -> WhatIf:
    """These sheets and evaluations under `policy`, as far as they are concluded."""
    own, rules = outcome(recompute(sheets, policy)), policy.section(GradeRules)
    before, after = Counter(_of_own(own.before)), Counter(_of_own(own.after))
    regraded = [
        Regraded(one.sheet, EvaluationMethod.SELF, one.before, one.after, one.sheet.because, one.because)
        for one in own.regraded
    ]
    rows = evaluations.filter(state=State.CONCLUDED).exclude(total=None).select_related("subject_year")
    for one in rows.order_by("method", "pk").iterator(chunk_size=500):
        was, total = (one.grade if isinstance(one.grade, Grade) else None), one.total or Decimal(0)
        now = grade_of(total, rules)
        before[one.method, was] += 1
        after[one.method, now] += 1
        if was is not now:
            borders = f"优 {plain(rules.excellent)}、良 {plain(rules.good)}、中 {plain(rules.fair)} 分起"
            words = f"{plain(total)} 分，{borders}"
            regraded.append(Regraded(one, one.method, (total, was), (total, now), "", words))
    return WhatIf(own, before, after, tuple(regraded))


def _of_own(counts: dict[Grade | None, int]) -> dict[tuple[EvaluationMethod, Grade | None], int]:
    return {(EvaluationMethod.SELF, grade): count for grade, count in counts.items()}


def regraded_rows(found: WhatIf) -> list[dict[str, Any]]:
    """Who gets another grade, as the page lists them."""
    none = Mark("未定", "mute")
    return [
        {
            "name": one.sheet.subject_year.name,
            "url": one.url,
            "unit": one.sheet.subject_year.unit_name,
            "method": one.method.label,
            "before": one.before[0],
            "grade": grade_mark(one.before[1] or "") or none,
            "after": one.after[0],
            "other": grade_mark(one.after[1] or "") or none,
            "was": one.was or "—",
            "because": one.because,
        }
        for one in found.regraded
    ]


def count_rows(found: WhatIf) -> list[dict[str, Any]]:
    """Grades before and after by 评价方式; a method that nobody used has no rows."""
    return [
        {
            "method": method.label,
            "grade": grade.label if grade else "未定",
            "before": found.before.get((method, grade), 0),
            "after": found.after.get((method, grade), 0),
        }
        for method in EvaluationMethod
        if any(used is method for used, _ in found.before)
        for grade in (*Grade, None)
        if grade or found.before.get((method, None)) or found.after.get((method, None))
    ]


def table_rows(found: WhatIf) -> list[dict[str, Any]]:
    """The same by the columns of TABLE."""
    return [
        {
            "code": one.sheet.subject_year.code,
            "name": one.sheet.subject_year.name,
            "unit": one.sheet.subject_year.unit_name,
            "method": one.method,
            "before": one.before[0],
            "grade": one.before[1],
            "after": one.after[0],
            "other": one.after[1],
            "because": one.because,
        }
        for one in found.regraded
    ]
