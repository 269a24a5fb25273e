"""What the rectification pages show: columns, and rows with what is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.checks.lights import Lamp, Tone
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.policies import for_region
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Alarms, Pace, judged
from jixiao.stages.monitoring.reports.live import WITH_LINES
from jixiao.stages.monitoring.rules import Handling
from jixiao.stages.monitoring.workflow import State as SheetState

from .models import Rectification
from .rules import EscalationRules, escalated, is_overdue

ASKING = (Handling.URGE, Handling.INTERVIEW, Handling.SUSPEND, Handling.ADJUST)
COLUMNS = (
    Shown("category", "问题", link="url", note_key="requirement"),
    Shown("name", "对象", link="subject", note_key="unit"),
    Shown("number", "整改编号", order="number"),
    Shown("issued_on", "下达", "date"),
    Shown("due_on", "期限", "date"),
    Shown("done_on", "完成", "date"),
    Shown("late", "时限", "lamp"),
    Shown("state", "状态", "tag"),
)
ORDERS = (Order("number", "整改编号", "number"), Order("name", "对象", "subject_year__name"))


def lateness(item: Rectification, today: date, rules: EscalationRules | None = None) -> Mark | None:
    """Whether the item is, or was, done in time, and what follows by now; None without a time limit."""
    if item.due_on is None:
        return None
    late = is_overdue(item.due_on, item.done_on, today)
    if item.done_on is not None:
        return Mark("逾期完成", "warn") if late else Mark("按期完成", "ok")
    if not late:
        return Mark("未到期")
    step = escalated(item.due_on, item.done_on, today, rules) if rules else None
    return Mark(f"逾期 {(today - item.due_on).days} 天{f'，{step.measure}' if step else ''}", "bad")


def rows_of(items: Iterable[Rectification], actor: Actor, today: date) -> list[dict[str, Any]]:
    """Rectifications as the list shows them."""
    rules = for_region(actor.region, today.year).section(EscalationRules)
    return [
        {
            "category": item.category,
            "requirement": item.requirement,
            "url": reverse("rectification", args=[item.pk]),
            "name": item.subject_year.name,
            "subject": reverse("subject", args=[item.subject_year_id]),
            "unit": item.subject_year.unit_name,
            "number": item.number,
            "issued_on": item.issued_on,
            "due_on": item.due_on,
            "done_on": item.done_on,
            "late": lateness(item, today, rules),
            "state": state_mark(item, actor),
        }
        for item in items
    ]


def to_be_noticed(held: Round) -> Any:
    """Concluded sheets of a round that ask for 整改 and stand in no notice yet."""
    rows = judged(ReadingSheet.objects.filter(round=held, state=SheetState.CONCLUDED, handling__in=ASKING))
    rows = rows.filter(rectifications=None).select_related("subject_year", "round__snapshot")
    return rows.prefetch_related(WITH_LINES).order_by("subject_year__unit_path", "subject_year__code")


def finding_of(sheet: Any) -> str:
    """What the round found at a sheet that came through `judged`: its pace, its alarming lights, and the causes."""
    progress = Pace.of(sheet.round).judge(sheet)
    lights = Alarms.of(sheet.round).judge(sheet, sheet.readings.all())
    said = [progress.because]
    # The pace is what the first sentence is about.
    alarming = [light for light in lights if light.tone in (Tone.RED, Tone.YELLOW) and light.lamp is not Lamp.PACE]
    said += [f"{light.lamp.label}：{light.because}" for light in alarming]
    if sheet.causes:
        said.append(f"单位说明的原因：{sheet.causes}")
    return "；".join(said)
