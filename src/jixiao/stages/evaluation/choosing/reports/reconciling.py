"""自评 → 部门评价 → 抽查复核 → 财政评价 side by side: differences by subject, indicator, unit and year.

Averages are exact and say over how many; projects are never mixed with 部门整体.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import round2
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.tables import Column, Table
from jixiao.kit.web.listing import Mark, Shown
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.models import Mark as ItemMark
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfState
from jixiao.stages.evaluation.workflow import State

SELF = EvaluationMethod.SELF
OTHERS = (EvaluationMethod.DEPARTMENT, EvaluationMethod.RECHECK, EvaluationMethod.KEY)
OVERALL = SubjectKind.DEPARTMENT_OVERALL


@dataclass(frozen=True, slots=True)
class Compared:
    """One subject-year in one work year with its totals by 评价方式; at least two of them, or nothing to compare."""

    subject: SubjectYear
    work_year: int
    totals: dict[EvaluationMethod, Decimal]

    def difference(self, method: EvaluationMethod) -> Decimal | None:
        """What this 评价方式 gave above (+) or below (−) the self-evaluation; None where one of them is missing."""
        own, other = self.totals.get(SELF), self.totals.get(method)
        return None if own is None or other is None else other - own


def compared(actor: Actor, *, overall: bool, work_year: int | None = None) -> list[Compared]:
    """Everything of the work year (or of all years) with two concluded totals, biggest difference first."""
    which = Q(subject_year__kind=OVERALL) if overall else ~Q(subject_year__kind=OVERALL)
    return _compared(actor, which if work_year is None else which & Q(year=work_year))


def of_subject(actor: Actor, subject: SubjectYear) -> list[Compared]:
    """The same of one subject-year, newest work year first."""
    return sorted(_compared(actor, Q(subject_year=subject)), key=lambda one: -one.work_year)


def _compared(actor: Actor, which: Q) -> list[Compared]:
    totals: dict[tuple[int, int], dict[EvaluationMethod, Any]] = defaultdict(dict)
    evaluations = Evaluation.objects.visible_to(actor).filter(which, state=State.CONCLUDED).exclude(total=None)
    for key, year, total, method in evaluations.order_by("pk").values_list("subject_year", "year", "total", "method"):
        totals[key, year][EvaluationMethod(method)] = total
    sheets = SelfEvaluation.objects.visible_to(actor).filter(which, state=SelfState.CONCLUDED).exclude(total=None)
    for key, year, total in sheets.values_list("subject_year", "year", "total"):
        totals[key, year][SELF] = total
    several = {place: found for place, found in totals.items() if len(found) > 1}
    subjects = SubjectYear.objects.in_bulk({key for key, _ in several})
    rows_found = [Compared(subjects[key], year, found) for (key, year), found in several.items()]
    return sorted(rows_found, key=lambda one: (-_widest(one), one.subject.unit_path, one.subject.code, one.work_year))


def _widest(one: Compared) -> Decimal:
    return max(one.totals.values()) - min(one.totals.values())


@dataclass(frozen=True, slots=True)
class Mean:
    """Self-evaluations against one 评价方式: over how many, both means, and how many were 高估, 低估, equal."""

    method: EvaluationMethod
    count: int
    own: Decimal
    other: Decimal
    difference: Decimal
    over: int
    under: int
    equal: int


def means(rows: Iterable[Compared]) -> list[Mean]:
    """One line for each 评价方式 that met a self-evaluation; each mean is exact, then rounded to 0.01."""
    rows = list(rows)
    return [found for method in OTHERS if (found := _mean(method, rows))]


def _mean(method: EvaluationMethod, rows: Sequence[Compared]) -> Mean | None:
    pairs = [(one.totals[SELF], one.totals[method]) for one in rows if one.difference(method) is not None]
    if not pairs:
        return None
    own, other = (Fraction(sum(map(Fraction, side)), len(pairs)) for side in zip(*pairs, strict=True))
    return Mean(
        method,
        len(pairs),
        round2(own),
        round2(other),
        round2(other - own),
        over=sum(mine > theirs for mine, theirs in pairs),
        under=sum(mine < theirs for mine, theirs in pairs),
        equal=sum(mine == theirs for mine, theirs in pairs),
    )


def grouped(rows: Iterable[Compared], by: Callable[[Compared], str]) -> list[tuple[str, Mean]]:
    """Means per unit or per year, those most overestimated first."""
    groups: dict[str, list[Compared]] = defaultdict(list)
    for one in rows:
        groups[by(one)].append(one)
    found = [(name, mean) for name, group in groups.items() for mean in means(group)]
    return sorted(found, key=lambda pair: (pair[1].difference, pair[0]))


COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("self", "自评", "points"),
    Shown("department", "部门评价", "points"),
    Shown("recheck", "抽查复核", "points"),
    Shown("key", "财政评价", "points"),
    Shown("widest", "最大相差", "points"),
    Shown("mark", "自评", "tag"),
)
OWN_COLUMNS = (Shown("work_year", "评价年份"), *COLUMNS[1:])
MEAN_COLUMNS = (
    Shown("method", "与自评比较的"),
    Shown("count", "个数", "integer"),
    Shown("own", "自评平均", "points"),
    Shown("other", "评价平均", "points"),
    Shown("difference", "平均差", "points"),
    Shown("over", "自评高估", "integer"),
    Shown("under", "自评低估", "integer"),
    Shown("equal", "一致", "integer"),
)
UNIT_COLUMNS = (Shown("name", "单位"), *MEAN_COLUMNS)
YEAR_COLUMNS = (Shown("name", "评价年份"), *MEAN_COLUMNS)
LINE_COLUMNS = (
    Shown("name", "指标", note_key="level"),
    Shown("weight", "分值", "points"),
    Shown("before", "自评分", "points"),
    Shown("points", "复核分", "points"),
    Shown("difference", "差异", "points"),
    Shown("reason", "理由"),
)
TABLE = Table(
    "reconciliation",
    "评价得分对照",
    (
        Column("code", "编码"),
        Column("name", "对象"),
        Column("unit", "单位"),
        Column("work_year", "评价年份", "year"),
        Column("self", "自评", "points"),
        Column("department", "部门评价", "points"),
        Column("recheck", "抽查复核", "points"),
        Column("key", "财政评价", "points"),
        Column("department_difference", "部门评价减自评", "number"),
        Column("recheck_difference", "抽查复核减自评", "number"),
        Column("key_difference", "财政评价减自评", "number"),
    ),
)


def subject_rows(rows: Iterable[Compared]) -> list[dict[str, Any]]:
    """Subjects as the page lists them."""
    return [
        {
            "name": one.subject.name,
            "url": reverse("reconciliation-subject", args=[one.subject.pk]),
            "unit": f"{one.subject.unit_name}，{one.subject.year} 年度",
            "work_year": f"{one.work_year} 年",
            **_points(one),
            "widest": _widest(one),
            "mark": _mark(one),
        }
        for one in rows
    ]


def _points(one: Compared) -> dict[str, Decimal | None]:
    return {method.value: one.totals.get(method) for method in EvaluationMethod}


def _mark(one: Compared) -> Mark | None:
    """The self-evaluation against the last word: finance before a recheck before the department."""
    found = next((gap for method in reversed(OTHERS) if (gap := one.difference(method)) is not None), None)
    if found is None:
        return None
    return Mark("一致", "ok") if not found else Mark("高估", "warn") if found < 0 else Mark("低估")


def mean_rows(found: Iterable[tuple[str, Mean]]) -> list[dict[str, Any]]:
    """Means as rows."""
    names = ("count", "own", "other", "difference", "over", "under", "equal")
    return [{"name": name, "method": mean.method, **{key: getattr(mean, key) for key in names}} for name, mean in found]


def table_rows(rows: Iterable[Compared]) -> list[dict[str, Any]]:
    """Subjects by the columns of TABLE."""
    return [
        {
            "code": one.subject.code,
            "name": one.subject.name,
            "unit": one.subject.unit_name,
            "work_year": one.work_year,
            **_points(one),
            **{f"{method.value}_difference": one.difference(method) for method in OTHERS},
        }
        for one in rows
    ]


def line_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Per indicator what the recheck gave beside what stood before, with its reason."""
    return [_line(mark) for mark in evaluation.marks.exclude(before=None).order_by("position")]


def _line(mark: ItemMark) -> dict[str, Any]:
    before: Any = mark.before
    return {
        "name": mark.name,
        "level": " / ".join(part for part in (mark.level1, mark.level2) if part),
        "weight": mark.weight,
        "before": mark.before,
        "points": mark.points,
        "difference": None if before is None or mark.points is None else mark.points - before,
        "reason": mark.reason or "—",
    }
