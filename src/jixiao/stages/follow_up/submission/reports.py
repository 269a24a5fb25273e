"""What the page of submissions shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation

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
    rows, listed = [], list(items)
    evaluations = Evaluation.objects.visible_to(actor).filter(pk__in=[item.evaluation_id for item in listed])
    subjects = SubjectYear.objects.visible_to(actor).filter(pk__in=[item.subject_year_id for item in listed])
    mine = {*evaluations.values_list("pk", flat=True)}, {*subjects.values_list("pk", flat=True)}
    for item in listed:
        about = item.subject_year or (item.evaluation.subject_year if item.evaluation else None)
        rows.append(
            {
                "name": about.name if about else item.code or item.evaluation_number or item.material.label,
                "url": _address(item, *mine),
                "unit": about.unit_name if about else "",
                "recipient": item.recipient,
                "material": item.material,
                "number": item.evaluation_number,
                "on": item.on,
                "state": state_mark(item, actor),
            }
        )
    return rows


def _address(item: Submission, evaluations: set[int], subjects: set[int]) -> str:
    """Where the reader may go on; nowhere if it is not his."""
    if item.evaluation_id in evaluations:
        return reverse("evaluation", args=[item.evaluation_id])
    return reverse("subject", args=[item.subject_year_id]) if item.subject_year_id in subjects else ""
