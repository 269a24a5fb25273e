"""单位自评 for other programs: sheets with their points and reasons, filling one in, moving one on."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.forms import FillForm
from jixiao.stages.evaluation.self_evaluation.models import Score, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.reports.sheets import execution_rate, monitored
from jixiao.stages.evaluation.self_evaluation.rules import may_fill
from jixiao.stages.evaluation.self_evaluation.workflow import State

from .answers import answer
from .filling import demand_valid, grouped, kept, of_lines
from .lists import Asked, of_subject, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import FILLABLE, saved, standing, stepped

SHEET = Shape(
    "SelfEvaluation",
    (
        Field("id", "编号", "integer"),
        Field("year", "工作年度", "integer"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("object_year", "对象年度", "integer", "subject_year.year"),
        Field("code", "项目编码", path="subject_year.code"),
        Field("name", "项目名称", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("budget", "全年预算，含上年结转和其他资金", "fen"),
        Field("spent", "全年执行", "fen"),
        Field("rate", "执行率，百分点", "number"),
        Field("execution_points", "执行率得分", "number"),
        Field("total", "得分", "number"),
        Field("grade", "等级", "term"),
        Field("because", "依据"),
    ),
)
INDICATOR = Shape(
    "IndicatorScore",
    (
        Field("id", "编号，填报时带回", "integer"),
        Field("name", "指标", path="line.name"),
        Field("level1", "一级指标", "term", "line.level1"),
        Field("level2", "二级指标", path="line.level2"),
        Field("comparison", "符号", "term", "line.comparison"),
        Field("target", "指标值", path="line.target"),
        Field("unit", "计量单位", path="line.unit"),
        Field("weight", "分值", "number", "line.weight"),
        Field("actual", "实际完成值"),
        Field("points", "得分", "number"),
        Field("because", "怎么得的"),
        Field("monitored", "最后一轮监控的读数和来源"),
    ),
)
SAID = Shape(
    "IndicatorEvaluated",
    (
        Field("id", "指标得分编号", "integer", required=True),
        Field("actual", "实际完成值"),
        Field("tier", "定性指标的完成度，0 到 100"),
        Field("cause", "偏差原因及改进措施"),
        Field("claimed", "自报得分，不高于规则的得分"),
        Field("claim", "自报低分的理由"),
    ),
)
CONTENT = (
    Field("scores", "指标，没有发送的项保持原样", "many", inner=SAID),
    Field("achieved", "年度总体目标的实际完成情况"),
    Field("execution_cause", "执行率偏低的原因和改进措施"),
    Field("findings", "自查发现的问题"),
    Field("carried_budget", "上年结转资金全年预算，万元，与页面相同"),
    Field("carried_spent", "上年结转资金全年执行，万元"),
    Field("carried_reason", "更正上年结转的理由，与系统算得的不同时必填"),
    Field("other_budget", "其他资金全年预算，万元"),
    Field("other_spent", "其他资金全年执行，万元"),
)
FILLED = Shape("SelfEvaluationFilled", CONTENT)
SENT = Shape("SelfEvaluationFilling", (Field("version", "读到的版本", "integer", required=True), *CONTENT))
REST = Shape(
    "SelfEvaluationRest",
    (
        Field("scores", "指标，得分和怎么得的", "many", inner=INDICATOR),
        Field("filled", "现在填的内容，改后可原样发回", "one", inner=FILLED),
        *FILLABLE,
    ),
)
WHOLE = Shape("SelfEvaluationWhole", (*SHEET.fields, *REST.fields))
SHEET_ASKS = (
    Field("subject", "对象年度编号", "integer"),
    Field("state", "状态"),
    Field("grade", "等级"),
    Field("q", "编码、名称、单位名称中的文字"),
)
WITHIN = ("subject_year__code", "subject_year__name", "subject_year__unit_name")


def sheets(request: Asked) -> JsonResponse:
    """Self-evaluations of a work year, each with its total and grade."""
    rows = SelfEvaluation.objects.visible_to(request.actor).filter(year=year_of(request))
    whole = narrowed(of_subject(request, rows), request.GET, ("state", "grade"), WITHIN).select_related("subject_year")
    return page(request, whole, SHEET, shown=_rated)


def _rated(row: Any) -> Any:
    row.rate = execution_rate(row)
    return row


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One sheet: indicators with points and reasons, and what may be done with it now."""
    return _told(request, _found(request, pk))


def fill(request: Asked, pk: int) -> JsonResponse:
    """Save what a unit says of its sheet and score it, read by the page's own form; stale is 409, unreadable 422."""
    found = _found(request, pk)
    said = SENT.read(body_of(request))
    scores = _scores(found)
    keys = [score.pk for score in scores]
    data = kept(FillForm(found, scores, None))
    data |= {key: value for key, value in said.items() if key not in ("scores", "version")}
    data |= of_lines(said.get("scores", []), set(keys))
    form = FillForm(found, scores, data)
    demand_valid(form, keys)
    proof = {"version": said["version"], "token": token_of(request)}
    return saved(found, lambda: actions.fill(found, request.actor, filled=form.filled(), **proof)) or _told(
        request, _found(request, pk)
    )


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with a sheet: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, actions.after_step) or _told(request, _found(request, pk))


def _found(request: Asked, pk: int) -> Any:
    rows = SelfEvaluation.objects.select_related("subject_year", "snapshot")
    return find(rows, request, pk)  # type: ignore[arg-type]


def _scores(found: SelfEvaluation) -> list[Score]:
    return list(found.scores.select_related("line").order_by("position"))


def _told(request: Asked, found: Any) -> JsonResponse:
    scores, actor = _scores(found), request.actor
    may = may_fill(actor, found.state == State.DRAFT, found.subject_year.department_above)
    read = monitored(scores)
    for score in scores:
        score.monitored = read.get(score.line_id, "")  # type: ignore[attr-defined]
    more = {
        "scores": scores,
        "filled": _stands(found, scores),
        **standing(may, found, actor),
    }
    return answer(SHEET.of(_rated(found)) | REST.of(more))


def _stands(found: SelfEvaluation, scores: list[Score]) -> dict[str, Any]:
    """What the form would begin with, as it may be sent back."""
    return grouped(FillForm(found, scores, None), "scores")
