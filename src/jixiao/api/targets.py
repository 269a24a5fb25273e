"""绩效目标 for other programs: sheets with their indicators and verdicts, filling a draft in, moving one on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, JsonResponse

from jixiao.domain.decisions import Decision
from jixiao.domain.indicators import Comparison
from jixiao.domain.terms import Term, UnknownTerm
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.tables import Problem
from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.forms.tasks import MOST_TASKS, TYPED, PlanForm
from jixiao.stages.targets.models import Horizon, IndicatorLine, LineSource, TargetVersion
from jixiao.stages.targets.quality import verdicts
from jixiao.stages.targets.rules import COMPLETE, may_fill
from jixiao.stages.targets.saying import Cell
from jixiao.stages.targets.views.sheets import fill_form
from jixiao.stages.targets.workflow import State

from .answers import Unfit, answer
from .filling import kept, problems
from .lists import Asked, of_subject, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import FILLABLE, begun, saved, standing, stepped

OF_TASK = re.compile(rf"({'|'.join(TYPED)})-(\d+)")
READ_AS: dict[str, type[Term]] = {Cell.LEVEL1.value: IndicatorLevel1, Cell.COMPARISON.value: Comparison}
SHEET = Shape(
    "TargetVersion",
    (
        Field("id", "编号", "integer"),
        Field("year", "对象年度", "integer"),
        Field("work_year", "设置年度", "integer"),
        Field("subject", "对象年度编号", "integer", "sheet.subject_year_id"),
        Field("code", "项目编码", path="sheet.subject_year.code"),
        Field("name", "项目名称", path="sheet.subject_year.name"),
        Field("unit_name", "单位名称", path="sheet.subject_year.unit_name"),
        Field("horizon", "期限", "term", "sheet.horizon"),
        Field("no", "第几版", "integer"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("goal", "总体目标"),
        Field("result", "审核结果", "term"),
        Field("doc_no", "批复文号"),
        Field("disclosed_on", "公开日期", "day"),
        Field("origin", "数据性质", "term"),
    ),
)
_CELLS = (
    Field("level2", "二级指标"),
    Field("name", "三级指标"),
    Field("target", "指标值"),
    Field("unit", "计量单位"),
)
LINE = Shape(
    "TargetLine",
    (
        Field("id", "编号，填报时带回", "integer"),
        Field("level1", "一级指标", "term"),
        *_CELLS,
        Field("comparison", "指标性质", "term"),
        Field("weight", "分值", "number"),
        Field("lineage", "沿革，跨年度和版本不变"),
        Field("duty", "对应职责的编号", "integer"),
    ),
)
TASK = Shape(
    "TargetTask",
    (
        Field("name", "任务名称"),
        Field("content", "主要内容"),
        Field("fiscal", "财政拨款", "fen"),
        Field("other", "其他资金", "fen"),
        Field("duty", "对应职责的编号", "integer"),
    ),
)
VERDICT = Shape("TargetVerdict", (Field("level", "级别"), Field("sentence", "意见"), Field("citation", "依据")))
OPINION = Shape(
    "TargetOpinion",
    (
        Field("line", "指标"),
        Field("kind", "意见", "term"),
        Field("cells", "要改的格", "texts"),
        Field("words", "说明"),
        Field("party", "审核方", "term"),
        Field("name", "意见人"),
        Field("answered_at", "回应时间", "moment"),
    ),
)
REST = Shape(
    "TargetVersionRest",
    (
        Field("lines", "指标", "many", inner=LINE),
        Field("duties", "部门职责，从 1 编号", "texts"),
        Field("tasks", "年度主要任务", "many", inner=TASK),
        Field("missing", "对照规则还缺什么", "texts"),
        Field("points", "质量分", "number"),
        Field("verdicts", "质量检查", "many", inner=VERDICT),
        Field("opinions", "审核意见", "many", inner=OPINION),
        *FILLABLE,
    ),
)
WHOLE = Shape("TargetVersionWhole", (*SHEET.fields, *REST.fields))
SAID = Shape(
    "TargetLineSaid",
    (
        Field("id", "指标编号；不填就是新增", "integer"),
        Field("level1", "一级指标，名称或代码"),
        *_CELLS,
        Field("comparison", "指标性质，符号、名称或代码"),
        Field("weight", "分值，如 7.5"),
        Field("remove", "删去这一指标", "flag"),
    ),
)
SENT = Shape(
    "TargetFilling",
    (
        Field("version", "读到的版本", "integer", required=True),
        Field("goal", "总体目标"),
        Field("lines", "指标，没有发送的指标和项保持原样", "many", inner=SAID),
    ),
)
OPENING = Shape(
    "TargetOpening",
    (
        Field("horizon", f"期限：{'、'.join(one.label for one in Horizon)}，名称或代码，不填为年度"),
        Field("work_year", "设置年度，不填为对象年度", "integer"),
    ),
)
TASK_SAID = Shape(
    "TargetTaskSaid",
    (
        Field("name", "任务名称", required=True),
        Field("content", "主要内容"),
        Field("fiscal", "财政拨款，万元，与页面相同"),
        Field("other", "其他资金，万元，与页面相同"),
        Field("duty", "对应职责的编号"),
    ),
)
SERVED = Shape(
    "TargetServed",
    (Field("id", "指标编号", "integer", required=True), Field("duty", "对应职责的编号，空为不对应")),
)
_PLAN = (
    Field("duties", "部门职责，从 1 编号；发送就是全部", "texts"),
    Field("tasks", "年度主要任务；发送就是全部，空为清空", "many", inner=TASK_SAID),
    Field("lines", "指标对应哪一项职责，没有发送的指标保持原样", "many", inner=SERVED),
)
PLAN = Shape("TargetPlan", (Field("version", "版本，填报时带回", "integer"), *_PLAN))
PLAN_SENT = Shape("TargetPlanFilling", (Field("version", "读到的版本", "integer", required=True), *_PLAN))
SHEET_ASKS = (
    Field("subject", "对象年度编号", "integer"),
    Field("state", "状态"),
    Field("q", "编码、名称、单位名称中的文字"),
)
WITHIN = tuple(f"sheet__subject_year__{name}" for name in ("code", "name", "unit_name"))


def sheets(request: Asked) -> JsonResponse:
    """Target versions of an object year."""
    rows = TargetVersion.objects.visible_to(request.actor).filter(year=year_of(request))
    mine = of_subject(request, rows, "sheet__subject_year").select_related("sheet__subject_year")
    return page(request, narrowed(mine, request.GET, ("state",), WITHIN), SHEET)


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One version: indicators, what the rules miss, verdicts, opinions, and what may be done with it now."""
    return _told(request, _found(request, pk))


def fill(request: Asked, pk: int) -> JsonResponse:
    """Save what a unit says of its sheet, read by the page's own form; stale is 409, unreadable 422."""
    found = _found(request, pk)
    said = SENT.read(body_of(request))
    lines, stored, facts = _lines(found), found.filled, found.facts()
    data = kept(fill_form(found, stored, facts))
    data |= {"goal": said["goal"]} if "goal" in said else {}
    typed, places = _typed(said.get("lines", []), lines)
    rows = len(lines) + sum("id" not in part for part in said.get("lines", []))
    form = fill_form(found, stored, facts, data | typed | {"rows": str(rows)})
    if not form.is_valid():
        raise Unfit(f"有 {len(form.errors)} 处需改", problems(form, places))
    proof = {"version_no": said["version"], "token": token_of(request)}
    return saved(found, lambda: actions.fill(found, request.actor, filled=form.filled(), **proof)) or _told(
        request, _found(request, pk)
    )


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with a version: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, actions.after_step) or _told(request, _found(request, pk))


def begin(request: Asked, pk: int) -> JsonResponse:
    """A target sheet of a subject, from last year's approved indicators if there are any; `pk` is the subject's."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)  # type: ignore[arg-type]
    said = OPENING.read(body_of(request))
    try:
        horizon = Horizon.read(said["horizon"]) if said.get("horizon") else Horizon.ANNUAL
    except UnknownTerm as unknown:
        raise Unfit("有 1 处需改", [Problem("", 0, "horizon", str(unknown))]) from None
    year, spent = said.get("work_year") or subject.year, token_of(request)
    made = begun(lambda: actions.open_sheet(subject, request.actor, horizon=horizon, work_year=year, token=spent))
    return _told(request, _found(request, made))


def plan(request: Asked, pk: int) -> JsonResponse:
    """部门职责、年度主要任务 and which indicators serve which duty, as they may be sent back."""
    found = _planned(request, pk)
    form, lines = PlanForm(found.filled), _lines(found)
    tasks = [{key: form.initial.get(f"{key}-{n}", "") for key in TYPED} for n in range(len(found.filled.plan.tasks))]
    served = [{"id": line.pk, "duty": form.initial.get(f"serves-{line.lineage}", "")} for line in lines]
    duties = list(found.filled.plan.duties)
    return answer(PLAN.of({"version": found.version, "duties": duties, "tasks": tasks, "lines": served}))


def keep_plan(request: Asked, pk: int) -> JsonResponse:
    """Save 职责 and 任务, read by the page's own form; stale is 409, unreadable 422."""
    found = _planned(request, pk)
    said, stored = PLAN_SENT.read(body_of(request)), found.filled
    data = kept(PlanForm(stored))
    if "duties" in said:
        data["duties"] = "\n".join(said["duties"])
    if "tasks" in said:
        sent = {f"{key}-{n}": value for n, task in enumerate(said["tasks"]) for key, value in task.items()}
        left = {name: value for name, value in data.items() if not OF_TASK.fullmatch(name)}
        data = left | sent | {"rows": str(max(len(said["tasks"]), 1))}
    known = {line.pk: line.lineage for line in _lines(found)}
    for number, part in enumerate(said.get("lines", []), 1):
        if part["id"] not in known:
            raise Unfit("有 1 处需改", [Problem("", number, "id", "不是这份目标的指标，请重新读取")])
        data[f"serves-{known[part['id']]}"] = part.get("duty", "")
    if len(said.get("tasks", [])) > MOST_TASKS:
        raise Unfit("有 1 处需改", [Problem("", 0, "tasks", f"最多 {MOST_TASKS} 项，请合并")])
    form = PlanForm(stored, {name: "" if value is None else value for name, value in data.items()})
    if not form.is_valid():
        raise Unfit(f"有 {len(form.errors)} 处需改", _plan_problems(form, {key: pk for pk, key in known.items()}))
    proof = {"version_no": said["version"], "token": token_of(request)}
    filled = replace(stored, plan=form.plan)
    return saved(found, lambda: actions.fill(found, request.actor, filled=filled, **proof)) or plan(request, pk)


def _planned(request: Asked, pk: int) -> Any:
    """The version, if its type of object has a plan at all."""
    found = _found(request, pk)
    if not found.takes_tasks:
        raise Http404
    return found


def _plan_problems(form: PlanForm, lines: Mapping[str, int]) -> list[Problem]:
    """The form's errors: `row` counts the tasks that were sent, from 1, or is the key of an indicator."""
    found = []
    for name, errors in form.errors.items():
        cell = OF_TASK.fullmatch(name)
        row, column = (int(cell[2]) + 1, cell[1]) if cell else (0, name)
        if name.startswith("serves-"):
            row, column = lines.get(name.removeprefix("serves-"), 0), "duty"
        found += [Problem("", row, column, str(error)) for error in errors]
    return found


def _found(request: Asked, pk: int) -> Any:
    return find(TargetVersion.objects.select_related("sheet__subject_year", "snapshot"), request, pk)  # type: ignore[arg-type]


def _lines(found: TargetVersion) -> list[IndicatorLine]:
    return list(found.lines.filter(source=LineSource.TARGET).order_by("position"))


def _typed(parts: Sequence[Mapping[str, Any]], lines: Sequence[IndicatorLine]) -> tuple[dict[str, Any], dict[int, int]]:
    """What was sent as the form names its fields, and which part (from 1) each row came from. Raises Unfit."""
    known, fresh = {line.pk: place for place, line in enumerate(lines)}, len(lines)
    data: dict[str, Any] = {}
    places: dict[int, int] = {}
    for number, part in enumerate(parts, 1):
        if "id" in part and part["id"] not in known:
            raise Unfit("有 1 处需改", [Problem("", number, "id", "不是这份目标的指标，请重新读取")])
        place = known[part["id"]] if "id" in part else fresh
        fresh += "id" not in part
        places[place] = number
        cells = {f"{key}-{place}": _code(key, value) for key, value in part.items() if key != "id"}
        if "id" not in part:
            cells.setdefault(f"comparison-{place}", Comparison.QUALITATIVE.value)
        data |= cells
    return data, places


def _code(key: str, value: Any) -> Any:
    """A term by whichever of its names; what is none of them is left for the form to refuse."""
    if key not in READ_AS:
        return value
    try:
        return READ_AS[key].read(value).value
    except UnknownTerm:
        return value


def _told(request: Asked, found: Any) -> JsonResponse:
    lines, facts, plan = _lines(found), found.facts(), found.plan
    may = may_fill(request.actor, found.state == State.DRAFT, facts)
    missing = Decision()
    for guard in COMPLETE if lines else ():
        missing &= guard(facts)
    quality = verdicts(found, lines)
    more = {
        "lines": lines,
        "duties": list(plan.duties) if plan else [],
        "tasks": list(plan.tasks) if plan else [],
        "missing": list(missing.reasons),
        "points": quality.points,
        "verdicts": quality.findings,
        "opinions": list(found.opinions.order_by("id")),
        **standing(may, found, request.actor),
    }
    return answer(SHEET.of(found) | REST.of(more))
