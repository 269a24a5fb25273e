"""问题归类: to which classes of the taxonomy the problems of an evaluation belong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.problems import ProblemRules
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.policies import for_region

from ..actions.classifying import classify as confirm
from ..reports.problems import named
from ..reports.sheets import sees_points
from ..rules import may_classify
from ..self_evaluation.forms import ClassifyForm
from ..self_evaluation.views.problems import WHY
from .sheets import found_sheet


def classify(request: SignedIn, pk: int) -> HttpResponse:
    """The form in which the classes are confirmed."""
    found, back = found_sheet(request, pk), reverse("evaluation", args=[pk])
    rules = for_region(found.region, found.year).section(ProblemRules)
    problems = named(found.problems.order_by("pk"), rules) if sees_points(request.actor, found) else []
    allowed = may_classify(request.actor, found.method)
    if not allowed or not problems:
        messages.error(request, "；".join(allowed.reasons) or "评价还没有登记问题，不用归类")
        return htmx.redirect(request, back)

    def save(form: Any, **proof: Any) -> None:
        confirm(found, request.actor, {int(one.key): codes for one, codes in form.kinds()}, **proof)

    page = FormPage(
        heading="问题归类",
        action=reverse("evaluation-problems", args=[pk]),
        back=back,
        sub=f"{found.subject_year.name}，{found.number}",
        crumbs=[("部门与财政评价", reverse("evaluations")), (found.number, back), ("问题归类", None)],
        keep=f"evaluation-problems-{pk}",
        why=WHY,
    )
    version = found.version
    return answer(request, page, lambda data: ClassifyForm(problems, rules, data), save, "归类已保存", version)
