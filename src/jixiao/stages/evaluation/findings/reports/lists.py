"""What the pages of 自评审核 list: findings, the risk of sheets, and the rules with how often they were right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from jixiao.domain.actors import Actor
from jixiao.domain.checks import Level
from jixiao.domain.checks.audits import CATALOGUE, TITLES, Risk
from jixiao.domain.quantities import plain, round2
from jixiao.kit.tables import PARAGRAPH, Column, Table
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order

from ..models import AuditFinding
from ..rules import Hits
from ..workflow import WAITING, State

COLUMNS = (
    Shown("title", "疑点", link="url", note_key="line"),
    Shown("name", "项目", note_key="unit", order="name"),
    Shown("message", "事实"),
    Shown("level", "轻重", "tag"),
    Shown("due", "答复期限", "date", order="due"),
    Shown("state", "状态", "tag"),
)
RISK_COLUMNS = (
    Shown("name", "自评", link="url", note_key="unit"),
    Shown("points", "风险分", "points"),
    Shown("because", "由什么构成"),
)
JUDGING_COLUMNS = (
    Shown("title", "疑点", link="url", note_key="line"),
    Shown("message", "事实"),
    Shown("answer", "单位答复"),
    Shown("hit", "规则命中率"),
    Shown("state", "判断", "tag"),
)
RULE_COLUMNS = (
    Shown("title", "规则", link="url", note_key="code"),
    Shown("level", "轻重", "tag"),
    Shown("citation", "依据"),
    Shown("answer", "怎样答复"),
    Shown("waiting", "待判断", "integer"),
    Shown("confirmed", "属实", "integer"),
    Shown("rejected", "不属实", "integer"),
    Shown("rechecked", "其中复核判断", "integer"),
    Shown("rate", "命中率", "percent"),
    Shown("years", "各年命中率"),
)
ORDERS = (
    Order("due", "答复期限", "due_on"),
    Order("name", "项目", "subject_year__name"),
    Order("unit", "单位", "subject_year__unit_path"),
)
WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name", "line")
STATES = [("waiting", "未判断"), *State.choices()]
CODES = sorted(TITLES.items(), key=lambda pair: list(CATALOGUE).index(pair[0]))
TABLE = Table(
    "audit_findings",
    "自评疑点表",
    (
        Column("code", "项目编码", "code"),
        Column("name", "项目名称"),
        Column("unit", "单位"),
        Column("rule", "规则"),
        Column("line", "指标", required=False),
        Column("message", "疑点", longest=PARAGRAPH, width=60),
        Column("citation", "依据", width=40),
        Column("due_on", "答复期限", "date"),
        Column("answer", "答复", required=False, longest=PARAGRAPH, width=40),
        Column("state", "状态", "term", choices=State),
        Column("judged_on", "判断日期", "date", required=False),
    ),
)


def asked_for(rows: Any, asked: QueryDict) -> Any:
    """The findings that a list was asked for: rule, state and words."""
    found = narrowed(rows, asked, exact=("code",), within=WITHIN)
    state = text(asked, "state")
    if state == "waiting":
        return found.filter(state__in=WAITING)
    return found.filter(state=state) if state else found


def finding_rows(findings: Iterable[AuditFinding], actor: Actor) -> list[dict[str, Any]]:
    """Findings as the lists show them."""
    return [
        {
            "title": one.title,
            "url": reverse("finding", args=[one.pk]),
            "line": one.line,
            "name": one.subject_year.name,
            "unit": one.subject_year.unit_name,
            "message": one.message,
            "level": level_mark(one.level),
            "due": one.due_on,
            "state": state_mark(one, actor),
        }
        for one in findings
    ]


def judging_rows(findings: Iterable[AuditFinding], known: Mapping[str, Hits], actor: Actor) -> list[dict[str, Any]]:
    """Findings as a recheck lists them, with how often their rules were right so far."""
    rows = finding_rows(findings, actor)
    more = ({"answer": one.answer or "—", "hit": hit_words(known.get(one.code))} for one in findings)
    return [row | also for row, also in zip(rows, more, strict=True)]


def hit_words(found: Hits | None) -> str:
    """命中率 with what it counts."""
    rate = None if found is None else rate_of(found)
    return "还没有判断过" if rate is None or found is None else f"{plain(rate)}%（判断 {found.judged} 条）"


def level_mark(level: Level) -> Mark:
    """错误 in red, 提示 in yellow."""
    return Mark(level.label, "bad" if level is Level.ERROR else "warn")


def risk_rows(examined: Iterable[Any], risks: dict[int, Risk]) -> list[dict[str, Any]]:
    """Examined sheets, the riskiest first."""
    rows = [
        {
            "name": one.subject_year.name,
            "url": reverse("sheet-findings", args=[one.self_evaluation_id]),
            "unit": one.subject_year.unit_name,
            "points": risks[one.subject_year_id].points,
            "because": risks[one.subject_year_id].because,
            "key": one.pk,
        }
        for one in examined
    ]
    return sorted(rows, key=lambda row: (-row["points"], row["key"]))


def rule_rows(now: dict[str, Hits], years: dict[int, dict[str, Hits]]) -> list[dict[str, Any]]:
    """Every rule with what it asks, and how often it was right in all years and in each."""
    none = Hits(0, 0, 0)
    return [
        {
            "title": TITLES[code],
            "code": code,
            "url": f"{reverse('findings')}?code={code}",
            "level": level_mark(check.level),
            "citation": check.citation,
            "answer": check.answer,
            "waiting": now.get(code, none).waiting,
            "confirmed": now.get(code, none).confirmed,
            "rejected": now.get(code, none).rejected,
            "rechecked": now.get(code, none).rechecked,
            "rate": rate_of(now.get(code, none)),
            "years": "；".join(
                f"{year} 年 {plain(rate)}%"
                for year, found in years.items()
                if (rate := rate_of(found.get(code, none))) is not None
            ),
        }
        for code, check in CATALOGUE.items()
    ]


def rate_of(found: Hits) -> Decimal | None:
    """命中率 in percent points, rounded to 0.01; None before the first judgement."""
    return None if found.rate is None else round2(found.rate)


def table_rows(findings: Iterable[AuditFinding]) -> list[dict[str, Any]]:
    """Findings by the columns of TABLE."""
    return [
        {
            "code": one.subject_year.code,
            "name": one.subject_year.name,
            "unit": one.subject_year.unit_name,
            "rule": one.title,
            **{key: getattr(one, key) for key in ("line", "message", "citation", "due_on", "answer", "judged_on")},
            "state": one.state,
        }
        for one in findings
    ]
