"""绩效评价 for other programs: evaluations with marks, procedure, defects and replies; opening one, moving one on."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.actions import open_evaluation, panel
from jixiao.stages.evaluation.actions.working import after_step
from jixiao.stages.evaluation.forms import OpenForm
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.reports import sheets as reports

from .answers import answer
from .filling import demand_valid
from .lists import Asked, of_subject, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import MOVE, begun, moves_told, once, stepped

SHEET = Shape(
    "Evaluation",
    (
        Field("id", "编号", "integer"),
        Field("number", "评价编号"),
        Field("year", "工作年度", "integer"),
        Field("method", "评价方式", "term"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("object_year", "评价哪一年的资金", "integer", "subject_year.year"),
        Field("code", "对象编码", path="subject_year.code"),
        Field("name", "评价对象", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("evaluator", "实施机构"),
        Field("framework_name", "指标体系"),
        Field("previous", "原评价的编号（再评价）", "integer", "previous_id"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("initial", "年初预算", "fen"),
        Field("arranged", "经审查安排", "fen"),
        Field("used", "经审查使用", "fen"),
        Field("received", "实际到位资金", "fen"),
        Field("rate", "评价口径执行率，百分点", "number"),
        Field("shown", "得分现在可以给令牌所有人看", "flag"),
        Field("points", "得分，不能看时为 null", "number"),
        Field("graded", "等级，不能看时为 null", "term"),
        Field("opened_on", "开展日期", "day"),
        Field("reply_by", "反馈意见期限", "day"),
        Field("replied_at", "反馈时间", "moment"),
        Field("reply", "总体反馈意见"),
        Field("concluded_on", "审定日期", "day"),
    ),
)
MARK = Shape(
    "EvaluationMark",
    (
        Field("id", "编号，填报时带回", "integer"),
        Field("level1", "一级指标"),
        Field("level2", "二级指标"),
        Field("name", "三级指标"),
        Field("weight", "分值", "number"),
        Field("explanation", "要点或公式"),
        Field("criteria", "评分标准"),
        Field("before", "原得分或专家平均", "number"),
        Field("points", "得分", "number"),
        Field("found", "核实情况"),
        Field("basis", "取证依据"),
        Field("calculation", "计算过程"),
        Field("reason", "差异理由"),
        Field("objection", "被评价单位的异议"),
        Field("settled", "异议答复"),
    ),
)
ENTRY = Shape(
    "ProcedureStep",
    (
        Field("kind", "步骤", "term"),
        Field("on", "日期", "day"),
        Field("who", "参加人员"),
        Field("note", "说明"),
        Field("actor", "登记人"),
    ),
)
DEFECT = Shape(
    "Defect",
    (
        Field("id", "编号，答复时带回", "integer"),
        Field("no", "序号", "integer"),
        Field("kind", "退回的材料", "term"),
        Field("text", "退回意见"),
        Field("answer", "修改情况"),
        Field("at", "退回时间", "moment"),
    ),
)
PROBLEM = Shape("EvaluationProblem", (Field("category", "类别"), Field("text", "描述")))
SUGGESTION = Shape("Suggestion", (Field("no", "序号", "integer"), Field("text", "建议")))
MEMBER = Shape(
    "PanelMember",
    (
        Field("id", "打分表编号", "integer", "member.pk"),
        Field("expert", "专家", path="member.expert.name"),
        Field("organisation", "工作单位", path="member.expert.organisation"),
        Field("state", "打分", "term", "member.state"),
        Field("opinion", "总体意见，合分以后才有"),
    ),
)
ENGAGED = Shape(
    "EngagedFor",
    (
        Field("id", "委托编号", "integer", "engagement.pk"),
        Field("name", "受托方", path="engagement.name"),
        Field("since", "自", "day", "engagement.since"),
        Field("until", "至", "day", "engagement.until"),
        Field("standing", "情况", path="mark.words"),
        Field("ended_because", "终止原因", path="engagement.ended_because"),
    ),
)
REST = Shape(
    "EvaluationRest",
    (
        Field("marks", "指标、底稿和得分", "many", inner=MARK),
        Field("procedure", "评价程序", "many", inner=ENTRY),
        Field("defects", "退回意见", "many", inner=DEFECT),
        Field("problems", "发现的问题", "many", inner=PROBLEM),
        Field("suggestions", "意见建议", "many", inner=SUGGESTION),
        Field("panel", "打分的专家；合分以前专家只看得到自己", "many", inner=MEMBER),
        Field("panel_closed_at", "合分时间", "moment"),
        Field("engagements", "委托", "many", inner=ENGAGED),
        Field("moves", "令牌所有人的角色可办的步骤", "many", inner=MOVE),
    ),
)
WHOLE = Shape("EvaluationWhole", (*SHEET.fields, *REST.fields))
OPENING = Shape(
    "EvaluationOpening",
    (
        Field("code", "对象编码", required=True),
        Field("subject_year", "评价哪一年的资金", "integer", required=True),
        Field("method", "评价方式：department 部门评价、recheck 抽查复核、key 财政重点评价", required=True),
    ),
)
CLOSING = Shape("PanelClosing", (Field("version", "读到的版本", "integer", required=True),))
SHEET_ASKS = (
    Field("subject", "对象年度编号", "integer"),
    Field("method", "评价方式"),
    Field("state", "状态"),
    Field("q", "评价编号、对象编码、名称、单位名称中的文字"),
)
WITHIN = ("number", "subject_year__code", "subject_year__name", "subject_year__unit_name")
UNSEEN = ("before", "points", "found", "basis", "calculation", "reason", "objection", "settled")


def sheets(request: Asked) -> JsonResponse:
    """Evaluations of a work year; points only where the reader may see them."""
    rows = Evaluation.objects.visible_to(request.actor).filter(year=year_of(request))
    whole = narrowed(of_subject(request, rows), request.GET, ("method", "state"), WITHIN).select_related(
        "subject_year", "agency"
    )
    return page(request, whole, SHEET, shown=lambda row: _seen(request.actor, row))


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One evaluation: marks with their papers, procedure, defects, replies, and what may be done with it now."""
    return told(request, found_sheet(request, pk))


def opened(request: Asked) -> JsonResponse:
    """开展评价 of an object, read by the page's own form."""
    said = OPENING.read(body_of(request))
    form = OpenForm(SubjectYear.objects.visible_to(request.actor), reports.METHODS, said)
    demand_valid(form)
    subject, method = form.cleaned_data["subject"], EvaluationMethod(form.cleaned_data["method"])
    return _opening(request, subject, method)


def again(request: Asked, pk: int) -> JsonResponse:
    """再评价: the items of a concluded evaluation are marked again beside the points they got."""
    found = found_sheet(request, pk)
    return _opening(request, found.subject_year, EvaluationMethod.RECHECK, previous=found)


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with an evaluation: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, found_sheet(request, pk), key, after_step) or told(request, found_sheet(request, pk))


def close_panel(request: Asked, pk: int) -> JsonResponse:
    """合分."""
    found, said = found_sheet(request, pk), CLOSING.read(body_of(request))
    proof = {"version": said["version"], "token": token_of(request)}
    once(lambda: panel.close(found, request.actor, **proof))
    return told(request, found_sheet(request, pk))


def found_sheet(request: Asked, pk: int) -> Any:
    """The evaluation, or 404."""
    rows = Evaluation.objects.select_related("subject_year", "agency", "snapshot", "previous")
    return find(rows, request, pk)  # type: ignore[arg-type]


def _opening(request: Asked, subject: SubjectYear, method: EvaluationMethod, **how: Any) -> JsonResponse:
    days: dict[str, Any] = {"year": year_of(request), "today": timezone.localdate(), "token": token_of(request)}
    made = begun(lambda: open_evaluation(request.actor, subject, method, **days, **how))
    return told(request, found_sheet(request, made))


def _seen(actor: Actor, row: Any) -> Any:
    row.shown = reports.sees_points(actor, row)
    row.evaluator, row.rate = reports.evaluator(row), reports.rate(row)
    row.points, row.graded = (row.total, row.grade or None) if row.shown else (None, None)
    return row


def told(request: Asked, found: Any) -> JsonResponse:
    """The whole evaluation as the actor may see it."""
    actor, seen = request.actor, _seen(request.actor, found)
    marks = list(found.marks.order_by("position"))
    for mark in () if seen.shown else marks:
        for name in UNSEEN:
            setattr(mark, name, None)
    rest = {
        "marks": marks,
        "procedure": list(found.procedure.order_by("on", "pk")),
        "defects": list(found.defects.order_by("no")) if seen.shown else [],
        "problems": list(found.problems.order_by("pk")) if seen.shown else [],
        "suggestions": list(found.suggestions.order_by("no")) if seen.shown else [],
        "panel": reports.panel_rows(actor, found),
        "panel_closed_at": found.panel_closed_at,
        "engagements": reports.engaged_rows(actor, found),
        "moves": moves_told(found, actor),
    }
    return answer(SHEET.of(seen) | REST.of(rest))
