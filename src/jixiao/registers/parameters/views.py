"""规则参数: the rules of the region and year, section by section."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.policies import for_region

from .reports import COLUMNS, chapters, layer_title


def rules(request: SignedIn) -> HttpResponse:
    """Every value of the year's policy with its 文号; what no document says is marked 推断."""
    policy = for_region(request.actor.region, request.shell.year)
    sections = chapters(policy)
    lines = [line for section in sections for line in section.lines]
    context = {
        "policy": policy,
        "layers": [layer_title(name) for name in policy.layers],
        "chapters": sections,
        "columns": COLUMNS,
        "count": len(lines),
        "guesses": sum(1 for line in lines if line.mark),
    }
    return render(request, "parameters/rules.html", context)
