"""事前绩效评估 for other programs: assessments with their amounts and conclusion, what is asked for, the steps."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.stages.ex_ante import actions
from jixiao.stages.ex_ante.forms import DescribeForm
from jixiao.stages.ex_ante.marks import cut
from jixiao.stages.ex_ante.models import Assessment
from jixiao.stages.ex_ante.reports.gaps import standing_of
from jixiao.stages.ex_ante.rules import may_describe

from .answers import Unfit, answer
from .filling import kept, problems
from .lists import Asked, key_of, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import MOVE, moves_told, saved, stepped

SHEET = Shape(
    "Assessment",
    (
        Field("id", "编号", "integer"),
        Field("number", "评估编号"),
        Field("year", "工作年度", "integer"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("code", "对象编码", path="subject_year.code"),
        Field("name", "评估对象", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("assessor", "评估主体", "term"),
        Field("trigger", "触发原因"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("asked", "申报金额", "fen"),
        Field("advised", "建议金额", "fen"),
        Field("cut", "核减额", "fen"),
        Field("total", "得分", "number"),
        Field("conclusion", "结论", "term"),
        Field("because", "依据"),
    ),
)
CONTENT = (
    Field("asked", "申报金额，万元，与页面相同"),
    Field("background", "背景和内容"),
    Field("goal", "预期绩效目标"),
    Field("funding", "资金构成"),
)
FILLED = Shape("AssessmentFilled", CONTENT)
SENT = Shape("AssessmentFilling", (Field("version", "读到的版本", "integer", required=True), *CONTENT))
REST = Shape(
    "AssessmentRest",
    (
        Field("filled", "现在填的内容，改后可原样发回", "one", inner=FILLED),
        Field("missing_materials", "还缺的必需材料", "texts"),
        Field("due", "须事前评估", "flag"),
        Field("due_because", "为什么须评或不须评"),
        Field("may_enter", "可以入库", "flag"),
        Field("may_budget", "可以安排预算", "flag"),
        Field("gate_reasons", "不能安排预算的全部理由", "texts"),
        Field("fillable", "现在可以填报", "flag"),
        Field("fill_reasons", "不能填报的全部理由", "texts"),
        Field("moves", "令牌所有人的角色可办的步骤", "many", inner=MOVE),
    ),
)
WHOLE = Shape("AssessmentWhole", (*SHEET.fields, *REST.fields))
SHEET_ASKS = (
    Field("subject", "对象年度编号", "integer"),
    Field("state", "状态"),
    Field("conclusion", "结论"),
    Field("q", "评估编号、对象编码、名称中的文字"),
)
WITHIN = ("number", "subject_year__code", "subject_year__name")


def sheets(request: Asked) -> JsonResponse:
    """Assessments of a work year."""
    rows = Assessment.objects.visible_to(request.actor).filter(year=year_of(request))
    subject = key_of(request, "subject")
    if subject is not None:
        rows = rows.filter(subject_year=subject)
    whole = narrowed(rows, request.GET, ("state", "conclusion"), WITHIN).select_related("subject_year")
    return page(request, whole, SHEET, shown=_with_cut)


def _with_cut(row: Any) -> Any:
    row.cut = cut(row.asked, row.advised)
    return row


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One assessment: what is asked for and why, what is missing, the gate, and what may be done with it now."""
    return _told(request, _found(request, pk))


def describe(request: Asked, pk: int) -> JsonResponse:
    """Save what is asked for and why, read by the page's own form; stale is 409, unreadable 422."""
    found = _found(request, pk)
    said = SENT.read(body_of(request))
    data = kept(DescribeForm(found)) | {key: value for key, value in said.items() if key != "version"}
    form = DescribeForm(found, data)
    if not form.is_valid():
        raise Unfit(f"有 {len(form.errors)} 处需改", problems(form, ()))
    proof = {"version": said["version"], "token": token_of(request)}
    return saved(found, lambda: actions.describe(found, request.actor, said=form.cleaned_data, **proof)) or _told(
        request, _found(request, pk)
    )


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with an assessment: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, actions.after_step) or _told(request, _found(request, pk))


def _found(request: Asked, pk: int) -> Any:
    return find(Assessment.objects.select_related("subject_year", "snapshot"), request, pk)  # type: ignore[arg-type]


def _told(request: Asked, found: Any) -> JsonResponse:
    facts, gate = found.facts(), standing_of(found.subject_year)
    may = may_describe(request.actor, facts)
    more = {
        "filled": kept(DescribeForm(found)),
        "missing_materials": list(facts.missing_materials),
        "due": gate.due.required,
        "due_because": gate.why,
        "may_enter": bool(gate.enter),
        "may_budget": bool(gate.budget),
        "gate_reasons": list(gate.budget.reasons),
        "fillable": bool(may),
        "fill_reasons": list(may.reasons),
        "moves": moves_told(found, request.actor),
    }
    return answer(SHEET.of(_with_cut(found)) | REST.of(more))
