"""整改: how many items the year's key evaluations led to, and how many are done."""

from __future__ import annotations

from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.figures import Figure, RowColumn, Scope, count

from .models import Rectification
from .workflow import State

COLUMNS = (
    RowColumn("整改编号", lambda item: item.number),
    RowColumn("名称", lambda item: item.subject_year.name),
    RowColumn("单位", lambda item: item.subject_year.unit_name),
    RowColumn("问题类别", lambda item: item.category),
    RowColumn("整改期限", lambda item: item.due_on),
    RowColumn("完成日期", lambda item: item.done_on),
    RowColumn("状态", lambda item: item.state.label),
)


def _issued(scope: Scope, **which: object) -> list[Rectification]:
    """Items handed out after key evaluations of the work year; drafts do not count."""
    items = Rectification.objects.visible_to(scope.actor).filter(
        region=scope.region, evaluation__year=scope.year, evaluation__method=EvaluationMethod.KEY, **which
    )
    return list(items.exclude(state=State.DRAFT).select_related("subject_year").order_by("number"))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "rectification.items",
        "下达整改的问题",
        "项",
        "本年度财政重点评价发现并已下达整改的问题数，含已完成的。",
        _issued,
        count,
        COLUMNS,
    ),
    Figure(
        "rectification.done",
        "已完成整改的问题",
        "项",
        "本年度财政重点评价下达整改的问题中，已完成的项数。",
        lambda scope: _issued(scope, state=State.CLOSED),
        count,
        COLUMNS,
    ),
)
