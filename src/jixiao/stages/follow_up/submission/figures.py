"""报送: what 人大 received in the year, by kind of material."""

from __future__ import annotations

from jixiao.kit.figures import Figure, RowColumn, Scope, count
from jixiao.stages.follow_up.disclosure.models import Material

from .models import Recipient, Submission
from .workflow import State

COLUMNS = (
    RowColumn("材料类别", lambda item: item.material.label),
    RowColumn("评价编号", lambda item: item.evaluation_number),
    RowColumn("对象编码", lambda item: item.code),
    RowColumn("对象", lambda item: item.subject_year.name if item.subject_year else ""),
    RowColumn("日期", lambda item: item.on),
)


def _to_congress(scope: Scope, material: Material) -> list[Submission]:
    items = Submission.objects.visible_to(scope.actor).filter(
        region=scope.region,
        year=scope.year,
        state=State.SENT,
        recipient=Recipient.PEOPLES_CONGRESS,
        material=material,
    )
    return list(items.select_related("subject_year").order_by("on", "pk"))


def _sent(key: str, material: Material) -> Figure:
    return Figure(
        key,
        f"报送人大的{material.label}",
        "个",
        f"本工作年度报送本级人大的{material.label}份数。",
        lambda scope: _to_congress(scope, material),
        count,
        COLUMNS,
    )


FIGURES: tuple[Figure, ...] = (
    _sent("npc.key_reports", Material.KEY_REPORT),
    _sent("npc.overall_self", Material.OVERALL_SELF_REPORT),
    _sent("npc.overall_targets", Material.OVERALL_TARGET),
    _sent("npc.special_funds", Material.SPECIAL_FUND_TARGET),
)
