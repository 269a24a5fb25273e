"""期限与例外: more time for units of a round, or their concluded sheets open again."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from jixiao.kit.web.acts import SignedIn, begun, find, token
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.registers.organizations.models import UnitYear

from .. import actions
from ..forms import LeaveForm
from ..models import LeaveKind, ReadingSheet, Round
from ..workflow import State

COLUMNS = (
    Shown("unit_name", "单位"),
    Shown("label", "办理"),
    Shown("due_on", "延长至", "date"),
    Shown("reason", "理由"),
    Shown("actor", "办理人"),
    Shown("at", "时间", "datetime"),
)


def leaves(request: SignedIn, pk: int) -> HttpResponse:
    """The exceptions of a round, and the form for new ones."""
    held: Round = find(Round.objects.select_related("snapshot"), request, pk)
    units = {unit.code: unit for unit in UnitYear.objects.filter(region=held.region, year=held.year)}
    form = LeaveForm(units, _waiting(held, units), request.POST if request.method == "POST" else None)

    def act(spent: str) -> int:
        said = {name: form.cleaned_data[name] for name in ("kind", "units", "due_on", "reason")}
        return actions.allow(held, request.actor, **said, token=spent)

    def done(opened: int) -> str:
        kind: LeaveKind = form.cleaned_data["kind"]
        more = f"，{opened} 份监控表重新开放" if kind is LeaveKind.REOPENING else ""
        return f"已给 {len(form.cleaned_data['units'])} 个单位{kind.label}{more}"

    answer = begun(request, form, act, reverse("round-leaves", args=[pk]), done)
    if answer:
        return answer
    given = [
        {
            "unit_name": leave.unit_name,
            "label": leave.kind.label,
            "due_on": leave.due_on,
            "reason": leave.reason,
            "actor": leave.actor,
            "at": leave.at,
        }
        for leave in held.leaves.order_by("-id")
    ]
    context = {
        "round": held,
        "form": form,
        "rows": given,
        "columns": COLUMNS,
        "waiting": form.waiting,
        "token": token(),
    }
    return render(request, "monitoring/leaves.html", context, status=422 if form.errors else 200)


def _waiting(held: Round, units: dict[str, UnitYear]) -> list[UnitYear]:
    """Units with sheets that were not filed yet."""
    drafts = ReadingSheet.objects.filter(round=held, state=State.DRAFT).order_by("subject_year__unit_path")
    paths = dict.fromkeys(drafts.values_list("subject_year__unit_path", flat=True))
    by_path = {unit.path: unit for unit in units.values()}
    return [by_path[path] for path in paths if path in by_path]
