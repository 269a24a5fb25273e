"""What the page of submissions shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order

from .models import Submission

COLUMNS = (
    Shown("name", "材料", link="url", note_key="unit"),
    Shown("recipient", "报送对象"),
    Shown("material", "材料类别"),
    Shown("number", "评价编号"),
    Shown("on", "日期", "date", order="on"),
    Shown("state", "状态", "tag"),
)
ORDERS = (Order("on", "日期", "on"),)


def rows_of(items: Iterable[Submission], actor: Actor) -> list[dict[str, Any]]:
    """Materials handed in with what they are about; a code that the system does not know stands as given."""
    rows = []
    for item in items:
        about = item.subject_year or (item.evaluation.subject_year if item.evaluation else None)
        rows.append(
            {
                "name": about.name if about else item.code or item.evaluation_number or item.material.label,
                "url": _address(item),
                "unit": about.unit_name if about else "",
                "recipient": item.recipient,
                "material": item.material,
                "number": item.evaluation_number,
                "on": item.on,
                "state": state_mark(item, actor),
            }
        )
    return rows


def _address(item: Submission) -> str:
    if item.evaluation_id:
        return reverse("evaluation", args=[item.evaluation_id])
    return reverse("subject", args=[item.subject_year_id]) if item.subject_year_id else ""
