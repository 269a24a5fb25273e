"""What the pages of the rounds show: columns, and rows with the judgement of their spending and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import origin_mark

from ..models import READY, Attention, Recovery, Round, in_scope
from ..workflow import RoundState, State
from .judging import Alarms, Pace, judged
from .sheets import alarm, gap, light

ROUND_COLUMNS = (
    Shown("no", "轮次", link="url", note_key="purpose"),
    Shown("cutoff", "截止", "date"),
    Shown("sheets", "项目", "integer"),
    Shown("overall", "部门整体", "integer"),
    Shown("key", "重点监控", "integer"),
    Shown("slow", "进度慢", "integer"),
    Shown("open", "未审定", "integer"),
    Shown("state", "状态", "tag"),
)
SHEET_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit", order="name"),
    Shown("budget", "全年预算", "amount", order="budget", note_key="whole_word"),
    Shown("spent", "累计支出", "amount", order="spent", note_key="carried_word"),
    Shown("rate", "执行率", "percent", order="rate", note_key="rate_word"),
    Shown("light", "进度", "lamp", note_key="gap"),
    Shown("alarm", "灯", "tag", note_key="alarmed"),
    Shown("handling", "处置"),
    Shown("state", "状态", "tag"),
    Shown("origin", "数据", "tag"),
)
SHEET_ORDERS = (
    Order("rate", "执行率", "rate_order"),
    Order("name", "项目", "subject_year__name"),
    Order("unit", "单位", "subject_year__unit_path"),
    Order("budget", "全年预算", "budget"),
    Order("spent", "累计支出", "spent"),
)
RECOVERY_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("fen", "收回金额", "amount"),
    Shown("reason", "原因"),
    Shown("doc_no", "文号"),
    Shown("on", "日期", "date"),
    Shown("origin", "数据", "tag"),
)
LEFT_OUT_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount", note_key="whole_word"),
    Shown("reason", "原因"),
)


def round_rows(rounds: list[Round], rows: Any, actor: Actor) -> list[dict[str, Any]]:
    """One row per round with the counts of its visible sheets, in one query."""
    slow = Q(pk__in=[])
    for held in rounds:
        slow |= Pace.of(held).slow(held)
    grouped = judged(rows).filter(round__in=rounds).order_by().values("round")
    counted = {
        found["round"]: found
        for found in grouped.annotate(
            sheets=Count("pk", filter=Q(subject_year__in_total=True)),
            overall=Count("pk", filter=Q(subject_year__in_total=False)),
            key=Count("pk", filter=Q(attention=Attention.KEY)),
            slow=Count("pk", filter=slow & Q(subject_year__in_total=True)),
            open=Count("pk", filter=~Q(state=State.CONCLUDED)),
        )
    }
    nothing = {"sheets": 0, "overall": 0, "key": 0, "slow": 0, "open": 0}
    return [
        {
            **counted.get(held.pk, nothing),
            "no": f"第 {held.no} 轮",
            "url": reverse("monitoring-round", args=[held.pk]),
            "purpose": held.purpose,
            "cutoff": held.cutoff,
            "state": state_mark(held, actor),
        }
        for held in rounds
    ]


def left_out_rows(held: Round, actor: Actor) -> list[dict[str, Any]]:
    """The year's projects and 部门整体 without a sheet in this round, each with its reason.

    Before it opens: those that it will miss.
    """
    projects = in_scope(held.region, held.year, held.cutoff).visible_to(actor).exclude(reading_sheets__round=held)
    if held.state == RoundState.DRAFT:
        projects = projects.exclude(**READY)
    return [
        {
            "name": project.name,
            "url": reverse("subject", args=[project.pk]),
            "unit": project.unit_name,
            "budget": project.budget,
            **project.money.notes,
            "reason": _left_out(project),
        }
        for project in projects.order_by("code")
    ]


def _left_out(project: Any) -> str:
    if project.merged_into:
        return f"已并入“{project.merged_into}”，资金计入该项目"
    if project.on_hold:
        return "已暂停、停止或收回资金，解除后可以补入"
    if not project.targeted:
        return "没有批复的绩效目标，批复后可以补入"
    return "本轮启动后才新增或批复目标，可以补入"


def sheet_rows(sheets: Iterable[Any], pace: Pace, alarms: Alarms, actor: Actor) -> list[dict[str, Any]]:
    """Judged sheets of one round, their readings prefetched, as the list shows them."""
    rows = []
    for sheet in sheets:
        progress = pace.judge(sheet)
        mark, alarmed = alarm(alarms.judge(sheet, sheet.readings.all()))
        rows.append(
            {
                "name": sheet.subject_year.name,
                "url": reverse("reading-sheet", args=[sheet.pk]),
                "unit": f"{sheet.subject_year.unit_name}{'，重点监控' if sheet.attention is Attention.KEY else ''}",
                "budget": sheet.budget,
                "spent": sheet.spent,
                "rate": progress.rate,
                **sheet.subject_year.money.notes,
                "light": light(sheet, progress),
                "gap": gap(progress),
                "alarm": mark,
                "alarmed": alarmed,
                "handling": sheet.advice or sheet.handling.label,
                "state": state_mark(sheet, actor),
                "origin": origin_mark(sheet.origin),
            }
        )
    return rows


def recovery_rows(recoveries: Iterable[Recovery]) -> list[dict[str, Any]]:
    """Money taken back, with its project."""
    return [
        {
            "name": recovery.subject_year.name,
            "url": reverse("subject", args=[recovery.subject_year_id]),
            "unit": recovery.subject_year.unit_name,
            "fen": recovery.fen,
            "reason": recovery.reason,
            "doc_no": recovery.doc_no,
            "on": recovery.on,
            "origin": origin_mark(recovery.origin),
        }
        for recovery in recoveries
    ]
