"""What the disclosure page shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.stages.evaluation.models import Evaluation

from .models import Disclosure
from .workflow import State

COLUMNS = (
    Shown("name", "材料", link="url", note_key="unit"),
    Shown("material", "材料类别"),
    Shown("number", "评价编号"),
    Shown("channel", "渠道"),
    Shown("on", "日期", "date", order="on"),
    Shown("redaction", "脱密审核"),
    Shown("state", "状态", "tag"),
)
ORDERS = (Order("on", "日期", "on"),)


def rows_of(items: Iterable[Disclosure], actor: Actor) -> list[dict[str, Any]]:
    """Published materials with what they are about, as far as the system knows it."""
    rows, listed = [], list(items)
    found = Evaluation.objects.visible_to(actor).filter(pk__in=[item.evaluation_id for item in listed])
    open_to_me = set(found.values_list("pk", flat=True))
    for item in listed:
        about = item.subject_year or (item.evaluation.subject_year if item.evaluation else None)
        rows.append(
            {
                "name": about.name if about else item.evaluation_number or item.material.label,
                "url": reverse("evaluation", args=[item.evaluation_id]) if item.evaluation_id in open_to_me else "",
                "unit": about.unit_name if about else "",
                "material": item.material,
                "number": item.evaluation_number,
                "channel": item.channel,
                "on": item.on,
                "redaction": item.redaction_confirmed,
                "state": Mark(item.state.label, "ok") if item.state is State.PUBLISHED else state_mark(item, actor),
            }
        )
    return rows
