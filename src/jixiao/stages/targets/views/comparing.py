"""版本对比: two states of a sheet side by side."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render

from ..models import TargetVersion
from ..reports.comparing import stands_of
from ..saying import compared


def comparing(request: SignedIn, pk: int) -> HttpResponse:
    """What was added, removed and changed between two turns, or since the version that is adjusted."""
    found = find(TargetVersion.objects.select_related("sheet__subject_year", "adjusts"), request, pk)
    stands = {one.key: one for one in stands_of(found)}
    keys = list(stands)
    until = stands.get(text(request.GET, "until"), stands[keys[-1]])
    before = stands.get(text(request.GET, "from"), stands[keys[-2] if len(keys) > 1 else keys[-1]])
    context = {
        "sheet": found,
        "subject": found.sheet.subject_year,
        "stands": [(one.key, one.label) for one in stands.values()],
        "before": before,
        "until": until,
        "changes": compared(before.filled, until.filled),
    }
    return render(request, "targets/comparing.html", context)
