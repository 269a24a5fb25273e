"""运行监控 pages: the year's rounds and one round."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.actors import Role
from jixiao.domain.filing import FINANCE
from jixiao.domain.quantities import round2
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.web.acts import SignedIn, begun, buttons, find, pressed, take_move, token
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.policies import for_region

from .. import actions
from ..forms import RoundForm
from ..models import Attention, ReadingSheet, Round
from ..reports.judging import Alarms, Pace, judged, sortable, summary
from ..reports.live import WITH_LINES
from ..reports.rounds import (
    LEFT_OUT_COLUMNS,
    ROUND_COLUMNS,
    SHEET_COLUMNS,
    SHEET_ORDERS,
    left_out_rows,
    round_rows,
    sheet_rows,
)
from ..rules import MonitoringRules, month_end, next_planned, time_progress
from ..workflow import RoundState, State

KINDS = (SubjectKind.PROJECT, SubjectKind.DEPARTMENT_OVERALL)
WITHIN = ("subject_year__name", "subject_year__code", "subject_year__unit_name")


def rounds(request: SignedIn) -> HttpResponse:
    """The rounds of the year with their cut-offs and counts."""
    year = request.shell.year
    held = list(Round.objects.visible_to(request.actor).filter(year=year).select_related("snapshot").order_by("no"))
    rows = round_rows(held, ReadingSheet.objects.visible_to(request.actor), request.actor)
    begun = [row for row, one in zip(rows, held, strict=True) if one.state != RoundState.DRAFT]
    context = {
        "rows": rows,
        "latest": begun[-1] if begun else None,
        "columns": ROUND_COLUMNS,
        "year": year,
        "opens": _is_office(request),
    }
    return render(request, "monitoring/rounds.html", context)


def _is_office(request: SignedIn) -> bool:
    return request.actor.role is Role.PERFORMANCE_OFFICE


def open_round(request: SignedIn) -> HttpResponse:
    """新开一轮: the policy's next planned round, whose cut-off and purpose may be changed."""
    year, region = request.shell.year, request.actor.region
    policy = for_region(region, year)
    held = list(Round.objects.visible_to(request.actor).filter(year=year).values_list("no", flat=True))
    planned = next_planned(held, policy.section(MonitoringRules))
    initial: dict[str, Any] = {"no": max(held, default=0) + 1}
    if planned:
        initial = {"no": planned.no, "cutoff": month_end(year, planned.month), "purpose": planned.purpose}
    form = RoundForm(year, request.POST if request.method == "POST" else None, initial=initial)
    answer = begun(
        request,
        form,
        lambda spent: actions.open_round(request.actor, year, **form.cleaned_data, token=spent),
        lambda key: reverse("monitoring-round", args=[key]),
        lambda opened: f"第 {opened.no} 轮在筹备中，核对纳入的项目后启动",
    )
    if answer:
        return answer
    source = policy.provenance(MonitoringRules.section, "rounds").source
    context = {"form": form, "planned": planned, "source": source, "year": year, "no": initial["no"], "token": token()}
    return render(request, "monitoring/open.html", context, status=422 if form.errors else 200)


def monitoring_round(request: SignedIn, pk: int) -> HttpResponse:
    """One round: what was spent against the time gone by, and who is behind."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    pace = Pace.of(held)
    mine = ReadingSheet.objects.visible_to(request.actor).filter(round=held)
    rows = narrowed(sortable(judged(mine)), request.GET, exact=("attention", "state"), within=WITHIN)
    if kind := text(request.GET, "kind"):
        rows = rows.filter(subject_year__kind=kind)
    slow_only = bool(text(request.GET, "slow"))
    if slow_only:
        rows = rows.filter(pace.slow(held))
    whole = rows.select_related("subject_year", "round").prefetch_related(WITH_LINES)
    listed = page_of(whole, request.GET, SHEET_ORDERS)
    context = {
        "round": held,
        "summary": summary(mine, held, pace),
        "time_gone": round2(time_progress(held.cutoff) * 100),
        "border": pace.rules.slow_behind,
        "citation": pace.citation,
        "listed": listed,
        "rows": sheet_rows(listed.rows, pace, Alarms.of(held), request.actor),
        "columns": SHEET_COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "kind", "attention", "state", "slow")},
        "kinds": [(kind.value, kind.label) for kind in KINDS],
        "attentions": Attention.choices(),
        "states": State.choices(),
        "office": _is_office(request),
        "fills": request.actor.role in (Role.UNIT, Role.DEPARTMENT) and held.state != RoundState.DRAFT,
        "reviews": request.actor.role in (Role.UNIT, Role.DEPARTMENT, *FINANCE) and held.state != RoundState.DRAFT,
        "ready": held.facts().sheets if held.state == RoundState.DRAFT else None,
        "left_out": [] if held.state == RoundState.CLOSED else left_out_rows(held, request.actor),
        "left_out_columns": LEFT_OUT_COLUMNS,
        "take_in_token": token(),
        **buttons(request, held),
    }
    return render(request, "monitoring/round.html", context)


def move_round(request: SignedIn, pk: int) -> HttpResponse:
    """启动 or 结束 a round."""
    back = reverse("monitoring-round", args=[pk])
    return take_move(request, Round.objects, pk, back, actions.after_round_step)


@require_POST
def take_in(request: SignedIn, pk: int) -> HttpResponse:
    """Sheets for projects whose target was approved after the round began."""
    held: Round = find(Round.objects, request, pk)

    def act(spent: str) -> str:
        return f"补入 {actions.take_in_late(held, request.actor, token=spent)} 个项目"

    return pressed(request, act, reverse("monitoring-round", args=[pk]))
