"""支付与对账 pages: the year's money from four sources, where they disagree, and each number's rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from jixiao.domain.actors import Role
from jixiao.kit.fields import subtree
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.registers.subjects.models import Appropriation, SubjectYear
from jixiao.registers.subjects.money import money_of, subjects_of
from jixiao.registers.subjects.rules import REMEDIES, Conflict

from .reconciliation import by_unit, monitored, reconcile, unit_names

KIND_COLUMNS = (
    Shown("label", "问题", link="url", note_key="remedy"),
    Shown("count", "处", "integer"),
    Shown("fen", "涉及金额", "amount"),
)
MONEY = (
    Shown("budget", "项目库预算", "amount"),
    Shown("appropriated", "预算指标", "amount"),
    Shown("spent", "已支付", "amount"),
    Shown("monitored", "监控预算", "amount"),
)
UNIT_COLUMNS = (Shown("name", "单位", link="url"), Shown("subjects", "项目", "integer"), *MONEY)
SUBJECT_COLUMNS = (Shown("code", "编码"), Shown("name", "项目", link="url", note_key="unit_name"), *MONEY)
FOUND_COLUMNS = (
    Shown("code", "编码"),
    Shown("name", "项目", link="url", note_key="unit_name"),
    Shown("fen", "涉及金额", "amount"),
    Shown("because", "说明"),
)
ORPHAN_COLUMNS = (
    Shown("number", "指标编号", note_key="doc_no"),
    Shown("code", "项目编码", note_key="name"),
    Shown("unit_code", "单位编码"),
    Shown("effective_on", "下达日期", "date"),
    Shown("fen", "金额", "amount"),
)
FILE_COLUMNS = (Shown("filename", "文件", link="url"), Shown("row", "行", "integer"), Shown("message", "说明"))
BY_CODE = (Order("code", "编码", "code"),)
# More subjects than these in one list are worked off from the front; each number says how many there are.
MOST_LISTED = 5_000


def money(request: SignedIn) -> HttpResponse:
    """The year's money by source, the kinds of disagreement, and the units."""
    actor, year = request.actor, request.shell.year
    found = reconcile(actor, year, files=_is_office(request))
    units = by_unit(found.rows, unit_names(actor.region, year))
    listed = reverse("money-subjects")
    context = {
        "year": year,
        "balance": found.balance,
        "budget": sum(unit.budget for unit in units),
        "appropriated": sum(unit.appropriated for unit in units),
        "kinds": [_kind_row(kind, *counted) for kind, counted in found.counted().items() if counted[0]],
        "kind_columns": KIND_COLUMNS,
        "units": [_unit_row(unit, f"{listed}?unit={unit.path}") for unit in units],
        "unit_columns": UNIT_COLUMNS,
    }
    return render(request, "overview/money.html", context)


def _is_office(request: SignedIn) -> bool:
    return request.actor.role is Role.PERFORMANCE_OFFICE


def _kind_row(kind: Conflict, count: int, fen: int) -> dict[str, Any]:
    url = reverse("unmatched") if kind is Conflict.UNMATCHED else reverse("money-conflict", args=[kind.value])
    return {"label": kind.label, "url": url, "remedy": f"办法：{REMEDIES[kind]}", "count": count, "fen": fen or None}


def _unit_row(unit: Any, url: str) -> dict[str, Any]:
    amounts = {column.key: getattr(unit, column.key) for column in MONEY}
    return {"name": unit.name, "url": url, "subjects": unit.subjects, **amounts}


def subjects(request: SignedIn) -> HttpResponse:
    """The subjects one by one, of a unit if one is asked for."""
    year, path = request.shell.year, text(request.GET, "unit")
    rows = narrowed(subjects_of(request.actor, year), request.GET, within=("name", "code"))
    if path:
        first, behind = subtree(path)
        rows = rows.filter(unit_path__gte=first, unit_path__lt=behind)
    listed = page_of(rows, request.GET, BY_CODE)
    shown = [row.pk for row in listed.rows]
    held = {row.key: row for row in money_of(request.actor, year, monitored(request.actor, year, shown), shown)}
    context = {
        "year": year,
        "list": listed,
        "rows": [_subject_row(row, **_amounts(held[row.pk])) for row in listed.rows],
        "columns": SUBJECT_COLUMNS,
        "units": sorted(unit_names(request.actor.region, year).items()),
        "asked": {"q": text(request.GET, "q"), "unit": path},
    }
    return render(request, "overview/money_subjects.html", context)


def _amounts(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in MONEY}


def _subject_row(row: SubjectYear, **more: Any) -> dict[str, Any]:
    url = reverse("subject-payments", args=[row.pk])
    return {"code": row.code, "name": row.name, "unit_name": row.unit_name, "url": url, **more}


def conflict(request: SignedIn, key: str) -> HttpResponse:
    """The cases of one kind of disagreement."""
    try:
        kind = Conflict(key)
    except ValueError as unknown:
        raise Http404 from unknown
    year = request.shell.year
    context: dict[str, Any] = {"kind": kind, "remedy": REMEDIES[kind], "list": None}
    if kind is Conflict.LATER_DIFFERS:
        refused = reconcile(request.actor, year, files=True).refused if _is_office(request) else []
        rows = [asdict(one) | {"url": reverse("upload", args=[one.upload])} for one in refused]
        context |= {"rows": rows, "columns": FILE_COLUMNS, "count": len(rows)}
    elif kind is Conflict.NOT_REGISTERED:
        orphans = Appropriation.objects.unmatched_for(request.actor).filter(year=year)
        listed = page_of(orphans, request.GET, BY_CODE)
        context |= {"rows": listed.rows, "columns": ORPHAN_COLUMNS, "list": listed, "count": listed.count}
    else:
        context |= _cases(request, kind)
    return render(request, "overview/money_conflict.html", context)


def _cases(request: SignedIn, kind: Conflict) -> dict[str, Any]:
    year = request.shell.year
    by_key: dict[int, list[Any]] = {}
    for one in reconcile(request.actor, year).found:
        if one.kind is kind:
            by_key.setdefault(one.key, []).append(one)
    listed = page_of(subjects_of(request.actor, year).filter(pk__in=list(by_key)[:MOST_LISTED]), request.GET, BY_CODE)
    rows = [_subject_row(row, fen=one.fen, because=one.because) for row in listed.rows for one in by_key[row.pk]]
    count = sum(map(len, by_key.values()))
    return {"rows": rows, "columns": FOUND_COLUMNS, "list": listed, "count": count}
