"""What the evaluation pages show: columns, the list, and the marks by the parts of the framework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark as Tag
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.institutions.models import EngagementSubject, Standing
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.organizations.scopes import EXTERNAL
from jixiao.stages.ex_ante.marks import Spread, spread

from .. import rules
from ..models import Evaluation, Mark, PanelMember, ProcedureKind
from ..self_evaluation.reports.sheets import grade_mark
from ..workflow import PanelState, State

METHODS = tuple(method for method in EvaluationMethod if method is not EvaluationMethod.SELF)
"""评价方式 with sheets here; self-evaluations have their own desk."""

COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("number", "评价编号", order="number"),
    Shown("method", "评价方式"),
    Shown("by", "实施机构"),
    Shown("arranged", "安排资金", "amount"),
    Shown("used", "使用资金", "amount"),
    Shown("total", "得分", "points"),
    Shown("grade", "等级", "tag"),
    Shown("state", "状态", "tag"),
    Shown("origin", "数据", "tag"),
)
ORDERS = (Order("number", "评价编号", "number"), Order("name", "对象", "subject_year__name"))


@dataclass(frozen=True, slots=True)
class Part:
    """The marks under one 一级指标 and what they add up to; `share` is points ÷ weight in percent points."""

    level1: str
    marks: tuple[Mark, ...]
    weight: Decimal
    points: Decimal | None
    share: Decimal | None


def evaluator(evaluation: Evaluation) -> str:
    """The agency's name, else who is said to have conducted it."""
    return evaluation.agency.name if evaluation.agency else evaluation.conducted_by


def rows_of(evaluations: Iterable[Evaluation], actor: Actor) -> list[dict[str, Any]]:
    """Evaluations as the list shows them."""
    return [
        {
            "name": evaluation.subject_year.name,
            "url": reverse("evaluation", args=[evaluation.pk]),
            "unit": f"{evaluation.subject_year.unit_name}，{evaluation.subject_year.year} 年度",
            "number": evaluation.number,
            "method": evaluation.method,
            "by": evaluator(evaluation),
            "arranged": evaluation.arranged,
            "used": evaluation.used,
            "total": evaluation.total if sees_points(actor, evaluation) else None,
            "grade": grade_mark(evaluation.grade) if sees_points(actor, evaluation) else None,
            "state": state_mark(evaluation, actor),
            "origin": origin_mark(evaluation.origin),
        }
        for evaluation in evaluations
    ]


def method_counts(evaluations: Any) -> list[tuple[EvaluationMethod, int]]:
    """How many evaluations of each method, none left out."""
    counted = {found["method"]: found["n"] for found in evaluations.order_by().values("method").annotate(n=Count("pk"))}
    return [(method, counted.get(method, 0)) for method in METHODS]


def parts_of(marks: Sequence[Mark]) -> list[Part]:
    """The marks by 一级指标, in the order in which the framework names them."""
    grouped: dict[str, list[Mark]] = {}
    for mark in marks:
        grouped.setdefault(mark.level1, []).append(mark)
    return [_part(level1, tuple(found)) for level1, found in grouped.items()]


def _part(level1: str, marks: tuple[Mark, ...]) -> Part:
    weight = sum((mark.weight for mark in marks), Decimal(0))
    given = [mark.points for mark in marks if mark.points is not None]
    if len(given) < len(marks):
        return Part(level1, marks, weight, None, None)
    points = sum(given, Decimal(0))
    return Part(level1, marks, weight, points, share(int(points * 100), int(weight * 100)))


CONSULTED = (State.CONSULTATION, State.REVIEW, State.CONCLUDED)
ADDRESSED = (ProcedureKind.NOTICE, ProcedureKind.PLAN, ProcedureKind.CONSULTATION)
PANEL_MARKS = {PanelState.MARKING: Tag("打分中", "warn"), PanelState.FINISHED: Tag("已提交", "ok")}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the procedure: what is on record, with how many papers; `mark` says whether it was done."""

    kind: ProcedureKind
    entries: tuple[Any, ...]
    papers: int
    mark: Tag


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One item with what each expert gave it, in the order of the experts, and what that comes to."""

    mark: Mark
    given: tuple[Decimal, ...]
    spread: Spread | None


def sees_points(actor: Actor, evaluation: Evaluation) -> bool:
    """May the actor see what has been marked so far?"""
    return rules.sees_points(actor, evaluation.method, evaluation.state in CONSULTED)


def sees_paper(actor: Actor, evaluation: Evaluation, kind: str) -> bool:
    """May the actor read papers of this kind? What is addressed to the evaluated unit is its from the beginning."""
    return kind in ADDRESSED or sees_points(actor, evaluation)


def rate(evaluation: Evaluation) -> Decimal | None:
    """评价中的预算执行率: 经审查使用 ÷ 实际到位资金, in percent points; None while either is open."""
    if evaluation.used is None or not evaluation.received:
        return None
    return share(evaluation.used, evaluation.received)


def timeline(evaluation: Evaluation, kinds: Iterable[str]) -> list[Stage]:
    """The procedure in its order, every step named whether it was done or not; `kinds` are those of its papers."""
    entries: dict[ProcedureKind, list[Any]] = {kind: [] for kind in ProcedureKind}
    for entry in evaluation.procedure.order_by("on", "pk"):
        entries[entry.kind].append(entry)
    papers: dict[str, int] = {}
    for kind in kinds:
        papers[kind] = papers.get(kind, 0) + 1
    return [
        Stage(kind, tuple(found), papers.get(kind.value, 0), Tag("已办", "ok") if found else Tag("未办", "mute"))
        for kind, found in entries.items()
    ]


def panel_rows(actor: Actor, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The experts of an evaluation: before the panel is closed who has finished, for an expert himself alone."""
    members: Any = evaluation.panel.select_related("expert").order_by("pk")
    closed = evaluation.panel_closed_at is not None
    if actor.role is Role.EXPERT and not closed:
        members = members.filter(account=actor.user_id)
    elif not rules.sees_experts(actor, evaluation.method):
        members = members.none()
    return [
        {
            "member": member,
            "mark": PANEL_MARKS[member.state],
            "mine": member.account_id == actor.user_id,
            "opinion": member.opinion if closed else "",
        }
        for member in members
    ]


def panel_lines(actor: Actor, evaluation: Evaluation) -> list[PanelLine]:
    """What the experts gave, once the panel is closed; nothing before, and nothing for those who are evaluated."""
    if evaluation.panel_closed_at is None or not rules.sees_experts(actor, evaluation.method):
        return []
    order = {pk: n for n, pk in enumerate(evaluation.panel.order_by("pk").values_list("pk", flat=True))}
    lines = []
    for mark in evaluation.marks.prefetch_related("given").order_by("position"):
        given = sorted(mark.given.all(), key=lambda one: order[one.member_id])
        points = tuple(one.points for one in given)
        lines.append(PanelLine(mark, points, spread(points)))
    return lines


def members_of(evaluation: Evaluation) -> list[PanelMember]:
    """The experts in the order of `PanelLine.given`."""
    return list(evaluation.panel.select_related("expert").order_by("pk"))


def engaged_rows(actor: Actor, evaluation: Evaluation) -> list[EngagementSubject]:
    """Who is engaged for the evaluation; for those who are engaged, and for units, nothing of one another."""
    if actor.role in EXTERNAL or actor.role is Role.UNIT:
        return []
    rows = EngagementSubject.objects.filter(sheet_type=evaluation.sheet_type, sheet_id=evaluation.pk)
    found = list(rows.select_related("engagement__agency", "engagement__expert").order_by("pk"))
    for row in found:
        standing = row.engagement.standing(timezone.localdate())
        row.mark = Tag(standing.label, "ok" if standing is Standing.RUNNING else "mute")  # type: ignore[attr-defined]
    return found
