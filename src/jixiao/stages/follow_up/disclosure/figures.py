"""公开: evaluation reports that were published."""

from __future__ import annotations

from jixiao.kit.figures import Figure, RowColumn, Scope, count

from .models import Disclosure, Material
from .workflow import State

COLUMNS = (
    RowColumn("材料类别", lambda item: item.material.label),
    RowColumn("评价编号", lambda item: item.evaluation_number),
    RowColumn("对象", lambda item: item.subject_year.name if item.subject_year else ""),
    RowColumn("渠道", lambda item: item.channel),
    RowColumn("日期", lambda item: item.on),
)


def _reports(scope: Scope) -> list[Disclosure]:
    """评价报告 only: 自评报告 and targets are other materials."""
    items = Disclosure.objects.visible_to(scope.actor).filter(
        region=scope.region, year=scope.year, state=State.PUBLISHED, material=Material.KEY_REPORT
    )
    return list(items.select_related("subject_year").order_by("on", "pk"))


FIGURES: tuple[Figure, ...] = (
    Figure(
        "disclosure.reports",
        "公开的重点评价报告",
        "个",
        "本工作年度已公开的重点绩效评价报告份数，自评报告和目标另计。",
        _reports,
        count,
        COLUMNS,
    ),
)
