"""假如换一套规则: who would get another grade; nothing is stored."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpResponse

from jixiao.domain.policy import Policy, PolicyError
from jixiao.kit import xlsx
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render
from jixiao.kit.web.returning import taken_along
from jixiao.policies import for_region
from jixiao.policies.trial import untouched
from jixiao.registers.parameters.names import section_name
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation

from ..forms import TrialForm
from ..reports import what_if as reports


def what_if(request: SignedIn) -> HttpResponse:
    """The concluded evaluations of the work year under shipped rules, pasted ones, or with single values changed."""
    year = request.shell.year
    standing = for_region(request.actor.region, year)
    said = request.POST if request.method == "POST" else request.GET
    form = TrialForm(standing, said if text(said, "policy") else None, request.FILES or None)
    if not form.is_bound or not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        policy, began = form.policy_tried(), time.perf_counter()
        found = _found(request, policy)
    except PolicyError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    if text(said, "out") == "xlsx":
        return taken_along(xlsx.write(reports.TABLE, reports.table_rows(found)), f"{year}年换规则重算.xlsx")
    seconds = f"{time.perf_counter() - began:.1f}"
    return _page(request, form, found=found, seconds=seconds, ignored=[section_name(one) for one in untouched(policy)])


def _found(request: SignedIn, policy: Policy) -> reports.WhatIf:
    year, actor = request.shell.year, request.actor
    mine = SelfEvaluation.objects.visible_to(actor).filter(year=year)
    return reports.what_if(mine, Evaluation.objects.visible_to(actor).filter(year=year), policy)


def _page(
    request: SignedIn,
    form: TrialForm,
    *,
    found: reports.WhatIf | None = None,
    seconds: str = "",
    ignored: Any = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "year": request.shell.year,
        "form": form,
        "found": found,
        "seconds": seconds,
        "ignored": ignored,
        "columns": reports.COLUMNS,
        "rows": reports.regraded_rows(found) if found else [],
        "count_columns": reports.COUNTS,
        "counts": reports.count_rows(found) if found else [],
    }
    return render(request, "choosing/what_if.html", context, status=status)
