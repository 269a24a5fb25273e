"""Home with its to-dos, a subject's file, and the audit trail."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import ADMINISTRATORS, REGION_WIDE
from jixiao.domain.quantities import share
from jixiao.kit.figures import Scope
from jixiao.kit.models import AuditEntry
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .dossier import dossier_of
from .subject_lines import (
    EVALUATION_COLUMNS,
    READING_COLUMNS,
    TARGET_COLUMNS,
    clearance,
    evaluation_lines,
    facts,
    notices,
    reading_lines,
    target_lines,
)
from .todo import todos
from .year_plan import year_plan

TODO_COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("stage", "环节"),
    Shown("mark", "状态", "tag"),
    Shown("steps", "可办"),
)
MINE_COLUMNS = (
    Shown("name", "项目", link="url"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "已执行", "amount"),
    Shown("grade", "上次自评", "tag"),
)
TRAIL_COLUMNS = (
    Shown("seq", "序号", "integer"),
    Shown("at", "时间", "datetime"),
    Shown("actor", "办理人"),
    Shown("act", "动作"),
    Shown("object", "对象"),
    Shown("mac", "印记"),
)
MINE_SHOWN = 12


def home(request: SignedIn) -> HttpResponse:
    """What waits for me; what the year asks of the region; my projects."""
    if request.actor.role in ADMINISTRATORS:
        return render(request, "overview/home_administrator.html", {})
    year = request.shell.year
    context: dict[str, Any] = {
        "todos": todos(request.actor),
        "todo_columns": TODO_COLUMNS,
        "year": year,
        "today": timezone.localdate(),
        "tasks": [],
        "mine": [],
    }
    if request.actor.role in REGION_WIDE:
        scope = Scope(request.actor.region, year, request.actor)
        context["tasks"] = year_plan(scope, for_region(scope.region, year))
    else:
        context |= {"mine": _mine(request, year), "mine_columns": MINE_COLUMNS}
    return render(request, "overview/home.html", context)


def _mine(request: SignedIn, year: int) -> list[dict[str, Any]]:
    rows = SubjectYear.objects.visible_to(request.actor).in_total().filter(year=year).with_spent()
    rows = rows.prefetch_related("self_evaluations").order_by("-initial", "id")[:MINE_SHOWN]
    return [
        {
            "name": row.name,
            "url": reverse("subject", args=[row.pk]),
            "budget": row.budget,
            "spent": row.spent,
            "grade": next((Mark(e.grade.label) for e in row.self_evaluations.all() if e.grade), None),
        }
        for row in rows
    ]


def subject(request: SignedIn, pk: int) -> HttpResponse:
    """绩效档案: one page per subject through all stages."""
    row = find(SubjectYear.objects.select_related("division"), request, pk)
    dossier = dossier_of(row, request.actor)
    context = {
        "dossier": dossier,
        "subject": row,
        "rate": share(dossier.spent, row.budget),
        "facts": facts(row),
        "notices": notices(row),
        "clearance": clearance(row),
        "columns": {"target": TARGET_COLUMNS, "reading": READING_COLUMNS, "evaluation": EVALUATION_COLUMNS},
        "target_lines": target_lines(dossier),
        "reading_lines": reading_lines(dossier, for_region(row.region, row.year)),
        "evaluation_lines": evaluation_lines(dossier),
    }
    return render(request, "overview/subject.html", context)


def trail(request: SignedIn) -> HttpResponse:
    """The audit trail of the region: who, what, when and the seal; business values are not shown here."""
    rows = AuditEntry.objects.filter(region=request.actor.region)
    listed = page_of(rows, request.GET, (Order("seq", "序号", "seq"),))
    return render(request, "overview/trail.html", {"listed": listed, "columns": TRAIL_COLUMNS})
