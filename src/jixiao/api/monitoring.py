"""运行监控 for other programs: rounds, reading sheets with their lights, filling one in, moving one on."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.domain.checks.lights import worst
from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.stages.monitoring import handling
from jixiao.stages.monitoring.models import Reading, ReadingSheet, Round
from jixiao.stages.monitoring.reports.judging import Alarms, Pace, judged
from jixiao.stages.monitoring.reports.live import WITH_LINES
from jixiao.stages.monitoring.rules import may_fill
from jixiao.stages.monitoring.workflow import State

from . import filling
from .answers import answer
from .lists import Asked, key_of, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import FILLABLE, saved, standing, stepped

ROUND = Shape(
    "Round",
    (
        Field("id", "编号", "integer"),
        Field("year", "年度", "integer"),
        Field("no", "轮次", "integer"),
        Field("purpose", "用意"),
        Field("cutoff", "截止日期", "day"),
        Field("due_on", "报送期限", "day"),
        Field("state", "状态", "term"),
        Field("known_until", "数据冻结时间", "moment"),
    ),
)
SHEET = Shape(
    "ReadingSheet",
    (
        Field("id", "编号", "integer"),
        Field("round", "轮次编号", "integer", "round_id"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("code", "项目编码", path="subject_year.code"),
        Field("name", "项目名称", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("attention", "监控性质", "term"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("budget", "全年预算", "fen"),
        Field("spent", "截至日期的支出", "fen"),
        Field("rate", "执行率，百分点", "number", "pace.rate"),
        Field("time_gone", "时间进度，百分点", "number", "pace.expected"),
        Field("slow", "支出进度慢", "flag", "pace.slow"),
        Field("because", "进度判断的理由", path="pace.because"),
        Field("tone", "最重的灯", "term"),
        Field("likelihood", "完成目标可能性", "term"),
        Field("handling", "处置", "term"),
        Field("advice", "处置意见"),
    ),
)
LIGHT = Shape(
    "Light",
    (
        Field("lamp", "看什么", "term"),
        Field("tone", "灯", "term"),
        Field("because", "理由"),
        Field("citation", "依据"),
    ),
)
INDICATOR = Shape(
    "IndicatorReading",
    (
        Field("id", "编号，填报时带回", "integer"),
        Field("name", "指标", path="line.name"),
        Field("level1", "一级指标", "term", "line.level1"),
        Field("level2", "二级指标", path="line.level2"),
        Field("comparison", "符号", "term", "line.comparison"),
        Field("target", "指标值", path="line.target"),
        Field("unit", "计量单位", path="line.unit"),
        Field("weight", "权重", "number", "line.weight"),
        Field("actual", "截至完成值"),
        Field("expected", "全年预计完成值"),
        Field("likelihood", "完成目标可能性", "term"),
    ),
)
REST = Shape(
    "ReadingSheetRest",
    (
        Field("lights", "灯和理由", "many", inner=LIGHT),
        Field("readings", "指标", "many", inner=INDICATOR),
        Field("filled", "现在填的内容，改后可原样发回", "one", inner=filling.FILLED),
        *FILLABLE,
    ),
)
WHOLE = Shape("ReadingSheetWhole", (*SHEET.fields, *REST.fields))
SHEET_ASKS = (
    Field("round", "轮次编号", "integer"),
    Field("subject", "对象年度编号", "integer"),
    Field("state", "状态"),
    Field("q", "编码、名称、单位名称中的文字"),
)
WITHIN = ("subject_year__code", "subject_year__name", "subject_year__unit_name")


def rounds(request: Asked) -> JsonResponse:
    """The year's rounds."""
    return page(request, Round.objects.visible_to(request.actor).filter(year=year_of(request)), ROUND)


def sheets(request: Asked) -> JsonResponse:
    """Reading sheets of a year or of one round, each with its pace and its worst light."""
    rows = judged(ReadingSheet.objects.visible_to(request.actor))
    wanted = {"round": key_of(request, "round"), "subject_year": key_of(request, "subject")}
    rows = rows.filter(**{name: key for name, key in wanted.items() if key is not None})
    if wanted["round"] is None:
        rows = rows.filter(year=year_of(request))
    whole = narrowed(rows, request.GET, ("state",), WITHIN).select_related("subject_year", "round__snapshot")
    return page(request, whole.prefetch_related(WITH_LINES), SHEET, shown=Judge().of)


class Judge:
    """Puts pace and lights onto reading sheets; the rules of a round are read once."""

    def __init__(self) -> None:
        self.rules: dict[int, tuple[Pace, Alarms]] = {}

    def of(self, row: Any) -> Any:
        """The sheet, which came through `judged`, with `pace`, `lights` and `tone`."""
        if row.round_id not in self.rules:
            self.rules[row.round_id] = (Pace.of(row.round), Alarms.of(row.round))
        pace, alarms = self.rules[row.round_id]
        row.pace, row.lights = pace.judge(row), alarms.judge(row, row.readings.all())
        row.tone = worst(row.lights)
        return row


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One reading sheet: indicators, lights with their reasons, and what may be done with it now."""
    return _told(request, _found(request, pk))


def fill(request: Asked, pk: int) -> JsonResponse:
    """Save what a unit says of its sheet, read by the page's own form; stale is 409, unreadable 422."""
    found = _found(request, pk)
    values = filling.SENT.read(body_of(request))
    return saved(
        found, lambda: filling.save(request.actor, found, _readings(found), values, token_of(request))
    ) or _told(request, _found(request, pk))


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with a sheet: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, handling.after_sheet_step) or _told(request, _found(request, pk))


def _found(request: Asked, pk: int) -> Any:
    rows = judged(ReadingSheet.objects).select_related("subject_year", "round__snapshot").prefetch_related(WITH_LINES)
    return find(rows, request, pk)  # type: ignore[arg-type]


def _readings(found: Any) -> list[Reading]:
    return sorted(found.readings.all(), key=lambda reading: (reading.line.position, reading.pk))


def _told(request: Asked, found: Any) -> JsonResponse:
    lit, actor, readings = Judge().of(found), request.actor, _readings(found)
    may = may_fill(actor, found.state == State.DRAFT, found.facts())
    more = {
        "readings": readings,
        "filled": filling.stands(found, readings),
        **standing(may, found, actor),
    }
    return answer(SHEET.of(lit) | REST.of({"lights": lit.lights, **more}))
