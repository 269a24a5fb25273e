"""自查问题归类: to which classes the problems of a self-evaluation belong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.problems import ProblemRules
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.formpage import FormPage, answer
from jixiao.policies import for_region

from .. import actions
from ..forms import ClassifyForm
from ..models import SelfEvaluation
from ..reports.problems import classified_as, reported
from ..rules import may_classify
from ..workflow import State

WHY = ("类别用来统计共性问题：“涉及几个项目”按类别数。系统按词语勾选了建议，请核对；一个问题可以归入几类。",)


def shown(request: SignedIn, found: SelfEvaluation) -> dict[str, Any]:
    """What the sheet's page shows of its problems, and whether the reader may say to which classes they belong."""
    rules = for_region(found.region, found.year).section(ProblemRules)
    problems = reported([found], rules)[found.pk]
    above = found.subject_year.department_above
    may = may_classify(request.actor, above, found.state == State.CONCLUDED)
    return {"rows": [(one.text, one.marks(rules)) for one in problems], "may": bool(problems and may)}


def classify(request: SignedIn, pk: int) -> HttpResponse:
    """The form in which the classes are confirmed."""
    found: SelfEvaluation = find(SelfEvaluation.objects.select_related("subject_year"), request, pk)
    back = reverse("self-evaluation", args=[pk])
    rules = for_region(found.region, found.year).section(ProblemRules)
    problems = reported([found], rules)[found.pk]
    allowed = may_classify(request.actor, found.subject_year.department_above, found.state == State.CONCLUDED)
    if not allowed or not problems:
        messages.error(request, "；".join(allowed.reasons) or "自评表没有写自查问题，不用归类")
        return htmx.redirect(request, back)

    def save(form: Any, **proof: Any) -> None:
        actions.classify(found, request.actor, {one.text: codes for one, codes in form.kinds()}, **proof)

    page = FormPage(
        heading="自查问题归类",
        action=reverse("self-evaluation-problems", args=[pk]),
        back=back,
        sub=found.subject_year.name,
        crumbs=[("单位自评", reverse("self-evaluations")), (found.subject_year.name, back), ("自查问题归类", None)],
        keep=f"self-evaluation-problems-{pk}",
        why=WHY,
    )
    version = classified_as(found)
    return answer(request, page, lambda data: ClassifyForm(problems, rules, data), save, "归类已保存", version)
