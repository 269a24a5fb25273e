"""抽查复核 pages: the form that judges the findings of the self-evaluation that is rechecked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.formpage import FormPage, answer

from ..actions.judging import judge_findings
from ..findings.actions import seen_of
from ..findings.forms import JudgeForm
from ..findings.models import AuditFinding
from ..findings.reports.risks import hits
from ..rules import may_work
from ..workflow import State
from .audited import rechecked_by
from .sheets import found_sheet


def judge(request: SignedIn, pk: int) -> HttpResponse:
    """判断自评疑点: each finding is so, or is not so and why."""
    found, back = found_sheet(request, pk), reverse("evaluation", args=[pk])
    allowed = may_work(request.actor, found.facts(), open_now=found.state == State.WORKING)
    sheet = rechecked_by(request, found)
    if not allowed or sheet is None:
        reasons = allowed.reasons or ("这项评价没有对应的单位自评，没有疑点可判断",)
        messages.error(request, "；".join(reasons))
        return htmx.redirect(request, back)
    rows = list(sheet.audit_findings.select_related("subject_year").order_by("pk"))
    known = hits(AuditFinding.objects.visible_to(request.actor))

    def save(form: Any, **proof: Any) -> None:
        judge_findings(found, request.actor, form.verdicts(), **proof)

    page = FormPage(
        heading="判断自评疑点",
        action=reverse("evaluation-judge", args=[pk]),
        back=back,
        sub=f"{found.subject_year.name}，{found.number}",
        crumbs=[("部门与财政评价", reverse("evaluations")), (found.number, back), ("判断自评疑点", None)],
        caption="自评疑点",
        keep=f"evaluation-judge-{pk}",
        why=["复核核实后逐条判断；判为不属实的写明理由。可以分几次判断，全部判断后才能提交复核结果。"],
    )
    return answer(request, page, lambda data: JudgeForm(rows, known, data), save, "判断已保存", seen_of(rows))
