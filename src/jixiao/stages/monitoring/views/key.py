"""重点监控: which subjects were chosen and why, and what was found on the spot."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit.web.acts import SignedIn, begun, find, pressed, token
from jixiao.kit.web.asking import keys
from jixiao.kit.web.pages import render

from .. import actions
from ..forms import KeyForm, VisitForm
from ..models import Attention, ReadingSheet, Round
from ..reports.judging import Alarms, Pace, judged
from ..reports.live import WITH_LINES
from ..reports.rounds import SHEET_COLUMNS, sheet_rows
from ..rules import MonitoringRules

SHOWN = 200


def key(request: SignedIn, pk: int) -> HttpResponse:
    """Choose the subjects of a round that are looked at closely; the most alarming are proposed first."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    form = KeyForm(request.POST if request.method == "POST" else None)
    chosen = keys(request.POST, "sheet")
    answer = begun(
        request,
        form,
        lambda spent: actions.choose_key(held, request.actor, chosen, **form.cleaned_data, token=spent),
        reverse("round-key", args=[pk]),
        lambda count: f"选定重点监控 {count} 个",
    )
    if answer:
        return answer
    mine = ReadingSheet.objects.visible_to(request.actor).filter(round=held)
    pace, alarms = Pace.of(held), Alarms.of(held)
    rows = judged(mine).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    daily = sorted(
        rows.exclude(attention=Attention.KEY), key=lambda sheet: (sheet.spent / max(sheet.budget, 1), sheet.pk)
    )
    keyed = list(rows.filter(attention=Attention.KEY).order_by("subject_year__code"))
    context = {
        "round": held,
        "form": form,
        "chosen": set(chosen),
        "quota": held.snapshot.policy().section(MonitoringRules).key_minimum,
        "keyed": [
            row | {"handling": sheet.attention_reason or "—"}
            for row, sheet in zip(sheet_rows(keyed, pace, alarms, request.actor), keyed, strict=True)
        ],
        "columns": [column for column in SHEET_COLUMNS if column.key not in ("origin", "state")],
        "daily": list(zip(daily[:SHOWN], sheet_rows(daily[:SHOWN], pace, alarms, request.actor), strict=True)),
        "more": max(len(daily) - SHOWN, 0),
        "token": token(),
    }
    return render(request, "monitoring/key.html", context, status=422 if form.errors else 200)


@require_POST
def visit(request: SignedIn, pk: int) -> HttpResponse:
    """Record a visit on the spot or an interview."""
    found: ReadingSheet = find(ReadingSheet.objects, request, pk)
    form = VisitForm(request.POST)

    def act(spent: str) -> str:
        if not form.is_valid():
            raise Refused("；".join(f"{form[name].label}：{words[0]}" for name, words in form.errors.items()))
        actions.record_visit(found, request.actor, **form.cleaned_data, token=spent)
        return "已登记，照片和材料可以附在下面"

    return pressed(request, act, reverse("reading-sheet", args=[pk]))
