"""What the pages of clearing list: runs and candidates; and the candidates as an Excel table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount
from jixiao.kit.tables import PARAGRAPH, Column, Table
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order

from ..models import Candidate, ClearingRun
from ..rules import Measure, Stock
from ..workflow import State
from .finding import Listed
from .totals import total_of

RUN_COLUMNS = (
    Shown("title", "清理", link="url"),
    Shown("cutoff", "截止", "date"),
    Shown("count", "列入", "integer"),
    Shown("open", "未处理", "integer"),
    Shown("idle", "闲置金额", "amount"),
    Shown("recovered", "收回", "amount"),
    Shown("reduced", "调减", "amount"),
    Shown("state", "状态", "tag"),
)
COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit", order="name"),
    Shown("stock", "类别", "tag"),
    Shown("idle", "闲置金额", "amount", order="idle"),
    Shown("reasons", "列入理由"),
    Shown("measure", "措施", note_key="taken"),
    Shown("state", "状态", "tag"),
)
LISTED_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("stock", "类别", "tag"),
    Shown("idle", "闲置金额", "amount"),
    Shown("reasons", "理由"),
)
ORDERS = (
    Order("idle", "闲置金额", "idle"),
    Order("name", "项目", "subject_year__name"),
    Order("unit", "单位", "subject_year__unit_path"),
)
STATES = [("open", "未处理"), *State.choices()]
WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name")
TONES = {Stock.VOID: "bad", Stock.IDLE: "warn", Stock.LOW: "mute"}
TABLE = Table(
    "clearing",
    "存量资金清理表",
    (
        Column("code", "项目编码", "code"),
        Column("name", "项目名称"),
        Column("unit", "单位"),
        Column("stock", "类别", "term", choices=Stock),
        Column("budget", "全年预算", "amount"),
        Column("spent", "累计支出", "amount"),
        Column("idle", "闲置金额", "amount"),
        Column("reasons", "列入理由", longest=PARAGRAPH, width=60),
        Column("view", "情况说明", required=False, longest=PARAGRAPH, width=40),
        Column("measure", "清理措施", "term", required=False, choices=Measure),
        Column("fen", "处理金额", "amount", required=False),
        Column("doc_no", "文号", required=False),
        Column("opinion", "处理理由", required=False, longest=PARAGRAPH, width=40),
        Column("decided_on", "处理日期", "date", required=False),
    ),
)


def asked_for(rows: Any, asked: QueryDict) -> Any:
    """The candidates that a list was asked for: class, measure, decided or not, and words."""
    found = narrowed(rows, asked, exact=("stock", "measure"), within=WITHIN)
    state = text(asked, "state")
    if state == "open":
        return found.filter(~Q(state=State.DECIDED))
    return found.filter(state=state) if state else found


def run_rows(runs: Iterable[ClearingRun], candidates: Any, actor: Actor) -> list[dict[str, Any]]:
    """Runs with the totals of the candidates that the reader sees."""
    totals = {row["run"]: total_of(row) for row in candidates.totalled("run")}
    rows = []
    for run in runs:
        total = totals.get(run.pk)
        rows.append(
            {
                "title": f"第 {run.no} 次",
                "url": reverse("clearing-run", args=[run.pk]),
                "cutoff": run.cutoff,
                "count": total.count if total else 0,
                "open": total.count - total.decided if total else 0,
                "idle": total.idle if total else 0,
                "recovered": total.recovered if total else 0,
                "reduced": total.reduced if total else 0,
                "state": state_mark(run, actor),
            }
        )
    return rows


def candidate_rows(candidates: Iterable[Candidate], actor: Actor) -> list[dict[str, Any]]:
    """Candidates as the lists show them."""
    return [
        {
            "name": one.subject_year.name,
            "url": reverse("clearing-candidate", args=[one.pk]),
            "unit": one.subject_year.unit_name,
            "stock": Mark(one.stock.label, TONES[one.stock]),
            "idle": one.idle,
            "reasons": one.reasons.replace("\n", "；"),
            "measure": one.measure.label if one.measure else "—",
            "taken": f"{format_amount(one.fen)} 万元，{one.doc_no}" if one.fen else one.doc_no,
            "state": state_mark(one, actor),
        }
        for one in candidates
    ]


def listed_rows(found: Iterable[Listed]) -> list[dict[str, Any]]:
    """What a run in preparation would list."""
    return [
        {
            "name": one.subject.name,
            "url": reverse("subject", args=[one.subject.pk]),
            "unit": one.subject.unit_name,
            "stock": Mark(one.found.stock.label, TONES[one.found.stock]),
            "idle": one.facts.idle,
            "reasons": "；".join(one.found.reasons),
        }
        for one in found
    ]


def table_rows(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Candidates by the columns of TABLE."""
    plain = ("stock", "budget", "spent", "idle", "reasons", "view", "fen", "doc_no", "opinion", "decided_on")
    return [
        {
            "code": one.subject_year.code,
            "name": one.subject_year.name,
            "unit": one.subject_year.unit_name,
            "measure": one.measure or None,
            **{key: getattr(one, key) for key in plain},
        }
        for one in candidates
    ]
